/** What following values asks of a text. */
import type { FlowText } from '../flow/slice.ts';
import { tokensOf } from '../flow/tokens.ts';
import { findBytes } from '../lexer/bytes.ts';
import type { FunctionHeads } from '../lexer/function-head.ts';
import type { Statements } from '../statement/statements.ts';
import type { SlicedText } from './slices.ts';

const EQUALS = 61;
/** Nobody writes a longer name, with what stands before it. In bytes. */
const REACH_OF_NAME = 200;

/** `statements` and `heads` are of the same text, read when they are asked for. */
export function flowTextOf(
  { seen, spans, lines, language, isTemplate }: SlicedText,
  statements: () => Statements,
  heads: () => FunctionHeads,
): FlowText {
  const { length } = seen;
  return {
    language,
    end: length,
    hasOneOf: (words) => words.some((word) => findBytes(seen, 0, length, word) < length),
    tokens: (range) => tokensOf({ bytes: seen, spans, language }, range),
    upwards: (from, to) => statements().upwards(from, to),
    around: (range) => statements().around(range.start, range.end) ?? range,
    mayAssign: ({ start, end }) =>
      seen.subarray(start, Math.min(end, start + REACH_OF_NAME)).includes(EQUALS),
    isOneLine: (from, to) => lines.lineAt(from) === lines.lineAt(to),
    indentation: (offset) => (isTemplate ? 0 : heads().indentationOf(lines.lineAt(offset))),
  };
}
