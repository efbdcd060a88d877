/**
 * Compiled patterns on top of `Re2Instance`: compiled when first needed, evicted when unused, and moved to
 * a fresh instance when the heap has grown too far or has aborted.
 */
import { LinearPatterns } from '../automaton/linear.ts';
import { nextCodePoint, previousCodePoint } from '../text/utf8.ts';
import { type Asked, findAsked } from './asked.ts';
import { type Match, Re2Abort, Re2Instance } from './instance.ts';
import { DEFAULT_RE2_LIMITS, MANY_MATCHES, manyBytes, type Re2Limits } from './limits.ts';
import { type Find, searchLinearly } from './linear-search.ts';
import { OVERDUE, type SearchResult, type Window } from './result.ts';
import type { WasmRuntime } from './runtime.ts';
import type { Re2Handle } from './snapshot.ts';

/** Whether the caller's time is over; asked before each search of RE2. */
export type Deadline = () => boolean;

export const NO_DEADLINE: Deadline = () => false;

export class Re2Store {
  /** Holds until it is replaced. */
  isOverdue: Deadline = NO_DEADLINE;
  private instance: Re2Instance | undefined;
  private readonly compiled = new Map<string, Re2Handle>();
  private readonly refused = new Map<string, string>();
  private readonly runtime: () => WasmRuntime;
  private readonly limits: Re2Limits;
  private readonly linear = new LinearPatterns();
  private text: Uint8Array = new Uint8Array(0);
  private loaded = false;
  private usesSnapshot: boolean;
  private compileFirst: number;

  constructor(runtime: () => WasmRuntime, limits: Re2Limits = DEFAULT_RE2_LIMITS) {
    this.runtime = runtime;
    this.limits = limits;
    this.compileFirst = limits.compileFirst;
    this.usesSnapshot = limits.compileFirst === 0;
  }

  /** Many texts are to come, for which the snapshot is worth the time to load it. */
  expectMany(): void {
    this.compileFirst = 0;
    if (this.instance === undefined) this.usesSnapshot = true;
  }

  /** Text (valid UTF-8) for the searches that follow; copied into the instance at the first of them. */
  setText(text: Uint8Array): void {
    this.text = text;
    this.loaded = false;
  }

  /** Lets go of the text, and of memory that only a large one needed. */
  releaseText(): void {
    this.setText(new Uint8Array(0));
    this.instance?.trim(this.limits.keepTextBytes);
    this.replaceWhenLarge();
  }

  dispose(): void {
    this.discard();
    this.setText(new Uint8Array(0));
  }

  /** RE2's message when it refuses the pattern, else undefined. */
  refusal(pattern: string): string | undefined {
    try {
      const handle = this.handle(pattern);
      return typeof handle === 'string' ? handle : undefined;
    } catch (error) {
      if (!(error instanceof Re2Abort)) throw error;
      this.discard();
      return `too large for RE2's heap (${error.message})`;
    }
  }

  /**
   * All matches of `pattern` inside `windows`, in order, at most `limit`; with their groups when `groups` says
   * how many the pattern has. No match has fewer than `minBytes`. Retries once on a fresh instance.
   */
  search(
    pattern: string,
    windows: readonly Window[],
    limit: number,
    groups?: number,
    minBytes = 0,
  ): SearchResult {
    for (let attempt = 0; ; attempt++) {
      try {
        return this.searchOnce(pattern, windows, limit, groups, minBytes);
      } catch (error) {
        if (!(error instanceof Re2Abort)) throw error;
        this.discard();
        if (attempt > 0) return { kind: 'failed', reason: error.message };
      }
    }
  }

  /**
   * Whether `pattern` matches within `[start, end)` taken as a text of its own, of which all matches lie in `windows`,
   * as it is asked for; undefined when RE2 cannot tell or the time is over.
   */
  testSlice(
    pattern: string,
    start: number,
    end: number,
    windows: readonly Window[] = [{ start, end }],
    asked?: Asked,
  ): boolean | undefined {
    return this.twice(() => {
      const handle = this.handle(pattern);
      if (typeof handle === 'string') return undefined;
      const instance = this.ready();
      const { text, isOverdue } = this;
      for (const window of windows) {
        if (isOverdue()) return undefined;
        const begin = window.start <= start ? start : previousCodePoint(text, window.start);
        const to = window.end >= end ? end : nextCodePoint(text, window.end);
        const find = (from: number) => instance.find(handle, from, begin, to, asked?.groups);
        const found =
          asked === undefined
            ? instance.test(handle, window.start, begin, to)
            : findAsked({ text, window, find, end: to, isOverdue }, asked);
        if (found !== false) return found;
      }
      return false;
    });
  }

