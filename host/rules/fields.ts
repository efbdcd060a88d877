/**
 * The fields of a rule in our format: their names, what each may hold, and what it means. The loader takes the
 * names and words from here, and so does the schema that editors read.
 */
import { LANGUAGES } from '../../engine/language.ts';
import { NAME } from './named-patterns.ts';
import {
  CONFIDENCES,
  KINDS_OF_EXPRESSION,
  REGIONS,
  SEVERITIES,
  WITHINS,
} from '../../engine/rule.ts';

/** What a value may be, in the terms of JSON Schema that editors understand. */
export type FieldType =
  | { readonly kind: 'text'; readonly pattern?: RegExp }
  | {
      readonly kind: 'number' | 'integer';
      readonly above?: number;
      readonly min?: number;
      readonly max?: number;
    }
  | { readonly kind: 'choice'; readonly of: readonly (string | boolean)[] }
  /** One text or a list of them. */
  | { readonly kind: 'texts'; readonly of?: readonly string[]; readonly pattern?: RegExp }
  | { readonly kind: 'list'; readonly of: FieldType }
  | { readonly kind: 'mapping'; readonly fields: FieldTable }
  /** Entries under names that the author chooses. */
  | { readonly kind: 'table'; readonly names: RegExp; readonly of: FieldType }
  | { readonly kind: 'either'; readonly of: readonly FieldType[] };

export interface Field {
  readonly type: FieldType;
  /** One line for whoever writes a rule. */
  readonly about: string;
  /** Needed in every rule. */
  readonly needed?: true;
}

export type FieldTable = Readonly<Record<string, Field>>;

/** Lower-case words joined by `-`: ids and classes. */
export const KEBAB_CASE: RegExp = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const CWE: RegExp = /^CWE-[1-9][0-9]{0,4}$/;
export const ADDRESS: RegExp = /^https:\/\/[^\s/]+\.[^\s]+$/;

/** Bits of a byte: no text has a higher entropy. */
export const MAX_ENTROPY = 8;
/** `near`, `before` and `flow` reach no further: it is for what stands beside a match. */
export const MAX_LINES = 100;

export const MESSAGE_FIELDS: FieldTable = {
  what: { type: { kind: 'text' }, needed: true, about: 'What is found, in one sentence.' },
  why: { type: { kind: 'text' }, about: 'What can happen.' },
  fix: { type: { kind: 'text' }, about: 'What to write instead.' },
};

export const GROUP_FIELDS: FieldTable = {
  group: {
    type: { kind: 'text' },
    needed: true,
    about: 'Name of a group, (?P<name>…), that every pattern has.',
  },
  entropy: {
    type: { kind: 'number', above: 0, max: MAX_ENTROPY },
    about: 'Bits a byte that the group has at least.',
  },
  'stop-words': {
    type: { kind: 'either', of: [{ kind: 'choice', of: [true] }, { kind: 'texts' }] },
    about: 'Words of which the group holds none; true for the placeholders that are known.',
  },
  is: {
    type: { kind: 'choice', of: KINDS_OF_EXPRESSION },
    about: 'Whether the group is made of literals alone.',
  },
  equals: { type: { kind: 'text' }, about: 'Another group, with the same text.' },
  differs: { type: { kind: 'text' }, about: 'Another group, with another text.' },
};

export const CONDITION_FIELDS: FieldTable = {
  within: {
    type: { kind: 'choice', of: WITHINS },
    needed: true,
    about: 'How far around the match the pattern is looked for.',
  },
  lines: {
    type: { kind: 'integer', min: 1, max: MAX_LINES },
    about:
      'With near: so many lines above and below those of the match. With before and flow: at most so many above.',
  },
  of: {
    type: { kind: 'text' },
    about: 'With flow: the group, of every pattern, whose value is followed.',
  },
  without: {
    type: { kind: 'texts' },
    about:
      'With flow: RE2 syntax; what makes a value safe or checks it, so that it is not followed.',
  },
  pattern: { type: { kind: 'text' }, needed: true, about: 'RE2 syntax.' },
  where: {
    type: { kind: 'list', of: { kind: 'mapping', fields: GROUP_FIELDS } },
    about:
      'What has to be true of its named groups, which are compared with those of the patterns, too.',
  },
};

