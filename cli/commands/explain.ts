/** `sg explain`: everything that a rule says and does, on one page. */
import { TEXT_OR_JSON } from '../format-option.ts';
import { Re2Store } from '../../engine/re2/store.ts';
import { describePattern } from '../../engine/regex/describe.ts';
import type { Condition, GroupCondition, Rule } from '../../engine/rule.ts';
import { withMaskedExamples } from '../../engine/secret/examples.ts';
import { lazyWasm } from '../../host/wasm.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Command } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, TROUBLE } from '../exit.ts';
import type { Io } from '../io.ts';
import { didYouMean, quote } from '../options.ts';
import { loadRules } from '../scan/rules.ts';
import { createStyle } from '../style.ts';
import type { Style } from '../style.ts';
import { nearest } from '../suggest.ts';

const OPTIONS = {
  rules: {
    type: 'list',
    placeholder: 'PATH',
    description: 'look in this rule file or folder as well',
  },
  format: TEXT_OR_JSON,
} as const;

export const command: Command = defineCommand({
  usage: 'ID',
  options: OPTIONS,
  positionals: { name: 'ID', min: 1, max: 1 },
  examples: [{ command: 'sg explain python-yaml-unsafe-load', does: 'explain a built-in rule' }],
  async run(values, [id = ''], io) {
    const { rules, problems, warnings } = await loadRules(
      { builtin: true, paths: values.rules },
      io,
    );
    for (const problem of [...problems, ...warnings])
      await io.stderr.write(`sg explain: ${escapeControls(problem)}\n`);
    const rule = rules.find((candidate) => candidate.id === id);
    if (rule === undefined) {
      return usageError(`there is no rule ${quote(id)}${suggestion(id, rules)}`);
    }
    const text =
      values.format === 'json'
        ? explainJson(rule)
        : explainText(masked(rule, io), createStyle(io.stdout.color));
    await io.stdout.write(text);
    return problems.length > 0 ? TROUBLE : CLEAN;
  },
});

function masked(rule: Rule, io: Io): Rule {
  if (rule.secret === undefined) return rule;
  const store = new Re2Store(lazyWasm(io.assets.wasm));
  const shown = withMaskedExamples(rule, store);
  store.dispose();
  return shown;
}

const MOST_SUGGESTED = 8;

