/**
 * The log: one JSON object a line, 0600, turned over above 1 MiB. It names events, paths and reasons,
 * never code. Writing it cannot fail the caller.
 */
import { closeSync, constants, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makePrivateDir } from './state/dir.ts';

export type LogFields = Readonly<Record<string, string | number | boolean>>;

export interface Log {
  /** Appends one line; strings are cut at 300 characters. Never throws. */
  write(event: string, fields?: LogFields): void;
}

export interface LogOptions {
  /** Undefined: nothing is logged. */
  readonly path: string | undefined;
  readonly now: () => number;
  /** Bytes above which the file is renamed to `<path>.1`. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 1024 * 1024;
const MAX_STRING = 300;

export function createLog(options: LogOptions): Log {
  const { path, now } = options;
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  return {
    write(event, fields = {}) {
      if (path === undefined) return;
      try {
        append(path, line(now(), event, fields), maxBytes);
      } catch {
        // A full or read-only disk must not cost the user an answer.
      }
    },
  };
}

function line(time: number, event: string, fields: LogFields): string {
  const entry: Record<string, string | number | boolean> = {
    time: new Date(time).toISOString(),
    event,
  };
  for (const [name, value] of Object.entries(fields)) {
    entry[name] = typeof value === 'string' ? value.slice(0, MAX_STRING) : value;
  }
  return `${JSON.stringify(entry)}\n`;
}

function append(path: string, text: string, maxBytes: number): void {
  const file = openForAppend(path);
  let full: boolean;
  try {
    const stat = fstatSync(file);
    full = stat.isFile() && stat.size > maxBytes;
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
  if (full) renameSync(path, `${path}.1`);
}

/** O_NONBLOCK, so that a pipe without a reader is an error and not a wait. */
function openForAppend(path: string): number {
  const flags =
    constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);
  try {
    return openSync(path, flags, 0o600);
  } catch {
    makePrivateDir(dirname(path));
    return openSync(path, flags, 0o600);
  }
}
