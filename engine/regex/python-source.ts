/** Shared pieces of the Python parser: the refusal, flags, notes, and escapes. */
import { MAX_CODE_POINT, type PatternError, type Ranges } from './ast.ts';
import { negate } from './ranges.ts';
import {
  ASCII_DIGIT,
  ASCII_SPACE,
  ASCII_WORD,
  PYTHON_DIGIT,
  PYTHON_SPACE,
  PYTHON_WORD,
} from './python-unicode.ts';

/** Thrown inside the Python parser only; `parsePython` turns it into a value. */
export class Refusal extends Error {
  readonly detail: PatternError;
  constructor(detail: PatternError) {
    super(detail.message);
    this.detail = detail;
  }
}

export function refuse(offset: number, length: number, message: string, rewrite?: string): never {
  throw new Refusal({ offset, length, message, ...(rewrite === undefined ? {} : { rewrite }) });
}

export interface PythonFlags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

/** An escape: one character, or a set of them. */
export type Escape =
  | { readonly kind: 'character'; readonly codePoint: number; readonly end: number }
  | { readonly kind: 'set'; readonly ranges: Ranges; readonly end: number };

const CHARACTERS: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 0x5c],
]);

const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** What people mean by letters that Python does not know. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['z', '\\Z'],
  ['h', '[ \\t]'],
  ['R', '\\r?\\n'],
  ['p', 'an explicit class such as [A-Za-z]'],
  ['P', 'an explicit class such as [^A-Za-z]'],
  ['Q', 'the text itself, each special character after a backslash'],
  ['X', '.'],
]);

/**
 * Reads the escape whose backslash stands at `start`, as it is inside a class (`inClass`) or outside of
 * one. Assertions such as `\b` outside of a class are the caller's.
 */
export function parseEscape(
  source: string,
  start: number,
  inClass: boolean,
  flags: PythonFlags,
): Escape {
  const letter = source[start + 1];
  if (letter === undefined) {
    return refuse(
      start,
      1,
      'the pattern ends in a lone backslash',
      '"\\\\" for the character itself',
    );
  }
  const set = categoryOf(letter, flags.ascii);
  if (set !== undefined) return { kind: 'set', ranges: set, end: start + 2 };
  const simple = inClass && letter === 'b' ? 8 : CHARACTERS.get(letter);
  if (simple !== undefined) return { kind: 'character', codePoint: simple, end: start + 2 };
  const digits = HEX_DIGITS.get(letter);
  if (digits !== undefined) return hexadecimal(source, start, digits);
  if (letter === 'N') {
    return refuse(
      start,
      2,
      'characters by name ("\\N{…}") are not supported',
      '\\uXXXX or \\UXXXXXXXX',
    );
  }
  if (letter >= '0' && letter <= '9') return octal(source, start, inClass);
  if (/[A-Za-z]/.test(letter)) {
    const meant = MEANT.get(letter);
    return refuse(
      start,
      2,
      `Python knows no escape "\\${letter}"${inClass ? ' in a class' : ''}`,
      meant ?? `"${letter}" for the letter itself`,
    );
  }
  const codePoint = source.codePointAt(start + 1) ?? 0;
  return { kind: 'character', codePoint, end: start + 1 + (codePoint > 0xffff ? 2 : 1) };
}

function categoryOf(letter: string, ascii: boolean): Ranges | undefined {
  switch (letter) {
    case 'd':
      return ascii ? ASCII_DIGIT : PYTHON_DIGIT;
    case 'D':
      return negate(ascii ? ASCII_DIGIT : PYTHON_DIGIT);
    case 's':
      return ascii ? ASCII_SPACE : PYTHON_SPACE;
    case 'S':
      return negate(ascii ? ASCII_SPACE : PYTHON_SPACE);
    case 'w':
      return ascii ? ASCII_WORD : PYTHON_WORD;
    case 'W':
      return negate(ascii ? ASCII_WORD : PYTHON_WORD);
    default:
      return undefined;
  }
}

function hexadecimal(source: string, start: number, digits: number): Escape {
  const text = source.slice(start + 2, start + 2 + digits);
  if (text.length < digits || !/^[0-9A-Fa-f]+$/.test(text)) {
    return refuse(
      start,
      Math.min(2 + digits, source.length - start),
      `"${source.slice(start, start + 2 + digits)}" needs ${digits} hexadecimal digits`,
    );
  }
  const codePoint = Number.parseInt(text, 16);
  if (codePoint > MAX_CODE_POINT) {
    return refuse(
      start,
      2 + digits,
      `"${source.slice(start, start + 2 + digits)}" is above \\U0010FFFF`,
    );
  }
  return { kind: 'character', codePoint, end: start + 2 + digits };
}

/** Octal characters; outside of a class everything else that starts with a digit refers to a group. */
function octal(source: string, start: number, inClass: boolean): Escape {
  const following = source.slice(start + 1, start + 4);
  const text = (
    inClass ? /^[0-7]{1,3}/ : following.startsWith('0') ? /^0[0-7]{0,2}/ : /^[0-7]{3}/
  ).exec(following)?.[0];
  if (text === undefined) {
    const digits = /^[0-9]{1,2}/.exec(following)?.[0] ?? '';
    if (inClass)
      return refuse(start, 2, `Python knows no escape "\\${following[0] ?? ''}" in a class`);
    return refuse(
      start,
      1 + digits.length,
      `backreferences such as "\\${digits}" cannot be matched in linear time`,
      'spell out the alternatives',
    );
  }
  const codePoint = Number.parseInt(text, 8);
  if (codePoint > 0o377) {
    return refuse(start, 1 + text.length, `octal escape "\\${text}" is above \\377`);
  }
  return { kind: 'character', codePoint, end: start + 1 + text.length };
}
