/** `bench/hook-times.json`: how long the host waited for the hooks of real sessions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asRecord } from './api-rules.ts';
import { ROOT_DIR } from './claude-cli.ts';
import { MODES } from './modes.ts';

export const HOOK_TIMES_FILE: string = join(ROOT_DIR, 'bench/hook-times.json');

/** Who answers the hook; the last two are commands that do nothing, for comparison. */
export const ANSWERERS = ['service', 'own process', 'sh -c :', 'node -e 0'] as const;
export type Answerer = (typeof ANSWERERS)[number];

export const KINDS = ['clean', 'dangerous', 'session start'] as const;
export type Kind = (typeof KINDS)[number];

/** Times in milliseconds; the host gives whole ones. */
export interface HookTimesRow {
  readonly mode: string;
  readonly answerer: Answerer;
  readonly kind: Kind;
  readonly n: number;
  readonly median: number;
  readonly p95: number;
}

export interface HookTimes {
  readonly about: string;
  readonly recorded: string;
  readonly claudeCode: string;
  readonly node: string;
  readonly plugin: string;
  readonly platform: string;
  readonly cores: number;
  readonly rows: readonly HookTimesRow[];
}

export function rowOf(
  where: Pick<HookTimesRow, 'mode' | 'answerer' | 'kind'>,
  times: readonly number[],
): HookTimesRow {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const { mode, answerer, kind } = where;
  return { mode, answerer, kind, n: sorted.length, median: at(0.5), p95: at(0.95) };
}

/** What is wrong with the recorded file; empty when nothing is. */
export function problemsOf(text: string): readonly string[] {
  const file = asRecord(JSON.parse(text));
  if (file === undefined) return ['expected an object'];
  const problems: string[] = [];
  const matches = (name: string, pattern: RegExp): void => {
    const value = file[name];
    if (typeof value !== 'string' || !pattern.test(value))
      problems.push(`${name}: got ${JSON.stringify(value)}, expected ${String(pattern)}`);
  };
  matches('about', /debug log/);
  matches('recorded', /^\d{4}-\d\d-\d\d$/);
  for (const name of ['claudeCode', 'node', 'plugin']) matches(name, /^\d+\.\d+\.\d+$/);
  matches('platform', /^\w+ \w+$/);
  if (!isCount(file['cores'])) problems.push('cores: expected a number of at least 1');
  const rows = Array.isArray(file['rows']) ? file['rows'].map(asRecord) : [];
  const seen = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const { mode, answerer, kind, n, median, p95, ...rest } = row ?? {};
    const name = `${String(mode)}, ${String(answerer)}, ${String(kind)}`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    const good = isCount(n) && isTime(median) && isTime(p95) && median <= p95;
    if (!good || Object.keys(rest).length > 0)
      problems.push(`rows[${index}]: got ${JSON.stringify(row)}`);
  }
  for (const name of expectedRows()) {
    if (seen.get(name) !== 1) problems.push(`${name}: ${seen.get(name) ?? 0} rows, expected 1`);
    seen.delete(name);
  }
  for (const name of seen.keys()) problems.push(`${name}: not expected`);
  // Nothing of the machine that it was recorded on.
  const path = /\/(?:tmp|home|root|Users|usr)\//.exec(text);
  if (path !== null) problems.push(`it holds a path: ${path[0]}`);
  return problems;
}

function expectedRows(): readonly string[] {
  return MODES.flatMap((mode) =>
    ANSWERERS.flatMap((answerer) => {
      const kinds = answerer === 'service' ? KINDS : KINDS.slice(0, 2);
      return kinds.map((kind) => `${mode}, ${answerer}, ${kind}`);
    }),
  );
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < 60_000;
}

export function readHookTimes(): string {
  return readFileSync(HOOK_TIMES_FILE, 'utf8');
}
