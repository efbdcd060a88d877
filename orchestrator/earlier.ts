/** Findings of earlier reviews in files that changed since: how a reviewer is shown them, and what it says of each. */
import { list, Mismatch, oneOf, record, text } from './decode.ts';
import { visible } from './pack-text.ts';
import type { Redactor } from './redact.ts';

/** A finding that is not settled, in a file that is not as it was when the finding was seen last. */
export interface OpenFinding {
  /** Short, and of no other one in the same review. */
  readonly id: string;
  /** As the review names the file. */
  readonly path: string;
  /** That one, and those that the attack passes. */
  readonly files: readonly string[];
  readonly symbol: string;
  readonly category: string;
  readonly title: string;
  readonly quote: string;
}

/** In the order of how much they claim. */
const FATES = ['resolved', 'moved', 'still-there'] as const;

/** What a reviewer says of one; its quote is not checked yet. */
export interface Fate {
  readonly id: string;
  readonly fate: (typeof FATES)[number];
  /** The code as it is now; empty when it is resolved. */
  readonly quote: string;
}

/** As many are asked about in one review. */
export const MAX_OPEN = 20;
const MAX_QUOTE_LINES = 5;

const FATE_FIELDS: Readonly<Record<keyof Fate, Readonly<Record<string, unknown>>>> = {
  id: { type: 'string', description: 'The id between the brackets.' },
  fate: { type: 'string', enum: [...FATES] },
  quote: {
    type: 'string',
    description: 'Unless it is resolved, the code as it is now, copied as in findings; else empty.',
  },
};

/** The same in every request, whether or not there is anything to ask about. */
export const EARLIER_SCHEMA: Readonly<Record<string, unknown>> = {
  type: 'array',
  description: 'One entry for each of the findings to judge again; empty without any.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(FATE_FIELDS),
    properties: FATE_FIELDS,
  },
};

/** `value` undefined: the answer has none, as where nothing was asked. */
export function fatesOf(value: unknown, path: string): readonly Fate[] {
  if (value === undefined) return [];
  return list(value, path, MAX_OPEN, (item, at) => {
    const fields = record(item, at, Object.keys(FATE_FIELDS));
    const fate = oneOf<Fate['fate']>(fields['fate'], `${at}.fate`, FATES);
    const quote = text(fields['quote'], `${at}.quote`, 0);
    if (fate !== 'resolved' && quote.trim() === '')
      throw new Mismatch(`${at}.quote`, quote, 'the code as it is now');
    return { id: text(fields['id'], `${at}.id`), fate, quote };
  });
}

/** By id; of two answers about the same finding the one that finds it counts. */
export function agreed(fates: readonly Fate[]): ReadonlyMap<string, Fate> {
  const rank = ({ fate }: Fate): number => FATES.indexOf(fate);
  const byId = new Map<string, Fate>();
  for (const fate of fates) {
    const other = byId.get(fate.id);
    if (other === undefined || rank(fate) > rank(other)) byId.set(fate.id, fate);
  }
  return byId;
}

/** `[id] path in symbol, category: title`, then its code; empty when there are none. */
export function renderOpen(
  open: readonly OpenFinding[],
  redactor: Pick<Redactor, 'redact'>,
): string {
  return open
    .slice(0, MAX_OPEN)
    .flatMap(({ id, path, symbol, category, title, quote }) => [
      `[${id}] ${path}${symbol === '' ? '' : ` in ${symbol}`}, ${category}: ${title}`,
      ...quote
        .split('\n')
        .slice(0, MAX_QUOTE_LINES)
        .map((line) => `  code | ${line}`),
    ])
    .map((line) => `${visible(redactor.redact(line))}\n`)
    .join('');
}
