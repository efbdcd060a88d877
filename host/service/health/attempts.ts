/**
 * `health.json` in the service's folder: the last attempts to start, and the cooldown. Written by the
 * starter alone, under its lock; read by whoever explains.
 */
import { join } from 'node:path';
import { readStateFile, replaceStateFile, setAside } from '../../state/file.ts';
import { codeEntry, codeOfNumber } from './codes.ts';
import type { CodeName } from './codes.ts';
import type { Cooldown } from './cooldown.ts';

export const HEALTH_FILE = 'health.json';

/** Attempts kept; the oldest go. */
export const MAX_ATTEMPTS = 20;

/**
 * `begun`: under way, or its starter died. `already-running`: a service of this version or a newer one
 * answered. `cooldown`: not tried, see cooldown.ts. `interrupted`: the machine went down meanwhile.
 */
export type Outcome =
  'begun' | 'started' | 'already-running' | 'failed' | 'cooldown' | 'interrupted';

const OUTCOMES: readonly Outcome[] = [
  'begun',
  'started',
  'already-running',
  'failed',
  'cooldown',
  'interrupted',
];

export interface Attempt {
  /** When it began, ISO 8601. */
  readonly at: string;
  readonly outcome: Outcome;
  /** Version of the plugin that tried. */
  readonly version: string;
  /** A start inside of a cooldown. */
  readonly probe: boolean;
  /** Process id of the starter. */
  readonly pid?: number;
  readonly durationMs?: number;
  /** How many times in a row this was the outcome; absent for once. `lastAt` is then the last time. */
  readonly times?: number;
  readonly lastAt?: string;
  /** The rest is told for failures. Names as in codes.ts; unknown ones come from newer versions. */
  readonly phase?: string;
  /** Number in the table of codes. */
  readonly code?: number;
  readonly exceptionType?: string;
  readonly errno?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly bucket?: number;
}

export interface Health {
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  readonly cooldown: Cooldown | undefined;
  /** Why the file was not used, where it was there. */
  readonly corrupt?: string;
}

/** Reads the folder's health. Never throws; what cannot be understood counts as absent and is said. */
export function readHealth(dir: string): Health {
  const file = readStateFile(join(dir, HEALTH_FILE));
  const none = { attempts: [], cooldown: undefined };
  if (file.kind === 'absent') return none;
  if (file.kind === 'corrupt') return { ...none, corrupt: file.reason };
  if (!isRecord(file.value) || !Array.isArray(file.value['attempts']))
    return { ...none, corrupt: 'not a list of attempts' };
  const attempts = file.value['attempts'].map(attemptOf).filter((each) => each !== undefined);
  return {
    attempts: attempts.slice(-MAX_ATTEMPTS),
    cooldown: cooldownOf(file.value['cooldown']),
  };
}

/** Replaces the folder's health. A corrupt file is kept beside it. Throws as `node:fs` does. */
export function writeHealth(dir: string, health: Health): void {
  const path = join(dir, HEALTH_FILE);
  if (health.corrupt !== undefined) setAside(path);
  replaceStateFile(path, {
    version: 1,
    attempts: health.attempts.slice(-MAX_ATTEMPTS),
    cooldown: health.cooldown ?? null,
  });
}

/** Adds an attempt. One that ended as the one before it, with nothing new to tell, is only counted. */
export function addAttempt(health: Health, attempt: Attempt): Health {
  const before = health.attempts.at(-1);
  const repeats =
    (attempt.outcome === 'cooldown' || attempt.outcome === 'already-running') &&
    before?.outcome === attempt.outcome &&
    before.version === attempt.version;
  const kept = repeats ? health.attempts.slice(0, -1) : health.attempts;
  const added = repeats
    ? { ...attempt, at: before.at, lastAt: attempt.at, times: (before.times ?? 1) + 1 }
    : attempt;
  return {
    attempts: [...kept, added].slice(-MAX_ATTEMPTS),
    cooldown: health.cooldown,
    ...(health.corrupt === undefined ? {} : { corrupt: health.corrupt }),
  };
}

/** When an attempt was made, the last time where there were several; milliseconds since 1970. */
export function timeOf(attempt: Attempt): number {
  return Date.parse(attempt.lastAt ?? attempt.at);
}

/** The name of an attempt's code; undefined for none, and for codes of a newer version. */
export function codeNameOf(attempt: Attempt): CodeName | undefined {
  return attempt.code === undefined ? undefined : codeOfNumber(attempt.code);
}

/** What happened and what to do about it, for people: `meaning` and `action` of the code. */
export function explainAttempt(attempt: Attempt): { meaning: string; action: string } | undefined {
  const name = codeNameOf(attempt);
  return name === undefined ? undefined : codeEntry(name);
}

/** Longest texts kept: a file that someone else wrote must not flood a terminal. */
const MAX_WORD = 64;

function attemptOf(value: unknown): Attempt | undefined {
  if (!isRecord(value)) return undefined;
  const at = timeText(value['at']);
  const outcome = OUTCOMES.find((each) => each === value['outcome']);
  const version = word(value['version']);
  if (at === undefined || outcome === undefined || version === undefined) return undefined;
  return {
    at,
    outcome,
    version,
    probe: value['probe'] === true,
    ...present('pid', whole(value['pid'], 1, 2 ** 31)),
    ...present('durationMs', whole(value['durationMs'], 0, 1e9)),
    ...present('times', whole(value['times'], 1, 1e9)),
    ...present('lastAt', timeText(value['lastAt'])),
    ...present('phase', word(value['phase'])),
    ...present('code', whole(value['code'], 0, 1e6)),
    ...present('exceptionType', word(value['exceptionType'])),
    ...present('errno', word(value['errno'])),
    ...present('exitCode', whole(value['exitCode'], -1e6, 2 ** 32)),
    ...present('signal', word(value['signal'])),
    ...present('bucket', whole(value['bucket'], 0, 999)),
  };
}

function cooldownOf(value: unknown): Cooldown | undefined {
  if (!isRecord(value)) return undefined;
  const since = timeText(value['since']);
  const version = word(value['version']);
  if (since === undefined || version === undefined) return undefined;
  return {
    since,
    version,
    signal: word(value['signal']) ?? 'unknown',
    ...present('probedAt', timeText(value['probedAt'])),
  };
}

/** An object with `name` where there is a value: absent keys, never undefined ones. */
function present<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  const made: Partial<Record<K, V>> = {};
  if (value !== undefined) made[name] = value;
  return made;
}

function whole(value: unknown, min: number, max: number): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
    ? value
    : undefined;
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_WORD ? value : undefined;
}

function timeText(value: unknown): string | undefined {
  const text = word(value);
  return text === undefined || Number.isNaN(Date.parse(text)) ? undefined : text;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
