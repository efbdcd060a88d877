/**
 * A start that a signal ended is not tried again for a day: on a machine that is too small each try costs
 * everyone on it, and the hooks work without a service.
 *
 * The rules: a killed start begins a window of 24 hours. Inside of it nothing is started but one probe,
 * which is allowed an hour after the kill; a probe that the user asks for is always allowed and counts as
 * the one. A start that succeeds ends the cooldown; one that is killed begins a new window; one that fails
 * otherwise leaves it. Another version of the plugin is not bound by it.
 */

/** All times ISO 8601. */
export interface Cooldown {
  /** When the start was killed. */
  readonly since: string;
  /** Version that was killed. */
  readonly version: string;
  /** What killed it. */
  readonly signal: string;
  /** When the window's probe was made. */
  readonly probedAt?: string;
}

export const COOLDOWN_MS: number = 24 * 60 * 60 * 1000;
export const PROBE_AFTER_MS: number = 60 * 60 * 1000;
/** A clock that was set back by less than this is no reason to begin anew. */
const CLOCK_SLACK_MS = 60 * 1000;

export type Permission =
  /** No cooldown holds. */
  | { readonly kind: 'free' }
  /** One holds, and this start is its probe. */
  | { readonly kind: 'probe'; readonly cooldown: Cooldown }
  /** One holds. `cooldown` begins now where the clock was set back to before it: it never gets longer. */
  | { readonly kind: 'blocked'; readonly cooldown: Cooldown; readonly untilMs: number };

export interface Asked {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Version that would be started. */
  readonly version: string;
  /** The user asked for a try. */
  readonly wanted: boolean;
}

/** Whether a start may be made. */
export function mayStart(cooldown: Cooldown | undefined, asked: Asked): Permission {
  if (cooldown === undefined || cooldown.version !== asked.version) return { kind: 'free' };
  const current = afterClockChange(cooldown, asked.now);
  const age = asked.now - Date.parse(current.since);
  if (age >= COOLDOWN_MS) return { kind: 'free' };
  const due = age >= PROBE_AFTER_MS && current.probedAt === undefined;
  if (asked.wanted || due) {
    const probedAt = new Date(asked.now).toISOString();
    return { kind: 'probe', cooldown: { ...current, probedAt } };
  }
  const untilMs =
    current.probedAt === undefined ? PROBE_AFTER_MS - age : Math.max(0, COOLDOWN_MS - age);
  return { kind: 'blocked', cooldown: current, untilMs };
}

/** The cooldown that a killed start begins. */
export function beginCooldown(now: number, version: string, signal: string): Cooldown {
  return { since: new Date(now).toISOString(), version, signal };
}

/** Whether the clock stands before the cooldown's beginning, so that it has to be written anew. */
export function isFromFuture(cooldown: Cooldown, now: number): boolean {
  return Date.parse(cooldown.since) - now > CLOCK_SLACK_MS;
}

function afterClockChange(cooldown: Cooldown, now: number): Cooldown {
  if (!isFromFuture(cooldown, now)) return cooldown;
  return { ...cooldown, since: new Date(now).toISOString() };
}
