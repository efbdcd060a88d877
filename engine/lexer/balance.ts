/** Finds where calls end, for all calls of a text in one pass. */
import type { Spans } from './spans.ts';

/** A call that is longer counts as unclosed. In bytes. */
const REACH = 64 * 1024;

const OPEN = 40;
const CLOSE = 41;
const UNCLOSED = -1;

/** Parentheses of code and what closes them. */
export class CallIndex {
  private readonly length: number;
  /** Offsets of `(`, ascending. */
  private readonly opens: number[] = [];
  /** Offset after the `)` of each. */
  private readonly closes: number[] = [];

  constructor(bytes: Uint8Array, spans: Spans) {
    this.length = bytes.length;
    const pending: number[] = [];
    let from = 0;
    for (let index = 0; index <= spans.starts.length; index++) {
      const to = spans.starts[index] ?? bytes.length;
      for (let at = from; at < to; at++) {
        const byte = bytes[at];
        if (byte === OPEN) {
          pending.push(this.opens.length);
          this.opens.push(at);
          this.closes.push(UNCLOSED);
        } else if (byte === CLOSE) {
          const open = pending.pop();
          if (open !== undefined) this.closes[open] = at + 1;
        }
      }
      from = spans.ends[index] ?? bytes.length;
    }
  }

  /**
   * Offset after the `)` that balances the first `(` of code at or after `from`. Without a `(` before
   * `limit`, `limit` itself. An unclosed call ends with the text, or 64 KiB after `from`.
   */
  end(from: number, limit: number): number {
    let low = 0;
    let high = this.opens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.opens[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    const open = this.opens[low];
    if (open === undefined || open >= limit) return limit;
    const close = this.closes[low] ?? UNCLOSED;
    const reach = Math.min(this.length, from + REACH);
    return close === UNCLOSED || close > reach ? reach : close;
  }
}
