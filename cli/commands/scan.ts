/** `sg scan`: rules over files, folders or standard input. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { CONFIDENCES } from '../../engine/rule.ts';
import type { Rule } from '../../engine/rule.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Command, CommandResult } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { FAIL_ON, scanExitCode, TROUBLE } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Values } from '../options.ts';
import { hookConfig } from '../hook-config.ts';
import { openOutput, OUTPUT, outputProblem } from '../output-file.ts';
import { createProgress } from '../progress.ts';
import { createWriter, REPORT_FORMAT } from '../report/formats.ts';
import { withSuppressionRules } from '../report/model.ts';
import type { ReportEnd, ReportFrame } from '../report/model.ts';
import { summary } from '../report/text.ts';
import { openJournal } from '../scan/journal.ts';
import type { Journal } from '../scan/journal.ts';
import { createLineReader, linesOf } from '../scan/lines.ts';
import { createLocalScanner } from '../scan/local-scanner.ts';
import { ReportStream } from '../scan/report-stream.ts';
import { selectRules } from '../scan/rules.ts';
import { scanPaths } from '../scan/scan-paths.ts';
import type { Scanned } from '../scan/scan-paths.ts';
import { isInShard, parseShard, SHARD } from '../scan/shard.ts';
import { tuneForShortRun } from '../scan/short-run.ts';
import { createStyle } from '../style.ts';
import { counted } from '../words.ts';
import { VERSION } from '../../host/service/health/version.ts';

const OPTIONS = {
  include: {
    type: 'list',
    placeholder: 'GLOB',
    description: 'scan only files that match; as in .gitignore, relative to the current folder',
  },
  exclude: {
    type: 'list',
    placeholder: 'GLOB',
    description: 'leave out files and folders that match',
  },
  'no-ignore': { type: 'flag', description: 'scan what .gitignore files leave out as well' },
  stdin: { type: 'flag', description: 'scan standard input instead of files' },
  'stdin-filename': {
    type: 'value',
    placeholder: 'NAME',
    description: 'path that standard input counts as; decides the language',
  },
  rules: { type: 'list', placeholder: 'PATH', description: 'add a rule file or a folder of them' },
  'no-builtin': { type: 'flag', description: 'leave out the built-in rules' },
  rule: { type: 'list', placeholder: 'ID', description: 'run only this rule' },
  'min-confidence': {
    type: 'value',
    placeholder: 'LEVEL',
    choices: CONFIDENCES,
    default: 'medium',
    description: 'leave out rules that are less certain',
  },
  'fail-on': {
    type: 'value',
    placeholder: 'SEVERITY',
    choices: FAIL_ON,
    default: 'low',
    description: 'lowest severity that makes the exit code 1',
  },
  format: REPORT_FORMAT,
  output: OUTPUT,
  'show-suppressed': {
    type: 'flag',
    description: 'report what sg-ignore comments hide, with the reason',
  },
  shard: SHARD,
  resume: {
    type: 'flag',
    description: 'keep what is found until the scan is through, and go on from there after a kill',
  },
  jobs: {
    type: 'integer',
    short: 'j',
    placeholder: 'N',
    min: 1,
    max: 256,
    description:
      'threads: one that lists files and sorts out clean ones, and N - 1 workers beside it, at least one (default: one a processor)',
  },
} as const;

export const command: Command = defineCommand({
  usage: '[paths…]',
  details: [
    'Scans the current folder when no path is given. Files that git ignores, node_modules, symbolic links and files with a binary extension are left out; a file that is named is always scanned.',
    'Exit code: 0 without findings at or above --fail-on, 1 with, 2 when anything that was asked for was not scanned, whatever else was found.',
  ],
  options: OPTIONS,
  positionals: { name: 'paths', min: 0, max: Infinity },
  examples: [
    { command: 'sg scan', does: 'scan the current folder' },
    { command: "sg scan src --exclude '*.test.ts'", does: 'scan a folder without its tests' },
    { command: 'sg scan --format sarif -o sg.sarif', does: 'write a report for a code host' },
    {
      command: 'sg scan --shard 1/4 --format json -o 1.json',
      does: 'scan a quarter of the files; the other machines take 2/4, 3/4 and 4/4',
    },
    { command: 'sg scan --stdin --stdin-filename a.py < a.py', does: 'scan what an editor holds' },
  ],
  run: scan,
});

async function scan(
  values: Values<typeof OPTIONS>,
  paths: readonly string[],
  io: Io,
): Promise<CommandResult> {
  tuneForShortRun();
  const filename = values['stdin-filename'];
  if (values.stdin && paths.length > 0) return usageError('option --stdin takes no paths');
  if (values.stdin && filename === undefined)
    return usageError('option --stdin needs --stdin-filename NAME, which decides the language');
  if (!values.stdin && filename !== undefined)
    return usageError('option --stdin-filename needs --stdin');
  if (paths.includes('-'))
    return usageError(
      '"-" is no path: standard input is scanned by --stdin --stdin-filename NAME, a file of that name as ./-',
    );
  if (values.stdin && (values.resume || values.shard !== undefined))
    return usageError(
      `option --${values.resume ? 'resume' : 'shard'} is for files, not for --stdin`,
    );
  const shard = values.shard === undefined ? undefined : parseShard(values.shard);
  if (typeof shard === 'string') return usageError(shard);
  const unwritable = outputProblem(values.output, io.cwd);
  if (unwritable !== undefined) return usageError(unwritable);
  const selected = await selectRules(
    {
      builtin: !values['no-builtin'],
      paths: values.rules,
      ids: values.rule,
      minConfidence: values['min-confidence'],
    },
    io,
  );
  if (!selected.ok) return usageError(selected.message);
  for (const problem of [...selected.problems, ...selected.warnings])
    await io.stderr.write(`sg scan: ${escapeControls(problem)}\n`);
  const toFile = values.output !== undefined;
  const frame: ReportFrame = {
    rules: withSuppressionRules(selected.rules),
    cwd: io.cwd,
    ...(shard !== undefined && { shard }),
  };
  const input = values.stdin ? await io.stdin() : undefined;
  const writer = createWriter(values.format, frame, {
    style: createStyle(!toFile && io.stdout.color),
    showSuppressed: values['show-suppressed'],
    lineOf: input === undefined ? createLineReader(io.cwd) : linesOf(input),
  });
  const output = await openOutput(values.output, io);
  const stream = new ReportStream(frame, writer, output);
  const begun = performance.now();
  try {
    const { problems, ...totals } =
      input === undefined
        ? await scanFolders(frame, values, paths, stream, io)
        : await scanText(selected.rules, filename ?? '', input, stream, io);
    const end = await stream.end({ ...totals, milliseconds: performance.now() - begun }, problems);
    for (const line of troubleLines(end)) await io.stderr.write(`sg scan: ${line}\n`);
    const problem = await output.commit();
    if (problem !== undefined) {
      await io.stderr.write(`sg scan: ${escapeControls(problem)}\n`);
      return TROUBLE;
    }
    if (toFile) await io.stderr.write(`${summary(end, createStyle(io.stderr.color))}\n`);
    const trouble = end.notScanned.length + end.incomplete.length + selected.problems.length;
    return scanExitCode(end.severities, values['fail-on'], trouble);
  } catch (error) {
    await output.discard();
    throw error;
  }
}

async function scanText(
  rules: readonly Rule[],
  path: string,
  bytes: Buffer,
  stream: ReportStream,
  io: Io,
): Promise<Scanned> {
  const scanner = await createLocalScanner(rules, io.assets);
  const result = scanner.scan(path, bytes, resolve(io.cwd, path));
  stream.add({ kind: 'scanned', path, bytes: bytes.length, result });
  scanner.dispose();
  return { files: 1, bytes: bytes.length, binaries: 0, problems: [] };
}

async function scanFolders(
  { rules, shard }: ReportFrame,
  values: Values<typeof OPTIONS>,
  paths: readonly string[],
  stream: ReportStream,
  io: Io,
): Promise<Scanned> {
  const progress = createProgress(io.stderr, () => performance.now());
  let listed = 0;
  const what = {
    cwd: io.cwd,
    paths: paths.length === 0 ? ['.'] : paths,
    include: values.include,
    exclude: values.exclude,
    gitignore: !values['no-ignore'],
    rules,
  };
  const journal = values.resume ? await journalOf({ ...what, shard }, io) : undefined;
  try {
    const scanned = await scanPaths({
      ...what,
      ...(shard !== undefined && { wants: (path: string) => isInShard(shard, path) }),
      ...(journal !== undefined && { memory: journal }),
      threads: values.jobs ?? availableParallelism(),
      assets: io.assets,
      signal: io.signal,
      onOutcome: (outcome) => stream.add(outcome),
      async onProgress(files) {
        listed = files;
        // What is written may go to the terminal that shows the progress.
        if (stream.isWaiting) progress.clear();
        await stream.flush();
        progress.update(`scanning, ${files} files so far`);
      },
    });
    progress.clear();
    if (listed === 0 && scanned.problems.length === 0 && shard === undefined) {
      // Exit code 0, but a gate that looks at nothing is hardly meant.
      await io.stderr.write(
        'sg scan: no file was scanned: none is there, or all are ignored or left out\n',
      );
    }
    journal?.finish();
    return scanned;
  } catch (error) {
    journal?.close();
    throw error;
  }
}

/** Undefined, and said, where none can be kept: the scan itself does not need it. */
async function journalOf(identity: unknown, io: Io): Promise<Journal | undefined> {
  const { stateDir } = hookConfig(io);
  const opened =
    stateDir === undefined
      ? { kind: 'refused' as const, reason: 'there is no folder for state; set HOME' }
      : await openJournal(stateDir, [VERSION, identity], Date.now());
  if (opened.kind === 'refused') {
    await io.stderr.write(`sg scan: --resume has no effect: ${escapeControls(opened.reason)}\n`);
    return undefined;
  }
  if (opened.journal.known > 0)
    await io.stderr.write(
      `sg scan: going on with a scan that was broken off; ${counted(opened.journal.known, 'file')} known\n`,
    );
  return opened.journal;
}

function troubleLines(report: ReportEnd): string[] {
  return [
    ...report.notScanned.map(
      ({ path, reason }) => `not scanned: ${escapeControls(path)}: ${escapeControls(reason)}`,
    ),
    ...report.incomplete.map(
      ({ path, reason, ruleId }) =>
        `scanned in part: ${escapeControls(path)}: ${ruleId === undefined ? '' : `rule ${ruleId}: `}${escapeControls(reason)}`,
    ),
  ];
}
