/** What a thin client tells the resident service: the settings of its environment, and the host's payload. */
import { readConfig } from '../host/config.ts';
import type { Config, Environment } from '../host/config.ts';
import { createLog } from '../host/log.ts';
import type { Log } from '../host/log.ts';
import { decodeRequestBody } from '../host/service/request-body.ts';

export interface ClientRequest {
  readonly config: Config;
  /** Of the client. */
  readonly settings: Environment;
  readonly home: string | undefined;
  /** Parsed, and not looked at. */
  readonly payload: unknown;
  readonly log: Log;
}

/** Undefined for what the hook's own process is to look at. `now` gives milliseconds since 1970. */
export function readClientRequest(body: Buffer, now: () => number): ClientRequest | undefined {
  const request = decodeRequestBody(body);
  if (request.kind === 'malformed') return undefined;
  const { HOME, PWD, ...settings } = request.settings;
  const config = readConfig(settings, HOME || undefined, PWD || undefined);
  const log = createLog({ path: config.logPath, now });
  try {
    const payload: unknown = JSON.parse(request.payload.toString('utf8'));
    return { config, settings, home: HOME || undefined, payload, log };
  } catch {
    return undefined;
  }
}

/** Does `work`; undefined where it throws, which the log says. */
export async function orElseUndefined<T>(
  log: Log,
  work: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
    log.write('failed', { at: 'service', reason });
    return undefined;
  }
}
