/** `requires`, `unless` and `sources` of a rule: what has to stand near a match, and what may not. */
import { WITHINS, type Condition } from '../../engine/rule.ts';
import { describe } from './document.ts';
import { CONDITION_FIELDS, MAX_LINES } from './fields.ts';
import type { NativeInput } from './native-format.ts';
import type { Reader } from './native-reader.ts';
import { quote } from './problem.ts';

type PatternInput = Pick<NativeInput, 'checkPattern' | 'strict'>;

export function readConditions(
  input: PatternInput,
  reader: Reader,
  key: 'requires' | 'unless',
): readonly Condition[] {
  return reader.list(key).flatMap(({ value, reader: entry }, index): Condition[] => {
    if (entry === undefined) {
      reader.error(
        key,
        `${key} holds ${describe(value)} (${quote(value)}); expected {within, pattern}`,
        index,
      );
      return [];
    }
    entry.unknownKeys(Object.keys(CONDITION_FIELDS), input.strict);
    const within = entry.oneOf('within', WITHINS, { required: true });
    const lines = readLines(entry, within);
    const pattern = entry.text('pattern', { required: true });
    if (within === undefined || pattern === undefined) return [];
    checkPattern(input, entry, 'pattern', undefined, pattern);
    return [{ within, ...(lines === undefined ? {} : { lines }), pattern }];
  });
}

function readLines(entry: Reader, within: Condition['within'] | undefined): number | undefined {
  const value = entry.fields.get('lines');
  if (within !== 'near' && within !== 'before') {
    if (value !== undefined)
      entry.error(
        'lines',
        `lines goes with "within: near" and "within: before"; here it is "${within}"`,
      );
    return undefined;
  }
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_LINES)
    return value;
  const wanted = `"within: ${within}" needs lines, a number from 1 to ${MAX_LINES}`;
  if (value === undefined) entry.error(undefined, wanted);
  else entry.error('lines', `lines is ${describe(value)} (${quote(value)}); ${wanted}`);
  return undefined;
}

/** One of the sources has to stand in the statement of the match: a condition like others. */
export function readSources(input: PatternInput, reader: Reader): readonly Condition[] {
  const sources = reader.texts('sources');
  if (sources === undefined) return [];
  sources.forEach((source, index) => checkPattern(input, reader, 'sources', index, source));
  const pattern = sources.map((source) => `(?:${source})`).join('|');
  return [{ within: 'statement', pattern }];
}

/** Reports RE2 syntax that is wrong, with its place in the pattern and what to write instead. */
export function checkPattern(
  input: Pick<NativeInput, 'checkPattern'>,
  reader: Reader,
  key: string,
  index: number | undefined,
  pattern: string,
): void {
  const error = input.checkPattern?.(pattern);
  if (error === undefined) return;
  const shown = quote(pattern.slice(error.offset, error.offset + error.length));
  const advice = error.rewrite === undefined ? '' : `; instead: ${error.rewrite}`;
  const inList = index !== undefined && Array.isArray(reader.fields.get(key));
  reader.error(
    key,
    `${key}: ${error.message} (at character ${error.offset + 1}, ${shown})${advice}`,
    inList ? index : undefined,
    error.offset,
  );
}
