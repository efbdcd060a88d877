/** The charts of the latency suite. */
import { formatBytes } from '../measure.ts';
import type { LatencyResults, ProcessRow, RequestRow } from '../latency/results.ts';
import { percentile } from '../statistics.ts';
import type { Chart, ChartSeries } from './page/chart.ts';

export interface Charts {
  readonly processes: Chart;
  readonly sessions: Chart;
  readonly bySize: Chart;
  readonly byRules: Chart;
}

export function chartsOf({ processes, sessions, requests }: LatencyResults): Charts {
  return {
    processes: quantiles('chart-processes', processes, 'node -e 0'),
    sessions: quantiles('chart-sessions', sessions.rows, 'node -e 0 alone'),
    bySize: bySize(requests),
    byRules: byRules(requests),
  };
}

/** As many as the page's style has. */
const COLORS = 6;

/** Percent of runs that took no longer; a run of a few hundred has no finer tail. */
const SHARES: readonly number[] = Array.from({ length: 100 }, (_, index) => index + 1);

function quantiles(id: string, rows: readonly ProcessRow[], control: string): Chart {
  const unit = rows.find(({ name }) => name === control)?.ms.p50 ?? Number.NaN;
  let colors = 0;
  return {
    id,
    x: { label: 'share of runs that took no longer', unit: 'percent', scale: 'linear' },
    y: { label: `× median of ${control}`, unit: 'x', scale: 'log' },
    xs: SHARES,
    points: false,
    series: rows.map(({ name, role, samples }): ChartSeries => {
      const ys = SHARES.map((share) => short(percentile(samples, share / 100) / unit));
      if (role === 'control' && name === control) return { label: name, color: 'control', ys };
      return { label: name, color: colors++ % COLORS, ys };
    }),
  };
}

/** One text: the other one's lines would lie beside it. */
const SHOWN: RequestRow['text'] = 'mixed';

function bySize(requests: readonly RequestRow[]): Chart {
  const rows = requests.filter(({ text }) => text === SHOWN);
  const sizes = distinct(rows.map(({ bytes }) => bytes));
  const find = (rules: number, bytes: number): RequestRow | undefined =>
    rows.find((row) => row.rules === rules && row.bytes === bytes);
  const counts = distinct(rows.map(({ rules }) => rules));
  const loop = sizes.map((bytes) => find(counts[0] ?? 0, bytes)?.loop.p50 ?? null);
  return {
    id: 'chart-size',
    x: { label: 'size of the content', unit: 'bytes', scale: 'log' },
    y: { label: 'median time of a request', unit: 'ms', scale: 'log' },
    xs: sizes,
    points: true,
    series: [
      ...counts.map((rules, color) => ({
        label: `${rules} rules`,
        color,
        ys: sizes.map((bytes) => find(rules, bytes)?.ms.p50 ?? null),
      })),
      { label: 'loop over the bytes', color: 'control', ys: loop },
    ],
  };
}

function byRules(requests: readonly RequestRow[]): Chart {
  const rows = requests.filter(({ text }) => text === SHOWN);
  const counts = distinct(rows.map(({ rules }) => rules));
  const sizes = distinct(rows.map(({ bytes }) => bytes));
  return {
    id: 'chart-rules',
    x: { label: 'number of rules', unit: 'rules', scale: 'log' },
    y: { label: 'median time of a request', unit: 'ms', scale: 'log' },
    xs: counts,
    points: true,
    series: sizes.map((bytes, color) => ({
      label: formatBytes(bytes),
      color,
      ys: counts.map(
        (rules) => rows.find((row) => row.rules === rules && row.bytes === bytes)?.ms.p50 ?? null,
      ),
    })),
  };
}

/** Finer than a pixel. */
function short(value: number): number {
  return Number(value.toPrecision(5));
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
