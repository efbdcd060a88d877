/** Runs the hook suite and prints its table. */
import { join } from 'node:path';
import type { BenchContext, SuiteOutcome } from '../context.ts';
import { benchGates } from '../gates.bench.ts';
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
  progress('hook: a process for each end of a turn and each command');
  const gates = await benchGates(assets.plugin, rounds);
  await say('\nthe end of a turn, or a command, with nothing to review against `node -e 0`, ms\n');
  await say(
    table(
      ['gate', 'node', 'hook', 'ratio'],
      gates.map(({ of, gate, node, hook, ratio }) => [
        `${of}: ${gate}`,
        node.toFixed(1),
        hook.toFixed(1),
        `${ratio.toFixed(2)}x`,
      ]),
    ),
  );
  const rows = [
    ...results.map(({ edit, ratio }) => ({ name: `hook/${edit}`, ratio })),
    ...gates.map(({ of, gate, ratio }) => ({ name: `hook/${of}/${gate}`, ratio })),
  ];
  return {
    results,
    measures: rows.map(({ name, ratio }) => ({ name, value: ratio, unit: 'x', better: 'lower' })),
  };
}
