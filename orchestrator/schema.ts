/**
 * The answer that a reviewer gives: as JSON schema for the model, and as a decoder for us, because no
 * endpoint is trusted to have applied the schema.
 */
import { CATEGORIES, isCategory } from './cwe.ts';
import { decodeJson, list, Mismatch, oneOf, record, text } from './decode.ts';
import type { Decoded } from './decode.ts';
import { EARLIER_SCHEMA, fatesOf } from './earlier.ts';
import type { Fate } from './earlier.ts';
import {
  type ModelFinding,
  REVIEW_CONFIDENCES,
  REVIEW_SEVERITIES,
  type ReviewConfidence,
  type ReviewSeverity,
} from './finding.ts';

/** More than these are not read. */
export const MAX_FINDINGS = 50;

export const FINDING_FIELDS: Readonly<
  Record<keyof ModelFinding, Readonly<Record<string, unknown>>>
> = {
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
};

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
        required: Object.keys(FINDING_FIELDS),
        properties: FINDING_FIELDS,
      },
    },
    earlier: EARLIER_SCHEMA,
  },
};

export interface Answer {
  readonly findings: readonly ModelFinding[];
  /** What became of findings that were asked about. */
  readonly fates: readonly Fate[];
}

/** Text of a model's answer. One wrong field refuses the whole: half an answer is not one. */
export function decodeAnswer(answer: string): Decoded<Answer> {
  return decodeJson(answer, (value) => {
    const { findings, earlier } = record(value, '$', ['findings'], ['earlier']);
    return {
      findings: list(findings, '$.findings', MAX_FINDINGS, (item, path) =>
        findingOf(record(item, path, Object.keys(FINDING_FIELDS)), path),
      ),
      fates: fatesOf(earlier, '$.earlier'),
    };
  });
}

/** `fields` has what `FINDING_FIELDS` names, and may have more. */
export function findingOf(fields: Readonly<Record<string, unknown>>, path: string): ModelFinding {
  const word = (name: keyof ModelFinding, least = 1): string =>
    text(fields[name], `${path}.${name}`, least);
  const category = word('category');
  if (!isCategory(category))
    throw new Mismatch(`${path}.category`, category, 'a category of the schema');
  return {
    path: word('path'),
    quote: word('quote'),
    symbol: word('symbol', 0),
    category,
    severity: oneOf<ReviewSeverity>(fields['severity'], `${path}.severity`, REVIEW_SEVERITIES),
    confidence: oneOf<ReviewConfidence>(
      fields['confidence'],
      `${path}.confidence`,
      REVIEW_CONFIDENCES,
    ),
    title: word('title'),
    attack: word('attack'),
    fix: word('fix'),
  };
}
