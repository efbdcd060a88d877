/** Text of unknown origin made safe to show: no control characters, no broken code units, bounded. */

/** Controls, line and paragraph separators, and the marks that reorder or hide text. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** With the `u` flag this category is the surrogates that stand alone. */
const LONE_SURROGATE = /\p{Cs}/gu;

/** One line of at most `max` UTF-16 units; what is cut off shows as an ellipsis. */
export function plainLine(text: string, max: number): string {
  // Cut before the work as well: a megabyte of text must not cost a megabyte of replacing.
  const head = text.slice(0, max * 4);
  const line = head.replace(CONTROL, ' ').replace(/ {2,}/g, ' ').trim();
  if (line.length <= max && head.length === text.length)
    return line.replace(LONE_SURROGATE, '\ufffd');
  return `${line.slice(0, max - 1)}…`.replace(LONE_SURROGATE, '\ufffd');
}

/** The lines of a text, each plain, none empty, at most `max` UTF-16 units together. */
export function plainLines(text: string, max: number): string[] {
  const lines: string[] = [];
  let left = max;
  for (const raw of text.slice(0, max * 4).split(/\r\n|[\n\r\u2028\u2029]/)) {
    if (left <= 1) break;
    const line = plainLine(raw, left);
    if (line !== '') lines.push(line);
    left -= line.length;
  }
  return lines;
}
