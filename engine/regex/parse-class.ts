/** RE2's character classes: `[…]`, `\d`, `\pL`, `[[:alpha:]]`. */
import type { Node, PatternError } from './ast.ts';
import { fold } from './fold.ts';
import { parseEscape } from './parse-escape.ts';
import { ANY, DIGIT, negate, normalize, SPACE, WORD } from './ranges.ts';

export type ClassNode = Extract<Node, { kind: 'class' }>;
export type ClassResult =
  | { readonly ok: true; readonly node: ClassNode; readonly end: number }
  | { readonly ok: false; readonly error: PatternError };

const PERL: Readonly<Record<string, readonly number[]>> = {
  d: DIGIT,
  D: negate(DIGIT),
  s: SPACE,
  S: negate(SPACE),
  w: WORD,
  W: negate(WORD),
};

const POSIX: Readonly<Record<string, readonly number[]>> = {
  alnum: [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a],
  alpha: [0x41, 0x5a, 0x61, 0x7a],
  ascii: [0, 0x7f],
  blank: [9, 9, 0x20, 0x20],
  cntrl: [0, 0x1f, 0x7f, 0x7f],
  digit: DIGIT,
  graph: [0x21, 0x7e],
  lower: [0x61, 0x7a],
  print: [0x20, 0x7e],
  punct: [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e],
  space: [9, 13, 0x20, 0x20],
  upper: [0x41, 0x5a],
  word: WORD,
  xdigit: [0x30, 0x39, 0x41, 0x46, 0x61, 0x66],
};

function refuse(offset: number, length: number, message: string, rewrite?: string): ClassResult {
  return {
    ok: false,
    error: { offset, length, message, ...(rewrite === undefined ? {} : { rewrite }) },
  };
}

/** Reads `\d`, `\pL`, `\p{Greek}` at `start`; undefined when the escape is none of them. */
export function parseEscapedClass(source: string, start: number): ClassResult | undefined {
  const next = source[start + 1] ?? '';
  const perl = PERL[next];
  if (perl !== undefined)
    return { ok: true, node: { kind: 'class', ranges: perl, approximate: false }, end: start + 2 };
  if (next !== 'p' && next !== 'P') return undefined;
  const name = /^(?:\{\^?[A-Za-z_]+\}|[A-Z])/.exec(source.slice(start + 2, start + 60));
  if (name === null)
    return refuse(start, 2, `"\\${next}" needs a Unicode class`, '"\\pL" or "\\p{Greek}"');
  // Not enumerated: RE2 knows the members, analysis only needs a superset.
  return {
    ok: true,
    node: { kind: 'class', ranges: ANY, approximate: true },
    end: start + 2 + name[0].length,
  };
}

/** Reads the bracket expression that opens at `start`. */
export function parseClass(source: string, start: number, foldCase: boolean): ClassResult {
  let position = start + 1;
  const negated = source[position] === '^';
  if (negated) position++;
  const pairs: number[] = [];
  let approximate = false;
  let first = true;
  while (first || source[position] !== ']') {
    if (position >= source.length)
      return refuse(
        start,
        1,
        'this "[" is never closed',
        'add "]", or write "\\[" for the character',
      );
    const item = classItem(source, position, first);
    if (!item.ok) return item;
    first = false;
    approximate ||= item.node.approximate;
    pairs.push(...item.node.ranges);
    position = item.end;
  }
  const plain = normalize(pairs);
  const folded = foldCase ? fold(plain) : { ranges: plain, approximate: false };
  approximate ||= folded.approximate;
  // The complement of a superset would be a subset, so an approximate negation widens to everything.
  const ranges = !negated ? folded.ranges : approximate ? ANY : negate(folded.ranges);
  return { ok: true, node: { kind: 'class', ranges, approximate }, end: position + 1 };
}

function classItem(source: string, position: number, first: boolean): ClassResult {
  const posix = /^\[:(\^?)([a-z]+):\]/.exec(source.slice(position, position + 20));
  if (posix !== null) {
    const members = POSIX[posix[2] ?? ''];
    if (members === undefined)
      return refuse(
        position,
        posix[0].length,
        `unknown class "${posix[0]}"`,
        Object.keys(POSIX).join(', '),
      );
    const ranges = posix[1] === '^' ? negate(members) : members;
    return {
      ok: true,
      node: { kind: 'class', ranges, approximate: false },
      end: position + posix[0].length,
    };
  }
  if (source[position] === '\\') {
    const escaped = parseEscapedClass(source, position);
    if (escaped !== undefined) return escaped;
  }
  // RE2 takes a "-" literally only first or last in the class.
  if (
    source[position] === '-' &&
    !first &&
    source[position + 1] !== ']' &&
    position + 1 < source.length
  ) {
    const next = source[position + 1];
    if (next !== '-')
      return refuse(
        position,
        1,
        'a "-" in the middle of a class is no range here',
        'write "\\-", or move it to the end',
      );
  }
  const low = member(source, position);
  if (!low.ok) return low;
  if (source[low.end] !== '-' || source[low.end + 1] === ']' || low.end + 1 >= source.length) {
    return {
      ok: true,
      node: { kind: 'class', ranges: [low.codePoint, low.codePoint], approximate: false },
      end: low.end,
    };
  }
  const high = member(source, low.end + 1);
  if (!high.ok) return high;
  if (high.codePoint < low.codePoint) {
    return refuse(
      position,
      high.end - position,
      `range "${source.slice(position, high.end)}" has its ends the wrong way round`,
    );
  }
  return {
    ok: true,
    node: { kind: 'class', ranges: [low.codePoint, high.codePoint], approximate: false },
    end: high.end,
  };
}

type Member =
  | { readonly ok: true; readonly codePoint: number; readonly end: number }
  | { readonly ok: false; readonly error: PatternError };

function member(source: string, position: number): Member {
  if (source[position] === '\\') return parseEscape(source, position);
  const codePoint = source.codePointAt(position) ?? 0;
  return { ok: true, codePoint, end: position + (codePoint > 0xffff ? 2 : 1) };
}
