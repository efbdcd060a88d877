/** Reads the end of the hooks' log. */
import { readSync } from 'node:fs';
import { readPlainFile } from '../../host/state/file.ts';
import type { PlainFile } from '../../host/state/file.ts';

export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly event: string;
  /** `reason`, where the entry has one. */
  readonly reason: string | undefined;
}

export interface LogTail {
  /** Size of the whole file. */
  readonly bytes: number;
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
}

const TAIL_BYTES = 256 * 1024;

/** Never throws; lines that are no entries are left out. */
export function readLogTail(path: string): PlainFile<LogTail> {
  return readPlainFile(path, (file, size) => {
    const length = Math.min(size, TAIL_BYTES);
    const bytes = Buffer.alloc(length);
    const read = readSync(file, bytes, 0, length, size - length);
    const lines = bytes.toString('utf8', 0, read).split('\n');
    // The first line may be the end of one.
    if (length < size) lines.shift();
    return { bytes: size, entries: lines.flatMap(entryOf) };
  });
}

function entryOf(line: string): LogEntry[] {
  if (!line.startsWith('{')) return [];
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('time' in value) || !('event' in value))
      return [];
    const { time, event } = value;
    if (typeof time !== 'string' || typeof event !== 'string') return [];
    const reason = 'reason' in value && typeof value.reason === 'string' ? value.reason : undefined;
    const at = Date.parse(time);
    return Number.isNaN(at) ? [] : [{ time: at, event: event.slice(0, 80), reason }];
  } catch {
    return [];
  }
}

/** How often each event stands in the entries since `since`, the most frequent first. */
export function countEvents(
  entries: readonly LogEntry[],
  since: number,
): readonly (readonly [event: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { time, event } of entries)
    if (time >= since) counts.set(event, (counts.get(event) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

/** Events that mean that something of ours went wrong. */
const ERRORS: ReadonlySet<string> = new Set([
  'failed',
  'answer-not-written',
  'state-unavailable',
  'state-not-written',
  'state-corrupt',
]);

export function lastError(entries: readonly LogEntry[]): LogEntry | undefined {
  return entries.findLast(({ event }) => ERRORS.has(event));
}