/** A condition about the value itself, in place of a pattern. */
export const VALUE_FIELDS: FieldTable = {
  within: {
    type: { kind: 'choice', of: ['flow'] },
    needed: true,
    about: 'A value is followed through the function it is used in.',
  },
  lines: {
    type: { kind: 'integer', min: 1, max: MAX_LINES },
    needed: true,
    about: 'At most so many lines above.',
  },
  of: {
    type: { kind: 'text' },
    about:
      'The group, of every pattern, whose value is followed; without it the argument that a match ends in.',
  },
  is: {
    type: { kind: 'choice', of: ['variable'] },
    needed: true,
    about: 'The value is made of more than constants and what was made safe.',
  },
  without: {
    type: { kind: 'texts' },
    about: 'RE2 syntax; what makes a value safe or checks it, so that it is not followed.',
  },
};

export const NAMED_FIELDS: FieldTable = {
  about: { type: { kind: 'text' }, about: 'What it matches, in one sentence.' },
  pattern: { type: { kind: 'text' }, needed: true, about: 'RE2 syntax.' },
};

/** Patterns by name. */
export const NAMES: FieldType = {
  kind: 'table',
  names: NAME,
  of: { kind: 'either', of: [{ kind: 'text' }, { kind: 'mapping', fields: NAMED_FIELDS }] },
};

const EXAMPLE_FIELDS: FieldTable = {
  code: { type: { kind: 'text' }, needed: true, about: 'The text that is scanned.' },
  path: { type: { kind: 'text' }, about: 'The name that it is scanned under.' },
};

const EXAMPLES: FieldType = {
  kind: 'list',
  of: { kind: 'either', of: [{ kind: 'text' }, { kind: 'mapping', fields: EXAMPLE_FIELDS }] },
};

export const RULE_FIELDS: FieldTable = {
  id: {
    type: { kind: 'text', pattern: KEBAB_CASE },
    needed: true,
    about: 'Lower-case words joined by "-", such as no-raw-sql.',
  },
  title: { type: { kind: 'text' }, about: 'What is found, in one line without a full stop.' },
  severity: { type: { kind: 'choice', of: SEVERITIES }, about: 'Harm if the finding is true.' },
  confidence: {
    type: { kind: 'choice', of: CONFIDENCES },
    about: 'Chance that the finding is true; of built-in rules only high speaks at each edit.',
  },
  cwe: { type: { kind: 'text', pattern: CWE }, about: 'Weakness, such as CWE-78.' },
  class: {
    type: { kind: 'text', pattern: KEBAB_CASE },
    about: 'Class of weakness, such as workflow-injection, where the CWE does not say it.',
  },
  languages: { type: { kind: 'texts', of: LANGUAGES }, about: 'Files in these languages only.' },
  paths: { type: { kind: 'texts' }, about: 'Globs as in .gitignore; one must match.' },
  'exclude-paths': { type: { kind: 'texts' }, about: 'Globs as in .gitignore; none may match.' },
  in: {
    type: { kind: 'texts', of: [...REGIONS, 'any'] },
    about: 'Where a match begins.',
  },
  define: {
    type: NAMES,
    about: 'Patterns by name, which the others take in as (?&name).',
  },
  patterns: {
    type: { kind: 'texts' },
    needed: true,
    about: 'RE2 syntax: no lookaround, no backreferences. A match of any is a match of the rule.',
  },
  sources: {
    type: { kind: 'texts' },
    about: 'RE2 syntax; one of them must stand in the statement of the match.',
  },
  requires: {
    type: {
      kind: 'list',
      of: {
        kind: 'either',
        of: [
          { kind: 'mapping', fields: CONDITION_FIELDS },
          { kind: 'mapping', fields: VALUE_FIELDS },
        ],
      },
    },
    about: 'Conditions that must all hold for a match to stand.',
  },
  unless: {
    type: { kind: 'list', of: { kind: 'mapping', fields: CONDITION_FIELDS } },
    about: 'Conditions that cancel a match.',
  },
  where: {
    type: { kind: 'list', of: { kind: 'mapping', fields: GROUP_FIELDS } },
    about: 'What has to be true of named groups.',
  },
  secret: { type: { kind: 'text' }, about: 'Named group that reports mask.' },
  message: {
    type: {
      kind: 'either',
      of: [{ kind: 'text' }, { kind: 'mapping', fields: MESSAGE_FIELDS }],
    },
    needed: true,
    about: 'What the reader is told.',
  },
  references: {
    type: { kind: 'texts', pattern: ADDRESS },
    about: 'https:// addresses of documentation.',
  },
  examples: {
    type: {
      kind: 'mapping',
      fields: {
        match: { type: EXAMPLES, about: 'Texts that the rule must find.' },
        'no-match': { type: EXAMPLES, about: 'Near misses that the rule must not find.' },
      },
    },
    about: 'Tried by `sg test` and `sg lint-rules`.',
  },
  parity: { type: { kind: 'text' }, about: 'Rule of the Python plugin that this one replaces.' },
};
