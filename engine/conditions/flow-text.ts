/** What following values asks of a text. */
import type { FlowText } from '../flow/slice.ts';
import { latin1, tokensOf } from '../flow/tokens.ts';
import { enclosingBlock } from '../lexer/block.ts';
import { findBytes, isSpace, isWord } from '../lexer/bytes.ts';
import type { FunctionHeads } from '../lexer/function-head.ts';
import { once } from '../once.ts';
import type { ByteRange } from '../re2/instance.ts';
import type { Statements } from '../statement/statements.ts';
import type { SlicedText } from './slices.ts';

const EQUALS = 61;
const OPENING = 123;
/** Nobody writes a longer name, with what stands before it. In bytes. */
const REACH_OF_NAME = 200;

/** Where types, and schemas, are named that a text defines. */
const DEFINED =
  /\b(?:class|struct|record|type|enum)\s+(?<type>[A-Z]\w*)|\b(?<schema>\w+)\s*=\s*\w+\.(?:strictO|o)bject\b/g;

function typesIn(bytes: Uint8Array): ReadonlyMap<string, readonly number[]> {
  const types = new Map<string, number[]>();
  for (const { 0: all, index, groups = {} } of latin1(bytes, 0, bytes.length).matchAll(DEFINED)) {
    const { type, schema } = groups;
    const name = type ?? schema ?? '';
    const place = schema === undefined ? index + all.length - name.length : index;
    const places = types.get(name);
    if (places === undefined) types.set(name, [place]);
    else places.push(place);
  }
  return types;
}

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
    types: once(() => typesIn(seen)),
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
