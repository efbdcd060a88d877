/** Runs the engine suite and prints its table. */
import { loadWasm } from '../../host/wasm.ts';
import type { BenchContext, SuiteOutcome } from '../context.ts';
import { benchEngine, type EngineRow } from '../engine.bench.ts';
import { table } from '../table.ts';

export async function runEngine(context: BenchContext): Promise<SuiteOutcome<EngineRow[]>> {
  const { say, progress, assets } = context;
  const results = await benchEngine(loadWasm(assets.wasm), ({ rules, text }) =>
    progress(`engine: ${rules} rules, ${text} text`),
  );
  await say('engine against the naive loop (each pattern over the whole text), MB/s\n');
  await say(
    table(
      ['rules', 'text', 'matches', 'engine', 'naive', 'ratio'],
      results.map((row) => [
        row.rules,
        row.text,
        row.matches,
        row.engine.toFixed(1),
        row.naive.toFixed(2),
        `${row.ratio.toFixed(1)}x`,
      ]),
    ),
  );
  return {
    results,
    measures: results.map(({ rules, text, ratio }) => ({
      name: `engine/${rules} rules/${text}`,
      value: ratio,
      unit: 'x',
      better: 'higher',
    })),
  };
}
