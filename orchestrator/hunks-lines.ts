/** Lines of a text. They end at LF, CR LF or a lone CR, as everywhere in the engine. */

/** Lines without their ends; the empty text has none, and a final line end makes no further line. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit !== 10 && unit !== 13) continue;
    lines.push(text.slice(start, i));
    if (unit === 13 && text.charCodeAt(i + 1) === 10) i++;
    start = i + 1;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

/** About how many lines are in `after` and not in `before`; equal hashes count as equal lines. */
export function countAddedLines(
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
): number {
  if (after === undefined) return 0;
  const known = new Map<number, number>();
  for (const hash of lineHashes(before ?? new Uint8Array(0)))
    known.set(hash, (known.get(hash) ?? 0) + 1);
  let added = 0;
  for (const hash of lineHashes(after)) {
    const left = known.get(hash) ?? 0;
    if (left > 0) known.set(hash, left - 1);
    else added++;
  }
  return added;
}

/** FNV-1a of each line. */
function lineHashes(bytes: Uint8Array): number[] {
  const hashes: number[] = [];
  let hash = 0x811c9dc5;
  let length = 0;
  for (const byte of bytes) {
    if (byte === 10) {
      hashes.push(hash);
      hash = 0x811c9dc5;
      length = 0;
    } else {
      hash = Math.imul(hash ^ byte, 0x01000193);
      length++;
    }
  }
  if (length > 0) hashes.push(hash);
  return hashes;
}
