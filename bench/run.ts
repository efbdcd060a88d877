/** Runs the suites of `sg bench`, prints their tables and compares them with `budgets.json`. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Rule } from '../engine/rule.ts';
import { listFiles } from '../host/files/list.ts';
import { loadWasm } from '../host/wasm.ts';
import budgets from './budgets.json' with { type: 'json' };
import { benchEngine } from './engine.bench.ts';
import { benchHook } from './hook.bench.ts';
import { benchLinear } from './linear.bench.ts';
import { benchScan } from './scan.bench.ts';
import type { Suite } from './suites.ts';

export interface BenchOptions {
  readonly suites: readonly Suite[];
  /** Folder for the scan suite, relative to the current one. */
  readonly folder: string;
  readonly rounds: number;
  readonly json: boolean;
  /** Whether a broken budget fails the run. */
  readonly check: boolean;
}

export interface BenchIo {
  readonly cwd: string;
  readonly stdout: { write(text: string): Promise<void> };
  readonly assets: {
    readonly rules: string;
    readonly wasm: string;
    readonly plugin: string;
    readonly program: string;
  };
}

/** A measured ratio and the bound that it has to keep. */
interface Verdict {
  readonly name: string;
  readonly ratio: number;
  readonly bound: number;
  /** `at least` for speedups, `at most` for costs. */
  readonly kind: 'at least' | 'at most';
}

const ENGINE_BUDGETS: Readonly<Record<string, Readonly<Record<string, number>>>> = budgets.engine;

/** Returns 0, or 1 when `check` is set and a ratio is outside of its budget. Throws when a count is wrong. */
export async function runBench(options: BenchOptions, io: BenchIo): Promise<number> {
  const verdicts: Verdict[] = [];
  const results: Record<string, unknown> = {};
  const say = async (text: string): Promise<void> => {
    if (!options.json) await io.stdout.write(text);
  };
  for (const suite of options.suites) {
    const outcome = await RUNNERS[suite](options, io, say);
    results[suite] = outcome.rows;
    verdicts.push(...outcome.verdicts);
  }
  const broken = verdicts.filter(({ kind, ratio, bound }) =>
    kind === 'at least' ? ratio < bound : ratio > bound,
  );
  if (options.json) await io.stdout.write(`${JSON.stringify({ results, broken }, null, 2)}\n`);
  for (const { name, ratio, bound, kind } of broken) {
    await say(`over budget: ${name}: ${ratio.toFixed(2)}, expected ${kind} ${bound}\n`);
  }
  return options.check && broken.length > 0 ? 1 : 0;
}

interface Outcome {
  readonly rows: readonly unknown[];
  readonly verdicts: readonly Verdict[];
}
type Say = (text: string) => Promise<void>;
type Runner = (options: BenchOptions, io: BenchIo, say: Say) => Promise<Outcome>;

const RUNNERS: Readonly<Record<Suite, Runner>> = {
  async engine(_options, io, say) {
    await say('engine against the naive loop (each pattern over the whole text), MB/s\n');
    await say(row('rules', 'text', 'matches', 'engine', 'naive', 'ratio'));
    const rows = await benchEngine(loadWasm(io.assets.wasm), async (r) => {
      await say(
        row(
          r.rules,
          r.text,
          r.matches,
          r.engine.toFixed(1),
          r.naive.toFixed(2),
          `${r.ratio.toFixed(1)}x`,
        ),
      );
    });
    const verdicts = rows.map((r): Verdict => ({
      name: `engine, ${r.rules} rules, ${r.text} text`,
      ratio: r.ratio,
      bound: ENGINE_BUDGETS[String(r.rules)]?.[r.text] ?? 1,
      kind: 'at least',
    }));
    return { rows, verdicts };
  },

  async hook(options, io, say) {
    await say('\nthe hook as a process against `node -e 0`, ms\n');
    await say(row('edit', 'node', 'hook', 'ratio'));
    const rows = await benchHook(join(io.assets.plugin, 'hooks/post-tool-use.js'), options.rounds);
    for (const r of rows)
      await say(row(r.edit, r.node.toFixed(1), r.hook.toFixed(1), `${r.ratio.toFixed(2)}x`));
    const verdicts = rows.flatMap((r): Verdict[] =>
      r.edit === 'no literal'
        ? [
            {
              name: `hook, ${r.edit}`,
              ratio: r.ratio,
              bound: budgets.hook['no literal'],
              kind: 'at most',
            },
          ]
        : [],
    );
    return { rows, verdicts };
  },

  async linear(options, io, say) {
    const rules = JSON.parse(readFileSync(io.assets.rules, 'utf8')) as Rule[];
    await say('\ntwice the adversarial input, per rule: ms and ratio (worst five)\n');
    const rows = await benchLinear(
      loadWasm(io.assets.wasm),
      rules,
      Math.max(5, Math.ceil(options.rounds / 2)),
    );
    const worst = [...rows].sort((a, b) => b.ratio - a.ratio).slice(0, 5);
    for (const r of worst)
      await say(
        row(r.ruleId, r.input, r.once.toFixed(2), r.twice.toFixed(2), `${r.ratio.toFixed(2)}x`),
      );
    const verdicts = rows.map((r): Verdict => ({
      name: `linear, ${r.ruleId}`,
      ratio: r.ratio,
      bound: budgets.linear,
      kind: 'at most',
    }));
    return { rows, verdicts };
  },

  async scan(options, io, say) {
    const folder = resolve(io.cwd, options.folder);
    const files: string[] = [];
    for await (const file of listFiles({ cwd: folder, paths: ['.'], gitignore: true }).files)
      files.push(file.absolute);
    await say(`\n\`sg scan\` against reading the same files, ms (${options.folder})\n`);
    await say(row('files', 'MB', 'findings', 'read', 'scan', 'ratio'));
    const r = await benchScan(io.assets.program, folder, files, options.rounds);
    await say(
      row(
        r.files,
        (r.bytes / 1e6).toFixed(1),
        r.findings,
        r.read.toFixed(0),
        r.scan.toFixed(0),
        `${r.ratio.toFixed(2)}x`,
      ),
    );
    return {
      rows: [r],
      verdicts: [{ name: 'scan', ratio: r.ratio, bound: budgets.scan, kind: 'at most' }],
    };
  },
};

function row(...cells: readonly (string | number)[]): string {
  return `  ${cells.map((cell, index) => (index === 0 ? String(cell).padEnd(12) : String(cell).padStart(12))).join(' ')}\n`;
}
