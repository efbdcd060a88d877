/** UserPromptSubmit: records how a turn begins, and says what waits to be said. */
import { join } from 'node:path';
import { keepOnly, openContentStore } from '../../host/git/kept.ts';
import { contentOf, emptySnapshot, takeSnapshot } from '../../host/git/snapshot.ts';
import type { Snapshot } from '../../host/git/snapshot.ts';
import { readReviewConfig } from '../../host/review-config.ts';
import { makePrivateDir } from '../../host/state/dir.ts';
import { CONTENT_FOLDER } from '../../host/state/key.ts';
import type { TurnState } from '../../host/state/turn.ts';
import type { TurnOutcome } from '../respond.ts';
import type { TurnDeps } from './deps.ts';
import { rootsOf, turnFolders } from './folders.ts';
import { isNotification } from './payload.ts';

/** The user waits for it. */
const SNAPSHOT_MS = 20_000;
/** As JSON: what is larger cannot be kept with the rest of the turn's state. */
const MAX_SNAPSHOT = 6 * 1024 * 1024;

type Taken = Pick<TurnState, 'snapshot' | 'noSnapshot'>;

export async function handlePrompt(deps: TurnDeps): Promise<TurnOutcome> {
  const { payload, store, log, config } = deps;
  const before = store.read();
  const goesOn = isNotification(payload.prompt);
  if (goesOn && before.kind !== 'state') return silent('notification');
  if (before.kind === 'corrupt') log.write('turn-state-corrupt', { reason: before.reason });
  // A turn without a verdict is reviewed with the next one.
  const isOpen = before.kind === 'state' && !before.state.settled && before.state.noSnapshot === '';
  const isReviewed = readReviewConfig(deps.env).turnReview;
  const taken = goesOn || isOpen || !isReviewed ? undefined : await takeTurnSnapshot(deps);
  let notices: readonly string[] = [];
  const written = await store.change((state) => {
    ({ notices } = state);
    return {
      ...state,
      ...taken,
      round: state.round + 1,
      settled: false,
      notices: [],
      ...(goesOn ? {} : { firings: 0, heldSince: 0 }),
    };
  });
  if (written.kind === 'written')
    return notices.length === 0 ? silent('kept') : { kind: 'speak', notice: notices.join('\n') };
  log.write('turn-state-not-written', { reason: written.reason });
  // Said with each prompt, as it cannot be remembered that it was.
  if (rootsOf(turnFolders(config, payload.cwd)).length === 0) return silent('no-repository');
  const where = config.stateDir ?? 'which the environment does not name';
  const notice = `security-guidance: turns are not reviewed, since the state folder (${where}) cannot be written: ${written.reason}.`;
  return { kind: 'speak', notice };
}

async function takeTurnSnapshot(deps: TurnDeps): Promise<Taken> {
  const { payload, config, env, clock, session, log } = deps;
  const nowMs = clock.wall();
  const [folder, ...also] = rootsOf(turnFolders(config, payload.cwd));
  // A repository may come into being during the turn.
  if (folder === undefined) return { snapshot: emptySnapshot(nowMs), noSnapshot: '' };
  const content =
    config.stateDir === undefined ? undefined : contentFolder(config.stateDir, session);
  const keep = content === undefined ? {} : { keep: openContentStore(content) };
  const late = new AbortController();
  const timeOut = clock.sleep(SNAPSHOT_MS, late.signal).then(() => undefined);
  const taken = await Promise.race([takeSnapshot(folder, { env, nowMs, also, ...keep }), timeOut]);
  late.abort();
  const problem =
    taken === undefined
      ? `git took longer than ${SNAPSHOT_MS / 1000} s to tell how the turn began`
      : taken.kind === 'failed'
        ? taken.detail
        : JSON.stringify(taken.value).length > MAX_SNAPSHOT
          ? 'too many files are changed or untracked'
          : undefined;
  if (problem !== undefined || taken?.kind !== 'ok') {
    log.write('no-snapshot', { reason: problem ?? '' });
    return { snapshot: undefined, noSnapshot: problem ?? 'unknown' };
  }
  forgetOlder(content, taken.value);
  return { snapshot: taken.value, noSnapshot: '' };
}

function contentFolder(stateDir: string, session: string): string | undefined {
  try {
    makePrivateDir(stateDir);
  } catch {
    return undefined;
  }
  return join(stateDir, CONTENT_FOLDER, session);
}

function forgetOlder(folder: string | undefined, snapshot: Snapshot): void {
  if (folder !== undefined) keepOnly(folder, contentOf(snapshot));
}

function silent(reason: string): TurnOutcome {
  return { kind: 'silent', reason };
}