  /** The first matches of `pattern` in `[start, end)` taken as a text of its own; undefined as in `testSlice`. */
  searchSlice(pattern: string, start: number, end: number, most: number): Match[] | undefined {
    return this.twice(() => {
      const handle = this.handle(pattern);
      if (typeof handle === 'string' || this.isOverdue()) return undefined;
      const instance = this.ready();
      const matches: Match[] = [];
      for (let from = start; from <= end && matches.length < most;) {
        const match = instance.find(handle, from, start, end);
        if (match === undefined) break;
        matches.push(match);
        // Behind an empty match at the end there is no place left.
        from =
          match.end > match.start
            ? match.end
            : Math.max(match.end + 1, nextCodePoint(this.text, match.end));
      }
      return matches;
    });
  }

  /** On a fresh instance where the first one aborts; undefined where that one does, too. */
  private twice<T>(action: () => T | undefined): T | undefined {
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        return action();
      } catch (error) {
        if (!(error instanceof Re2Abort)) throw error;
        this.discard();
      }
    }
    return undefined;
  }

  private searchOnce(
    pattern: string,
    windows: readonly Window[],
    limit: number,
    groups: number | undefined,
    minBytes: number,
  ): SearchResult {
    if (this.isOverdue()) return OVERDUE;
    const handle = this.handle(pattern);
    if (typeof handle === 'string') return { kind: 'failed', reason: handle };
    const instance = this.ready();
    const matches: Match[] = [];
    let reread = 0;
    let many = manyBytes(windows);
    for (const window of windows) {
      const start = window.start === 0 ? 0 : previousCodePoint(this.text, window.start);
      const end = nextCodePoint(this.text, window.end);
      let from = window.start;
      while (from + minBytes <= window.end) {
        if (this.isOverdue()) return OVERDUE;
        const match = instance.find(handle, from, start, end, groups, window.anchored);
        if (match === undefined) break;
        // RE2 may read to the window's end for each match, whatever the match's length.
        reread += end - match.end;
        if (reread > many) {
          many = Infinity;
          const { text, isOverdue } = this;
          const find: Find = (from, begin, to) => instance.find(handle, from, begin, to, groups);
          const place = { pattern, text, windows, isOverdue };
          const result = searchLinearly(
            this.linear,
            place,
            limit,
            groups === undefined ? undefined : find,
          );
          if (result !== undefined) return result;
        }
        if (
          matches.length >= limit ||
          (matches.length >= MANY_MATCHES && reread > this.limits.maxRereadBytes)
        ) {
          return { kind: 'matches', matches, truncated: true };
        }
        matches.push(match);
        if (window.anchored === true) break;
        from = match.end > match.start ? match.end : nextCodePoint(this.text, match.end);
        if (match.end === match.start && match.end >= this.text.length) break;
      }
    }
    this.replaceWhenLarge();
    return { kind: 'matches', matches, truncated: false };
  }

  private handle(pattern: string): Re2Handle | string {
    // A fresh instance may bring the pattern from its snapshot.
    const instance = this.live();
    const known = this.compiled.get(pattern);
    if (known !== undefined) {
      this.compiled.delete(pattern);
      this.compiled.set(pattern, known);
      return known;
    }
    const brought = instance.known(pattern);
    if (brought !== undefined) return brought;
    const refused = this.refused.get(pattern);
    if (refused !== undefined) return refused;
    if (!this.usesSnapshot && this.compiled.size >= this.compileFirst) {
      this.usesSnapshot = true;
      if (this.runtime().snapshot !== undefined) {
        this.discard();
        return this.handle(pattern);
      }
    }
    const result = instance.compile(pattern);
    if (!result.ok) {
      this.refused.set(pattern, result.message);
      return result.message;
    }
    this.compiled.set(pattern, result.handle);
    if (this.compiled.size > this.limits.maxCompiled) this.evictOldest();
    return result.handle;
  }

  private evictOldest(): void {
    const oldest = this.compiled.entries().next();
    if (oldest.done === true) return;
    const [pattern, handle] = oldest.value;
    this.compiled.delete(pattern);
    this.live().delete(handle);
  }

  private live(): Re2Instance {
    if (this.instance === undefined || this.instance.isBroken) {
      this.discard();
      this.instance = new Re2Instance(this.runtime(), {
        usesSnapshot: this.usesSnapshot,
        backtrackedBytes: this.limits.backtrackedBytes,
      });
    }
    return this.instance;
  }

  private ready(): Re2Instance {
    const instance = this.live();
    if (!this.loaded) {
      instance.load(this.text);
      this.loaded = true;
    }
    return instance;
  }

  private replaceWhenLarge(): void {
    const { instance } = this;
    if (instance === undefined) return;
    if (instance.heapBytes - instance.textBytes > this.limits.maxHeapBytes) this.discard();
  }

  private discard(): void {
    this.instance = undefined;
    this.compiled.clear();
    this.loaded = false;
  }
}
