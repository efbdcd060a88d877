/** Runs the snapshot suite and prints its table. */
import type { BenchContext, SuiteOutcome } from '../context.ts';
import { benchSnapshot, type SnapshotRow } from '../snapshot.bench.ts';
import { table } from '../table.ts';

export async function runSnapshot(context: BenchContext): Promise<SuiteOutcome<SnapshotRow[]>> {
  const { say, progress, rounds = 31 } = context;
  progress('snapshot: a repository of 10,000 files');
  const results = await benchSnapshot(rounds);
  await say('\na snapshot of 10,000 files against `git status`, ms\n');
  await say(
    table(
      ['worktree', 'git status', 'snapshot', 'ratio'],
      results.map(({ worktree, status, snapshot, ratio }) => [
        worktree,
        status.toFixed(1),
        snapshot.toFixed(1),
        `${ratio.toFixed(2)}x`,
      ]),
    ),
  );
  return {
    results,
    measures: results.map(({ worktree, ratio }) => ({
      name: `snapshot/${worktree}`,
      value: ratio,
      unit: 'x',
      better: 'lower',
    })),
  };
}
