/** From a match to the bytes of the secret, and whether a value is a secret at all. */
import { decodeUtf8 } from '../engine/text/utf8.ts';
import type { Reach } from './redact-rules.ts';

export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** A secret's place; `strong` ones are so unlikely to be ordinary text that all their copies are secrets. */
export interface SecretSpan extends ByteSpan {
  readonly strong: boolean;
}

const MAX_VALUE_BYTES = 4096;
const MIN_VALUE_BYTES = 6;

/** A word without quotes is shorter than this only where everything is a value. */
const MIN_WORD_BYTES = 12;

const COLON = 0x3a;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;
const SLASH = 0x2f;
const PLUS = 0x2b;
const PARENTHESIS = 0x28;
const BACKSLASH = 0x5c;
const isLineEnd = (byte: number | undefined): boolean => byte === 10 || byte === 13;
const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09;
const isQuote = (byte: number | undefined): boolean =>
  byte === 0x22 || byte === 0x27 || byte === 0x60;

/** `isData`: in a configuration file a bare word is a value and not a variable. */
export function secretIn(
  bytes: Uint8Array,
  match: ByteSpan,
  reach: Exclude<Reach, 'key-body'>,
  isData: boolean,
): SecretSpan | undefined {
  switch (reach) {
    case 'match':
      return { ...match, strong: true };
    case 'token':
      return { ...withoutEdges(bytes, match), strong: true };
    case 'after-colon': {
      const start = bytes.indexOf(COLON, bytes.indexOf(COLON, match.start) + 1) + 1;
      return judged(bytes, { start, end: match.end - 1 }, true, 1);
    }
    case 'after-space':
      return judged(bytes, lastWord(bytes, match), isData, MIN_WORD_BYTES);
    case 'quoted':
      if (isQuestion(decodeUtf8(bytes, match.start, match.end))) return undefined;
      return judged(bytes, quotedAfter(bytes, match.end), true, MIN_VALUE_BYTES);
    case 'element':
      return judged(
        bytes,
        { start: bytes.indexOf(0x3e, match.start) + 1, end: match.end - 2 },
        true,
        MIN_VALUE_BYTES,
      );
    case 'setting':
      return judged(bytes, afterSign(bytes, match), true, 4);
    case 'after-sign':
      if (bytes[match.end] === PARENTHESIS) return undefined;
      return judged(
        bytes,
        afterSign(bytes, match),
        isData,
        isData ? MIN_VALUE_BYTES : MIN_WORD_BYTES,
      );
  }
}

/** A pattern may take the character before and behind a token along, to see that the token ends there. */
function withoutEdges(bytes: Uint8Array, { start, end }: ByteSpan): ByteSpan {
  let from = start;
  let to = end;
  if (!isTokenByte(bytes[from])) {
    from++;
    while (from < to && isContinuation(bytes[from])) from++;
  }
  const last = bytes[to - 1];
  // At the end of a line nothing behind the token is taken along, and these may be its own.
  const isOwn = (last === SLASH || last === PLUS) && (to === bytes.length || bytes[to] === NEWLINE);
  if (!isOwn && !isTokenByte(last) && last !== EQUALS) {
    to--;
    while (to > from && isContinuation(bytes[to])) to--;
  }
  return { start: from, end: to };
}

/** A byte of a UTF-8 sequence that is not its first. */
function isContinuation(byte: number | undefined): boolean {
  return ((byte ?? 0) & 0xc0) === 0x80;
}

function isTokenByte(byte: number | undefined): boolean {
  return (
    byte === 0x5f ||
    byte === 0x2d ||
    (byte !== EQUALS && byte !== SLASH && byte !== PLUS && isBase64(byte))
  );
}

/** From an opening quote to the same quote, or to the line's end where there is none. */
function quotedAfter(bytes: Uint8Array, start: number): ByteSpan {
  const quote = bytes[start - 1];
  const escaped = bytes[start - 2] === BACKSLASH;
  const most = Math.min(bytes.length, start + MAX_VALUE_BYTES);
  let end = start;
  for (; end < most && !isLineEnd(bytes[end]) && bytes[end] !== quote; end++)
    if (!escaped && bytes[end] === BACKSLASH && !isLineEnd(bytes[end + 1])) end++;
  if (escaped && bytes[end - 1] === BACKSLASH) end--;
  // Where the cap ends the value, the code point it is in goes along.
  while (end < bytes.length && isContinuation(bytes[end])) end++;
  return { start, end: Math.min(end, bytes.length) };
}

/** What follows the last blank of the match. */
function lastWord(bytes: Uint8Array, { start, end }: ByteSpan): ByteSpan {
  let from = end;
  while (from > start && !isBlank(bytes[from - 1])) from--;
  return { start: from, end };
}

/** What follows the first `=` or `:` of the match and the blanks behind it. */
function afterSign(bytes: Uint8Array, { start, end }: ByteSpan): ByteSpan {
  let from = start;
  while (from < end && bytes[from] !== EQUALS && bytes[from] !== COLON) from++;
  from++;
  while (from < end && isBlank(bytes[from])) from++;
  return { start: from, end };
}

const TAKES_SECRET = /^(?:set|put|add|equals|equalsIgnoreCase|eq|compare|compareTo|toBe|toEqual)$/i;

