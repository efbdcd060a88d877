/** `sg merge`: reports of the parts of a scan, joined. */
import { defineCommand, usageError } from '../command.ts';
import type { Command } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { scanExitCode, TROUBLE } from '../exit.ts';
import { FAIL_ON } from '../../host/gate/fail-on.ts';
import { mergeReports } from '../merge/merge.ts';
import { readReports } from '../merge/read.ts';
import { OUTPUT, outputProblem, writeOutput } from '../output-file.ts';
import { counted } from '../words.ts';

const OPTIONS = {
  'fail-on': {
    type: 'value',
    placeholder: 'SEVERITY',
    choices: FAIL_ON,
    default: 'low',
    description: 'lowest severity that makes the exit code 1',
  },
  output: OUTPUT,
} as const;

export const command: Command = defineCommand({
  usage: 'REPORTS…',
  details: [
    'Joins JSON or SARIF reports of sg scan --shard into the one that a single scan of all files would have written. Refuses when a part is missing or there twice.',
    'Exit code as that of sg scan: 0 without findings at or above --fail-on, 1 with, 2 when anything was not scanned.',
  ],
  options: OPTIONS,
  positionals: { name: 'REPORTS', min: 1, max: Infinity },
  examples: [
    { command: 'sg merge 1.json 2.json -o all.json', does: 'join what two machines found' },
  ],
  async run(values, files, io) {
    const unwritable = outputProblem(values.output, io.cwd);
    if (unwritable !== undefined) return usageError(unwritable);
    const reports = readReports(files, io.cwd);
    if (typeof reports === 'string') return usageError(reports);
    const merged = mergeReports(reports);
    const problem = await writeOutput(merged.text, values.output, io);
    if (problem !== undefined) {
      await io.stderr.write(`sg merge: ${escapeControls(problem)}\n`);
      return TROUBLE;
    }
    if (values.output !== undefined)
      await io.stderr.write(
        `${counted(merged.findings, 'finding')} in ${counted(reports.length, 'report')}\n`,
      );
    return scanExitCode(merged.severities, values['fail-on'], merged.trouble);
  },
});
