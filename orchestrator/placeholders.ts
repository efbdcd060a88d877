/**
 * Stand-ins for secrets. One is a keyed digest of its secret: the same in every turn of a session without
 * anything being stored, and worthless to who has not the key. What it stands for is kept in memory only.
 */

/** No part of it can begin inside a placeholder, so original text and placeholders never run together. */
export const PLACEHOLDER_PREFIX = 'SG_REDACTED_';
const DIGEST_LENGTH = 16;

/** Hexadecimal digest of a text, at least 16 digits, keyed with a random value of the session. */
export type KeyedDigest = (text: string) => string;

export interface Placeholders {
  /**
   * `SG_REDACTED_<kind>_<16 hex digits>`; `kind` is lower-case letters and `-`, and the first one that a
   * secret came with stays.
   */
  of(kind: string, secret: string): string;
  /** Text with every placeholder that this map made put back; what it did not make stays as it is. */
  restore(text: string): string;
}

export function createPlaceholders(digest: KeyedDigest): Placeholders {
  const bySecret = new Map<string, string>();
  const byDigits = new Map<string, string>();
  return {
    of(kind, secret) {
      const known = bySecret.get(secret);
      if (known !== undefined) return known;
      const digits = freshDigits(digest, secret, byDigits);
      const placeholder = `${PLACEHOLDER_PREFIX}${kind}_${digits}`;
      bySecret.set(secret, placeholder);
      byDigits.set(digits, secret);
      return placeholder;
    },
    restore: (text) => restore(text, byDigits),
  };
}

function freshDigits(
  digest: KeyedDigest,
  secret: string,
  taken: ReadonlyMap<string, string>,
): string {
  for (let salt = 0; salt < 8; salt++) {
    const digits = digest(salt === 0 ? secret : `${secret}\0${salt}`).slice(0, DIGEST_LENGTH);
    if (!isHex(digits))
      throw new Error(`the digest gave fewer than ${DIGEST_LENGTH} lower-case hexadecimal digits`);
    if (!taken.has(digits)) return digits;
  }
  throw new Error('the digest gives the same digits for different texts');
}

function restore(text: string, secrets: ReadonlyMap<string, string>): string {
  let result = '';
  let done = 0;
  for (
    let at = text.indexOf(PLACEHOLDER_PREFIX);
    at >= 0;
    at = text.indexOf(PLACEHOLDER_PREFIX, at + PLACEHOLDER_PREFIX.length)
  ) {
    let end = at + PLACEHOLDER_PREFIX.length;
    while (isKindUnit(text.charCodeAt(end))) end++;
    const digits = text.slice(end + 1, end + 1 + DIGEST_LENGTH);
    const secret = text.charAt(end) === '_' ? secrets.get(digits) : undefined;
    if (secret === undefined) continue;
    result += text.slice(done, at) + secret;
    done = end + 1 + DIGEST_LENGTH;
  }
  return result + text.slice(done);
}

function isKindUnit(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || unit === 0x2d;
}

function isHex(digits: string): boolean {
  if (digits.length !== DIGEST_LENGTH) return false;
  for (let i = 0; i < digits.length; i++) {
    const unit = digits.charCodeAt(i);
    if (!((unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x66))) return false;
  }
  return true;
}
