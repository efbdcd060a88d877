/** Leaves a provider alone that has failed several times in a row. */

/** Kept by the host between processes. */
export interface BreakerState {
  readonly failures: number;
  /** Milliseconds since 1970 until which nothing is sent; 0 when closed. */
  readonly openUntil: number;
}

export const CLOSED: BreakerState = { failures: 0, openUntil: 0 };

const FAILURES = 3;
const OPEN_MS = 10 * 60 * 1000;

/** A clock that was set back does not keep it open for longer than it may be. */
export function isOpen({ openUntil }: BreakerState, now: number): boolean {
  return now < openUntil && openUntil - now <= OPEN_MS;
}

export function afterSuccess(): BreakerState {
  return CLOSED;
}

export function afterFailure({ failures }: BreakerState, now: number): BreakerState {
  const count = failures + 1;
  return count < FAILURES
    ? { failures: count, openUntil: 0 }
    : { failures: 0, openUntil: now + OPEN_MS };
}
