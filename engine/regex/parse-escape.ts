/** RE2's character escapes, outside and inside of brackets. */
import { MAX_CODE_POINT, type PatternError } from './ast.ts';

export type EscapeResult =
  | { readonly ok: true; readonly codePoint: number; readonly end: number }
  | { readonly ok: false; readonly error: PatternError };

const SIMPLE: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** Reads the escape whose backslash stands at `start`. */
export function parseEscape(source: string, start: number): EscapeResult {
  const next = source[start + 1];
  if (next === undefined)
    return refuse(
      start,
      1,
      'the pattern ends in a lone backslash',
      '"\\\\" for the character itself',
    );
  const simple = SIMPLE[next];
  if (simple !== undefined) return { ok: true, codePoint: simple, end: start + 2 };
  if (next === 'x') return hexadecimal(source, start);
  const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(source.slice(start + 1, start + 4));
  if (octal !== null)
    return { ok: true, codePoint: Number.parseInt(octal[0], 8), end: start + 1 + octal[0].length };
  if (next >= '1' && next <= '9') {
    return refuse(
      start,
      2,
      `RE2 has no backreferences such as "\\${next}"`,
      'spell out the alternatives',
    );
  }
  if (/[A-Za-z0-9]/.test(next)) {
    return refuse(
      start,
      2,
      `unknown escape "\\${next}"`,
      next === 'Z' ? '"\\z" for the end of the text' : `"${next}" for the letter itself`,
    );
  }
  const codePoint = source.codePointAt(start + 1) ?? 0;
  return { ok: true, codePoint, end: start + 1 + (codePoint > 0xffff ? 2 : 1) };
}

function hexadecimal(source: string, start: number): EscapeResult {
  const braced = /^\{([0-9A-Fa-f]{1,8})\}/.exec(source.slice(start + 2, start + 13));
  const digits = braced?.[1] ?? /^[0-9A-Fa-f]{2}/.exec(source.slice(start + 2, start + 4))?.[0];
  const end = start + 2 + (braced?.[0] ?? digits ?? '').length;
  const codePoint = digits === undefined ? Infinity : Number.parseInt(digits, 16);
  if (codePoint > MAX_CODE_POINT) {
    return refuse(
      start,
      Math.max(end - start, 2),
      `"${source.slice(start, Math.max(end, start + 4))}" names no character; write \\x41 or \\x{1F600}`,
    );
  }
  return { ok: true, codePoint, end };
}

function refuse(offset: number, length: number, message: string, rewrite?: string): EscapeResult {
  return {
    ok: false,
    error: { offset, length, message, ...(rewrite === undefined ? {} : { rewrite }) },
  };
}
