/** Half-open byte ranges in order that do not overlap, collected from left to right. */
import type { ByteRange } from '../re2/instance.ts';

/** A part that is longer is cut where that can be done: work on one part is bounded. In bytes. */
const REACH = 64 * 1024;

export class Parts {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private open = -1;
  private last = 0;

  /** Something that belongs to a statement stands at `[start, end)`. */
  add(start: number, end: number): void {
    if (this.open < 0) this.open = start;
    this.last = end;
  }

  /** The statement that is open ends at `end`. */
  close(end: number): void {
    if (this.open < 0) return;
    this.starts.push(this.open);
    this.ends.push(Math.max(end, this.last));
    this.open = -1;
  }

  get isLong(): boolean {
    return this.open >= 0 && this.last - this.open > REACH;
  }

  /** Takes back all ends so far: what was taken for many statements is one. */
  joinAll(): void {
    const first = this.starts[0];
    if (first === undefined || this.last - first > REACH) return;
    this.open = first;
    this.starts.length = 0;
    this.ends.length = 0;
  }

  /** The part that holds `from`, on to the end of the one that holds the byte before `to`; undefined for none. */
  around(from: number, to: number): ByteRange | undefined {
    const first = this.indexAt(from);
    if (from >= (this.ends[first] ?? -1)) return undefined;
    const last = Math.max(first, this.indexAt(Math.max(from, to - 1)));
    return { start: this.starts[first] ?? from, end: Math.max(to, this.ends[last] ?? to) };
  }

  /** Those that end in `[from, to]`, the last one first. */
  *upwards(from: number, to: number): Generator<ByteRange> {
    for (let index = this.indexAt(to); index >= 0; index--) {
      const [start = 0, end = 0] = [this.starts[index], this.ends[index]];
      if (end <= from) return;
      if (end <= to) yield { start, end };
    }
  }

  /** Index of the last part that starts at or before `offset`, or -1. */
  private indexAt(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
