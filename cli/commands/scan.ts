/** `sg scan`: rules over files, folders or standard input. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { CONFIDENCES } from '../../engine/rule.ts';
import type { Rule } from '../../engine/rule.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Command, CommandResult } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { FAIL_ON, scanExitCode, TROUBLE } from '../exit.ts';
import { TEXT_JSON_OR_SARIF } from '../format-option.ts';
import type { Io } from '../io.ts';
import type { Values } from '../options.ts';
import { OUTPUT, outputProblem, writeOutput } from '../output-file.ts';
import { createProgress } from '../progress.ts';
import { formatJson } from '../report/json.ts';
import { buildReport } from '../report/model.ts';
import type { ScanReport } from '../report/model.ts';
import { formatSarif } from '../report/sarif.ts';
import { formatText, summary } from '../report/text.ts';
import type { LineReader } from '../report/text.ts';
import { createLineReader, linesOf } from '../scan/lines.ts';
import { createLocalScanner } from '../scan/local-scanner.ts';
import { selectRules } from '../scan/rules.ts';
import { addOutcome, noFacts, scanPaths } from '../scan/scan-paths.ts';
import type { ScanFacts } from '../scan/scan-paths.ts';
import { tuneForShortRun } from '../scan/short-run.ts';
import { createStyle } from '../style.ts';

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
  format: TEXT_JSON_OR_SARIF,
  output: OUTPUT,
  'show-suppressed': {
    type: 'flag',
    description: 'report what sg-ignore comments hide, with the reason',
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
  const begun = performance.now();
  const scanned = values.stdin
    ? await scanStdin(selected.rules, filename ?? '', io)
    : await scanFolders(selected.rules, values, paths, io);
  const report = buildReport({
    ...scanned.facts,
    rules: selected.rules,
    milliseconds: performance.now() - begun,
    cwd: io.cwd,
  });
  for (const line of troubleLines(report)) await io.stderr.write(`sg scan: ${line}\n`);
  const written = await writeReport(report, values, scanned.lineOf, io);
  if (!written) return TROUBLE;
  const trouble = report.notScanned.length + report.incomplete.length + selected.problems.length;
  return scanExitCode(
    report.findings.map(({ finding }) => finding.severity),
    values['fail-on'],
    trouble,
  );
}

interface Scanned {
  readonly facts: ScanFacts;
  readonly lineOf: LineReader;
}

async function scanStdin(rules: readonly Rule[], path: string, io: Io): Promise<Scanned> {
  const bytes = await io.stdin();
  const scanner = await createLocalScanner(rules, io.assets);
  const facts = noFacts();
  const result = scanner.scan(path, bytes, resolve(io.cwd, path));
  addOutcome(facts, { kind: 'scanned', path, bytes: bytes.length, result });
  facts.files = 1;
  facts.bytes = bytes.length;
  scanner.dispose();
  return { facts, lineOf: linesOf(bytes) };
}

async function scanFolders(
  rules: readonly Rule[],
  values: Values<typeof OPTIONS>,
  paths: readonly string[],
  io: Io,
): Promise<Scanned> {
  const progress = createProgress(io.stderr, () => performance.now());
  const facts = await scanPaths({
    cwd: io.cwd,
    paths: paths.length === 0 ? ['.'] : paths,
    include: values.include,
    exclude: values.exclude,
    gitignore: !values['no-ignore'],
    rules,
    threads: values.jobs ?? availableParallelism(),
    assets: io.assets,
    signal: io.signal,
    onProgress: (files) => progress.update(`scanning, ${files} files so far`),
  });
  progress.clear();
  if (facts.files === 0 && facts.notScanned.length === 0) {
    // Exit code 0, but a gate that looks at nothing is hardly meant.
    await io.stderr.write(
      'sg scan: no file was scanned: none is there, or all are ignored or left out\n',
    );
  }
  return { facts, lineOf: createLineReader(io.cwd) };
}

function troubleLines(report: ScanReport): string[] {
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

/** Writes to the file or standard output; false when the file cannot be written. */
async function writeReport(
  report: ScanReport,
  values: Values<typeof OPTIONS>,
  lineOf: LineReader,
  io: Io,
): Promise<boolean> {
  const toFile = values.output !== undefined;
  const text = format(report, values, lineOf, createStyle(!toFile && io.stdout.color));
  const problem = await writeOutput(text, values.output, io);
  if (problem !== undefined) await io.stderr.write(`sg scan: ${escapeControls(problem)}\n`);
  else if (toFile) await io.stderr.write(`${summary(report, createStyle(io.stderr.color))}\n`);
  return problem === undefined;
}

function format(
  report: ScanReport,
  values: Values<typeof OPTIONS>,
  lineOf: LineReader,
  style: ReturnType<typeof createStyle>,
): string {
  const showSuppressed = values['show-suppressed'];
  if (values.format === 'json') return formatJson(report, showSuppressed);
  if (values.format === 'sarif') return formatSarif(report, showSuppressed);
  return formatText(report, { style, showSuppressed, lineOf });
}
