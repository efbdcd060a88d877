/** The parts of the page: what a reader wants first, then charts, each with the table of its figures. */
import type { Comparison } from '../compare.ts';
import { changeCells } from '../compare.ts';
import type { LatencyResults, ProcessRow, RequestRow } from '../latency/results.ts';
import { formatBytes, formatMeasure, formatNumber, type Measure } from '../measure.ts';
import type { BenchRecord } from '../record.ts';
import { type Charts, chartsOf } from './charts.ts';
import { type Cell, escapeHtml, figure, htmlTable, section } from './html.ts';
import type { Chart } from './page/chart.ts';

/** Measures that are shown large when the run has them, and what they are in a reader's words. */
const HEADLINES: readonly (readonly [name: string, words: string])[] = [
  ['latency/process/warm clean/p50', 'a warm edit, clean, against node -e 0 (median)'],
  ['latency/process/warm finding/p50', 'a warm edit with a finding (median)'],
  ['latency/process/warm finding/p95', 'the same, 95th percentile'],
  [
    'latency/sessions/p95 to node -e 0 alone',
    '20 sessions at once, 95th percentile, against node -e 0 alone',
  ],
  [
    'latency/request/250 rules/100 KB clean/to byte loop',
    '100 KB, 250 rules, against a loop over the bytes',
  ],
  ['latency/request/250 rules/100 KB clean/p50 ms', '100 KB, 250 rules (median)'],
  [
    'latency/hostile/longest wait over the deadline',
    'longest wait past the deadline on hostile edits',
  ],
  ['latency/memory/started', 'memory with all built-in rules'],
];

export function headlines(measures: readonly Measure[]): string {
  const tiles = HEADLINES.flatMap(([name, words]) => {
    const found = measures.find((measure) => measure.name === name);
    if (found === undefined) return [];
    const value = escapeHtml(formatMeasure(found, found.value));
    return [`<div><dt>${escapeHtml(words)}</dt><dd>${value}</dd></div>`];
  });
  return tiles.length === 0 ? '' : `<dl class="tiles">${tiles.join('\n')}</dl>`;
}

export interface LatencySections {
  readonly html: string;
  readonly charts: readonly Chart[];
}

export function latencySections(results: LatencyResults): LatencySections {
  const charts = chartsOf(results);
  const html = [
    processSection(results, charts),
    sessionsSection(results, charts),
    requestSection(results, charts),
    hostileSection(results),
    memorySection(results),
  ].join('\n');
  return { html, charts: Object.values(charts) };
}

function processSection({ processes }: LatencyResults, charts: Charts): string {
  return section(
    'The hook as a process',
    'From the start of the process to its end, in turn with the controls. Warm: the resident service answers. Cold: the hook does the work in a process of its own.',
    figure(charts.processes, 'Distribution, as a multiple of node -e 0') +
      processTable('table-processes', 'As multiples of node -e 0, and in milliseconds', processes),
  );
}

function sessionsSection({ sessions }: LatencyResults, charts: Charts): string {
  const { fallbacks } = sessions;
  return section(
    `${sessions.sessions} sessions at once`,
    `Each session starts its hook in the same moment, ${sessions.rounds} times; ${fallbacks === 0 ? 'the service answered all of them' : `${fallbacks} fell back to a process of their own`}.`,
    figure(charts.sessions, 'Distribution, as a multiple of node -e 0 alone') +
      processTable(
        'table-sessions',
        'As multiples of node -e 0 alone, and in milliseconds',
        sessions.rows,
      ),
  );
}

function processTable(id: string, caption: string, rows: readonly ProcessRow[]): string {
  return htmlTable(
    id,
    caption,
    ['process', 'p50', 'p95', 'p99', 'p50 ms', 'p95 ms', 'p99 ms', 'runs', 'cut'],
    rows.map(({ name, role, ratio, ms, cut }) => [
      name,
      ...[ratio.p50, ratio.p95, ratio.p99].map((each) => `${formatNumber(each)}x`),
      ...[ms.p50, ms.p95, ms.p99].map(formatNumber),
      String(ms.count),
      role === 'warm' ? String(cut) : '',
    ]),
  );
}

