/** Decides what a rule says in `where` about the groups of a match. */
import type { LanguageId } from '../language.ts';
import type { Spans } from '../lexer/spans.ts';
import type { ByteRange, Match } from '../re2/instance.ts';
import type { GroupCondition } from '../rule.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { isConstant } from './constant.ts';
import { entropyOf } from './entropy.ts';
import { isPlaceholder } from './placeholder.ts';

export interface WhereText {
  readonly bytes: Uint8Array;
  readonly language: LanguageId | undefined;
  readonly spans: () => Spans;
}

/** The range of a named group; undefined when it took no part in the match. */
export type GroupRange = (name: string) => ByteRange | undefined;

/** Of a match of a pattern whose groups have these names. */
export function groupsIn(
  { groups }: Match,
  names: readonly (string | undefined)[] | undefined,
): GroupRange {
  return (name) => groups?.[names?.indexOf(name) ?? -1];
}

/** Whether all conditions hold. One about a group that took no part does not. */
export function groupsHold(
  conditions: readonly GroupCondition[],
  rangeOf: GroupRange,
  text: WhereText,
): boolean {
  return conditions.every((condition) => holds(condition, rangeOf, text));
}

function holds(condition: GroupCondition, rangeOf: GroupRange, text: WhereText): boolean {
  const { bytes, language, spans } = text;
  const range = rangeOf(condition.group);
  if (range === undefined) return false;
  const own = bytes.subarray(range.start, range.end);
  const { entropy, stopWords, is, equals, differs } = condition;
  if (entropy !== undefined && entropyOf(own) < entropy) return false;
  if (stopWords !== undefined && hasStopWord(decodeUtf8(own), stopWords)) return false;
  if (is !== undefined && isConstant(bytes, spans(), range, language) !== (is === 'constant'))
    return false;
  const isSameAs = (name: string): boolean | undefined => {
    const other = rangeOf(name);
    return other && isEqual(own, bytes.subarray(other.start, other.end));
  };
  if (equals !== undefined && isSameAs(equals) !== true) return false;
  return differs === undefined || isSameAs(differs) === false;
}

function hasStopWord(value: string, words: readonly string[] | true): boolean {
  if (words === true) return isPlaceholder(value);
  const folded = value.toLowerCase();
  return words.some((word) => folded.includes(word.toLowerCase()));
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
