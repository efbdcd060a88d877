/** Matches of rules in one text, and the order of what is made of them. */
import type { Finding } from './finding.ts';
import type { ByteRange } from './re2/instance.ts';
import type { GroupRange } from './where/where.ts';

/** A match of a rule, by the rule's index in the set. */
export interface Hit {
  readonly rule: number;
  readonly range: ByteRange;
  /** What of it is a secret. */
  readonly secret?: ByteRange;
  /** Its named groups, where the rule asks for any. */
  readonly group?: GroupRange;
}

/** Patterns of one rule may match the same place: the first match there stands for all that overlap it. */
export function distinct(hits: readonly Hit[]): Hit[] {
  const sorted = [...hits].sort(
    (a, b) => a.rule - b.rule || a.range.start - b.range.start || b.range.end - a.range.end,
  );
  const kept: Hit[] = [];
  for (const hit of sorted) {
    const last = kept.at(-1);
    const overlaps =
      last?.rule === hit.rule &&
      (hit.range.start < last.range.end || hit.range.start === last.range.start);
    if (!overlaps) kept.push(hit);
  }
  return kept;
}

/** Order of findings in a result. */
export function byPosition(a: Finding, b: Finding): number {
  return (
    a.start.offset - b.start.offset || (a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0)
  );
}
