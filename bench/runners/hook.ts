/** Runs the hook suite and prints its table. */
import { join } from 'node:path';
import type { BenchContext, SuiteOutcome } from '../context.ts';
import { benchHook, type HookRow } from '../hook.bench.ts';
import { table } from '../table.ts';

export async function runHook(context: BenchContext): Promise<SuiteOutcome<HookRow[]>> {
  const { say, progress, assets, rounds = 15 } = context;
  progress('hook: a process for each edit');
  const results = await benchHook(join(assets.plugin, 'hooks/post-tool-use.js'), rounds);
  await say('\nthe hook as a process against `node -e 0`, ms\n');
  await say(
    table(
      ['edit', 'node', 'hook', 'ratio'],
      results.map(({ edit, node, hook, ratio }) => [
        edit,
        node.toFixed(1),
        hook.toFixed(1),
        `${ratio.toFixed(2)}x`,
      ]),
    ),
  );
  return {
    results,
    measures: results.map(({ edit, ratio }) => ({
      name: `hook/${edit}`,
      value: ratio,
      unit: 'x',
      better: 'lower',
    })),
  };
}
