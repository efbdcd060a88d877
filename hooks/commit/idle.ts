/**
 * Tells inside the resident service that a command committed and pushed nothing, as most do: by file times where no ref
 * moved, by git where one did. What is to be reviewed is left to the hook's own process.
 */
import { openCommitLedger } from '../../host/commits/ledger.ts';
import type { Environment } from '../../host/config.ts';
import { readReviewConfig } from '../../host/review-config.ts';
import { sessionKey } from '../../host/state/key.ts';
import { orElseUndefined, readClientRequest } from '../client-request.ts';
import { notice } from './notice.ts';
import { decodeCommandPayload } from './payload.ts';

/**
 * What the hook prints, which is nothing; undefined when its own process has to look. `body` is as a client sends it,
 * `env` is the service's own: git is found with it. Never rejects.
 */
export async function answerIdleCommand(
  body: Buffer,
  env: Environment,
  now: () => number,
): Promise<'' | undefined> {
  const request = readClientRequest(body, now);
  const payload = decodeCommandPayload(request?.payload);
  if (request === undefined || payload === undefined) return undefined;
  const { config, home, log } = request;
  const { stateDir } = config;
  const settings = readReviewConfig(request.settings).commit;
  if (!config.enabled || !(settings.commits || settings.push)) return '';
  if (stateDir === undefined) return undefined;
  const session = sessionKey(config.remoteSessionId, payload.sessionId);
  return orElseUndefined(log, async () => {
    const deps = { payload, session, stateDir, config, env, home, settings, log, now };
    const noticed = await notice(deps, 0);
    if (noticed === undefined || noticed.session.unsaid.length > 0) return undefined;
    // What could not be reviewed is tried again when something moves, or the agent stops.
    if (!noticed.hasMoved && payload.event !== 'stop') return '';
    const isDue = Object.keys(noticed.session.repos).some(
      (commonDir) => openCommitLedger({ commonDir, stateDir, session, now })?.hasDue() === true,
    );
    return isDue ? undefined : '';
  });
}
