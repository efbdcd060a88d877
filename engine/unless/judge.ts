/** Decides `unless` conditions of one file: is the cancelling pattern found near this match? */
import type { LanguageId } from '../language.ts';
import { CallIndex } from '../lexer/balance.ts';
import { enclosingBlock } from '../lexer/block.ts';
import { firstWord } from '../match/match.ts';
import { containsAny } from '../prefilter/contains.ts';
import type { Spans } from '../lexer/spans.ts';
import type { Literal } from '../regex/literals.ts';
import type { ByteRange } from '../re2/instance.ts';
import type { Re2Store } from '../re2/store.ts';
import type { Within } from '../rule.ts';
import type { LineIndex } from '../text/lines.ts';

export interface UnlessPlan {
  readonly within: Within;
  readonly source: string;
  /** Index of the pattern's plan, or undefined when it has no literals and must always be tried. */
  readonly plan: number | undefined;
  /** Of that plan: one of them is in every match. */
  readonly literals: readonly Literal[];
}

export interface UnlessContext {
  readonly text: Uint8Array;
  /** The text as the patterns see it: as long as `text`, its comments may be blanked. */
  readonly seen: Uint8Array;
  readonly spans: Spans;
  readonly lines: LineIndex;
  readonly language: LanguageId | undefined;
  /** Literal occurrences of a plan in `seen`, start and end offsets by end, flat. Looks through all of it. */
  readonly occurrences: (plan: number) => readonly number[] | undefined;
}

export type Verdict = 'cancelled' | 'stands' | 'undecided';

/** Slices may overlap; all of them together may be this many times the text, plus a constant. */
const WORK_FACTOR = 32;
const WORK_CONSTANT = 1 << 22;
/** In a slice of at most so many bytes a literal is looked for; in longer ones, which may overlap, looked up. */
const SHORT_SLICE = 1024;

/** The store's text must be the context's `seen`. */
export class UnlessJudge {
  private readonly context: UnlessContext;
  private readonly store: Re2Store;
  private readonly known = new Map<string, boolean | undefined>();
  private work: number;
  private calls: CallIndex | undefined;

  constructor(context: UnlessContext, store: Re2Store) {
    this.context = context;
    this.store = store;
    this.work = context.text.length * WORK_FACTOR + WORK_CONSTANT;
  }

  /** `undecided` when the work for this file is used up or RE2 failed: the match then stands, and is said to. */
  judge(match: ByteRange, conditions: readonly UnlessPlan[]): Verdict {
    let verdict: Verdict = 'stands';
    for (const condition of conditions) {
      const found = this.found(match, condition);
      if (found === true) return 'cancelled';
      if (found === undefined) verdict = 'undecided';
    }
    return verdict;
  }

  private found(match: ByteRange, condition: UnlessPlan): boolean | undefined {
    if (this.work <= 0) return undefined;
    const { start, end } = this.slice(match, condition.within);
    // Finding a block's edges is work in itself; the others are looked up.
    if (condition.within === 'block') this.work -= end - start;
    if (condition.plan !== undefined && !this.hasLiteral(condition, condition.plan, start, end))
      return false;
    const name = `${start}:${end}:${condition.source}`;
    if (this.known.has(name)) return this.known.get(name);
    if (this.work < end - start) return undefined;
    this.work -= end - start;
    const found = this.store.testSlice(condition.source, start, end);
    this.known.set(name, found);
    return found;
  }

  private get callIndex(): CallIndex {
    this.calls ??= new CallIndex(this.context.text, this.context.spans);
    return this.calls;
  }

  private slice(match: ByteRange, within: Within): ByteRange {
    const { text, spans, lines, language } = this.context;
    switch (within) {
      case 'match':
        return match;
      case 'line': {
        const last = Math.max(match.start, match.end - 1);
        return {
          start: lines.startOf(lines.lineAt(match.start)),
          end: Math.max(match.end, lines.endOf(lines.lineAt(last))),
        };
      }
      case 'call': {
        const limit = Math.max(match.end, lines.endOf(lines.lineAt(match.start)));
        const end = this.callIndex.end(firstWord(text, match), limit);
        return { start: match.start, end: Math.max(match.end, end) };
      }
      case 'block': {
        const block = enclosingBlock(text, spans, match.start, language);
        return { start: Math.min(block.start, match.start), end: Math.max(block.end, match.end) };
      }
      case 'file':
        return { start: 0, end: text.length };
    }
  }

  private hasLiteral({ literals }: UnlessPlan, plan: number, start: number, end: number): boolean {
    if (end - start > SHORT_SLICE) return this.hasOccurrence(plan, start, end);
    return containsAny(this.context.seen, start, end, literals);
  }

  /** Occurrences are sorted by end, so the first that ends after `start` decides, but for overlapping ones. */
  private hasOccurrence(plan: number, start: number, end: number): boolean {
    const flat = this.context.occurrences(plan);
    if (flat === undefined) return false;
    let low = 0;
    let high = flat.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((flat[middle * 2 + 1] ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < flat.length >> 1 && (flat[i * 2 + 1] ?? 0) <= end; i++) {
      if ((flat[i * 2] ?? 0) >= start) return true;
    }
    return false;
  }
}
