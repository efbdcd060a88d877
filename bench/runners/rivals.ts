/** Runs the rivals suite and prints its table. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Rule } from '../../engine/rule.ts';
import type { BenchContext, SuiteOutcome } from '../context.ts';
import {
  againstAstGrep,
  againstRipgrep,
  isThere,
  type RivalRow,
  type RivalRun,
} from '../rivals.bench.ts';
import { table } from '../table.ts';

const RIVALS = [
  { command: 'rg', install: '`apt-get install ripgrep`', measure: againstRipgrep },
  { command: 'ast-grep', install: '`npm install -g @ast-grep/cli`', measure: againstAstGrep },
] as const;

export async function runRivals(context: BenchContext): Promise<SuiteOutcome<RivalRow[]>> {
  const { say, progress, assets, rounds = 9 } = context;
  const request: RivalRun = {
    program: assets.program,
    folder: resolve(context.cwd, context.folder),
    // Written by our build.
    rules: JSON.parse(readFileSync(assets.rules, 'utf8')) as readonly Rule[],
    rounds,
  };
  const rows: RivalRow[] = [];
  await say(`\n\`sg scan\` against programs that search the same folder, ms (${context.folder})\n`);
  for (const { command, install, measure } of RIVALS) {
    progress(`rivals: ${command}`);
    if (!(await isThere(command))) {
      await say(`${command} is not on the PATH: ${install} puts it there\n`);
      continue;
    }
    const row = await measure(command, request);
    if (row === undefined)
      await say(
        `${command}: our rules find nothing here to compare; name another folder by --dir\n`,
      );
    else rows.push(row);
  }
  if (rows.length === 0) return { results: [], measures: [] };
  await say(
    table(
      ['rival', 'finds', 'we find', 'rival', 'scan', 'times as fast'],
      rows.map((row) => [
        row.rival,
        row.theirs,
        row.ours,
        row.rivalMs.toFixed(0),
        row.sgMs.toFixed(0),
        `${row.ratio.toFixed(2)}x`,
      ]),
    ),
  );
  return {
    results: rows,
    measures: rows.map(({ rival, ratio }) => ({
      name: `rivals/${rival}`,
      value: ratio,
      unit: 'x',
      better: 'higher',
    })),
  };
}
