/** One page a rule, in `docs/rules/`, as a function of the rule. */
import { conditionText, groupLines } from '../cli/commands/explain.ts';
import { describePattern } from '../engine/regex/describe.ts';
import type { Condition, Example, Rule } from '../engine/rule.ts';

/** Path of a rule's page, from the root. */
export function pagePath({ id }: Pick<Rule, 'id'>): `docs/rules/${string}` {
  return `docs/rules/${id}.md`;
}

export function rulePage(rule: Rule): string {
  const { id, title, message, examples, references } = rule;
  return [
    `# ${id}`,
    inMarkdown(title),
    facts(rule),
    inMarkdown(message.what),
    inMarkdown(message.why),
    `**Instead:** ${inMarkdown(message.fix)}`,
    ...section('What it finds', examples.match.map(exampleText)),
    ...section('What it leaves', examples.noMatch.map(exampleText)),
    ...section('How it decides', decision(rule)),
    ...section('References', [references.map((address) => `- <${address}>`).join('\n')]),
    '## Where it is right to ignore it',
    `Write why, in a comment on the line or above it: \`sg-ignore: ${id} -- the reason\`.`,
    `Generated from [the rule's file](../../rules/${rule.file ?? `${id}.yaml`}); [all rules](../rules.md).`,
  ]
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
    .concat('\n');
}

function section(title: string, paragraphs: readonly string[]): string[] {
  const filled = paragraphs.filter((paragraph) => paragraph !== '');
  return filled.length === 0 ? [] : [`## ${title}`, ...filled];
}

function facts({
  severity,
  confidence,
  cwe,
  class: weakness,
  languages,
  paths,
  excludePaths,
}: Rule): string {
  const number = cwe?.slice('CWE-'.length);
  return [
    `- severity ${severity}, confidence ${confidence}${confidence === 'high' ? '' : confidence === 'medium' ? ': in `sg scan`, not at each edit' : ': only on request'}`,
    ...(cwe === undefined
      ? []
      : [`- [${cwe}](https://cwe.mitre.org/data/definitions/${number}.html)`]),
    ...(weakness === undefined ? [] : [`- class ${weakness}`]),
    ...(languages === undefined ? [] : [`- languages: ${languages.join(', ')}`]),
    ...(paths === undefined ? [] : [`- files: ${paths.map(code).join(', ')}`]),
    ...(excludePaths === undefined ? [] : [`- not in: ${excludePaths.map(code).join(', ')}`]),
  ].join('\n');
}

function exampleText({ code: text, path }: Example): string {
  return fence(text.trimEnd(), path.split('.').at(-1) ?? '');
}

/** Languages that the tests of our documents read as commands are written by their other name. */
const NAMES: Readonly<Record<string, string>> = { sh: 'shell', yaml: 'yml', console: 'text' };

function fence(text: string, language: string): string {
  const mark = text.includes('```') ? '~~~' : '```';
  const name = NAMES[language] ?? language;
  return `${mark}${/^[a-z0-9]+$/.test(name) ? name : ''}\n${text}\n${mark}`;
}

function decision(rule: Rule): string[] {
  const where = rule.in === undefined ? '' : ` that begins in ${rule.in.join(' or ')}`;
  const literals = [...new Set(rule.patterns.flatMap(literalsOf))];
  const read =
    literals.length === 0
      ? 'Every file of its kind is looked at.'
      : `Only files that hold one of these are looked at: ${literals.slice(0, 12).map(code).join(', ')}${literals.length > 12 ? ` and ${literals.length - 12} more` : ''}.`;
  return [
    `A match${where} of ${rule.patterns.length === 1 ? 'this pattern' : 'any of these patterns'}:`,
    fence(rule.patterns.join('\n'), ''),
    ...conditions('Only where these are found around it:', rule.requires ?? []),
    ...conditions('Unless one of these is found around it:', rule.unless),
    ...groups(rule),
    read,
  ];
}

function conditions(head: string, list: readonly Condition[]): string[] {
  const lines = list.flatMap(conditionText);
  return lines.length === 0 ? [] : [head, fence(lines.join('\n'), '')];
}

function groups(rule: Rule): string[] {
  const lines = groupLines(rule);
  return lines.length === 0 ? [] : ['Of the named groups:', fence(lines.join('\n'), '')];
}

function literalsOf(pattern: string): string[] {
  const described = describePattern(pattern);
  return described.ok
    ? described.facts.literals.map(({ bytes }) => Buffer.from(bytes, 'latin1').toString())
    : [];
}

/** Text as code within a line, whatever it holds. */
function code(text: string): string {
  if (!text.includes('`')) return `\`${text}\``;
  return `\`\` ${text} \`\``;
}

/** Plain text of a rule. */
export function inMarkdown(text: string): string {
  return text.replace(/[\\`*_<>[\]]/g, String.raw`\$&`);
}
