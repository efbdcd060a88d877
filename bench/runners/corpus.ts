/** Runs the corpus suite and prints its table. */
import type { BenchContext, SuiteOutcome } from '../context.ts';
import { benchCorpusCache, type CorpusCacheRow } from '../corpus-cache.bench.ts';
import { table } from '../table.ts';

export async function runCorpus(context: BenchContext): Promise<SuiteOutcome<CorpusCacheRow[]>> {
  const { say, progress, assets, rounds = 7 } = context;
  progress('corpus: 100 MB of code');
  const results = await benchCorpusCache(assets.program, rounds);
  await say('\n`sg test --corpus` on 100 MB that are known against not known, ms\n');
  await say(
    table(
      ['changed', 'files', 'hits', 'not known', 'known', 'ratio'],
      results.map(({ change, files, hits, cold, warm, ratio }) => [
        change,
        files,
        hits,
        cold.toFixed(0),
        warm.toFixed(0),
        `${ratio.toFixed(2)}x`,
      ]),
    ),
  );
  return {
    results,
    measures: results.map(({ change, ratio }) => ({
      name: `corpus/changed ${change}`,
      value: ratio,
      unit: 'x',
      better: 'lower',
    })),
  };
}
