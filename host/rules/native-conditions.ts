/** Patterns of a rule, and its `requires`, `unless` and `sources`: what has to stand near a match, and what may not. */
import { WITHINS, type Condition } from '../../engine/rule.ts';
import { describe } from './document.ts';
import { CONDITION_FIELDS, MAX_LINES, VALUE_FIELDS } from './fields.ts';
import { expandPattern, type NamedPatterns } from './named-patterns.ts';
import { type NamedSources, readGroup, readWhere } from './native-groups.ts';
import type { NativeInput } from './native-format.ts';
import type { FieldOptions, Reader } from './native-reader.ts';
import { quote } from './problem.ts';

export interface PatternInput extends Pick<NativeInput, 'checkPattern' | 'strict'> {
  readonly names: NamedPatterns;
}

export function readConditions(
  input: PatternInput,
  reader: Reader,
  key: 'requires' | 'unless',
  compared: NamedSources,
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
    entry.unknownKeys(Object.keys({ ...CONDITION_FIELDS, ...VALUE_FIELDS }), input.strict);
    const within = entry.oneOf('within', WITHINS, { required: true });
    const lines = readLines(entry, within);
    const of = readOf(entry, within, compared);
    const is = readIs(entry, within, key);
    const written = is === undefined ? entry.text('pattern', { required: true }) : '';
    if (within === undefined || written === undefined) return [];
    const pattern =
      is === undefined ? readPattern(input, entry, 'pattern', undefined, written) : '';
    const without = readWithout(input, entry, within);
    const own = new Map([['the condition', pattern]]);
    const where = readWhere(entry, { own, compared, strict: input.strict });
    return [
      {
        within,
        ...(lines === undefined ? {} : { lines }),
        ...(of === undefined ? {} : { of }),
        ...(is === undefined ? {} : { is }),
        pattern,
        ...(without === undefined ? {} : { without }),
        ...(where === undefined ? {} : { where }),
      },
    ];
  });
}

function readLines(entry: Reader, within: Condition['within'] | undefined): number | undefined {
  const value = entry.fields.get('lines');
  if (within !== 'near' && within !== 'before' && within !== 'flow') {
    if (value !== undefined)
      entry.error(
        'lines',
        `lines goes with "within: near", "within: before" and "within: flow"; here it is "${within}"`,
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

/** What makes a value safe that is followed. */
function readWithout(
  input: PatternInput,
  entry: Reader,
  within: Condition['within'],
): readonly string[] | undefined {
  if (within === 'flow') return readPatterns(input, entry, 'without');
  if (entry.fields.has('without'))
    entry.error('without', `without goes with "within: flow"; here it is "${within}"`);
  return undefined;
}

/** The group whose value is followed. */
function readOf(
  entry: Reader,
  within: Condition['within'] | undefined,
  patterns: NamedSources,
): string | undefined {
  if (within === 'flow') return readGroup(entry, 'of', patterns, !entry.fields.has('is'));
  if (entry.fields.has('of'))
    entry.error('of', `of goes with "within: flow"; here it is "${within}"`);
  return undefined;
}

/** Whether a value is asked for that is no constant. */
function readIs(
  entry: Reader,
  within: Condition['within'] | undefined,
  key: 'requires' | 'unless',
): Condition['is'] {
  const is = entry.oneOf('is', ['variable'] as const);
  if (!entry.fields.has('is')) return undefined;
  if (within !== 'flow' || key !== 'requires')
    entry.error(
      'is',
      `is goes with "within: flow" in requires; here it is "${within ?? ''}" in ${key}`,
    );
  for (const other of ['pattern', 'where'])
    if (entry.fields.has(other))
      entry.error(other, `${other} does not go with "is: variable"; leave one of them out`);
  return is;
}

/** One of the sources has to stand in the statement of the match: a condition like others. */
export function readSources(input: PatternInput, reader: Reader): readonly Condition[] {
  const sources = readPatterns(input, reader, 'sources');
  if (sources === undefined) return [];
  const pattern = sources.map((source) => `(?:${source})`).join('|');
  return [{ within: 'statement', pattern }];
}

/** A list of patterns, or one. */
export function readPatterns(
  input: PatternInput,
  reader: Reader,
  key: string,
  options?: FieldOptions,
): readonly string[] | undefined {
  return reader
    .texts(key, options)
    ?.map((written, index) => readPattern(input, reader, key, index, written));
}

/**
 * A pattern with what its names stand for. Reports RE2 syntax that is wrong, with its place in what was written and what to
 * write instead.
 */
export function readPattern(
  { checkPattern, names }: Pick<PatternInput, 'checkPattern' | 'names'>,
  reader: Reader,
  key: string,
  index: number | undefined,
  written: string,
): string {
  const expanded = expandPattern(written, names);
  const error = expanded.ok ? checkPattern?.(expanded.pattern) : expanded.error;
  const { pattern, writtenAt } = expanded.ok
    ? expanded
    : { pattern: written, writtenAt: (offset: number) => offset };
  if (error === undefined) return pattern;
  const shown = quote(pattern.slice(error.offset, error.offset + error.length));
  const advice = error.rewrite === undefined ? '' : `; instead: ${error.rewrite}`;
  const inList = index !== undefined && Array.isArray(reader.fields.get(key));
  const offset = writtenAt(error.offset);
  reader.error(
    key,
    `${key}: ${error.message} (at character ${offset + 1}, ${shown})${advice}`,
    inList ? index : undefined,
    offset,
  );
  return pattern;
}
