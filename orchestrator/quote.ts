/** Finds code that a model quotes in the content that it was shown. */

/** Lines of a text, 0-based and half-open. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

export interface QuotePlace extends LineRange {
  /** Whether the quote is there word for word; else only white space differs. */
  readonly exact: boolean;
}

/** White space does not count, so this is what the lines of a quote are compared by. */
export function foldLine(line: string): string {
  return line.replace(/\s+/g, ' ').trim();
}

/** A quote of less than this many characters that are no white space says nothing about where it is from. */
const SHORTEST = 4;

/** Places of a quote in `lines`, in order; blank lines of either side do not count. */
export function findQuote(lines: readonly string[], quote: string): QuotePlace[] {
  const wanted = quote
    .split(/\r?\n/)
    .map(foldLine)
    .filter((line) => line !== '');
  if (wanted.join('').replaceAll(' ', '').length < SHORTEST) return [];
  const kept: { readonly text: string; readonly at: number }[] = [];
  for (const [at, line] of lines.entries()) {
    const text = foldLine(line);
    if (text !== '') kept.push({ text, at });
  }
  const places: QuotePlace[] = [];
  for (let from = 0; from + wanted.length <= kept.length; from++) {
    if (!matchesAt(kept, from, wanted)) continue;
    const start = kept[from]?.at ?? 0;
    const end = (kept[from + wanted.length - 1]?.at ?? start) + 1;
    const exact = lines.slice(start, end).join('\n').includes(quote.trim());
    places.push({ start, end, exact });
  }
  return places;
}

/** The first line may begin, and the last one end, anywhere in a line of the text. */
function matchesAt(
  kept: readonly { readonly text: string }[],
  from: number,
  wanted: readonly string[],
): boolean {
  return wanted.every((line, index) => {
    const text = kept[from + index]?.text ?? '';
    if (wanted.length === 1) return text.includes(line);
    if (index === 0) return text.endsWith(line);
    return index === wanted.length - 1 ? text.startsWith(line) : text === line;
  });
}

/**
 * The line that the code at `at` is part of: the nearest one above with less indentation, which names the
 * function, class or block. Empty at the outermost level.
 */
export function headOf(lines: readonly string[], at: number): string {
  const own = indentOf(lines[at] ?? '');
  if (own === 0) return '';
  for (let line = at - 1; line >= 0; line--) {
    const text = lines[line] ?? '';
    if (text.trim() !== '' && indentOf(text) < own) return foldLine(text);
  }
  return '';
}

/** Whether no line stands farther to the left than the first; blank lines do not count. */
export function isOneBlock(lines: readonly string[]): boolean {
  const full = lines.filter((line) => line.trim() !== '');
  const own = indentOf(full[0] ?? '');
  return full.every((line) => indentOf(line) >= own);
}

function indentOf(line: string): number {
  let width = 0;
  for (const character of line) {
    if (character === ' ') width += 1;
    else if (character === '\t') width += 8 - (width % 8);
    else break;
  }
  return width;
}
