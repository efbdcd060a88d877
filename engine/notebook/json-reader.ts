/**
 * Reads JSON text front to back, without building values. It never throws, it accepts what lenient parsers
 * accept (`NaN`, line breaks in strings, a comma too many), and stays where it met something else.
 */
import { BACKSLASH, DOUBLE_QUOTE, isLetter, isSpace, standsAt } from '../lexer/bytes.ts';

/** Half-open byte range. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const COMMA = 44;
const COLON = 58;
const WORDS = ['true', 'false', 'null', 'NaN', 'Infinity', '-Infinity'];

/** Methods that read a value return false at the first syntax error and leave `at` before it. */
export class JsonReader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next byte that is no white space; 0 at the end. */
  peek(): number {
    while (this.at < this.#bytes.length && isSpace(this.#bytes[this.at] ?? 0)) this.at += 1;
    return this.#bytes[this.at] ?? 0;
  }

  /** The inside of a string, its escapes not decoded; one without a closing quote goes to the end. */
  string(): Range | undefined {
    if (this.peek() !== DOUBLE_QUOTE) return undefined;
    const bytes = this.#bytes;
    const start = this.at + 1;
    // Outputs hold pictures as text: the quote is looked for by the host, which is faster than a loop here.
    let end = bytes.indexOf(DOUBLE_QUOTE, start);
    while (end > start && isEscaped(bytes, start, end)) end = bytes.indexOf(DOUBLE_QUOTE, end + 1);
    if (end < 0) end = bytes.length;
    this.at = Math.min(end + 1, bytes.length);
    return { start, end };
  }

  /** Hands each key to `onMember`, which reads the value. */
  object(onMember: (key: Range) => boolean): boolean {
    if (!this.#take(123)) return false;
    while (!this.#take(125)) {
      if (this.#take(COMMA)) continue;
      const key = this.string();
      if (key === undefined || !this.#take(COLON) || !onMember(key)) return false;
    }
    return true;
  }

  /** Lets `onItem` read each item. */
  array(onItem: () => boolean): boolean {
    if (!this.#take(91)) return false;
    while (!this.#take(93)) {
      if (this.#take(COMMA)) continue;
      if (!onItem()) return false;
    }
    return true;
  }

  /** Passes one value. Levels are counted, so that depth costs nothing. */
  skip(): boolean {
    let depth = 0;
    do {
      const byte = this.peek();
      if (byte === 123 || byte === 91) depth += 1;
      else if (byte === 125 || byte === 93) depth -= 1;
      if (depth < 0) return false;
      if (byte === DOUBLE_QUOTE) this.string();
      else if (isPunctuation(byte)) this.at += 1;
      else if (!this.#scalar()) return false;
    } while (depth > 0);
    return true;
  }

  #take(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at += 1;
    return true;
  }

  #scalar(): boolean {
    const bytes = this.#bytes;
    const word = WORDS.find((each) => standsAt(bytes, this.at, bytes.length, each));
    let end = this.at + (word?.length ?? 0);
    if (word === undefined) while (isNumeric(bytes[end] ?? 0)) end += 1;
    if (end === this.at || isLetter(bytes[end] ?? 0)) return false;
    this.at = end;
    return true;
  }
}

/** Whether an odd number of backslashes stands between `start` and `at`, directly before `at`. */
function isEscaped(bytes: Uint8Array, start: number, at: number): boolean {
  let first = at;
  while (first > start && bytes[first - 1] === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}

function isPunctuation(byte: number): boolean {
  return (
    byte === 123 || byte === 125 || byte === 91 || byte === 93 || byte === COMMA || byte === COLON
  );
}

/** Of numbers: digits, signs, the point and the exponent. */
function isNumeric(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    byte === 43 ||
    byte === 45 ||
    byte === 46 ||
    byte === 69 ||
    byte === 101
  );
}