function requestSection({ requests }: LatencyResults, charts: Charts): string {
  return section(
    'Inside the service',
    'One request over a connection that stays open. Clean: no literal of any rule. Mixed: near misses and one finding, which is what the charts show.',
    `<div class="charts">${figure(charts.bySize, 'By size of the content')}${figure(charts.byRules, 'By number of rules')}</div>
${requestMatrix(requests)}
<details><summary>All ${requests.length} rows, with percentiles</summary>${requestTable(requests)}</details>`,
  );
}

function requestMatrix(rows: readonly RequestRow[]): string {
  const counts = [...new Set(rows.map(({ rules }) => rules))];
  const contents = [...new Set(rows.map(contentOf))];
  return htmlTable(
    'table-matrix',
    'Median as a multiple of a plain loop over the bytes, and in milliseconds',
    ['content', ...counts.map((count) => `${count} rules`)],
    contents.map((content) => [
      content,
      ...counts.map((count) => {
        const row = rows.find((each) => each.rules === count && contentOf(each) === content);
        return row === undefined
          ? '–'
          : `${formatNumber(row.ratio)}x · ${formatNumber(row.ms.p50)}`;
      }),
    ]),
  );
}

function contentOf({ bytes, text }: RequestRow): string {
  return `${formatBytes(bytes)} ${text}`;
}

function requestTable(rows: readonly RequestRow[]): string {
  return htmlTable(
    'table-requests',
    'Against a plain loop over the bytes of the content',
    ['content', 'rules', 'to byte loop', 'p50 ms', 'p95 ms', 'p99 ms', 'loop ms', 'cut', 'refused'],
    rows.map((row) => [
      contentOf(row),
      String(row.rules),
      `${formatNumber(row.ratio)}x`,
      ...[row.ms.p50, row.ms.p95, row.ms.p99, row.loop.p50].map(formatNumber),
      `${row.cut} of ${row.ms.count}`,
      String(row.refused),
    ]),
  );
}

function hostileSection({ hostile, service }: LatencyResults): string {
  return section(
    'Hostile edits',
    `Made to keep a checker busy, with one real finding each. The deadline inside the service is ${service.deadlineMs} ms; what it cuts has to be said.`,
    htmlTable(
      'table-hostile',
      'Longest wait in milliseconds',
      ['edit', 'request', 'service', 'whole hook', 'fallbacks', 'answer'],
      hostile.map(({ name, bytes, service: wait, hook, fallbacks, outcome }): Cell[] => [
        name,
        formatBytes(bytes),
        formatNumber(wait.max),
        formatNumber(hook.max),
        String(fallbacks),
        { text: outcome, tone: outcome === 'missed' ? 'bad' : 'good' },
      ]),
    ),
  );
}

function memorySection({ memory, service }: LatencyResults): string {
  return section(
    'Memory of the service',
    `Resident megabytes, with ${service.rules} rules and ${service.workers} workers. The service answers ${formatNumber(service.startMs)} ms after its start; until it was warm it cut ${service.cutAtStart} edits.`,
    htmlTable(
      'table-memory',
      'As the service says, and as the kernel says',
      ['when', 'service', 'kernel', 'peak'],
      memory.map(({ when, rssMb, kernelMb, peakMb }) => [
        when,
        ...[rssMb, kernelMb, peakMb].map((each) => (each === undefined ? '–' : formatNumber(each))),
      ]),
    ),
  );
}

export function comparisonSection({ changes, warnings }: Comparison): string {
  const notes = warnings.map((warning) => `<p class="bad">${escapeHtml(warning)}</p>`).join('');
  const rows = changes.map((change): Cell[] => {
    const { cells, isWorse } = changeCells(change);
    const [name, then, now, difference] = cells;
    return [name, then, now, isWorse ? { text: difference, tone: 'bad' } : difference];
  });
  return section(
    'Against an earlier run',
    'Red: worse by more than a tenth.',
    `${notes}${htmlTable('table-comparison', 'Then and now', ['measure', 'then', 'now', 'difference'], rows)}`,
  );
}

export function measuresSection({ measures }: BenchRecord): string {
  return section(
    'All measures',
    'By the names that budgets and comparisons use.',
    `<details><summary>${measures.length} measures</summary>${htmlTable(
      'table-measures',
      'x: a multiple of the control in the same run',
      ['measure', 'value'],
      measures.map((measure) => [measure.name, formatMeasure(measure, measure.value)]),
    )}</details>`,
  );
}
