/** A share of a count, and what it says about the share of all that could have been counted. */

export interface Proportion {
  readonly hits: number;
  readonly of: number;
  /** Undefined of nothing, as are the bounds. */
  readonly value: number | undefined;
  /** Wilson's interval of 95 %. */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** Of a normal distribution, 95 % lie so many standard deviations around the middle. */
const Z = 1.959963984540054;

/**
 * `rounds`: how often each case was counted. Asking about the same case again tells nothing of other cases, so
 * the interval is that of one round.
 */
export function proportionOf(hits: number, of: number, rounds = 1): Proportion {
  if (of === 0) return { hits, of, value: undefined, low: undefined, high: undefined };
  const value = hits / of;
  const n = of / rounds;
  const z2 = Z * Z;
  const middle = (value + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z / (1 + z2 / n)) * Math.sqrt((value * (1 - value)) / n + z2 / (4 * n * n));
  // At 0 and 1 the bound is exact, and rounding would put it beside.
  const low = hits === 0 ? 0 : middle - half;
  const high = hits === of ? 1 : middle + half;
  return { hits, of, value, low, high };
}
