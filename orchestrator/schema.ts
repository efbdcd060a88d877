/**
 * The answer that a reviewer gives: as JSON schema for the model, and as a decoder for us, because no
 * endpoint is trusted to have applied the schema.
 */
import { CATEGORIES, isCategory } from './cwe.ts';
import {
  type ModelFinding,
  REVIEW_CONFIDENCES,
  REVIEW_SEVERITIES,
  type ReviewConfidence,
  type ReviewSeverity,
} from './finding.ts';

/** More than these are not read. */
const MAX_FINDINGS = 50;
/** UTF-16 units of a text field. */
const MAX_TEXT = 4000;

const FIELDS = {
  path: { type: 'string', description: 'The file, exactly as its header names it.' },
  quote: {
    type: 'string',
    description:
      'The vulnerable code, copied character for character: one to five lines, without the line numbers and the + or - in front.',
  },
  symbol: {
    type: 'string',
    description: 'Function, method, class or key around the quote; empty at top level.',
  },
  category: { type: 'string', enum: Object.keys(CATEGORIES) },
  severity: { type: 'string', enum: [...REVIEW_SEVERITIES] },
  confidence: { type: 'string', enum: [...REVIEW_CONFIDENCES] },
  title: { type: 'string', description: 'The defect in at most twelve words.' },
  attack: {
    type: 'string',
    description: 'What an attacker sends or does, how it reaches the quote, and what they gain.',
  },
  fix: { type: 'string', description: 'The smallest change that closes it.' },
} as const;

/** JSON schema of the answer. Its text is part of the cached prefix: nothing in it varies. */
export const ANSWER_SCHEMA: Readonly<Record<string, unknown>> = {
  type: 'object',
  additionalProperties: false,
  required: ['findings'],
  properties: {
    findings: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: Object.keys(FIELDS),
        properties: FIELDS,
      },
    },
  },
};

export type Answer =
  | { readonly ok: true; readonly value: readonly ModelFinding[] }
  /** `reason` has the JSON path, what was there and what was expected. */
  | { readonly ok: false; readonly reason: string };

/** Text of a model's answer to findings. One wrong field refuses the whole: half an answer is not one. */
export function decodeAnswer(text: string): Answer {
  let value: unknown;
  try {
    value = JSON.parse(unfenced(text));
  } catch {
    return { ok: false, reason: `$: got ${shown(text)}, expected JSON` };
  }
  try {
    return { ok: true, value: findingsOf(value) };
  } catch (error) {
    if (error instanceof Mismatch) return { ok: false, reason: error.message };
    throw error;
  }
}

/** Stays in this file: it carries the path out of the nested readers. */
class Mismatch extends Error {
  constructor(path: string, got: unknown, expected: string) {
    super(`${path}: got ${shown(got)}, expected ${expected}`);
  }
}

function findingsOf(value: unknown): ModelFinding[] {
  const { findings } = record(value, '$', ['findings']);
  if (!Array.isArray(findings)) throw new Mismatch('$.findings', findings, 'a list');
  if (findings.length > MAX_FINDINGS)
    throw new Mismatch('$.findings', findings.length, `at most ${MAX_FINDINGS} findings`);
  return findings.map((item, index) => findingOf(item, `$.findings[${index}]`));
}

function findingOf(value: unknown, path: string): ModelFinding {
  const fields = record(value, path, Object.keys(FIELDS));
  const text = (name: keyof typeof FIELDS, least = 1): string => {
    const got = fields[name];
    if (typeof got !== 'string') throw new Mismatch(`${path}.${name}`, got, 'a string');
    if (got.trim().length < least) throw new Mismatch(`${path}.${name}`, got, 'some text');
    if (got.length > MAX_TEXT)
      throw new Mismatch(`${path}.${name}`, got, `at most ${MAX_TEXT} characters`);
    return got;
  };
  const category = text('category');
  if (!isCategory(category))
    throw new Mismatch(`${path}.category`, category, 'a category of the schema');
  return {
    path: text('path'),
    quote: text('quote'),
    symbol: text('symbol', 0),
    category,
    severity: oneOf<ReviewSeverity>(fields['severity'], `${path}.severity`, REVIEW_SEVERITIES),
    confidence: oneOf<ReviewConfidence>(
      fields['confidence'],
      `${path}.confidence`,
      REVIEW_CONFIDENCES,
    ),
    title: text('title'),
    attack: text('attack'),
    fix: text('fix'),
  };
}

/** An object with exactly these keys. */
function record(
  value: unknown,
  path: string,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Mismatch(path, value, 'an object');
  for (const key of keys)
    if (!Object.hasOwn(value, key))
      throw new Mismatch(`${path}.${key}`, undefined, 'this property');
  for (const key of Object.keys(value))
    if (!keys.includes(key)) throw new Mismatch(path, key, `no property beyond ${keys.join(', ')}`);
  return value as Readonly<Record<string, unknown>>;
}

function oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Mismatch(path, value, `one of ${allowed.join(', ')}`);
  return found;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  // Not written out: a deeply nested one could not be.
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Some endpoints wrap an answer in a code fence, whatever the schema says. */
function unfenced(text: string): string {
  const body = text.trim();
  if (!body.startsWith('```') || !body.endsWith('```') || body.length < 6) return body;
  const line = body.indexOf('\n');
  return line < 0 ? body : body.slice(line + 1, -3);
}
