/** Figures as people read them. */

/** `340 ms`, `12 s`, `5 min`, `3 h`, `2 days`. */
export function duration(ms: number): string {
  const steps = [
    [1000, 1, 'ms'],
    [60_000, 1000, 's'],
    [3_600_000, 60_000, 'min'],
    [48 * 3_600_000, 3_600_000, 'h'],
  ] as const;
  const whole = Math.max(0, ms);
  const step = steps.find(([below]) => whole < below);
  if (step === undefined) return `${Math.floor(whole / 86_400_000)} days`;
  return `${Math.floor(whole / step[1])} ${step[2]}`;
}

/** `12 B`, `34 KiB`, `5.6 MiB`. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${Math.round(count / 1024)} KiB`;
  return `${(count / 1024 / 1024).toFixed(1)} MiB`;
}

/** `1 edit`, `2 edits`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a 1, b 2`; names with hyphens for camel case. */
export function tally(counts: Iterable<readonly [string, number]>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}
