/** Runs the rivals suite and prints its table. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Rule } from '../../engine/rule.ts';
import type { BenchContext, SuiteOutcome } from '../context.ts';
import { againstEslint, hasSecurityPlugin } from '../rivals/eslint.ts';
import {
  againstAstGrep,
  againstRipgrep,
  isThere,
  type RivalRow,
  type RivalRun,
} from '../rivals.bench.ts';
import { table } from '../table.ts';

const RIVALS = [
  {
    command: 'rg',
    isReady: isThere,
    absent: 'rg is not on the PATH: `apt-get install ripgrep` puts it there',
    measure: againstRipgrep,
  },
  {
    command: 'ast-grep',
    isReady: isThere,
    absent: 'ast-grep is not on the PATH: `npm install -g @ast-grep/cli` puts it there',
    measure: againstAstGrep,
  },
  {
    command: 'eslint',
    isReady: hasSecurityPlugin,
    absent:
      'eslint with eslint-plugin-security is not on the PATH: run `npm install eslint eslint-plugin-security` in a folder and put its node_modules/.bin on the PATH',
    measure: againstEslint,
  },
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
  for (const { command, isReady, absent, measure } of RIVALS) {
    progress(`rivals: ${command}`);
    if (!(await isReady(command))) {
      await say(`${absent}\n`);
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
