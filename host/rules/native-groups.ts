/** `where` and `secret` of a rule, and `where` of its conditions: what is said about named groups. */
import { groupNames } from '../../engine/regex/groups.ts';
import { KINDS_OF_EXPRESSION, type GroupCondition } from '../../engine/rule.ts';
import { describe } from './document.ts';
import { GROUP_FIELDS, MAX_ENTROPY } from './fields.ts';
import type { Reader } from './native-reader.ts';
import { nearest, quote } from './problem.ts';

const TESTS = Object.keys(GROUP_FIELDS).filter((name) => name !== 'group');

/** Patterns by what a problem calls them. */
export type NamedSources = ReadonlyMap<string, string>;

export interface GroupSources {
  /** All have the group that is asked about. */
  readonly own: NamedSources;
  /** Of a condition: the rule's patterns, whose groups it may compare its own with. */
  readonly compared?: NamedSources;
  readonly strict: boolean;
}

export function patternSources(patterns: readonly string[] = []): NamedSources {
  return new Map(patterns.map((pattern, index) => [`patterns[${index}]`, pattern]));
}

export function readWhere(
  reader: Reader,
  { own, compared, strict }: GroupSources,
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
    const group = readGroup(entry, 'group', own, true);
    const entropy = readEntropy(entry);
    const stopWords = readStopWords(entry);
    const is = entry.oneOf('is', KINDS_OF_EXPRESSION);
    const other = (key: 'equals' | 'differs'): string | undefined =>
      compared === undefined
        ? readGroup(entry, key, own)
        : readCompared(entry, key, { own, compared });
    const equals = other('equals');
    const differs = other('differs');
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
  sources: NamedSources,
  required = false,
): string | undefined {
  const name = reader.text(key, { required });
  if (name === undefined) return undefined;
  for (const [source, pattern] of sources) {
    const names = namesOf(pattern);
    if (!names.includes(name))
      reader.error(key, `${source} has no group named ${quote(name)}; ${adviceOn(name, names)}`);
  }
  return name;
}

/** The name of a group of a condition's pattern, or of one that every pattern of the rule has, not of both. */
function readCompared(
  reader: Reader,
  key: string,
  { own, compared }: Required<Omit<GroupSources, 'strict'>>,
): string | undefined {
  const name = reader.text(key);
  if (name === undefined) return undefined;
  const names = [...own.values()].flatMap(namesOf);
  const has = ([, pattern]: [string, string]): boolean => namesOf(pattern).includes(name);
  const holder = [...compared].find(has);
  if (names.includes(name)) {
    if (holder !== undefined)
      reader.error(
        key,
        `the condition and ${holder[0]} both have a group named ${quote(name)}; give one of them another name`,
      );
    return name;
  }
  const lacking = [...compared].find((source) => !has(source));
  if (lacking === undefined) return name;
  const known = [...names, ...namesOf(lacking[1])];
  const both =
    holder === undefined ? `neither the condition nor ${lacking[0]} has a` : `${lacking[0]} has no`;
  reader.error(key, `${both} group named ${quote(name)}; ${adviceOn(name, known)}`);
  return name;
}

function namesOf(pattern: string): string[] {
  return groupNames(pattern).filter((name) => name !== undefined);
}

function adviceOn(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? `write (?P<${name}>…) there` : `did you mean "${near}"?`;
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
