/** `sg baseline`: records what is found now, so that a scan reports what is new. */
import { relative, resolve } from 'node:path';
import { BASELINE_FILE, baselineText } from '../baseline/file.ts';
import { entriesOf } from '../baseline/baseline.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Command, CommandResult } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, TROUBLE } from '../exit.ts';
import { openGate } from '../gate/open.ts';
import type { Io } from '../io.ts';
import type { Values } from '../options.ts';
import { outputProblem, writeOutput } from '../output-file.ts';
import { withSuppressionRules } from '../report/model.ts';
import type { ReportedFinding, ReportWriter } from '../report/model.ts';
import { folderSource } from '../scan/folders.ts';
import { FILE_OPTIONS, JOBS, RULE_OPTIONS } from '../scan/options.ts';
import { ReportStream } from '../scan/report-stream.ts';
import { tuneForShortRun } from '../scan/short-run.ts';
import { troubleLines } from '../scan/trouble.ts';
import { counted } from '../words.ts';

const OPTIONS = {
  ...FILE_OPTIONS,
  ...RULE_OPTIONS,
  output: {
    type: 'value',
    short: 'o',
    placeholder: 'FILE',
    description: `where the baseline is written; its paths are relative to its folder (default: what .sg.yaml says, or ${BASELINE_FILE})`,
  },
  jobs: JOBS,
} as const;

export const command: Command = defineCommand({
  usage: '[paths…]',
  details: [
    'Scans as sg scan does and writes down what it finds, without line numbers: sg scan --baseline FILE then reports only what is new. A finding stays known while its code moves within its file and when its file is renamed; a copy is new, and so is one more of the same. Commit the file. Write it again when sg scan says that entries are stale.',
    'Exit code: 0 when the baseline is written, 2 when anything was not scanned; then nothing is written.',
  ],
  options: OPTIONS,
  positionals: { name: 'paths', min: 0, max: Infinity },
  examples: [
    { command: 'sg baseline', does: `record the current folder in ${BASELINE_FILE}` },
    { command: 'sg scan --baseline .sg-baseline.json', does: 'report what came since' },
  ],
  run: record,
});

async function record(
  values: Values<typeof OPTIONS>,
  paths: readonly string[],
  io: Io,
): Promise<CommandResult> {
  tuneForShortRun();
  const unwritable = outputProblem(values.output, io.cwd);
  if (unwritable !== undefined) return usageError(unwritable);
  const opened = await openGate({ values, baseline: false }, io);
  if (!opened.ok) return usageError(opened.message);
  const { gate, rules, problems: wrong } = opened;
  const found: ReportedFinding[] = [];
  const frame = { rules: withSuppressionRules(rules), cwd: io.cwd };
  // What lasts is found anew.
  const source = folderSource({ paths, values, cache: false, gate }, io);
  const stream = new ReportStream(frame, collector(found), NOWHERE, gate);
  const { problems, ...totals } = await source.scan(stream, frame.rules);
  const end = await stream.end({ ...totals, milliseconds: 0, stale: 0, audit: [] }, problems);
  const trouble = [...wrong, ...gate.problems, ...troubleLines(end)];
  for (const line of [...opened.warnings, ...trouble])
    await io.stderr.write(`sg baseline: ${escapeControls(line)}\n`);
  if (trouble.length > 0) {
    await io.stderr.write('sg baseline: nothing is written, since not everything was scanned\n');
    return TROUBLE;
  }
  const file = resolve(io.cwd, values.output ?? opened.baseline ?? BASELINE_FILE);
  const problem = await writeOutput(baselineText(entriesOf(found, file, io.cwd)), file, io);
  if (problem !== undefined) {
    await io.stderr.write(`sg baseline: ${escapeControls(problem)}\n`);
    return TROUBLE;
  }
  await io.stderr.write(
    `${counted(found.length, 'finding')} of ${counted(end.files, 'file')} in ${escapeControls(relative(io.cwd, file))}\n`,
  );
  return CLEAN;
}

function collector(found: ReportedFinding[]): ReportWriter {
  return {
    begin: () => '',
    findings(some) {
      for (const each of some) found.push(each);
      return '';
    },
    end: () => '',
  };
}

const NOWHERE = {
  write: () => Promise.resolve(),
  commit: () => Promise.resolve(undefined),
  discard: () => Promise.resolve(),
};
