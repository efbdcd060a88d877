/** RE2's repetition operators: `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`. */
import type { PatternError } from './ast.ts';

export type RepeatResult =
  | { readonly ok: true; readonly min: number; readonly max: number; readonly end: number }
  | { readonly ok: false; readonly error: PatternError };

/** RE2 refuses repeats above this count. */
const MAX_REPEAT = 1000;

/** Reads the operator at `position`; undefined when there is none. */
export function readRepeat(source: string, position: number): RepeatResult | undefined {
  const operator = source[position];
  if (operator === '*' || operator === '+' || operator === '?') {
    const min = operator === '+' ? 1 : 0;
    return { ok: true, min, max: operator === '?' ? 1 : Infinity, end: position + 1 };
  }
  if (operator !== '{') return undefined;
  // RE2 takes a brace that is not a well-formed repeat as a literal; a leading zero is not well-formed.
  const match = /^\{(0|[1-9]\d{0,8})(,(0|[1-9]\d{0,8})?)?\}/.exec(
    source.slice(position, position + 24),
  );
  if (match === null) return undefined;
  const text = match[0];
  const refuse = (message: string, rewrite?: string): RepeatResult => ({
    ok: false,
    error: {
      offset: position,
      length: text.length,
      message,
      ...(rewrite === undefined ? {} : { rewrite }),
    },
  });
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : match[3] === undefined ? Infinity : Number(match[3]);
  if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) {
    return refuse(
      `repeat "${text}" is above RE2's limit of ${MAX_REPEAT}`,
      'use "*" or "+", or a smaller count',
    );
  }
  if (max < min) return refuse(`repeat "${text}" has its bounds the wrong way round`);
  return { ok: true, min, max, end: position + text.length };
}
