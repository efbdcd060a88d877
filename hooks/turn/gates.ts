/**
 * Reasons not to look at what changed, in their order. Most turns' ends stop here, so that nothing is loaded for them
 * but what tells the reason.
 */
import { dirname } from 'node:path';
import { readEdits } from '../../host/state/edits.ts';
import type { TurnState } from '../../host/state/turn.ts';
import { readReviewConfig } from '../../host/review-config.ts';
import type { NotReviewedReason } from '../../orchestrator/finding.ts';
import { isHeld } from './after.ts';
import type { TurnDeps } from './deps.ts';
import { rootsOf, turnFolders } from './folders.ts';
import { SKIP } from './skip.ts';

export type Gate =
  | { readonly kind: 'open' }
  /** Nobody needs to know. */
  | { readonly kind: 'silent'; readonly skip: number }
  /** The turn has woken the agent often enough, as the user is told when it is held back first. */
  | { readonly kind: 'held'; readonly isFirst: boolean; readonly times: number }
  | { readonly kind: 'not-reviewed'; readonly reason: NotReviewedReason; readonly detail: string };

export function gateStop({ store, clock, config, env, payload, session }: TurnDeps): Gate {
  const read = store.read();
  // The session is older than the plugin, or its state cannot be kept, which the prompt's hook says.
  if (read.kind === 'absent') return silent(SKIP.noSnapshot);
  if (read.kind === 'corrupt')
    return unknown(`the record of how the turn began cannot be read: ${read.reason}`);
  const { state } = read;
  if (state.snapshot === undefined)
    return state.noSnapshot === '' ? silent(SKIP.noSnapshot) : unknown(state.noSnapshot);
  const { maxFirings } = readReviewConfig(env);
  if (isHeld(state, maxFirings, clock.wall()))
    return { kind: 'held', isFirst: state.heldSince === 0, times: maxFirings ?? 0 };
  if (hasRepos(state) || rootsOf(turnFolders(config, payload.cwd)).length > 0) return OPEN;
  const edited = config.stateDir === undefined ? [] : editedSince(state, session, config.stateDir);
  if (edited.length === 0) return silent(SKIP.noRepo);
  return rootsOf(edited).length > 0
    ? OPEN
    : { kind: 'not-reviewed', reason: 'no-repository', detail: '' };
}

const OPEN: Gate = Object.freeze({ kind: 'open' });

function silent(skip: number): Gate {
  return { kind: 'silent', skip };
}

function unknown(detail: string): Gate {
  return { kind: 'not-reviewed', reason: 'unknown-changes', detail };
}

/** Folders of the files that this session edited. */
function editedSince({ snapshot }: TurnState, session: string, dir: string): string[] {
  const taken = isRecord(snapshot) ? snapshot['takenAtMs'] : undefined;
  const { mine } = readEdits(dir, session, typeof taken === 'number' ? taken : 0);
  return mine.map((path) => dirname(path));
}

/** Not by parsing it: that needs all that can tell what changed. */
function hasRepos({ snapshot }: TurnState): boolean {
  return !isRecord(snapshot) || !Array.isArray(snapshot['repos']) || snapshot['repos'].length > 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
