/**
 * The baseline file: what a scan found, without line numbers. One line an entry, sorted, and the last line never
 * changes, so that two branches' files merge line by line.
 */
import { readFileSync, statSync } from 'node:fs';
import { reasonOf } from '../../host/files/reason.ts';
import { quote } from '../options.ts';

export interface BaselineEntry {
  /** Relative to the folder of the baseline file, with `/`. */
  readonly path: string;
  readonly rule: string;
  /** As `contentFingerprint` makes it. */
  readonly content: string;
  readonly count: number;
}

export type ReadBaseline =
  | { readonly ok: true; readonly entries: readonly BaselineEntry[] }
  | { readonly ok: false; readonly reason: string };

export const BASELINE_FILE = '.sg-baseline.json';
const VERSION = 1;
const MAX_BYTES = 64 * 1024 * 1024;

export function baselineText(entries: readonly BaselineEntry[]): string {
  const lines = entries
    .map(({ path, rule, content, count }) => JSON.stringify({ path, rule, content, count }))
    .sort()
    .map((line) => `${line},\n`);
  return `{"version":${VERSION},"findings":[\n${lines.join('')}null]}\n`;
}

export function readBaseline(path: string): ReadBaseline {
  let value: unknown;
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES)
      return refused(path, `it has ${size} bytes; at most ${MAX_BYTES} are read`);
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const isSyntax = error instanceof SyntaxError;
    return refused(path, isSyntax ? 'it is not JSON' : reasonOf(error));
  }
  const found: unknown = isFields(value) && value['version'] === VERSION ? value['findings'] : null;
  if (!Array.isArray(found)) return refused(path, 'it was not written by "sg baseline"');
  const entries: BaselineEntry[] = [];
  for (const each of found) {
    if (each === null) continue;
    if (!isEntry(each))
      return refused(path, `${quote(JSON.stringify(each).slice(0, 80))} is no entry`);
    entries.push(each);
  }
  return { ok: true, entries };
}

function refused(path: string, reason: string): ReadBaseline {
  return {
    ok: false,
    reason: `the baseline ${quote(path)} cannot be used: ${reason}; write it with "sg baseline"`,
  };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isEntry(value: unknown): value is BaselineEntry {
  if (!isFields(value)) return false;
  const { path, rule, content, count } = value;
  return (
    [path, rule, content].every((each) => typeof each === 'string') &&
    Number.isSafeInteger(count) &&
    Number(count) > 0
  );
}
