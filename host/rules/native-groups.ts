/** `where` and `secret` of a rule: what is said about named groups of its patterns. */
import { groupNames } from '../../engine/regex/groups.ts';
import { KINDS_OF_EXPRESSION, type GroupCondition } from '../../engine/rule.ts';
import { describe } from './document.ts';
import { GROUP_FIELDS, MAX_ENTROPY } from './fields.ts';
import type { Reader } from './native-reader.ts';
import { nearest, quote } from './problem.ts';

const TESTS = Object.keys(GROUP_FIELDS).filter((name) => name !== 'group');

export function readWhere(
  reader: Reader,
  patterns: readonly string[],
  strict: boolean,
): readonly GroupCondition[] | undefined {
  if (!reader.fields.has('where')) return undefined;
  return reader.list('where').flatMap(({ value, reader: entry }, index): GroupCondition[] => {
    if (entry === undefined) {
      reader.error(
        'where',
        `where holds ${describe(value)} (${quote(value)}); expected {group, ${TESTS.join(', ')}}`,
        index,
      );
      return [];
    }
    entry.unknownKeys(['group', ...TESTS], strict);
    if (!TESTS.some((test) => entry.fields.has(test)))
      entry.error(undefined, `where[${index}] asks nothing; expected one of ${TESTS.join(', ')}`);
    const group = readGroup(entry, 'group', patterns, true);
    const entropy = readEntropy(entry);
    const stopWords = readStopWords(entry);
    const is = entry.oneOf('is', KINDS_OF_EXPRESSION);
    const equals = readGroup(entry, 'equals', patterns);
    const differs = readGroup(entry, 'differs', patterns);
    if (group === undefined) return [];
    return [
      {
        group,
        ...(entropy !== undefined && { entropy }),
        ...(stopWords !== undefined && { stopWords }),
        ...(is !== undefined && { is }),
        ...(equals !== undefined && { equals }),
        ...(differs !== undefined && { differs }),
      },
    ];
  });
}

/** The name of a group that every pattern has. */
export function readGroup(
  reader: Reader,
  key: string,
  patterns: readonly string[],
  required = false,
): string | undefined {
  const name = reader.text(key, { required });
  if (name === undefined) return undefined;
  for (const [index, pattern] of patterns.entries()) {
    const names = groupNames(pattern).filter((known) => known !== undefined);
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    const advice = near === undefined ? `write (?P<${name}>…) there` : `did you mean "${near}"?`;
    reader.error(key, `patterns[${index}] has no group named ${quote(name)}; ${advice}`);
  }
  return name;
}

function readEntropy(entry: Reader): number | undefined {
  const value = entry.fields.get('entropy');
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0 && value <= MAX_ENTROPY) return value;
  entry.error(
    'entropy',
    `entropy is ${describe(value)} (${quote(value)}); expected bits a byte, above 0 and at most ${MAX_ENTROPY}`,
  );
  return undefined;
}

function readStopWords(entry: Reader): readonly string[] | true | undefined {
  const value = entry.fields.get('stop-words');
  if (value === true) return true;
  if (typeof value === 'boolean')
    entry.error('stop-words', 'stop-words is false; expected a list of texts, or true');
  return typeof value === 'boolean' ? undefined : entry.texts('stop-words');
}
