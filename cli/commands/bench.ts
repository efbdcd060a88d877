/** `sg bench`: speed against a control in the same run. */
import { TEXT_OR_JSON } from '../format-option.ts';
import { dirname, join } from 'node:path';
import { SUITES } from '../../bench/suites.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Command } from '../command.ts';
import { quote } from '../options.ts';

export const command: Command = defineCommand({
  usage: '[suites…]',
  details: [
    `Suites: ${SUITES.join(', ')}; all but scan when none is named. Each one compares its counts with the control's before it compares times.`,
    'Times are of this machine and this moment; the ratios are what counts.',
  ],
  options: {
    dir: {
      type: 'value',
      placeholder: 'DIR',
      default: '.',
      description: 'folder that the scan suite scans',
    },
    rounds: {
      type: 'integer',
      placeholder: 'N',
      min: 3,
      max: 1000,
      description: 'measurements of each process, 15 when absent',
    },
    check: { type: 'flag', description: 'exit with 1 when a ratio is outside of its budget' },
    format: TEXT_OR_JSON,
  },
  positionals: { name: 'suites', min: 0, max: SUITES.length },
  examples: [
    { command: 'sg bench engine', does: 'the engine against the naive loop' },
    { command: 'sg bench scan --dir ~/src', does: 'a whole scan against reading the same files' },
  ],
  async run(values, names, io) {
    const unknown = names.find((name) => !SUITES.some((suite) => suite === name));
    if (unknown !== undefined) {
      return usageError(`there is no suite ${quote(unknown)}; there are ${SUITES.join(', ')}`);
    }
    const { runBench } = await import('../../bench/run.ts');
    const named = SUITES.filter((suite) => names.includes(suite));
    return runBench(
      {
        suites: named.length > 0 ? named : SUITES.filter((suite) => suite !== 'scan'),
        folder: values.dir,
        rounds: values.rounds ?? 15,
        json: values.format === 'json',
        check: values.check,
      },
      {
        cwd: io.cwd,
        stdout: io.stdout,
        assets: { ...io.assets, program: join(dirname(io.assets.rules), 'main.js') },
      },
    );
  },
});
