/** The secrets found in one text, which nothing that is said about it may show. */
import type { ByteRange } from '../re2/instance.ts';
import { decodeUtf8 } from '../text/utf8.ts';

/** A secret shows so many of its characters, so that its owner knows it, when there are many more. */
const SHOWN = 4;
const MANY = 16;

export class Secrets {
  /** In order, and no two of them touch. */
  private readonly ranges: readonly ByteRange[];
  private readonly text: Uint8Array;

  constructor(text: Uint8Array, ranges: readonly ByteRange[]) {
    this.text = text;
    this.ranges = merged(ranges);
  }

  /** Whether any secret has a byte in `[from, to)`. */
  touches(from: number, to: number): boolean {
    // A line may have as many secrets as there are findings to ask about.
    return (this.ranges[this.firstBehind(from)]?.start ?? to) < to;
  }

  /** The text of `[from, to)`, secrets masked, and what else there reads like one of them. */
  show(from: number, to: number): string {
    const here = this.within(from, to);
    let shown = '';
    let at = from;
    for (const { start, end } of here) {
      const value = decodeUtf8(this.text, start, end);
      shown += decodeUtf8(this.text, at, Math.max(at, start));
      shown += start < from ? '…' : masked(value);
      at = Math.min(to, end);
    }
    shown += decodeUtf8(this.text, at, to);
    for (const { start, end } of here) {
      const value = decodeUtf8(this.text, start, end);
      if (value.length >= SHOWN) shown = shown.replaceAll(value, () => masked(value));
    }
    return shown;
  }

  private within(from: number, to: number): readonly ByteRange[] {
    const first = this.firstBehind(from);
    let end = first;
    while ((this.ranges[end]?.start ?? to) < to) end++;
    return this.ranges.slice(first, end);
  }

  /** Index of the first secret that ends behind an offset. */
  private firstBehind(offset: number): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ranges[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Says nothing about the length. */
function masked(value: string): string {
  const characters = Array.from(value.slice(0, MANY * 2));
  return `${characters.length < MANY ? '' : characters.slice(0, SHOWN).join('')}…`;
}

function merged(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const result: ByteRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && range.start < last.end)
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else if (range.end > range.start) result.push(range);
  }
  return result;
}
