/** What a series of measurements says. */

/** Middle value; NaN for an empty series. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Milliseconds that `action` takes. */
export async function elapsed(action: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** Times two actions in turn, `rounds` times each, so that a noisy moment falls on both. */
export async function interleaved(
  rounds: number,
  control: () => Promise<void> | void,
  measured: () => Promise<void> | void,
): Promise<{ control: number; measured: number; ratio: number }> {
  const controls: number[] = [];
  const measurements: number[] = [];
  for (let round = 0; round < rounds; round++) {
    controls.push(await elapsed(control));
    measurements.push(await elapsed(measured));
  }
  const result = { control: median(controls), measured: median(measurements) };
  return { ...result, ratio: result.measured / result.control };
}
