/** Runs the scan suite and prints its table. */
import { resolve } from 'node:path';
import { listFiles } from '../../host/files/list.ts';
import type { BenchContext, SuiteOutcome } from '../context.ts';
import { benchScan, type ScanRow } from '../scan.bench.ts';
import { table } from '../table.ts';

export async function runScan(context: BenchContext): Promise<SuiteOutcome<ScanRow[]>> {
  const { say, progress, assets, rounds = 15 } = context;
  const folder = resolve(context.cwd, context.folder);
  const files: string[] = [];
  for await (const file of listFiles({ cwd: folder, paths: ['.'], gitignore: true }).files)
    files.push(file.absolute);
  progress(`scan: ${files.length} files`);
  const rows = await benchScan(assets.program, folder, files, rounds);
  await say(`\n\`sg scan\` against reading the same files, ms (${context.folder})\n`);
  await say(
    table(
      ['files', 'MB', 'findings', 'when', 'read', 'scan', 'ratio'],
      rows.map((row) => [
        row.files,
        (row.bytes / 1e6).toFixed(1),
        row.findings,
        row.when,
        row.read.toFixed(0),
        row.scan.toFixed(0),
        `${row.ratio.toFixed(2)}x`,
      ]),
    ),
  );
  return {
    results: rows,
    measures: rows.map(({ when, ratio }) => ({
      name: `scan/${when}`,
      value: ratio,
      unit: 'x',
      better: 'lower',
    })),
  };
}