/** The id that was probably meant, else the rules whose id, title, CWE or class hold each word. */
function suggestion(asked: string, rules: readonly Rule[]): string {
  const near = nearest(
    asked,
    rules.map(({ id }) => id),
  );
  if (near !== undefined) return didYouMean(near);
  const words = asked
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const about = rules.filter((rule) => {
    const names = [
      rule.id,
      rule.title,
      rule.cwe?.replace('-', ' '),
      rule.class,
      ...(rule.languages ?? []),
    ];
    const known = names.join(' ').toLowerCase();
    return words.length > 0 && words.every((word) => known.includes(word));
  });
  if (about.length === 0) return '; docs/rules.md lists all of them';
  const shown = about.slice(0, MOST_SUGGESTED).map(({ id }) => id);
  const more = about.length - shown.length;
  return `; about that: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function explainJson(rule: Rule): string {
  const patterns = rule.patterns.map((pattern) => ({ pattern, ...factsOf(pattern) }));
  return `${JSON.stringify({ ...rule, patterns }, null, 2)}\n`;
}

interface ShownFacts {
  /** Each match contains one of these; empty when the pattern is tried on every file. */
  readonly literals: readonly string[];
  readonly minBytes: number;
  /** Null when there is no bound. */
  readonly maxBytes: number | null;
  readonly spansLines: boolean;
}

/** Undefined for a pattern that cannot be parsed: its rule was left out with a problem. */
function factsOf(pattern: string): ShownFacts | undefined {
  const described = describePattern(pattern);
  if (!described.ok) return undefined;
  const { literals, minBytes, maxBytes, spansLines } = described.facts;
  return {
    literals: [...new Set(literals.map(({ bytes }) => Buffer.from(bytes, 'latin1').toString()))],
    minBytes,
    maxBytes: Number.isFinite(maxBytes) ? maxBytes : null,
    spansLines,
  };
}

function explainText(rule: Rule, style: Style): string {
  const { what, why, fix } = rule.message;
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0
      ? []
      : ['', style.bold(title), ...lines.map((line) => `  ${escapeControls(line)}`)];
  const lines = [
    `${style.bold(escapeControls(rule.id))}  ${escapeControls(rule.title)}`,
    `severity ${style.severity(rule.severity)}, confidence ${rule.confidence}${[rule.cwe, rule.class].map((name) => (name === undefined ? '' : `, ${name}`)).join('')}`,
    ...section('What', [what, why].filter(Boolean)),
    ...section('Fix', [fix].filter(Boolean)),
    ...section('Where', where(rule)),
    ...section('Patterns', [...rule.patterns.flatMap(patternLines), ...(rule.lookaround ?? [])]),
    ...section('Requires', (rule.requires ?? []).flatMap(conditionLines)),
    ...section('Unless', rule.unless.flatMap(conditionLines)),
    ...section('Groups', groupLines(rule)),
    ...section(
      'Examples that match',
      rule.examples.match.flatMap(({ code }) => exampleLines(code)),
    ),
    ...section(
      'Examples that do not',
      rule.examples.noMatch.flatMap(({ code }) => exampleLines(code)),
    ),
    ...section('References', rule.references),
    ...section('Page', rule.origin === 'builtin' ? [`docs/rules/${rule.id}.md`] : []),
    ...section('Suppress', [`sg-ignore: ${rule.id} -- the reason`]),
    '',
  ];
  return lines.join('\n');
}

function where(rule: Rule): string[] {
  return [
    ...(rule.languages === undefined ? [] : [`languages: ${rule.languages.join(', ')}`]),
    ...(rule.paths === undefined ? [] : [`paths: ${rule.paths.join(', ')}`]),
    ...(rule.excludePaths === undefined ? [] : [`not in: ${rule.excludePaths.join(', ')}`]),
    `begins in: ${rule.in?.join(', ') ?? 'code, string, comment'}`,
  ];
}

function patternLines(pattern: string): string[] {
  const facts = factsOf(pattern);
  if (facts === undefined) return [pattern];
  const { literals, minBytes, maxBytes, spansLines } = facts;
  const found =
    literals.length === 0
      ? 'no literal: tried on every file'
      : `literals: ${literals.map(quote).join(', ')}`;
  const size = `${minBytes} to ${maxBytes ?? 'any number of'} bytes`;
  return [pattern, `  ${found}; ${size}${spansLines ? ', may span lines' : ''}`];
}

/** `where` and `secret`, a line each. */
export function groupLines({ where = [], secret }: Rule): string[] {
  const lines = where.map(groupLine);
  return secret === undefined ? lines : [...lines, `${secret}: masked, it is a secret`];
}

function groupLine({ group, entropy, stopWords, is, equals, differs }: GroupCondition): string {
  const said = [
    ...(entropy === undefined ? [] : [`entropy at least ${entropy}`]),
    ...(stopWords === undefined ? [] : [stopWordsText(stopWords)]),
    ...(is === undefined ? [] : [`is ${is}`]),
    ...(equals === undefined ? [] : [`equals ${equals}`]),
    ...(differs === undefined ? [] : [`differs from ${differs}`]),
  ];
  return `${group}: ${said.join(', ')}`;
}

/** What a condition looks for, a line, and one for each group that it asks about. */
export function conditionText({
  within,
  lines,
  of,
  is,
  pattern,
  without,
  where = [],
}: Condition): string[] {
  return [
    `${within}${of === undefined ? '' : ` of ${of}`}${lines === undefined ? '' : ` ${lines} lines`}: ${is === undefined ? pattern : `is ${is}`}`,
    ...(without ?? []).map((source) => `  without: ${source}`),
    ...where.map((group) => `  ${groupLine(group)}`),
  ];
}

function stopWordsText(words: readonly string[] | true): string {
  return words === true ? 'no placeholder' : `without ${words.map(quote).join(', ')}`;
}

/** With the literals that are looked for first: its cost is that of the matches. */
function conditionLines(condition: Condition): string[] {
  const literals = factsOf(condition.pattern)?.literals ?? [];
  return [
    ...conditionText(condition),
    ...(literals.length === 0 ? [] : [`  literals: ${literals.map(quote).join(', ')}`]),
  ];
}

function exampleLines(code: string): string[] {
  return code
    .trimEnd()
    .split('\n')
    .map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
}
