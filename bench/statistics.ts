/** What a series of measurements says. */

/** Milliseconds unless a caller says otherwise. */
export interface Distribution {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export const PERCENTILES = ['p50', 'p95', 'p99'] as const;
export type Percentile = (typeof PERCENTILES)[number];

/** Middle value; NaN for an empty series. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * The smallest value that at least `share` (0 to 1) of `sorted` do not exceed: always one that was measured,
 * never one in between. NaN for an empty series.
 */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.min(sorted.length - 1, Math.max(0, rank - 1))] ?? Number.NaN;
}

export function distributionOf(values: readonly number[]): Distribution {
  const sorted = ascending(values);
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    max: percentile(sorted, 1),
  };
}

/** Each percentile of `measured` as a multiple of the same percentile of `control`. */
export function ratiosOf(
  measured: Distribution,
  control: Distribution,
): Readonly<Record<Percentile, number>> {
  return {
    p50: measured.p50 / control.p50,
    p95: measured.p95 / control.p95,
    p99: measured.p99 / control.p99,
  };
}

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** Milliseconds that `action` takes. */
export async function elapsed(action: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/**
 * Times actions in turn, `rounds` times each, so that a noisy moment falls on all of them; each round begins
 * with another one, so that none always follows the same neighbour. Returns each action's milliseconds.
 */
export async function inTurn(
  rounds: number,
  actions: readonly (() => Promise<void> | void)[],
  onRound: (round: number) => void = () => undefined,
): Promise<number[][]> {
  const series = actions.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    onRound(round);
    for (let turn = 0; turn < actions.length; turn++) {
      const at = (turn + round) % actions.length;
      const action = actions[at];
      if (action !== undefined) series[at]?.push(await elapsed(action));
    }
  }
  return series;
}

/** Two actions in turn, by their medians. */
export async function interleaved(
  rounds: number,
  control: () => Promise<void> | void,
  measured: () => Promise<void> | void,
): Promise<{ control: number; measured: number; ratio: number }> {
  const [controls = [], measurements = []] = await inTurn(rounds, [control, measured]);
  const result = { control: median(controls), measured: median(measurements) };
  return { ...result, ratio: result.measured / result.control };
}
