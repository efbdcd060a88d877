/** The figures of the latency suite by name. */
import { formatBytes, type Measure } from '../measure.ts';
import { PERCENTILES } from '../statistics.ts';
import type { HostileRow, LatencyResults, MemoryRow, ProcessRow, RequestRow } from './results.ts';

export function measuresOf(results: LatencyResults): Measure[] {
  const { processes, requests, hostile, sessions, memory, service } = results;
  return [
    ...processes.flatMap((row) => processMeasures('process', row)),
    ...requests.flatMap(requestMeasures),
    cost(
      'request/cut up to 100 KB',
      sum(requests, ({ bytes, cut }) => (bytes <= 100 * 1024 ? cut : 0)),
      'count',
    ),
    cost(
      'request/refused',
      sum(requests, ({ refused }) => refused),
      'count',
    ),
    ...hostileMeasures(hostile, service.deadlineMs),
    ...sessions.rows.flatMap((row) => processMeasures('sessions', row)),
    cost('sessions/p95 to node -e 0 alone', sessions.p95ToAlone, 'x'),
    cost('sessions/fallbacks', sessions.fallbacks, 'count'),
    ...memory.map(({ when, rssMb, kernelMb }: MemoryRow) =>
      cost(`memory/${when}`, kernelMb ?? rssMb, 'MB'),
    ),
    cost('start/first answer', service.startMs, 'ms'),
    cost('start/edits cut', service.cutAtStart, 'count'),
  ];
}

function processMeasures(part: string, row: ProcessRow): Measure[] {
  const name = `${part}/${row.name}`;
  if (row.role === 'control') return [cost(`${name}/p50 ms`, row.ms.p50, 'ms')];
  const ratios = PERCENTILES.map((each) => cost(`${name}/${each}`, row.ratio[each], 'x'));
  return row.role === 'cold' ? ratios : [...ratios, cost(`${name}/cut`, row.cut, 'count')];
}

function requestMeasures({ text, bytes, rules, ms, ratio }: RequestRow): Measure[] {
  const name = `request/${rules} rules/${formatBytes(bytes)} ${text}`;
  return [cost(`${name}/to byte loop`, ratio, 'x'), cost(`${name}/p50 ms`, ms.p50, 'ms')];
}

function sum<Row>(rows: readonly Row[], count: (row: Row) => number): number {
  return rows.reduce((total, row) => total + count(row), 0);
}

function hostileMeasures(rows: readonly HostileRow[], deadlineMs: number): Measure[] {
  const missed = rows.filter(({ outcome }) => outcome === 'missed').length;
  const fallbacks = sum(rows, (row) => row.fallbacks);
  const over = (wait: (row: HostileRow) => number): number =>
    Math.max(...rows.map(wait)) - deadlineMs;
  return [
    cost(
      'hostile/longest wait over the deadline',
      over(({ service }) => service.max),
      'ms',
    ),
    cost(
      'hostile/longest hook over the deadline',
      over(({ hook }) => hook.max),
      'ms',
    ),
    cost('hostile/missed', missed, 'count'),
    cost('hostile/fallbacks', fallbacks, 'count'),
  ];
}

function cost(name: string, value: number, unit: Measure['unit']): Measure {
  return { name: `latency/${name}`, value, unit, better: 'lower' };
}
