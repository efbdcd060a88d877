/** Reads the end of the hooks' log. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly event: string;
  /** `reason`, where the entry has one. */
  readonly reason: string | undefined;
}

export type LogTail =
  | { readonly kind: 'absent' }
  /** Oldest first. `bytes` is the size of the file. */
  | { readonly kind: 'read'; readonly bytes: number; readonly entries: readonly LogEntry[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

const TAIL_BYTES = 256 * 1024;

/** Never throws; lines that are no entries are left out. */
export function readLogTail(path: string): LogTail {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return reason.startsWith('ENOENT') || reason.startsWith('ENOTDIR')
      ? { kind: 'absent' }
      : { kind: 'unreadable', reason };
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return { kind: 'unreadable', reason: 'it is no file' };
    const length = Math.min(stats.size, TAIL_BYTES);
    const bytes = Buffer.alloc(length);
    const read = readSync(file, bytes, 0, length, stats.size - length);
    const lines = bytes.toString('utf8', 0, read).split('\n');
    // The first line may be the end of one.
    if (length < stats.size) lines.shift();
    const entries = lines.flatMap(entryOf);
    return { kind: 'read', bytes: stats.size, entries };
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : 'unknown' };
  } finally {
    closeSync(file);
  }
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