/** `secrets.get("name")`, `SecretKeyFactory.getInstance("PBKDF2")`: what is passed is no secret. */
function isQuestion(match: string): boolean {
  const name = match.slice(0, Math.max(0, match.indexOf('(')));
  const dot = name.lastIndexOf('.');
  return dot >= 0 && !TAKES_SECRET.test(name.slice(dot + 1).trim());
}

function judged(
  bytes: Uint8Array,
  span: ByteSpan,
  isLiteral: boolean,
  least: number,
): SecretSpan | undefined {
  const { start, end } = span;
  if (end - start < least) return undefined;
  const value = decodeUtf8(bytes, start, end);
  if (isHarmless(value)) return undefined;
  const random = isRandom(value);
  if (!isLiteral && (!random || looksLikeCode(value))) return undefined;
  return { start, end, strong: value.length >= 12 && random };
}

/** No word and no name: letters and digits with little repetition. */
function isRandom(value: string): boolean {
  return value.length >= 8 && hasDigit(value) && hasLetter(value) && entropy(value) >= 3;
}

const STAND_INS = [
  'changeme change-me change_me example placeholder your- your_ yourpass xxxx **** ....',
  'todo fixme insert- replace redacted dummy',
].flatMap((list) => list.split(' '));
const REFERENCES = [
  '${ {{ $( #{ <% %( %s %v {} process.env os.environ getenv secrets. env. vault: arn:aws:',
  'projects/',
].flatMap((list) => list.split(' '));
/** What names a secret instead of being one. */
const PLAIN_WORDS = [
  'password',
  'passwd',
  'secret',
  'token',
  'bearer',
  'string',
  'undefined',
  'required',
];

/** Stand-ins, references to a value elsewhere, names, paths and sentences. */
function isHarmless(value: string): boolean {
  const lower = value.toLowerCase().trim();
  const standIn = STAND_INS.find((word) => lower.includes(word));
  if (standIn !== undefined && !isRandom(lower.replaceAll(standIn, ''))) return true;
  if (REFERENCES.some((mark) => value.includes(mark))) return true;
  if (/^(?:https?:\/\/|\.{0,2}\/)/.test(value) && !value.includes('@')) return true;
  if (/^<[^<>]*>$/.test(value) || /^\$[A-Za-z_]/.test(value)) return true;
  if (new Set(lower).size < 4) return true;
  const words = lower.split(/[ _.:,/-]/);
  if (words.length === 1) return PLAIN_WORDS.includes(lower);
  // `access_token`, `Enter your password`: words of letters only.
  return words.every((word) => word.length < 20 && !hasDigit(word)) && isPlainCase(value);
}

function isPlainCase(value: string): boolean {
  return value
    .split(/[ _.:,/-]/)
    .every((word) => word === word.toUpperCase() || word.slice(1) === word.slice(1).toLowerCase());
}

/** `config.token2`, `user_1_token`: an expression; keys hardly ever have these shapes. */
function looksLikeCode(value: string): boolean {
  if (value.length >= 40) return false;
  return (
    value.split(/[._]/).length > 1 &&
    value.split(/[._]/).every((part) => /^[A-Za-z]*\d{0,3}$/.test(part))
  );
}

function hasDigit(value: string): boolean {
  return /\d/.test(value);
}

function hasLetter(value: string): boolean {
  return /[A-Za-z]/.test(value);
}

/** Bits a character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const unit of value) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / value.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

const KEY_END = [0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x45, 0x4e, 0x44];
const MAX_KEY_BYTES = 16_384;
/** No identifier is so long. */
const LONG_RUN = 40;

/**
 * Runs of key material from the end of a header to the key's end, or for 16 KiB where none follows. Only
 * what reads as base64 counts: a header alone must not hide code from the review.
 */
export function keyBody(bytes: Uint8Array, from: number): { spans: SecretSpan[]; end: number } {
  const spans: SecretSpan[] = [];
  const most = Math.min(bytes.length, from + MAX_KEY_BYTES);
  let at = from;
  while (at < most) {
    if (KEY_END.every((byte, i) => bytes[at + i] === byte)) break;
    if (!isBase64(bytes[at])) {
      at++;
      continue;
    }
    const start = at;
    while (at < bytes.length && isBase64(bytes[at])) at++;
    if (at - start >= LONG_RUN || standsAlone(bytes, start, at))
      spans.push({ start, end: at, strong: at - start >= LONG_RUN });
  }
  return { spans, end: at };
}

/** The last line of a key is short, but nothing else is on it: quotes and what joins strings aside. */
function standsAlone(bytes: Uint8Array, start: number, end: number): boolean {
  const closing = bytes[end];
  if (end - start < 2) return false;
  if (closing !== undefined && !isLineEnd(closing) && !isQuote(closing) && closing !== BACKSLASH)
    return false;
  if (bytes[start - 1] === BACKSLASH) return true;
  for (let i = start - 1; i >= start - MAX_INDENT; i--) {
    const byte = bytes[i];
    if (byte === undefined || isLineEnd(byte)) return true;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x2b && !isQuote(byte)) return false;
  }
  return false;
}

const MAX_INDENT = 64;

function isBase64(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (
    (lower >= 0x61 && lower <= 0x7a) ||
    (byte >= 0x2f && byte <= 0x39) ||
    byte === 0x2b ||
    byte === 0x3d
  );
}
