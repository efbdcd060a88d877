/** Tells whether a statement goes on over a newline that stands outside of brackets. */
import { BACKSLASH, BACKTICK, byteSet, isBlank } from '../lexer/bytes.ts';
import type { StatementStyle } from './style.ts';

/** At a line's end these ask for more. */
const ASKS: ReadonlySet<number> = byteSet(',=+-%^');
const BLANK_AFTER: ReadonlySet<number> = byteSet('+-*%^:');
const GOES_ON: ReadonlySet<number> = byteSet('.?,=)]');
const AND = 38;
const OR = 124;
const DOT = 46;
const COMMA = 44;
const EQUALS = 61;
const GREATER = 62;
const STAR = 42;

/**
 * `before` is the last byte of code or string before the newline, `next` the first after it, blanks left
 * out; -1 and the text's length where there is none.
 */
export function goesOn(
  bytes: Uint8Array,
  before: number,
  next: number,
  newline: StatementStyle['newline'],
): boolean {
  if (newline === 'never') return true;
  const last = bytes[before] ?? 0;
  const other = bytes[before - 1] ?? 0;
  const isDouble = other === last && before > 0;
  if (last === BACKSLASH || ((last === AND || last === OR) && isDouble)) return true;
  if (newline === 'marked') return last === OR || last === BACKTICK || last === COMMA;
  // `i++` is over; so is `import a.*`.
  if (ASKS.has(last)) return last === COMMA || !isDouble;
  if (last === DOT || (last === GREATER && other === EQUALS)) return true;
  if (last === STAR) return other !== DOT;
  const first = bytes[next] ?? 0;
  const second = bytes[next + 1] ?? 0;
  if (first === AND || first === OR) return second === first;
  return GOES_ON.has(first) || (BLANK_AFTER.has(first) && isBlank(second));
}
