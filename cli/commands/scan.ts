/** `sg scan`: rules over files, folders, changes or standard input. */
import { defineCommand, usageError } from '../command.ts';
import type { Command, CommandResult } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, FINDINGS, TROUBLE } from '../exit.ts';
import { FAIL_ON } from '../../host/gate/fail-on.ts';
import type { Gate } from '../gate/gate.ts';
import { openGate } from '../gate/open.ts';
import type { Io } from '../io.ts';
import type { Values } from '../options.ts';
import { openOutput, OUTPUT, outputProblem } from '../output-file.ts';
import { createWriter, REPORT_FORMAT } from '../report/formats.ts';
import { withSuppressionRules } from '../report/model.ts';
import type { Judge, ReportFrame, Shard } from '../report/model.ts';
import { summary } from '../report/text.ts';
import { folderSource } from '../scan/folders.ts';
import { FILE_OPTIONS, JOBS, RULE_OPTIONS } from '../scan/options.ts';
import { ReportStream } from '../scan/report-stream.ts';
import { isInShard, parseShard, SHARD } from '../scan/shard.ts';
import { tuneForShortRun } from '../scan/short-run.ts';
import { changeSource, textSource } from '../scan/source.ts';
import type { OpenedSource } from '../scan/source.ts';

import { troubleLines } from '../scan/trouble.ts';
import { createStyle } from '../style.ts';

const OPTIONS = {
  ...FILE_OPTIONS,
  diff: {
    type: 'value',
    placeholder: 'REF',
    description:
      'scan the files that changed since the worktree and REF parted; report what is on changed lines',
  },
  staged: {
    type: 'flag',
    description: 'the same for what is staged, as it is in the index',
  },
  stdin: { type: 'flag', description: 'scan standard input instead of files' },
  'stdin-filename': {
    type: 'value',
    placeholder: 'NAME',
    description: 'path that standard input counts as; decides the language',
  },
  ...RULE_OPTIONS,
  'fail-on': {
    type: 'value',
    placeholder: 'SEVERITY',
    choices: FAIL_ON,
    description: 'lowest severity that makes the exit code 1 (default: what .sg.yaml says, or low)',
  },
  baseline: {
    type: 'value',
    placeholder: 'FILE',
    description: 'report only what is not in a baseline that sg baseline wrote',
  },
  format: REPORT_FORMAT,
  output: OUTPUT,
  'show-suppressed': {
    type: 'flag',
    description: 'report what comments, .sg.yaml and baselines hide, with the reason',
  },
  shard: SHARD,
  'no-cache': {
    type: 'flag',
    description: 'search every file, also those in which nothing has changed since the last scan',
  },
  resume: {
    type: 'flag',
    description:
      'go on with a scan that was killed: say how much of it is known, and complain where nothing can be kept',
  },
  jobs: JOBS,
} as const;

