/**
 * The rule model: what a rule file says after validation, as plain JSON.
 * Built-in rules arrive as `rules.json`; users' rules are parsed into the same shape by `host/rules`.
 */
import type { LanguageId } from './language.ts';

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
/** Harm if the finding is true, lowest first. */
export type Severity = (typeof SEVERITIES)[number];

export const CONFIDENCES = ['low', 'medium', 'high'] as const;
/** Chance that a finding is true, lowest first. Only `high` speaks in the per-edit layer. */
export type Confidence = (typeof CONFIDENCES)[number];

export const REGIONS = ['code', 'string', 'comment'] as const;
/** What the lexer says a byte belongs to. */
export type Region = (typeof REGIONS)[number];

export const WITHINS = [
  'match',
  'line',
  'call',
  'statement',
  'block',
  'file',
  'near',
  'before',
  'flow',
] as const;
/** How far around a match a condition looks. */
export type Within = (typeof WITHINS)[number];

export const KINDS_OF_EXPRESSION = ['constant', 'variable'] as const;

/** What has to be true of a named group; all that is given has to be. */
export interface GroupCondition {
  readonly group: string;
  /** At least so many bits a byte, by Shannon. */
  readonly entropy?: number;
  /** None of these is in it, whatever the case of ASCII letters; `true`: it is no placeholder. */
  readonly stopWords?: readonly string[] | true;
  /** As an expression of the file's language: made of literals alone, or of more. */
  readonly is?: (typeof KINDS_OF_EXPRESSION)[number];
  /** Another group with the same text. */
  readonly equals?: string;
  /** Another group with another text. */
  readonly differs?: string;
}

/** Holds when `pattern` is found in the text that `within` names, with groups as `where` asks for. */
export interface Condition {
  readonly within: Within;
  /** With `near`: that many lines above and below those of the match. With `before` and `flow`: at most so many above. */
  readonly lines?: number;
  /** With `flow`: the group, of every one of the rule's patterns, whose value is followed; absent means the argument that a match ends in. */
  readonly of?: string;
  /** With `flow` in `requires`, in place of a pattern: the value is made of more than constants. */
  readonly is?: 'variable';
  /** With `flow`: RE2 syntax of what makes a value safe, or checks it; such a value is not followed. */
  readonly without?: readonly string[];
  /** RE2 syntax; empty with `is`. */
  readonly pattern: string;
  /** About named groups of it, which may be compared with groups that every one of the rule's patterns has. */
  readonly where?: readonly GroupCondition[];
}

/** Text of an example and the path it is scanned under. */
export interface Example {
  readonly code: string;
  readonly path: string;
}

/** What the reader is told: the weakness, the harm, the way out. One or two sentences each. */
export interface Message {
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** Where a rule comes from; it decides the name shown and what may be trusted. */
export const ORIGINS = ['builtin', 'user', 'project', 'local'] as const;
export type Origin = (typeof ORIGINS)[number];

export interface Rule {
  /** Kebab case, unique in a rule set, equal to the file name for built-in rules. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** `CWE-78`; absent for users' rules that name none. */
  readonly cwe?: string;
  /** Class of weakness, such as `workflow-injection`, where the CWE does not say it. */
  readonly class?: string;
  /** Files in these languages; absent means by `paths` alone, or every file. */
  readonly languages?: readonly LanguageId[];
  /** Path globs; any one that matches includes the file. */
  readonly paths?: readonly string[];
  /** Path globs; any one that matches leaves the file out, whatever else includes it. */
  readonly excludePaths?: readonly string[];
  /** `path`: our globs. `fnmatch`: the reference's, where `*` crosses `/`. Absent means `path`. */
  readonly globs?: 'path' | 'fnmatch';
  /** Regions in which a match may begin; absent means any. */
  readonly in?: readonly Region[];
  /** RE2 syntax; a match of any of them is a match of the rule. */
  readonly patterns: readonly string[];
  /** Python `re` syntax with lookaround that RE2 has not; matched by `engine/automaton`. */
  readonly lookaround?: readonly string[];
  /** A match stands only where all of them hold; absent means none. */
  readonly requires?: readonly Condition[];
  /** A match stands only where none of them holds. */
  readonly unless: readonly Condition[];
  /** About named groups, which every one of `patterns` then has; absent means none. */
  readonly where?: readonly GroupCondition[];
  /** Name of the group that is a secret: it is masked wherever a finding is shown. */
  readonly secret?: string;
  readonly message: Message;
  readonly references: readonly string[];
  readonly examples: { readonly match: readonly Example[]; readonly noMatch: readonly Example[] };
  /** Name of the reference's rule that this one replaces. */
  readonly parity?: string;
  readonly origin: Origin;
  /** Of a built-in rule that its readers may want to open: its file, below `rules/`. */
  readonly file?: string;
}

/** A rule without what only its readers need. */
export function withoutProse({ file: _file, ...rule }: Rule): Rule {
  return { ...rule, references: [], examples: { match: [], noMatch: [] } };
}

/** All patterns of a rule's conditions, each with its field. */
export function conditionPatterns(
  rule: Rule,
): readonly { readonly field: string; readonly source: string }[] {
  return conditionsOf(rule).flatMap(({ field, condition: { is, pattern, without } }) => [
    ...(is === undefined ? [{ field, source: pattern }] : []),
    ...(without ?? []).map((source, i) => ({
      field: field.replace('.pattern', `.without[${i}]`),
      source,
    })),
  ]);
}

/** All conditions of a rule, each with the field that its pattern stands in. */
export function conditionsOf(
  rule: Rule,
): readonly { readonly field: string; readonly condition: Condition }[] {
  const { requires = [], unless } = rule;
  return [
    ...requires.map((condition, i) => ({ field: `requires[${i}].pattern`, condition })),
    ...unless.map((condition, i) => ({ field: `unless[${i}].pattern`, condition })),
  ];
}
