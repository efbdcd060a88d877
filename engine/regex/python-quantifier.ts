/** Python's quantifiers. `{,3}` is 0 to 3 and `{,}` is `*`; a brace that is none is a literal. */
import { refuse } from './python-source.ts';

export interface Quantifier {
  readonly min: number;
  /** Infinity for an open repeat. */
  readonly max: number;
  readonly end: number;
}

/** Python's own bound for a repeat count. */
const MAX_REPEAT = 4_294_967_295;

/** Reads `*`, `+`, `?`, `{…}` at `start`, without a lazy or possessive mark; undefined when none stands there. */
export function readQuantifier(source: string, start: number): Quantifier | undefined {
  const operator = source[start];
  if (operator === '*') return { min: 0, max: Infinity, end: start + 1 };
  if (operator === '+') return { min: 1, max: Infinity, end: start + 1 };
  if (operator === '?') return { min: 0, max: 1, end: start + 1 };
  if (operator !== '{' || source[start + 1] === '}') return undefined;
  // No more than a window: the digits could go on for the whole pattern.
  const match = /^\{([0-9]*)(,?)([0-9]*)\}/.exec(source.slice(start, start + 40));
  if (match === null) return undefined;
  const [text, low = '', comma, high = ''] = match;
  const min = low === '' ? 0 : Number(low);
  const max = comma === '' ? min : high === '' ? Infinity : Number(high);
  if (min >= MAX_REPEAT || (max !== Infinity && max >= MAX_REPEAT)) {
    refuse(start, text.length, `repeat "${text}" is too large`);
  }
  if (max < min) refuse(start, text.length, `repeat "${text}" has its bounds the wrong way round`);
  return { min, max, end: start + text.length };
}
