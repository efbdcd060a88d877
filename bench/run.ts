/** Runs the suites of `sg bench`, prints their tables, and holds the figures against budgets and older runs. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Broken, describeBroken, judge, type ParsedBudgets, parseBudgets } from './budget.ts';
import defaultBudgets from './budgets.json' with { type: 'json' };
import { compareRuns, type Comparison, formatComparison } from './compare.ts';
import type { BenchContext, SuiteOutcome } from './context.ts';
import { runLatency } from './latency/run.ts';
import { thisMachine } from './machine.ts';
import type { Measure } from './measure.ts';
import {
  type BenchRecord,
  parseSavedRun,
  recordOf,
  type SavedRun,
  type SuiteResults,
} from './record.ts';
import { renderReport } from './report/render.ts';
import { runCorpus } from './runners/corpus.ts';
import { runEngine } from './runners/engine.ts';
import { runHook } from './runners/hook.ts';
import { runLinear } from './runners/linear.ts';
import { runRivals } from './runners/rivals.ts';
import { runScan } from './runners/scan.ts';
import { runSnapshot } from './runners/snapshot.ts';
import type { Suite } from './suites.ts';

/** Paths are relative to the context's folder. */
export interface BenchOptions {
  readonly suites: readonly Suite[];
  readonly json: boolean;
  readonly version: string;
  /** Whether a budget of our own that does not hold fails the run. */
  readonly check: boolean;
  /** A file of budgets to use in place of our own; fails the run, too. */
  readonly budget: string | undefined;
  readonly save: string | undefined;
  readonly compare: string | undefined;
  readonly report: string | undefined;
}

export interface BenchIo extends Omit<BenchContext, 'say'> {
  readonly stdout: { write(text: string): Promise<void> };
  readonly stderr: { write(text: string): Promise<void> };
}

/** Like bench/budgets.json itself, which the build puts in without its text. */
const OWN_BUDGETS = { file: 'bench/budgets.json', text: JSON.stringify(defaultBudgets, null, 2) };

/**
 * Returns 0; 1 when a budget does not hold and `check` or `budget` is set; 2 when a file cannot be used.
 * Throws when a count or an answer is wrong: then there are no figures.
 */
export async function runBench(options: BenchOptions, io: BenchIo): Promise<number> {
  const read = await readInputs(options, io.cwd);
  if (!read.ok) {
    await io.stderr.write(`sg bench: ${read.message}\n`);
    return 2;
  }
  const { budgets, earlier } = read;
  const say = options.json ? () => Promise.resolve() : (text: string) => io.stdout.write(text);
  const record = await measure(options, { ...io, say });
  io.progress('');

  const broken = judge(budgets.budgets, record.measures, options.suites);
  const comparison = earlier === undefined ? undefined : compareRuns(earlier, record);
  await writeOutputs(options, io, record, comparison);
  if (options.json) {
    const document = { ...record, broken, ...(comparison && { comparison }) };
    await io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    if (comparison !== undefined)
      await say(`\nagainst ${options.compare}\n${formatComparison(comparison)}`);
    for (const each of broken) await say(`over budget: ${describeBroken(budgets.file, each)}\n`);
  }
  const isGate = options.check || options.budget !== undefined;
  if (isGate && options.json) await tell(io, budgets.file, broken);
  return isGate && broken.length > 0 ? 1 : 0;
}

/** On stderr, so that standard output stays one JSON document. */
async function tell(io: BenchIo, file: string, broken: readonly Broken[]): Promise<void> {
  for (const each of broken) await io.stderr.write(`over budget: ${describeBroken(file, each)}\n`);
}

type Inputs =
  | {
      readonly ok: true;
      readonly budgets: Extract<ParsedBudgets, { ok: true }>;
      readonly earlier: SavedRun | undefined;
    }
  | { readonly ok: false; readonly message: string };

/** Before minutes of measuring, not after. */
async function readInputs({ budget, compare }: BenchOptions, cwd: string): Promise<Inputs> {
  try {
    const own = budget === undefined;
    const text = own ? OWN_BUDGETS.text : await readFile(resolve(cwd, budget), 'utf8');
    const budgets = parseBudgets(own ? OWN_BUDGETS.file : budget, text);
    if (!budgets.ok) return budgets;
    if (compare === undefined) return { ok: true, budgets, earlier: undefined };
    const saved = parseSavedRun(compare, await readFile(resolve(cwd, compare), 'utf8'));
    return saved.ok ? { ok: true, budgets, earlier: saved.run } : saved;
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

async function measure(options: BenchOptions, context: BenchContext): Promise<BenchRecord> {
  const measures: Measure[] = [];
  let results: SuiteResults = {};
  for (const suite of options.suites) {
    const outcome = await RUNNERS[suite](context);
    results = { ...results, [suite]: outcome.results };
    measures.push(...outcome.measures);
  }
  const { version, suites } = options;
  const at = new Date().toISOString();
  return recordOf({ version, at, machine: thisMachine(), suites, measures, results });
}

const RUNNERS: {
  readonly [S in Suite]: (
    context: BenchContext,
  ) => Promise<SuiteOutcome<NonNullable<SuiteResults[S]>>>;
} = {
  engine: runEngine,
  hook: runHook,
  linear: runLinear,
  scan: runScan,
  rivals: runRivals,
  snapshot: runSnapshot,
  corpus: runCorpus,
  latency: runLatency,
};

async function writeOutputs(
  { save, report }: BenchOptions,
  io: BenchIo,
  record: BenchRecord,
  comparison: Comparison | undefined,
): Promise<void> {
  if (save !== undefined)
    await writeFile(resolve(io.cwd, save), `${JSON.stringify(record, null, 2)}\n`);
  if (report !== undefined)
    await writeFile(resolve(io.cwd, report), renderReport(record, comparison, io.assets.report));
}
