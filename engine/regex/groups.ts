/** The capturing groups of a pattern. */

/** An escape, quoted text, a class, the begin of a group: with the name that it has. */
const PIECE =
  /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]|\((?:\?P?<(?<name>\w+)>|(?<other>\?))?/g;

/**
 * Names of the groups of a good pattern in the order in which RE2 counts them, undefined for those without. The text tells
 * it: to parse a long pattern takes longer than most searches with it.
 */
export function groupNames(source: string): readonly (string | undefined)[] {
  const names: (string | undefined)[] = [];
  for (const { 0: piece, groups } of source.matchAll(PIECE))
    if (piece.startsWith('(') && groups?.['other'] === undefined) names.push(groups?.['name']);
  return names;
}
