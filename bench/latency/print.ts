/** The tables of the latency suite. */
import { formatBytes, formatNumber } from '../measure.ts';
import { table } from '../table.ts';
import type {
  HostileRow,
  LatencyResults,
  MemoryRow,
  ProcessRow,
  RequestRow,
  SessionsResults,
} from './results.ts';

type Service = LatencyResults['service'];

export function printProcesses(rows: readonly ProcessRow[]): string {
  const rounds = rows[0]?.ms.count ?? 0;
  const control = '`node -e 0` in the same environment, which is nearly empty';
  return `\nthe edit hook as a process against ${control}, ${rounds} rounds\n${processTable(rows)}`;
}

export function printSessions(results: SessionsResults): string {
  const { sessions, rounds, p95ToAlone, fallbacks, rows } = results;
  return [
    `\n${sessions} sessions at once, ${rounds} rounds, ${fallbacks} fallbacks; `,
    `95th percentile to the median of \`node -e 0\` alone: ${p95ToAlone.toFixed(2)}x\n`,
    processTable(rows),
  ].join('');
}

export function printRequests(rows: readonly RequestRow[]): string {
  const head = 'a request to the service, median ms, as a multiple of a plain loop over the bytes';
  return `\n${head}\n${requestTable(rows)}`;
}

export function printHostile(rows: readonly HostileRow[], { deadlineMs }: Service): string {
  const cells = rows.map((row) => [
    row.name,
    formatBytes(row.bytes),
    row.service.max.toFixed(0),
    row.hook.max.toFixed(0),
    row.fallbacks,
    row.outcome,
  ]);
  const head = ['edit', 'request', 'service', 'hook', 'fallbacks', 'answer'];
  return `\nhostile edits, longest wait in ms; the deadline is ${deadlineMs} ms\n${table(head, cells)}`;
}

export function printMemory({ memory, service }: LatencyResults): string {
  const { rules, workers, startMs, cutAtStart } = service;
  return [
    `\nmemory of the service, MB: ${rules} rules, ${workers} workers; it answers ${startMs.toFixed(0)} ms `,
    `after its start and cut ${cutAtStart} edits until it was warm\n`,
    table(['when', 'service says', 'kernel says', 'peak'], memory.map(memoryCells)),
  ].join('');
}

function processTable(rows: readonly ProcessRow[]): string {
  return table(
    ['process', 'p50', 'p95', 'p99', 'p50 ms', 'p95 ms', 'p99 ms', 'cut'],
    rows.map(({ name, role, ratio, ms, cut }) => [
      name,
      ...[ratio.p50, ratio.p95, ratio.p99].map((each) => `${each.toFixed(2)}x`),
      ...[ms.p50, ms.p95, ms.p99].map((each) => each.toFixed(1)),
      role === 'warm' ? cut : '',
    ]),
  );
}

/** A row for each size, a column for each number of rules. */
function requestTable(rows: readonly RequestRow[]): string {
  const counts = [...new Set(rows.map(({ rules }) => rules))];
  const keys = [...new Set(rows.map(keyOf))];
  return table(
    ['content', ...counts.map((count) => `${count} rules`)],
    keys.map((key) => [
      key,
      ...counts.map((count) => {
        const row = rows.find((each) => keyOf(each) === key && each.rules === count);
        return row === undefined ? '' : requestCell(row);
      }),
    ]),
  );
}

function keyOf({ bytes, text }: RequestRow): string {
  return `${formatBytes(bytes)} ${text}`;
}

function requestCell({ ms, ratio, cut, refused }: RequestRow): string {
  const factor = ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(1);
  return `${formatNumber(ms.p50)} (${factor}x)${cut > 0 ? ` ${cut} cut` : ''}${refused > 0 ? ` ${refused} refused` : ''}`;
}

function memoryCells({ when, rssMb, kernelMb, peakMb }: MemoryRow): string[] {
  const show = (value: number | undefined): string =>
    value === undefined ? '-' : value.toFixed(1);
  return [when, show(rssMb), show(kernelMb), show(peakMb)];
}