export const command: Command = defineCommand({
  usage: '[paths…]',
  details: [
    'Scans the current folder when no path is given. Files that git ignores, node_modules, symbolic links and files with a binary extension are left out; a file that is named is always scanned.',
    'With --diff and --staged files come from git, and findings count where a line that was added or modified is part of them. --diff compares with the commit where HEAD and REF parted, untracked files included; --staged reads what is in the index, whatever the files have become since.',
    'Exit code: 0 without findings at or above --fail-on, 1 with, 2 when anything that was asked for was not scanned, whatever else was found.',
  ],
  options: OPTIONS,
  positionals: { name: 'paths', min: 0, max: Infinity },
  examples: [
    { command: 'sg scan', does: 'scan the current folder' },
    { command: "sg scan src --exclude '*.test.ts'", does: 'scan a folder without its tests' },
    { command: 'sg scan --diff origin/main', does: 'scan what a branch changed' },
    { command: 'sg scan --staged', does: 'scan what would be committed' },
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
  const conflict = conflictOf(values, paths);
  if (conflict !== undefined) return usageError(conflict);
  const shard = values.shard === undefined ? undefined : parseShard(values.shard);
  if (typeof shard === 'string') return usageError(shard);
  const unwritable = outputProblem(values.output, io.cwd);
  if (unwritable !== undefined) return usageError(unwritable);
  const opened = await openGate(
    { values, failOn: values['fail-on'], baseline: values.baseline },
    io,
  );
  if (!opened.ok) return usageError(opened.message);
  const { gate, rules } = opened;
  for (const problem of [...opened.problems, ...opened.warnings])
    await io.stderr.write(`sg scan: ${escapeControls(problem)}\n`);
  const toFile = values.output !== undefined;
  const frame: ReportFrame = {
    rules: withSuppressionRules(rules),
    cwd: io.cwd,
    ...(shard !== undefined && { shard }),
  };
  const source = await openSource(values, paths, shard, gate, io);
  if ('refused' in source) {
    await io.stderr.write(`sg scan: ${escapeControls(source.refused)}\n`);
    return TROUBLE;
  }
  const writer = createWriter(values.format, frame, {
    style: createStyle(!toFile && io.stdout.color),
    showSuppressed: values['show-suppressed'],
    lineOf: source.lineOf,
  });
  const judge: Judge = {
    ...(source.covers !== undefined && { covers: source.covers }),
    admit: (outcome) => gate.admit(outcome),
    weigh: (finding) => gate.weigh(finding),
  };
  const output = await openOutput(values.output, io);
  const stream = new ReportStream(frame, writer, output, judge);
  const begun = performance.now();
  try {
    const { problems, ...totals } = await source.scan(stream, frame.rules);
    // Of text or changes alone nobody can say what is gone.
    const isOfFiles = !values.stdin && values.diff === undefined && !values.staged;
    const isOurs = (path: string): boolean => shard === undefined || isInShard(shard, path);
    const stale = isOfFiles ? gate.stale(isOurs) : [];
    const audit = [...gate.audit(), ...stale].sort((a, b) => (a.what < b.what ? -1 : 1));
    const end = await stream.end(
      { ...totals, milliseconds: performance.now() - begun, stale: stale.length, audit },
      problems,
    );
    const trouble = [...gate.problems.map(escapeControls), ...troubleLines(end)];
    for (const line of trouble) await io.stderr.write(`sg scan: ${line}\n`);
    const problem = await output.commit();
    if (problem !== undefined) {
      await io.stderr.write(`sg scan: ${escapeControls(problem)}\n`);
      return TROUBLE;
    }
    if (toFile) await io.stderr.write(`${summary(end, createStyle(io.stderr.color))}\n`);
    // As scanExitCode: a partial answer must not pass for a whole one.
    if (opened.problems.length + trouble.length > 0) return TROUBLE;
    return gate.fails ? FINDINGS : CLEAN;
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** What is wrong with the options together. */
function conflictOf(values: Values<typeof OPTIONS>, paths: readonly string[]): string | undefined {
  const { stdin, diff, staged, resume, shard, 'stdin-filename': filename } = values;
  if (stdin && paths.length > 0) return 'option --stdin takes no paths';
  if (stdin && filename === undefined)
    return 'option --stdin needs --stdin-filename NAME, which decides the language';
  if (!stdin && filename !== undefined) return 'option --stdin-filename needs --stdin';
  if (paths.includes('-'))
    return '"-" is no path: standard input is scanned by --stdin --stdin-filename NAME, a file of that name as ./-';
  if (stdin && (resume || shard !== undefined))
    return `option --${resume ? 'resume' : 'shard'} is for files, not for --stdin`;
  const [which, other] = [
    ...(stdin ? ['--stdin'] : []),
    ...(diff === undefined ? [] : ['--diff']),
    ...(staged ? ['--staged'] : []),
  ];
  if (other !== undefined) return `options ${which} and ${other} do not go together`;
  if (resume && values['no-cache']) return 'options --resume and --no-cache do not go together';
  if (resume && which !== undefined) return `option --resume is for whole files, not for ${which}`;
  return undefined;
}

async function openSource(
  values: Values<typeof OPTIONS>,
  paths: readonly string[],
  shard: Shard | undefined,
  gate: Gate,
  io: Io,
): Promise<OpenedSource> {
  const { stdin, diff, staged, 'stdin-filename': filename = '' } = values;
  if (stdin) return textSource(filename, await io.stdin(), gate, io);
  if (diff === undefined && !staged)
    return folderSource(
      { paths, values, shard, cache: !values['no-cache'], resume: values.resume, gate },
      io,
    );
  return changeSource(
    {
      cwd: io.cwd,
      ref: diff,
      paths: paths.length === 0 ? ['.'] : paths,
      include: values.include,
      exclude: values.exclude,
      ...(shard !== undefined && { wants: (path) => isInShard(shard, path) }),
    },
    gate,
    io,
  );
}
