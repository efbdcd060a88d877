/** Where a heredoc's tag begins, and the line that ends its body. */
import {
  isBlank,
  isLetter,
  isWord,
  NEWLINE,
  RETURN,
  SINGLE_QUOTE,
  DOUBLE_QUOTE,
  BACKSLASH,
} from './bytes.ts';
import type { CompiledForm, LexState, StringState } from './table.ts';

/** A longer tag is not taken for one: it is compared at every line of the body. */
const MAX_TAG = 64;

export interface HeredocForms {
  /** Body with holes, and body of a quoted tag without. */
  readonly open: CompiledForm;
  readonly quoted: CompiledForm;
}

export interface HeredocStyle {
  /** Bytes right after the arrows that allow an indented closing tag: `-`, `~`. */
  readonly dashes: string;
  /** The closing tag may be indented without one, and be followed by code (PHP). */
  readonly loose: boolean;
  /** A bare tag begins with a capital unless a dash stands before it (Ruby's `<<`). */
  readonly capital: boolean;
}

/** Notes the heredoc whose tag stands at `at`; returns the offset after the tag, -1 if there is none. */
export function announceHeredoc(
  state: LexState,
  at: number,
  forms: HeredocForms,
  style: HeredocStyle,
): number {
  const { bytes, end } = state;
  let mark = at;
  const dash = style.dashes !== '' && style.dashes.includes(String.fromCharCode(bytes[mark] ?? 0));
  if (dash) mark += 1;
  if (!style.capital) while (mark < end && isBlank(bytes[mark] ?? 0)) mark += 1;
  const first = bytes[mark] ?? 0;
  const quote = first === SINGLE_QUOTE || first === DOUBLE_QUOTE ? first : 0;
  if (quote !== 0 || first === BACKSLASH) mark += 1;
  const tagStart = mark;
  const limit = Math.min(end, tagStart + MAX_TAG);
  while (
    mark < limit &&
    (quote === 0 ? isWord(bytes[mark] ?? 0) : inQuotes(bytes[mark] ?? 0, quote))
  )
    mark += 1;
  if (mark === tagStart || mark === limit) return mark === end && mark > tagStart ? mark : -1;
  if (quote !== 0 && bytes[mark] !== quote) return -1;
  const letter = bytes[tagStart] ?? 0;
  if (quote === 0 && (!isLetter(letter) || (style.capital && !dash && letter >= 97))) return -1;
  state.pushHeredoc({
    form: first === SINGLE_QUOTE || first === BACKSLASH ? forms.quoted : forms.open,
    count: 0,
    close: 0,
    nest: 0,
    depth: 0,
    tagStart,
    tagEnd: mark,
    indented: dash || style.loose,
    loose: style.loose,
  });
  return quote === 0 ? mark : mark + 1;
}

function inQuotes(byte: number, quote: number): boolean {
  return byte !== quote && byte !== NEWLINE;
}

/** Offset after the closing tag when the line at `at` is the heredoc's last, -1 otherwise. */
export function endsHeredoc(
  bytes: Uint8Array,
  at: number,
  end: number,
  heredoc: StringState,
): number {
  let mark = at;
  if (heredoc.indented) while (mark < end && isBlank(bytes[mark] ?? 0)) mark += 1;
  for (let tag = heredoc.tagStart; tag < heredoc.tagEnd; tag += 1, mark += 1) {
    if (mark >= end || bytes[mark] !== bytes[tag]) return -1;
  }
  if (mark >= end) return mark;
  const after = bytes[mark] ?? 0;
  if (heredoc.loose) return isWord(after) ? -1 : mark;
  if (after === NEWLINE) return mark;
  return after === RETURN && (mark + 1 >= end || bytes[mark + 1] === NEWLINE) ? mark : -1;
}
