/** Character sets in RE2 syntax. */
import { MAX_CODE_POINT, type Ranges } from './ast.ts';
import { negate, normalize, size } from './ranges.ts';

/** Sets with more non-ASCII ranges than this take RE2 milliseconds a copy and are made coarser. */
const MAX_RANGES = 24;
/** In more copies than this a coarse set is too dear as well, and only its ASCII part is kept. */
const MAX_COPIES = 8;
/** Below this code point a coarse set stays exact: Latin-1. */
const EXACT_BELOW = 0x100;

/**
 * Blocks above Latin-1 that are mostly letters and numbers, or mostly not; each one is taken or left as a
 * whole: scripts, punctuation and symbols, radicals, CJK punctuation, CJK and Hangul, private use,
 * compatibility forms, planes 1 (symbols apart), 2 and 3.
 */
const BLOCKS: readonly (readonly [low: number, high: number])[] = [
  [0x100, 0x1fff],
  [0x2000, 0x2bff],
  [0x2c00, 0x2dff],
  [0x2e00, 0x3004],
  [0x3005, 0x3007],
  [0x3008, 0x3030],
  [0x3031, 0xa4cf],
  [0xa4d0, 0xd7ff],
  [0xd800, 0xf8ff],
  [0xf900, 0xfdff],
  [0xfe00, 0xfe6f],
  [0xfe70, 0xfefe],
  [0xfeff, 0xff0f],
  [0xff10, 0xff19],
  [0xff1a, 0xff20],
  [0xff21, 0xff3a],
  [0xff3b, 0xff40],
  [0xff41, 0xff5a],
  [0xff5b, 0xff65],
  [0xff66, 0xffdc],
  [0xffdd, 0xffff],
  [0x10000, 0x1afff],
  [0x1b000, 0x1cfff],
  [0x1d000, 0x1d3ff],
  [0x1d400, 0x1efff],
  [0x1f000, 0x1ffff],
  [0x20000, 0x3134f],
  [0x31350, MAX_CODE_POINT],
];

export interface PrintedClass {
  readonly text: string;
  /** False when the set was made coarser. */
  readonly exact: boolean;
}

/** Prints the set; `copies` is how often RE2 will copy it, from the counted repeats around it. */
export function printClass(ranges: Ranges, copies: number): PrintedClass {
  if (wide(ranges) <= MAX_RANGES) return { text: brackets(ranges), exact: true };
  return { text: brackets(copies > MAX_COPIES ? asciiOnly(ranges) : coarse(ranges)), exact: false };
}

function wide(ranges: Ranges): number {
  let count = 0;
  for (let i = 0; i + 1 < ranges.length; i += 2) if ((ranges[i + 1] ?? 0) > 0x7f) count++;
  return count;
}

/** A set that holds U+10FFFF is a complement, and keeps all of what is not ASCII. */
function asciiOnly(ranges: Ranges): Ranges {
  const ascii = clip(ranges, 0, 0x7f);
  return ranges.at(-1) === MAX_CODE_POINT ? normalize([...ascii, 0x80, MAX_CODE_POINT]) : ascii;
}

function coarse(ranges: Ranges): Ranges {
  const pairs = [...clip(ranges, 0, EXACT_BELOW - 1)];
  for (const [low, high] of BLOCKS) {
    if (size(clip(ranges, low, high)) * 2 > high - low + 1) pairs.push(low, high);
  }
  return normalize(pairs);
}

function clip(ranges: Ranges, low: number, high: number): Ranges {
  const result: number[] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const from = Math.max(ranges[i] ?? 0, low);
    const to = Math.min(ranges[i + 1] ?? 0, high);
    if (from <= to) result.push(from, to);
  }
  return result;
}

function brackets(ranges: Ranges): string {
  if (ranges.length === 0) return '[^\\x00-\\x{10FFFF}]';
  if (ranges.length === 2) {
    const [low = 0, high = 0] = ranges;
    if (low === high) return escapeRe2(low);
    if (low === 0 && high === MAX_CODE_POINT) return '(?s:.)';
  }
  const complement = negate(ranges);
  const negated = ranges[0] === 0 && ranges.at(-1) === MAX_CODE_POINT;
  let text = '';
  const shown = negated ? complement : ranges;
  for (let i = 0; i + 1 < shown.length; i += 2) {
    const low = shown[i] ?? 0;
    const high = shown[i + 1] ?? 0;
    text += escapeRe2(low);
    if (high > low) text += (high > low + 1 ? '-' : '') + escapeRe2(high);
  }
  return negated ? `[^${text}]` : `[${text}]`;
}

const CONTROLS: ReadonlyMap<number, string> = new Map([
  [9, '\\t'],
  [10, '\\n'],
  [12, '\\f'],
  [13, '\\r'],
]);

/** One character, safe inside and outside of brackets. */
export function escapeRe2(codePoint: number): string {
  const control = CONTROLS.get(codePoint);
  if (control !== undefined) return control;
  if (codePoint > 0x7e) return `\\x{${codePoint.toString(16)}}`;
  if (codePoint < 0x20) return `\\x${codePoint.toString(16).padStart(2, '0')}`;
  const character = String.fromCharCode(codePoint);
  return '\\^$.[]|()?*+{}-'.includes(character) ? `\\${character}` : character;
}
