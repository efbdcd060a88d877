/** `sg test`: examples of rules, through the real scanner. */
import { TEXT_OR_JSON } from '../format-option.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Assets } from '../assets.ts';
import type { Command, CommandResult } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, FINDINGS, TROUBLE } from '../exit.ts';
import { countVerdicts, judgeExamples } from '../rule-examples.ts';
import type { JudgedExample, JudgedRule } from '../rule-examples.ts';
import { createLocalScanner } from '../scan/local-scanner.ts';
import { loadRulesToTest } from '../scan/rules.ts';
import type { LoadedRules } from '../scan/rules.ts';
import type { Io } from '../io.ts';
import type { Values } from '../options.ts';
import { createStyle } from '../style.ts';
import type { Style } from '../style.ts';
import { counted } from '../words.ts';

const OPTIONS = {
  format: TEXT_OR_JSON,
  corpus: {
    type: 'list',
    placeholder: 'DIR',
    description: 'run the rules over this folder of code, and not over their examples',
  },
  rule: {
    type: 'list',
    placeholder: 'ID',
    description: 'with --corpus: only this one of the rules',
  },
  baseline: {
    type: 'value',
    placeholder: 'FILE',
    description: 'with --corpus: compare with this report of --format json, not with the last run',
  },
  hits: {
    type: 'integer',
    placeholder: 'N',
    min: 0,
    max: 100_000,
    description: 'with --corpus: hits that are shown of each rule, 5 when absent',
  },
  report: {
    type: 'value',
    placeholder: 'FILE',
    description: 'with --corpus: write a page on which hits are marked true or false',
  },
  watch: { type: 'flag', description: 'with --corpus: run again when a rule file changes' },
  quiet: { type: 'flag', short: 'q', description: 'leave out rules without a problem' },
} as const;

export const command: Command = defineCommand({
  usage: '[rules…]',
  details: [
    'Takes rule files, folders of them, or ids of built-in rules; without an argument all built-in rules. An example is validated (no-match, clean), reported (match, hit), noisy (no-match, hit) or missing (match, not hit).',
    'With --corpus the rules run over folders of code: hits, alerts per 1,000 lines, time, and what has changed since the last run. A folder with labels.jsonl gives precision and recall, see docs/corpora.md. Files and rules that have not changed are not scanned again.',
    'Exit code: 0 when all are validated or reported, 1 when one is noisy or missing, 2 when a rule is broken.',
  ],
  options: OPTIONS,
  positionals: { name: 'rules', min: 0, max: Infinity },
  examples: [
    { command: 'sg test', does: 'test the built-in rules' },
    { command: 'sg test .claude/security-rules', does: "test a project's own rules" },
    {
      command: 'sg test --corpus ~/src --watch my-rule.yaml',
      does: 'see what each change of a rule finds in all your code',
    },
  ],
  async run(values, names, io) {
    if (values.corpus.length > 0) return testOnCorpus(values, names, io);
    const lonely = CORPUS_ONLY.find((name) => isGiven(values[name]));
    if (lonely !== undefined) return usageError(`option --${lonely} goes with --corpus DIR`);
    const loaded = await loadRulesToTest(names, io);
    if (!loaded.ok) return usageError(loaded.message);
    const { judged, problems } = await judge(loaded, io.assets);
    const text =
      values.format === 'json'
        ? testJson(judged, problems, loaded.warnings)
        : testText(judged, problems, createStyle(io.stdout.color), values.quiet);
    for (const warning of loaded.warnings)
      await io.stderr.write(`sg test: ${escapeControls(warning)}\n`);
    await io.stdout.write(text);
    if (problems.length > 0) return TROUBLE;
    const { noisy, missing } = countVerdicts(judged);
    return noisy + missing > 0 ? FINDINGS : CLEAN;
  },
});

const CORPUS_ONLY = ['rule', 'baseline', 'hits', 'report', 'watch'] as const;

