/** What an investigation and a refutation answer: as JSON schemas for the model, and as decoders for us. */
import { EARLIER_SCHEMA, fatesOf } from '../earlier.ts';
import type { Fate } from '../earlier.ts';
import { decodeJson, list, Mismatch, oneOf, record, text } from '../decode.ts';
import type { Decoded } from '../decode.ts';
import type { ModelFinding } from '../finding.ts';
import { FINDING_FIELDS, findingOf, MAX_FINDINGS } from '../schema.ts';

/** A step as the model gave it: nothing of it is checked. */
export interface ClaimedStep {
  readonly path: string;
  readonly line: number;
  /** The line's code, word for word. */
  readonly code: string;
  readonly note: string;
}

export interface Claim extends ModelFinding {
  readonly trace: readonly ClaimedStep[];
}

/** Steps of a trace, and quotes of a refutation. */
const MAX_STEPS = 12;
const MAX_EVIDENCE = 10;

type Fields = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const STEP_FIELDS: Fields = {
  path: { type: 'string', description: 'The file, relative to the root of the repository.' },
  line: { type: 'integer', description: 'The number of the line.' },
  code: { type: 'string', description: 'The line, copied character for character.' },
  note: { type: 'string', description: 'What happens to the data here, in a few words.' },
};

const CLAIM_FIELDS: Fields = {
  ...FINDING_FIELDS,
  trace: {
    type: 'array',
    description:
      'The way from what the attacker controls to the quote, in order, one entry for each place that the data passes.',
    items: objectOf(STEP_FIELDS),
  },
};

/** Part of the cached beginning of every request, as are the tools: nothing in it varies. */
export const CLAIM_SCHEMA: Readonly<Record<string, unknown>> = {
  ...objectOf({
    findings: { type: 'array', items: objectOf(CLAIM_FIELDS) },
    earlier: EARLIER_SCHEMA,
  }),
  required: ['findings'],
};

/** What an investigation answers. */
export interface Claims {
  readonly claims: readonly Claim[];
  /** What became of findings that were asked about. */
  readonly fates: readonly Fate[];
}

export function decodeClaims(answer: string): Decoded<Claims> {
  return decodeJson(answer, (value) => {
    const { findings, earlier } = record(value, '$', ['findings'], ['earlier']);
    return {
      claims: list(findings, '$.findings', MAX_FINDINGS, (item, path) => {
        const fields = record(item, path, Object.keys(CLAIM_FIELDS));
        return {
          ...findingOf(fields, path),
          trace: list(fields['trace'], `${path}.trace`, MAX_STEPS, stepOf),
        };
      }),
      fates: fatesOf(earlier, '$.earlier'),
    };
  });
}

function stepOf(value: unknown, path: string): ClaimedStep {
  const fields = record(value, path, Object.keys(STEP_FIELDS));
  const { line } = fields;
  if (typeof line !== 'number') throw new Mismatch(`${path}.line`, line, 'a number');
  return {
    path: text(fields['path'], `${path}.path`),
    line,
    code: text(fields['code'], `${path}.code`, 0),
    note: text(fields['note'], `${path}.note`, 0),
  };
}

export interface Evidence {
  readonly path: string;
  readonly quote: string;
}

export interface Refutation {
  readonly verdict: 'refuted' | 'upheld' | 'unsure';
  readonly evidence: readonly Evidence[];
  readonly reason: string;
}

const VERDICTS = ['refuted', 'upheld', 'unsure'] as const;

const REFUTATION_FIELDS: Fields = {
  reason: { type: 'string', description: 'What decides it, in at most four sentences.' },
  evidence: {
    type: 'array',
    description: 'The code that the reason rests on.',
    items: objectOf({
      path: { type: 'string', description: 'The file, exactly as its header names it.' },
      quote: {
        type: 'string',
        description: 'One to five lines, copied character for character, without numbers.',
      },
    }),
  },
  verdict: { type: 'string', enum: [...VERDICTS] },
};

export const REFUTATION_SCHEMA: Readonly<Record<string, unknown>> = objectOf(REFUTATION_FIELDS);

export function decodeRefutation(answer: string): Decoded<Refutation> {
  return decodeJson(answer, (value) => {
    const fields = record(value, '$', Object.keys(REFUTATION_FIELDS));
    return {
      verdict: oneOf<Refutation['verdict']>(fields['verdict'], '$.verdict', VERDICTS),
      reason: text(fields['reason'], '$.reason', 0),
      evidence: list(fields['evidence'], '$.evidence', MAX_EVIDENCE, (item, path) => {
        const { path: file, quote } = record(item, path, ['path', 'quote']);
        return { path: text(file, `${path}.path`), quote: text(quote, `${path}.quote`) };
      }),
    };
  });
}

function objectOf(properties: Fields): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties),
    properties,
  };
}
