/** `sg bench`: speed against a control in the same run. */
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DEFAULT_SUITES, SUITES } from '../../bench/suites.ts';
import { reportAssets } from '../assets.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Command } from '../command.ts';
import { TEXT_OR_JSON } from '../format-option.ts';
import type { Io } from '../io.ts';
import { quote } from '../options.ts';
import { VERSION } from '../../host/service/health/version.ts';

export const command: Command = defineCommand({
  usage: '[suites…]',
  details: [
    `Suites: ${SUITES.join(', ')}; ${DEFAULT_SUITES.join(', ')} when none is named. Each one compares its counts or answers with what is right before it compares times.`,
    'Times are of this machine and this moment; the ratios are what counts.',
    'A budget file is a JSON object of measure names and bounds; `--save` shows the names.',
  ],
  options: {
    dir: {
      type: 'value',
      placeholder: 'DIR',
      default: '.',
      description: 'folder that the suites scan and rivals scan',
    },
    rounds: {
      type: 'integer',
      placeholder: 'N',
      min: 3,
      max: 1000,
      description: 'measurements of each process, 15 when absent, 120 in the latency suite',
    },
    check: {
      type: 'flag',
      description: 'exit with 1 when a figure is outside of our own budgets, bench/budgets.json',
    },
    budget: {
      type: 'value',
      placeholder: 'FILE',
      description: 'exit with 1 when a figure is outside of the budgets in FILE',
    },
    save: { type: 'value', placeholder: 'FILE', description: 'write the run as JSON' },
    compare: {
      type: 'value',
      placeholder: 'FILE',
      description: 'show the difference to a run that --save wrote',
    },
    report: {
      type: 'value',
      placeholder: 'FILE',
      description: 'write one page of HTML with charts, which needs nothing else',
    },
    format: TEXT_OR_JSON,
  },
  positionals: { name: 'suites', min: 0, max: SUITES.length },
  examples: [
    { command: 'sg bench engine', does: 'the engine against the naive loop' },
    { command: 'sg bench scan --dir ~/src', does: 'a whole scan against reading the same files' },
    { command: 'sg bench latency --report out.html', does: 'the wait for an edit, drawn' },
    { command: 'sg bench latency --check', does: 'a gate: exit 1 and the line that broke it' },
    { command: 'sg bench --save before.json', does: 'remember a run' },
    { command: 'sg bench --compare before.json', does: 'what changed since' },
  ],
  async run(values, names, io) {
    const unknown = names.find((name) => !SUITES.some((suite) => suite === name));
    if (unknown !== undefined) {
      return usageError(`there is no suite ${quote(unknown)}; there are ${SUITES.join(', ')}`);
    }
    if (values.check && values.budget !== undefined)
      return usageError('--check and --budget exclude each other: one names our own file');
    const named = SUITES.filter((suite) => names.includes(suite));
    const wantsFolder = named.includes('scan') || named.includes('rivals');
    if (wantsFolder && !isFolder(resolve(io.cwd, values.dir)))
      return usageError(`--dir ${quote(values.dir)}: there is no such folder`);
    const { runBench } = await import('../../bench/run.ts');
    const { check, budget, save, compare, report, rounds } = values;
    return runBench(
      {
        suites: named.length > 0 ? named : DEFAULT_SUITES,
        json: values.format === 'json',
        version: VERSION,
        check,
        budget,
        save,
        compare,
        report,
      },
      { ...io, folder: values.dir, rounds, assets: assetsOf(io), progress: progressOn(io) },
    );
  },
});

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function assetsOf({ assets }: Io) {
  const program = dirname(assets.rules);
  return { ...assets, program: join(program, 'main.js'), report: reportAssets(assets) };
}

/** A line on a terminal's standard error that the next one replaces. */
function progressOn({ stderr }: Io): (text: string) => void {
  return (text) => {
    if (stderr.isTTY) void stderr.write(`\r\u001b[2K${text}`);
  };
}
