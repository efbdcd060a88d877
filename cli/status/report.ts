/** Gathers what `sg status` says. */
import { readReviewConfig } from '../../host/review-config.ts';
import { readHealth } from '../../host/service/health/attempts.ts';
import type { Health } from '../../host/service/health/attempts.ts';
import { COOLDOWN_MS, mayStart } from '../../host/service/health/cooldown.ts';
import { VERSION } from '../../host/service/health/version.ts';
import { serviceDir } from '../../host/service/paths.ts';
import { hookConfig } from '../hook-config.ts';
import type { Io } from '../io.ts';
import { countEvents, lastError, readLogTail } from './log.ts';
import type { LogEntry } from './log.ts';
import { reviewsReport } from './reviews.ts';
import type { ReviewsReport } from './reviews.ts';
import { askStatus } from './service.ts';
import type { ServiceState } from './service.ts';

export interface StatusReport {
  readonly version: string;
  readonly stateDir: string | undefined;
  /** False when a switch turns the check after each edit off. */
  readonly checking: boolean;
  readonly service: ServiceState;
  readonly health: Health;
  readonly cooldown: CooldownReport | undefined;
  readonly log: LogReport;
  readonly reviews: ReviewsReport;
}

export interface CooldownReport {
  readonly since: string;
  readonly until: string;
  readonly signal: string;
  /** When something is tried next by itself, milliseconds from now. */
  readonly nextTryMs: number;
}

export interface LogReport {
  readonly path: string | undefined;
  readonly bytes: number | undefined;
  /** Why it cannot be read. */
  readonly problem: string | undefined;
  /** Of the last 24 hours, as far as the end of the file reaches. */
  readonly events: readonly (readonly [event: string, count: number])[];
  readonly lastError: LogEntry | undefined;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export async function collectStatus(io: Io, now: number): Promise<StatusReport> {
  const config = hookConfig(io);
  const dir = config.stateDir === undefined ? undefined : serviceDir(config.stateDir);
  const health = dir === undefined ? { attempts: [], cooldown: undefined } : readHealth(dir);
  return {
    version: VERSION,
    stateDir: config.stateDir,
    checking: config.enabled && config.patternRules,
    service: await serviceState(config.service, dir),
    health,
    cooldown: cooldownReport(health, now),
    log: logReport(config.logPath, now),
    reviews: reviewsReport(config.stateDir, readReviewConfig(io.env).limits, now),
  };
}

async function serviceState(wanted: boolean, dir: string | undefined): Promise<ServiceState> {
  if (!wanted) return { kind: 'off' };
  return dir === undefined ? { kind: 'stopped', code: 'ENOENT' } : askStatus(dir);
}

/** The cooldown, where it holds for this version. */
export function cooldownReport(
  { cooldown }: Pick<Health, 'cooldown'>,
  now: number,
): CooldownReport | undefined {
  const permission = mayStart(cooldown, { now, version: VERSION, wanted: false });
  if (permission.kind === 'free') return undefined;
  const { since, signal } = permission.cooldown;
  return {
    since,
    until: new Date(Date.parse(since) + COOLDOWN_MS).toISOString(),
    signal,
    nextTryMs: permission.kind === 'blocked' ? permission.untilMs : 0,
  };
}

export function logReport(path: string | undefined, now: number): LogReport {
  const tail = path === undefined ? { kind: 'absent' as const } : readLogTail(path);
  const entries = tail.kind === 'read' ? tail.value.entries : [];
  return {
    path,
    bytes: tail.kind === 'read' ? tail.value.bytes : undefined,
    problem: tail.kind === 'unreadable' ? tail.reason : undefined,
    events: countEvents(entries, now - DAY_MS),
    lastError: lastError(entries),
  };
}
