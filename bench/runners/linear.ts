/** Runs the linear suite and prints the rules that came out worst. */
import { readFileSync } from 'node:fs';
import type { Rule } from '../../engine/rule.ts';
import { loadWasm } from '../../host/wasm.ts';
import type { BenchContext, SuiteOutcome } from '../context.ts';
import { benchLinear, type LinearRow } from '../linear.bench.ts';
import { table } from '../table.ts';

const SHOWN = 5;

export async function runLinear(context: BenchContext): Promise<SuiteOutcome<LinearRow[]>> {
  const { say, progress, assets, rounds = 15 } = context;
  // Our own build wrote the file.
  const rules = JSON.parse(readFileSync(assets.rules, 'utf8')) as Rule[];
  progress(`linear: ${rules.length} rules`);
  const results = await benchLinear(
    loadWasm(assets.wasm),
    rules,
    Math.max(5, Math.ceil(rounds / 2)),
  );
  const worst = [...results].sort((a, b) => b.ratio - a.ratio).slice(0, SHOWN);
  await say(`\ntwice the adversarial input, per rule: ms and ratio (worst ${SHOWN})\n`);
  await say(
    table(
      ['rule', 'input', 'once', 'twice', 'ratio'],
      worst.map((row) => [
        row.ruleId,
        row.input,
        row.once.toFixed(2),
        row.twice.toFixed(2),
        `${row.ratio.toFixed(2)}x`,
      ]),
    ),
  );
  return {
    results,
    measures: results.map(({ ruleId, ratio }) => ({
      name: `linear/${ruleId}`,
      value: ratio,
      unit: 'x',
      better: 'lower',
    })),
  };
}
