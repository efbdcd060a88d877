/** Reasons not to look at what changed: cheap, in their order, and each with what the user is told. */
import { dirname } from 'node:path';
import { readEdits } from '../../host/state/edits.ts';
import type { TurnState } from '../../host/state/turn.ts';
import { readReviewConfig } from '../../host/review-config.ts';
import type { TurnOutcome } from '../respond.ts';
import { afterHeld, isHeld } from './after.ts';
import type { StopDeps, TurnDeps } from './deps.ts';
import { rootsOf, turnFolders } from './folders.ts';
import { SKIP, logSkip } from './metrics.ts';
import { heldNotice, notReviewed, tellOnce } from './notice.ts';

export type Gate =
  { readonly kind: 'open' } | { readonly kind: 'closed'; readonly outcome: TurnOutcome };

const OPEN: Gate = Object.freeze({ kind: 'open' });

export async function gateStop(deps: TurnDeps & Pick<StopDeps, 'event'>): Promise<Gate> {
  const { store, clock, config, env, payload } = deps;
  const read = store.read();
  // The session is older than the plugin, or its state cannot be kept, which the prompt's hook says.
  if (read.kind === 'absent') return closed(silent(deps, SKIP.noSnapshot));
  if (read.kind === 'corrupt') {
    // Begins anew, and so does the turn.
    await store.change((state) => state);
    const detail = `the record of how the turn began cannot be read: ${read.reason}`;
    return closed(await notReviewed('unknown-changes', detail, deps));
  }
  const { state } = read;
  if (state.snapshot === undefined)
    return closed(
      state.noSnapshot === ''
        ? silent(deps, SKIP.noSnapshot)
        : await notReviewed('unknown-changes', state.noSnapshot, deps),
    );
  const { maxFirings } = readReviewConfig(env);
  if (isHeld(state, maxFirings, clock.wall())) {
    await store.change((now) => afterHeld(now, clock.wall()));
    logSkip(deps.log, SKIP.held);
    return closed(await tellOnce('held', heldNotice(maxFirings ?? 0), deps));
  }
  const edited = config.stateDir === undefined ? [] : editedSince(state, deps, config.stateDir);
  if (!hasRepos(state) && rootsOf([...turnFolders(config, payload.cwd), ...edited]).length === 0)
    return closed(
      edited.length === 0
        ? silent(deps, SKIP.noRepo)
        : await notReviewed('no-repository', '', deps),
    );
  return OPEN;
}

/** Folders of the files that this session edited. */
function editedSince({ snapshot }: TurnState, { session }: TurnDeps, dir: string): string[] {
  const taken = isRecord(snapshot) ? snapshot['takenAtMs'] : undefined;
  const { mine } = readEdits(dir, session, typeof taken === 'number' ? taken : 0);
  return mine.map(dirname);
}

/** Not by parsing it: that needs all that can tell what changed. */
function hasRepos({ snapshot }: TurnState): boolean {
  return !isRecord(snapshot) || !Array.isArray(snapshot['repos']) || snapshot['repos'].length > 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function silent({ log }: TurnDeps, skip: number): TurnOutcome {
  logSkip(log, skip);
  return { kind: 'silent', reason: `skip ${skip}` };
}

function closed(outcome: TurnOutcome): Gate {
  return { kind: 'closed', outcome };
}
