/** The report of `sg test --corpus` for people and for programs. */
import { escapeSnippet } from '../escape.ts';
import type { LineReader } from '../report/text.ts';
import type { Style } from '../style.ts';
import { counted } from '../words.ts';
import { differenceText, type KnownHit } from './compare.ts';
import type { RuleScore } from './labels.ts';
import type { Corpus, CorpusRun } from './run.ts';

export interface RuleRow {
  readonly id: string;
  readonly hits: number;
  /** Alerts per 1,000 lines of all corpora. */
  readonly perThousand: number;
  readonly ms: number;
  readonly incomplete: number;
  readonly score: RuleScore | undefined;
}

/** One row a rule, those with most hits first. */
export function ruleRows({ corpora, hits }: CorpusRun): RuleRow[] {
  const lines = corpora.reduce((sum, { outcome }) => sum + outcome.lines, 0);
  const rows = [...hits].map(([id, list]): RuleRow => {
    const parts = corpora.flatMap(({ outcome }) =>
      outcome.rules.filter(({ rule }) => rule.id === id),
    );
    return {
      id,
      hits: list.length,
      perThousand: lines === 0 ? 0 : (list.length / lines) * 1000,
      ms: parts.reduce((sum, { ms }) => sum + ms, 0),
      incomplete: parts.reduce((sum, { incomplete }) => sum + incomplete, 0),
      score: sumScores(corpora.flatMap(({ scores }) => scores?.rules.get(id) ?? [])),
    };
  });
  return rows.sort((a, b) => b.hits - a.hits || (a.id < b.id ? -1 : 1));
}

function sumScores(scores: readonly RuleScore[]): RuleScore | undefined {
  if (scores.length === 0) return undefined;
  const sum = (part: keyof RuleScore): number =>
    scores.reduce((total, one) => total + one[part], 0);
  return { right: sum('right'), wrong: sum('wrong'), found: sum('found'), of: sum('of') };
}

export interface TextOptions {
  readonly style: Style;
  readonly readLine: LineReader;
  /** Hits that are shown of each rule. */
  readonly shown: number;
}

export function corpusText(run: CorpusRun, options: TextOptions): string {
  const rows = ruleRows(run);
  const scored = rows.some(({ score }) => score !== undefined);
  const lines = [
    ...run.corpora.map(corpusLine),
    '',
    ...ruleTable(
      rows.filter(({ hits }) => hits > 0),
      scored,
      options.style,
    ),
    ...silentRules(rows),
    ...run.corpora.flatMap((corpus) => classTable(corpus, options.style)),
    ...differenceLines(run, options),
    ...hitLines(run, rows, options),
  ];
  return `${lines.join('\n')}\n`;
}

function corpusLine({ name, outcome }: Corpus): string {
  const { files, lines, read } = outcome;
  const how =
    read === 0 ? 'nothing had to be read' : `${counted(read, 'file')} read, the others known`;
  return `${name}: ${counted(files, 'file')}, ${counted(lines, 'line')}; ${how}`;
}

function silentRules(rows: readonly RuleRow[]): string[] {
  const silent = rows.filter(({ hits }) => hits === 0);
  if (silent.length === 0) return [];
  const names = silent.slice(0, 8).map(({ id }) => id);
  const more = silent.length - names.length;
  return [`without a hit: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
}

function ruleTable(rows: readonly RuleRow[], scored: boolean, style: Style): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map(({ id, hits, perThousand, ms, incomplete, score }) => [
    id,
    String(hits),
    perThousand.toFixed(4),
    ms.toFixed(ms < 10 ? 1 : 0),
    ...(scored ? [precisionOf(score), recallOf(score)] : []),
    ...(incomplete > 0 ? [`incomplete in ${counted(incomplete, 'file')}`] : []),
  ]);
  const head = [
    'rule',
    'hits',
    'per 1,000 lines',
    'ms',
    ...(scored ? ['precision', 'recall'] : []),
  ];
  return table(head, cells, style);
}

function precisionOf(score: RuleScore | undefined): string {
  if (score === undefined) return '-';
  const { right, wrong } = score;
  return right + wrong === 0 ? '-' : `${percent(right, right + wrong)} of ${right + wrong}`;
}

function recallOf(score: RuleScore | undefined): string {
  return score === undefined || score.of === 0
    ? '-'
    : `${percent(score.found, score.of)} of ${score.of}`;
}

function classTable({ name, scores }: Corpus, style: Style): string[] {
  if (scores === undefined) return [];
  const cells = scores.classes.map(({ class: weakness, found, vulnerable, falsePositives, ok }) => [
    weakness,
    vulnerable === 0 ? '-' : `${percent(found, vulnerable)} of ${vulnerable}`,
    ok === 0 ? '-' : `${percent(falsePositives, ok)} of ${ok}`,
  ]);
  const head = ['class', 'recall', 'false positives'];
  return ['', `labels of ${name}, rules of medium confidence and up`, ...table(head, cells, style)];
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [style.bold(line(head)), ...rows.map(line)];
}

/** Added hits are shown first: they are what a change has to answer for. */
function differenceLines({ differences, since }: CorpusRun, options: TextOptions): string[] {
  if (since === undefined) return [];
  return [
    '',
    differenceText(differences, since),
    ...differences.flatMap(({ ruleId, added, removed }) => [
      options.style.bold(`${ruleId}: ${added.length} more, ${removed.length} fewer`),
      ...added.slice(0, options.shown).map((hit) => hitLine(hit, options, '+ ')),
      ...removed.slice(0, options.shown).map((hit) => `- ${escapeSnippet(hit.file)}:${hit.line}`),
    ]),
  ];
}

/** Of a few rules their hits; of many the table says enough. */
function hitLines({ hits }: CorpusRun, rows: readonly RuleRow[], options: TextOptions): string[] {
  if (rows.length > MANY_RULES) return [];
  return rows.flatMap(({ id }) => {
    const all = hits.get(id) ?? [];
    if (all.length === 0) return [];
    const more = all.length - options.shown;
    return [
      '',
      options.style.bold(id),
      ...all.slice(0, options.shown).map((hit) => hitLine(hit, options, '')),
      ...(more > 0 ? [`… ${more} more; --hits ${all.length} shows them`] : []),
    ];
  });
}

const MANY_RULES = 3;
const WIDTH = 140;

function hitLine({ file, line }: KnownHit, { readLine }: TextOptions, mark: string): string {
  const text = readLine(file, line)?.trim().slice(0, WIDTH);
  return `${mark}${escapeSnippet(file)}:${line}${text === undefined ? '' : `: ${escapeSnippet(text)}`}`;
}

/** `--format json`; also what `--baseline` reads. */
export function corpusJson(run: CorpusRun): string {
  const document = {
    version: 1,
    corpora: run.corpora.map(({ name, outcome, scores }) => ({
      name,
      files: outcome.files,
      lines: outcome.lines,
      read: outcome.read,
      ...(scores === undefined ? {} : { classes: scores.classes }),
    })),
    rules: ruleRows(run).map(({ id, perThousand, ms, incomplete, score }) => ({
      id,
      perThousand,
      ms,
      incomplete,
      ...(score === undefined ? {} : { score }),
      hits: run.hits.get(id) ?? [],
    })),
    since: run.since ?? null,
    differences: run.differences,
    problems: run.problems,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
