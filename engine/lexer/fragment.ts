/**
 * Texts that begin in the middle: an edit may start inside a comment or a string.
 * Doubt is settled for code: a comment taken for code costs a false alarm, code taken for a comment hides
 * a finding.
 *
 * - A stray closing marker before any opening one makes a comment of what stands before it, when that
 *   does not look like code.
 * - A multi-line string that never ends makes its form doubtful, and the text is read again: quotes of one
 *   byte then end at their newline, longer delimiters and backticks open a string only where they look
 *   like openers and count as a string of their own otherwise, heredocs from that one on are code.
 */
import {
  BACKTICK,
  beforeBlanks,
  byteSet,
  isLetter,
  isWord,
  NEWLINE,
  isBlank,
  standsAt,
} from './bytes.ts';

/** After a delimiter these speak for a closing one. */
const AFTER_CLOSING: ReadonlySet<number> = byteSet(';),.]}%+#\n\r');
const BEFORE_OPENING: ReadonlySet<number> = byteSet('=([{,:+%&|?>!');
/** A line that ends in one of these is code. */
const ENDS_CODE: ReadonlySet<number> = byteSet(';{}([=>');
/** Longest string prefix, such as Python's `rb`. */
const MAX_PREFIX = 2;

/** Whether a delimiter at `[start, inside)` of a form in doubt looks like an opening one. */
export function looksLikeOpener(
  bytes: Uint8Array,
  start: number,
  inside: number,
  from: number,
  end: number,
): boolean {
  let before = start - 1;
  let after = inside;
  while (after < end && isBlank(bytes[after] ?? 0)) after += 1;
  const closing = after >= end || AFTER_CLOSING.has(bytes[after] ?? 0);
  if (before >= from && isWord(bytes[before] ?? 0)) {
    // A tag before a backtick; else a prefix such as `rb`: a longer word is prose that is ending here.
    if (bytes[start] === BACKTICK) return !closing;
    let first = before;
    while (first >= from && before - first <= MAX_PREFIX && isWord(bytes[first] ?? 0)) first -= 1;
    if (before - first > MAX_PREFIX) return false;
    before = first;
  }
  before = beforeBlanks(bytes, before + 1, from);
  if (before < from || bytes[before] === NEWLINE) return !closing;
  if (BEFORE_OPENING.has(bytes[before] ?? 0)) return true;
  return !closing && isLetter(bytes[before] ?? 0) && before < start - 1;
}

/** Offset after a stray closing marker that ends a comment begun before `from`; `from` when there is none. */
export function strayCommentEnd(
  bytes: Uint8Array,
  from: number,
  end: number,
  markers: { readonly open: string; readonly close: string },
): number {
  const first = markers.close.charCodeAt(0);
  const openFirst = markers.open.charCodeAt(0);
  let lineStart = from;
  let lastSeen = 0;
  let quoted = false;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === NEWLINE) {
      if (ENDS_CODE.has(lastSeen) && !isStarred(bytes, lineStart, at)) return from;
      lineStart = at + 1;
      lastSeen = 0;
      quoted = false;
    } else if (byte === openFirst && standsAt(bytes, at, end, markers.open)) {
      return from;
    } else if (byte === first && standsAt(bytes, at, end, markers.close)) {
      const after = at + markers.close.length;
      return quoted || bytes[after] === first ? from : after;
    } else if (byte > 32) {
      lastSeen = byte;
      quoted ||= isQuoting(bytes, at, byte);
    }
  }
  return from;
}

/** Before the marker on its line: it may stand in a string, a regex, a line comment, or the text of an element. */
function isQuoting(bytes: Uint8Array, at: number, byte: number): boolean {
  if (byte === 34 || byte === 96 || byte === 47 || byte === 60) return true;
  return byte === 39 && !(isLetter(bytes[at - 1] ?? 0) && isLetter(bytes[at + 1] ?? 0));
}

/** ` * text`, as in the middle of a documentation comment. */
function isStarred(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === 32 || bytes[at] === 9)) at += 1;
  if (bytes[at] !== 42) return false;
  const next = bytes[at + 1] ?? 0;
  return next === 32 || next === 9 || at + 1 >= end;
}
