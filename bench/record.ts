/** A run as a document: what `--format json` prints, `--save` writes, `--compare` and `--report` read. */
import type { CorpusCacheRow } from './corpus-cache.bench.ts';
import type { EngineRow } from './engine.bench.ts';
import type { HookRow } from './hook.bench.ts';
import type { LatencyResults } from './latency/results.ts';
import type { LinearRow } from './linear.bench.ts';
import type { Machine } from './machine.ts';
import type { Measure } from './measure.ts';
import type { RivalRow } from './rivals.bench.ts';
import type { ScanRow } from './scan.bench.ts';
import type { SnapshotRow } from './snapshot.bench.ts';
import type { Suite } from './suites.ts';

/** Rises when an older program could no longer read the document. */
const FORMAT = 1;

export interface SuiteResults {
  readonly engine?: readonly EngineRow[];
  readonly hook?: readonly HookRow[];
  readonly linear?: readonly LinearRow[];
  readonly scan?: readonly ScanRow[];
  readonly rivals?: readonly RivalRow[];
  readonly snapshot?: readonly SnapshotRow[];
  readonly corpus?: readonly CorpusCacheRow[];
  readonly latency?: LatencyResults;
}

export interface BenchRecord {
  readonly format: typeof FORMAT;
  /** Of `sg`. */
  readonly version: string;
  /** ISO 8601. */
  readonly at: string;
  readonly machine: Machine;
  readonly suites: readonly Suite[];
  readonly measures: readonly Measure[];
  readonly results: SuiteResults;
}

export function recordOf(run: Omit<BenchRecord, 'format'>): BenchRecord {
  return { format: FORMAT, ...run };
}

/** The part of a saved run that a comparison needs. */
export type SavedRun = Pick<BenchRecord, 'version' | 'at' | 'machine' | 'measures'>;

export type ParsedRun =
  { readonly ok: true; readonly run: SavedRun } | { readonly ok: false; readonly message: string };

/** Reads what `--save` wrote; `file` is what messages call it. */
export function parseSavedRun(file: string, text: string): ParsedRun {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `${file}: not JSON: ${reason}` };
  }
  if (!isSavedRun(value)) {
    const message = `${file}: expected a run of format ${FORMAT} that \`sg bench --save\` wrote`;
    return { ok: false, message };
  }
  return { ok: true, run: value };
}

function isSavedRun(value: unknown): value is SavedRun {
  const run = fieldsOf(value);
  const machine = fieldsOf(run['machine']);
  return (
    run['format'] === FORMAT &&
    typeof run['version'] === 'string' &&
    typeof run['at'] === 'string' &&
    ['node', 'platform', 'cpu'].every((name) => typeof machine[name] === 'string') &&
    ['cpus', 'memoryGb'].every((name) => typeof machine[name] === 'number') &&
    Array.isArray(run['measures']) &&
    run['measures'].every(isMeasure)
  );
}

function isMeasure(value: unknown): value is Measure {
  const { name, value: number, unit, better } = fieldsOf(value);
  return (
    typeof name === 'string' &&
    typeof number === 'number' &&
    ['x', 'ms', 'MB', 'count'].some((each) => each === unit) &&
    (better === 'lower' || better === 'higher')
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
