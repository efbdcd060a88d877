/** Leaves a model alone for the rest of a session in which its reviews failed several times in a row. */

/** Kept by the host between processes. */
export interface BreakerState {
  /** In a row. */
  readonly failures: number;
}

export const CLOSED: BreakerState = Object.freeze({ failures: 0 });

const MAX_FAILURES = 3;

export function isOpen({ failures }: BreakerState): boolean {
  return failures >= MAX_FAILURES;
}

export function afterFailure({ failures }: BreakerState): BreakerState {
  return { failures: failures + 1 };
}