function isGiven(value: Values<typeof OPTIONS>[keyof typeof OPTIONS]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

async function testOnCorpus(
  { corpus, rule, baseline, hits = 5, report, watch, format }: Values<typeof OPTIONS>,
  names: readonly string[],
  io: Io,
): Promise<CommandResult> {
  const { testCorpus } = await import('../corpus/command.ts');
  const json = format === 'json';
  if (json && watch) return usageError('--watch and --format json exclude each other');
  const options = { corpora: corpus, names, ids: rule, baseline, shown: hits, report, watch, json };
  return testCorpus(options, io);
}

async function judge(
  loaded: LoadedRules,
  assets: Assets,
): Promise<{ judged: JudgedRule[]; problems: string[] }> {
  const scanner = await createLocalScanner(loaded.rules, assets);
  const place = (id: string): string => loaded.placeOf(id) ?? id;
  const broken = [...scanner.problems, ...scanner.verifyPatterns()].map(
    ({ ruleId, field, error }) =>
      `${place(ruleId)}: ${field}: ${error.message}${error.rewrite === undefined ? '' : `; write ${error.rewrite}`} [${ruleId}]`,
  );
  const left = new Set(scanner.problems.map(({ ruleId }) => ruleId));
  const judged = loaded.rules
    .filter(({ id }) => !left.has(id))
    .map((rule) => judgeExamples(rule, scanner))
    .map(({ rule, examples }) => ({
      rule,
      examples: examples.map((example) =>
        isWrong(example)
          ? { ...example, place: loaded.placeOfExample(rule.id, example.list, example.index) }
          : example,
      ),
    }));
  scanner.dispose();
  return { judged, problems: [...loaded.problems, ...broken] };
}

function isWrong({ verdict }: JudgedExample): boolean {
  return verdict === 'noisy' || verdict === 'missing';
}

function testJson(
  judged: readonly JudgedRule[],
  problems: readonly string[],
  warnings: readonly string[],
): string {
  const rules = judged.map((one) => ({
    id: one.rule.id,
    ...countVerdicts([one]),
    wrong: one.examples
      .filter(isWrong)
      .map(({ verdict, list, index, example, hitLine, place }) => ({
        verdict,
        place,
        example: `${list}[${index}]`,
        path: example.path,
        code: example.code,
        hitLine,
      })),
  }));
  return `${JSON.stringify({ version: 1, summary: { rules: rules.length, ...countVerdicts(judged) }, rules, problems, warnings }, null, 2)}\n`;
}

function testText(
  judged: readonly JudgedRule[],
  problems: readonly string[],
  style: Style,
  quiet: boolean,
): string {
  const width = Math.max(0, ...judged.map(({ rule }) => rule.id.length));
  const lines = judged.flatMap((one) => {
    const wrong = one.examples.filter(isWrong);
    if (quiet && wrong.length === 0) return [];
    return [ruleLine(one, width, style), ...wrong.flatMap((example) => wrongLines(example, style))];
  });
  const total = countVerdicts(judged);
  const sum = `${counted(judged.length, 'rule')}, ${counted(total.validated + total.reported + total.noisy + total.missing, 'example')}: ${verdicts(total)}`;
  const broken = problems.map((problem) => `${style.bad('broken')} ${escapeControls(problem)}`);
  return `${[...lines, ...broken, sum].join('\n')}\n`;
}

function ruleLine(one: JudgedRule, width: number, style: Style): string {
  const counts = countVerdicts([one]);
  const mark = counts.noisy + counts.missing > 0 ? style.bad('not ok') : style.good('ok    ');
  const none = one.examples.length === 0 ? 'no examples' : verdicts(counts);
  return `${mark} ${escapeControls(one.rule.id).padEnd(width)}  ${none}`;
}

function verdicts(counts: ReturnType<typeof countVerdicts>): string {
  const words = [`${counts.validated} validated`, `${counts.reported} reported`];
  if (counts.noisy > 0) words.push(`${counts.noisy} noisy`);
  if (counts.missing > 0) words.push(`${counts.missing} missing`);
  return words.join(', ');
}

function wrongLines(judged: JudgedExample, style: Style): string[] {
  const { verdict, list, index, example, hitLine, place = '' } = judged;
  const where = hitLine === undefined ? '' : `, line ${hitLine}`;
  const head = `  ${style.bad(verdict)} ${escapeControls(place)}: examples.${list}[${index}] as ${escapeControls(example.path)}${where}`;
  return [
    head,
    ...example.code
      .trimEnd()
      .split('\n')
      .slice(0, 12)
      .map((line) => `      ${escapeControls(line)}`),
  ];
}
