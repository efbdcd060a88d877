/**
 * Tells inside the resident service that a turn changed nothing, as most do: then no process has to be started for its
 * end. Whatever else there is to do or to say is left to the hook's own process.
 */
import type { Config, Environment } from '../../host/config.ts';
import { isUnchangedSince } from '../../host/git/changes.ts';
import { parseSnapshot } from '../../host/git/snapshot.ts';
import type { Log } from '../../host/log.ts';
import { systemClock } from '../../host/review/clock.ts';
import { readReviewConfig } from '../../host/review-config.ts';
import { readEdits } from '../../host/state/edits.ts';
import { sessionKey } from '../../host/state/key.ts';
import { openTurnStore } from '../../host/state/turn.ts';
import { orElseUndefined, readClientRequest } from '../client-request.ts';
import { afterNothing } from './after.ts';
import { newRoots, realFile, turnFolders } from './folders.ts';
import { gateStop } from './gates.ts';
import { decodeTurnPayload } from './payload.ts';
import type { TurnPayload } from './payload.ts';
import { lockReview } from './review-lock.ts';
import { SKIP, logSkip } from './skip.ts';

/**
 * What the hook prints at a turn's end that has nothing to review, which is nothing; undefined when its own process has
 * to look. `body` is as a client sends it, `env` is the service's own: git is found with it. Never rejects.
 */
export async function answerIdleTurn(
  body: Buffer,
  event: 'stop' | 'subagent-stop',
  env: Environment,
): Promise<'' | undefined> {
  const request = readClientRequest(body, () => systemClock.wall());
  const payload = decodeTurnPayload(request?.payload);
  if (request === undefined || payload === undefined) return undefined;
  const { config, settings, log } = request;
  if (!config.enabled || !readReviewConfig(settings).turnReview) return '';
  return orElseUndefined(log, () => answerPayload(payload, event, { config, settings, env, log }));
}

interface Means {
  readonly config: Config;
  /** Of the client. */
  readonly settings: Environment;
  readonly env: Environment;
  readonly log: Log;
}

async function answerPayload(
  payload: TurnPayload,
  event: 'stop' | 'subagent-stop',
  { config, settings, env, log }: Means,
): Promise<'' | undefined> {
  const { stateDir } = config;
  if (stateDir === undefined) return undefined;
  const session = sessionKey(config.remoteSessionId, payload.sessionId);
  const store = openTurnStore(stateDir, session, () => systemClock.wall());
  const deps = { payload, session, config, env: settings, log, store, clock: systemClock };
  if (gateStop(deps).kind !== 'open') return undefined;
  const lock = await lockReview(stateDir, session, 0);
  if (lock.kind !== 'held') return undefined;
  try {
    const read = store.read();
    const snapshot = read.kind === 'state' ? parseSnapshot(read.state.snapshot) : undefined;
    if (read.kind !== 'state' || snapshot === undefined) return undefined;
    const { mine } = readEdits(stateDir, session, snapshot.takenAtMs);
    const also = newRoots(snapshot, turnFolders(config, payload.cwd), mine.map(realFile));
    if (!(await isUnchangedSince(snapshot, { env, also }))) return undefined;
    if (event === 'stop') await store.change((now) => afterNothing(now, read.state.round));
    logSkip(log, SKIP.nothingChanged);
    return '';
  } finally {
    lock.release();
  }
}
