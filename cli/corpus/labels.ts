/** Labelled corpora: `labels.jsonl`, and what hits make of it. The format is told in docs/corpora.md. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Rule } from '../../engine/rule.ts';
import type { RuleOutcome } from './evaluate.ts';

export interface Label {
  /** From the corpus's root. */
  readonly path: string;
  /** First and last line, from 1; undefined for the whole file. */
  readonly lines: readonly [first: number, last: number] | undefined;
  readonly class: string;
  readonly isVulnerable: boolean;
  readonly cwe: string | undefined;
}

/** Classes by the number of a CWE, and classes that also count for another one. */
export interface Classes {
  readonly byCwe: ReadonlyMap<number, string>;
  readonly near: ReadonlyMap<string, readonly string[]>;
}

export interface Labels {
  readonly labels: readonly Label[];
  readonly classes: Classes;
  /** Lines that are no labels, with the reason. */
  readonly problems: readonly string[];
}

/** How the hits of one rule fall on labels of its class. */
export interface RuleScore {
  /** Hits on a vulnerable place. */
  readonly right: number;
  /** Hits on a place that is ok. */
  readonly wrong: number;
  /** Vulnerable places that were hit, of all of the rule's class. */
  readonly found: number;
  readonly of: number;
}

export interface ClassScore {
  readonly class: string;
  readonly found: number;
  readonly vulnerable: number;
  readonly falsePositives: number;
  readonly ok: number;
}

/** Undefined when the folder has no labels. */
export function readLabels(root: string): Labels | undefined {
  const text = readIfThere(join(root, 'labels.jsonl'));
  if (text === undefined) return undefined;
  const labels: Label[] = [];
  const problems: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const label = decodeLabel(line);
    if (typeof label === 'string') problems.push(`labels.jsonl:${index + 1}: ${label}`);
    else labels.push(label);
  }
  const classes =
    readIfThere(join(root, 'classes.json')) ?? readIfThere(join(dirname(root), 'classes.json'));
  const decoded = decodeClasses(classes);
  if (typeof decoded === 'string') problems.push(`classes.json: ${decoded}`);
  return { labels, problems, classes: typeof decoded === 'string' ? NO_CLASSES : decoded };
}

const NO_CLASSES: Classes = { byCwe: new Map(), near: new Map() };

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function decodeLabel(line: string): Label | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'not JSON';
  }
  const fields = new Map(Object.entries(Object(value)));
  const text = (name: string): string | undefined => {
    const field = fields.get(name);
    return typeof field === 'string' ? field : undefined;
  };
  const [file, name, kind, set] = [text('file'), text('class'), text('label'), text('set')];
  if (file === undefined || name === undefined) return 'expected "file" and "class" as texts';
  if (kind !== 'vulnerable' && kind !== 'ok')
    return `"label" is ${JSON.stringify(kind)}; expected "vulnerable" or "ok"`;
  const lines = decodeLines(fields.get('line'));
  if (lines === 'wrong') return '"line" is no pair of line numbers and not null';
  return {
    path: set === undefined ? file : `${set}/${file}`,
    lines,
    class: name,
    isVulnerable: kind === 'vulnerable',
    cwe: text('cwe'),
  };
}

function decodeLines(value: unknown): Label['lines'] | 'wrong' {
  if (value === null || value === undefined) return undefined;
  const [first, last]: unknown[] = Array.isArray(value) ? value : [];
  return typeof first === 'number' && typeof last === 'number' ? [first, last] : 'wrong';
}

function decodeClasses(text: string | undefined): Classes | string {
  if (text === undefined) return NO_CLASSES;
  try {
    const value: unknown = JSON.parse(text);
    const part = (name: string): [string, unknown[]][] =>
      Object.entries(Object(new Map(Object.entries(Object(value))).get(name))).flatMap(
        ([key, list]): [string, unknown[]][] => (Array.isArray(list) ? [[key, list]] : []),
      );
    return {
      byCwe: new Map(
        part('cwe').flatMap(([name, numbers]) => numbers.map((number) => [Number(number), name])),
      ),
      near: new Map(part('near').map(([name, others]) => [name, others.map(String)])),
    };
  } catch {
    return 'not JSON';
  }
}

/** Labels that a rule's hits count for. */
export function countsFor(rule: Rule, { byCwe, near }: Classes): (label: Label) => boolean {
  const own = rule.class ?? byCwe.get(Number(rule.cwe?.slice('CWE-'.length)));
  const names = own === undefined ? [] : [own, ...(near.get(own) ?? [])];
  return (label) =>
    names.includes(label.class) ||
    (own === undefined && rule.cwe !== undefined && rule.cwe === label.cwe);
}

export interface Scores {
  readonly rules: ReadonlyMap<string, RuleScore>;
  /** Of rules that `sg scan` runs by default: those of medium confidence and up. */
  readonly classes: readonly ClassScore[];
}

export function score(outcomes: readonly RuleOutcome[], { labels, classes }: Labels): Scores {
  const byPath = new Map<string, Label[]>();
  for (const label of labels) byPath.set(label.path, [...(byPath.get(label.path) ?? []), label]);
  const rules = new Map<string, RuleScore>();
  const hitByAny = new Set<Label>();
  for (const { rule, hits } of outcomes) {
    const counts = countsFor(rule, classes);
    const hitByRule = new Set<Label>();
    let right = 0;
    let wrong = 0;
    for (const { path, line, endLine } of hits) {
      const near = (byPath.get(path) ?? []).filter(
        (label) =>
          counts(label) &&
          (label.lines === undefined || (line <= label.lines[1] && endLine >= label.lines[0])),
      );
      for (const label of near) hitByRule.add(label);
      if (near.some(({ isVulnerable }) => isVulnerable)) right++;
      else if (near.length > 0) wrong++;
    }
    const found = [...hitByRule].filter(({ isVulnerable }) => isVulnerable).length;
    const of = labels.filter((label) => label.isVulnerable && counts(label)).length;
    rules.set(rule.id, { right, wrong, found, of });
    if (rule.confidence !== 'low') for (const label of hitByRule) hitByAny.add(label);
  }
  const names = [...new Set(labels.map((label) => label.class))].sort();
  return {
    rules,
    classes: names.map((name) => {
      const own = labels.filter((label) => label.class === name);
      const vulnerable = own.filter(({ isVulnerable }) => isVulnerable);
      const ok = own.filter(({ isVulnerable }) => !isVulnerable);
      const hit = (list: readonly Label[]): number =>
        list.filter((label) => hitByAny.has(label)).length;
      return {
        class: name,
        found: hit(vulnerable),
        vulnerable: vulnerable.length,
        falsePositives: hit(ok),
        ok: ok.length,
      };
    }),
  };
}
