/** One figure of a run that a budget can bound and a later run can be compared with. */

export interface Measure {
  /** Path-like, the suite first: `latency/process/warm clean/p50`. Stable from run to run. */
  readonly name: string;
  readonly value: number;
  /** `x`: a multiple of a control in the same run. */
  readonly unit: 'x' | 'ms' | 'MB' | 'count';
  readonly better: 'lower' | 'higher';
}

/** `0.31x`, `4.20 ms`, `98.4 MB`, `0`. */
export function formatMeasure({ unit }: Pick<Measure, 'unit'>, value: number): string {
  if (unit === 'count') return String(value);
  return unit === 'x' ? `${formatNumber(value)}x` : `${formatNumber(value)} ${unit}`;
}

/** Three digits that count, no exponent: 0.0123, 1.23, 12.3, 1234. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '?';
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 1 || size === 0) return value.toFixed(2);
  return size >= 0.1 ? value.toFixed(3) : value.toFixed(4);
}

/** `512 B`, `100 KB`, `5 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1 << 20) return `${formatWhole(bytes / (1 << 20))} MB`;
  return bytes >= 1024 ? `${formatWhole(bytes / 1024)} KB` : `${bytes} B`;
}

function formatWhole(value: number): string {
  return value >= 10 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}
