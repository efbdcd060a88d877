/** What following values asks of a text. */
import type { FlowText } from '../flow/slice.ts';
import { tokensOf } from '../flow/tokens.ts';
import { enclosingBlock } from '../lexer/block.ts';
import { findBytes, isSpace, isWord } from '../lexer/bytes.ts';
import type { FunctionHeads } from '../lexer/function-head.ts';
import type { ByteRange } from '../re2/instance.ts';
import type { Statements } from '../statement/statements.ts';
import type { SlicedText } from './slices.ts';

const EQUALS = 61;
const OPENING = 123;
/** Nobody writes a longer name, with what stands before it. In bytes. */
const REACH_OF_NAME = 200;

/** `statements` and `heads` are of the same text, read when they are asked for. */
export function flowTextOf(
  { seen, spans, lines, language, isTemplate }: SlicedText,
  statements: () => Statements,
  heads: () => FunctionHeads,
): FlowText {
  const { length } = seen;
  const placesOf = (word: string, most: number): readonly number[] | undefined => {
    const places: number[] = [];
    for (let at = findBytes(seen, 0, length, word); at < length;) {
      const end = at + word.length;
      if (!isWord(seen[at - 1] ?? 0) && !isWord(seen[end] ?? 0)) places.push(at);
      if (places.length > most) return undefined;
      at = findBytes(seen, end, length, word);
    }
    return places;
  };
  const blockBelow = ({ end }: ByteRange): ByteRange => {
    let at = end;
    while (seen[end - 1] !== OPENING && isSpace(seen[at] ?? 0)) at++;
    return enclosingBlock(seen, spans, at, language);
  };
  return {
    language,
    end: length,
    hasOneOf: (words) => words.some((word) => findBytes(seen, 0, length, word) < length),
    placesOf,
    blockBelow,
    tokens: (range) => tokensOf({ bytes: seen, spans, language }, range),
    upwards: (from, to) => statements().upwards(from, to),
    around: (range) => statements().around(range.start, range.end) ?? range,
    mayAssign: ({ start, end }) =>
      seen.subarray(start, Math.min(end, start + REACH_OF_NAME)).includes(EQUALS),
    isOneLine: (from, to) => lines.lineAt(from) === lines.lineAt(to),
    indentation: (offset) => (isTemplate ? 0 : heads().indentationOf(lines.lineAt(offset))),
  };
}
