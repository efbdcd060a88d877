/** Collects spans in order; adjacent spans of one region become one. */
import type { Region } from '../rule.ts';
import type { Spans } from './spans.ts';

export class Output implements Spans {
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly regions: Exclude<Region, 'code'>[] = [];

  /** Appends `[start, end)`; empty ranges are dropped, `start` never lies before the last end. */
  add(start: number, end: number, region: Exclude<Region, 'code'>): void {
    if (end <= start) return;
    const last = this.ends.length - 1;
    if (last >= 0 && this.ends[last] === start && this.regions[last] === region) {
      this.ends[last] = end;
      return;
    }
    this.starts.push(start);
    this.ends.push(end);
    this.regions.push(region);
  }

  /** Position to come back to with `rewind`. The last span's end is kept because a later `add` may move it. */
  mark(): { readonly count: number; readonly end: number } {
    return { count: this.starts.length, end: this.ends.at(-1) ?? 0 };
  }

  rewind(mark: { readonly count: number; readonly end: number }): void {
    this.starts.length = mark.count;
    this.ends.length = mark.count;
    this.regions.length = mark.count;
    if (mark.count > 0) this.ends[mark.count - 1] = mark.end;
  }
}
