/**
 * One attempt to start the service: is one running, may one be started, start it, watch it, write down how
 * it went. However many attempt it at once, one of them does and the others leave.
 */
import { existsSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../config.ts';
import type { Log } from '../../log.ts';
import { acquireLock } from '../../state/lock.ts';
import { clearAsked } from './asked.ts';
import { addAttempt, readHealth, writeHealth } from './attempts.ts';
import type { Attempt, Health, Outcome } from './attempts.ts';
import { codeEntry, codeOfErrno } from './codes.ts';
import { beginCooldown, mayStart } from './cooldown.ts';
import type { Cooldown } from './cooldown.ts';
import type { Failure } from './ending.ts';
import { serviceEnvironment } from './environment.ts';
import { isAbandoned, prepareServiceDir } from './folder.ts';
import { settleOrphans } from './orphan.ts';
import { pingPatiently } from './ping.ts';
import { codeOf, errnoOf, startErrorOf } from './start-error.ts';
import { isOlder } from './version.ts';
import { launch } from './watch.ts';

export interface StarterOptions {
  /** The service's folder, absolute; made when it is not there. */
  readonly dir: string;
  /** The service's script, absolute. */
  readonly main: string;
  /** The Node.js program. */
  readonly runtime: string;
  /** `process.versions.node`, or what another runtime calls its version. */
  readonly runtimeVersion: string;
  readonly version: string;
  /** The user asks for it: a cooldown does not hold it. */
  readonly wanted: boolean;
  readonly env: Environment;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long a start may take, in milliseconds. */
  readonly limitMs?: number;
}

/** What came of it; `busy`: another starter is at work. */
export type StartResult = Attempt | { readonly outcome: 'busy' };

export const LOCK_FILE = 'starting.lock';

/** A machine that is busy starts it in ten times its time; one that hangs keeps nobody waiting but the next starter. */
const LIMIT_MS = 20_000;
const PING_MS = 300;
const LOCK_STALE_MS = 30_000;
const OLDEST_RUNTIME = 20;

/** Never rejects for anything that the machine does. */
export async function startService(options: StarterOptions): Promise<StartResult> {
  const begun = performance.now();
  const result = await attempt(options, begun);
  // Writing to the log would make its folder.
  if (result.outcome !== 'busy' && !isAbandoned(options.dir)) logAttempt(result, options.log);
  return result;
}

async function attempt(options: StarterOptions, begun: number): Promise<StartResult> {
  const { dir } = options;
  const end = (outcome: Outcome, failure?: Failure): Attempt =>
    ended(options, performance.now() - begun, outcome, failure);
  try {
    prepareServiceDir(dir);
  } catch (error) {
    const { phase, code, cause } = startErrorOf('lock', error);
    return end('failed', { phase, code, ...detailsOf(cause) });
  }
  const lock = await acquireLock(join(dir, LOCK_FILE), { waitMs: 0, staleMs: LOCK_STALE_MS });
  if (lock.kind === 'busy') return { outcome: 'busy' };
  if (lock.kind === 'unavailable') {
    const code = codeOfErrno(lock.reason) ?? 'uncategorised';
    return end('failed', { phase: 'lock', code, errno: lock.reason });
  }
  try {
    return await locked(options, end);
  } catch (error) {
    // Writing down failed: a start that nobody would know of is not made.
    return end('failed', { phase: 'lock', code: codeOf(error), ...detailsOf(error) });
  } finally {
    lock.release();
  }
}

type End = (outcome: Outcome, failure?: Failure) => Attempt;

async function locked(options: StarterOptions, end: End): Promise<Attempt> {
  const { dir, version } = options;
  // Another one beside it would have to leave at once.
  const pong = await pingPatiently(dir, PING_MS);
  const running = pong.kind === 'version' ? pong.version : undefined;
  const now = options.now();
  const health = settleOrphans(readHealth(dir), {
    now,
    machineUpMs: uptime() * 1000,
    isAlive,
    running,
  });
  const record = (to: Health, made: Attempt): Attempt => {
    writeHealth(dir, addAttempt(to, made));
    clearAsked(dir);
    return made;
  };
  if (running !== undefined && !isOlder(running, version))
    return record({ ...health, cooldown: undefined }, end('already-running'));

  const permission = mayStart(health.cooldown, { now, version, wanted: options.wanted });
  if (permission.kind === 'blocked') {
    const { cooldown } = permission;
    return record(
      { ...health, cooldown },
      { ...end('cooldown'), code: codeEntry('cooldown').number },
    );
  }
  const cooldown = permission.kind === 'probe' ? permission.cooldown : undefined;
  const probe = cooldown !== undefined;
  const missing = whatIsMissing(options);
  if (missing !== undefined)
    return record({ ...health, cooldown }, { ...end('failed', missing), probe });

  const underWay: Attempt = { ...end('begun'), pid: process.pid, probe };
  writeHealth(dir, addAttempt({ ...health, cooldown }, underWay));
  clearAsked(dir);
  const watched = await launch({
    dir,
    main: options.main,
    runtime: options.runtime,
    env: serviceEnvironment(options.env),
    version,
    limitMs: options.limitMs ?? LIMIT_MS,
  });
  const failure = watched.kind === 'failed' ? watched.failure : undefined;
  return record(
    { ...health, cooldown: cooldownAfter(failure, cooldown, options) },
    { ...end(watched.kind, failure), at: underWay.at, probe },
  );
}

function cooldownAfter(
  failure: Failure | undefined,
  before: Cooldown | undefined,
  { now, version }: StarterOptions,
): Cooldown | undefined {
  if (failure === undefined) return undefined;
  return failure.signal === undefined ? before : beginCooldown(now(), version, failure.signal);
}

/** What has to be there before anything is started. */
function whatIsMissing({ main, runtime, runtimeVersion }: StarterOptions): Failure | undefined {
  const phase = 'find-runtime';
  if (!existsSync(runtime)) return { phase, code: 'missing-runtime' };
  if (!(Number.parseInt(runtimeVersion, 10) >= OLDEST_RUNTIME))
    return { phase, code: 'runtime-too-old' };
  return existsSync(main) ? undefined : { phase, code: 'missing-file' };
}

function ended(
  { now, version, wanted }: StarterOptions,
  durationMs: number,
  outcome: Outcome,
  failure: Failure | undefined,
): Attempt {
  return {
    at: new Date(now()).toISOString(),
    outcome,
    version,
    probe: wanted,
    durationMs: Math.round(durationMs),
    ...(failure === undefined ? {} : { ...failure, code: codeEntry(failure.code).number }),
  };
}

function detailsOf(error: unknown): Pick<Failure, 'exceptionType' | 'errno'> {
  const errno = errnoOf(error);
  return {
    ...(error instanceof Error ? { exceptionType: error.name } : {}),
    ...(errno === undefined ? {} : { errno }),
  };
}

function logAttempt(attempt: Attempt, log: Log): void {
  // The log has a time of its own.
  const { at: _at, ...rest } = attempt;
  log.write('service-start', rest);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}
