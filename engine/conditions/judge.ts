/** Decides `requires` and `unless` of one file: is a condition's pattern found near this match? */
import type { LanguageId } from '../language.ts';
import { CallIndex } from '../lexer/balance.ts';
import { enclosingBlock } from '../lexer/block.ts';
import { FunctionHeads } from '../lexer/function-head.ts';
import { firstWord } from '../match/match.ts';
import { type PatternPlan, tracesOf } from '../match/plan.ts';
import { containsAny } from '../prefilter/contains.ts';
import type { Spans } from '../lexer/spans.ts';
import type { Literal } from '../regex/literals.ts';
import type { ByteRange } from '../re2/instance.ts';
import type { Asked } from '../re2/asked.ts';
import type { Re2Store } from '../re2/store.ts';
import type { GroupCondition, Within } from '../rule.ts';
import { type Statements, statementsOf } from '../statement/statements.ts';
import type { Work } from '../match/trace.ts';
import type { LineIndex } from '../text/lines.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { type GroupRange, groupsHold, groupsIn, type WhereText } from '../where/where.ts';
import { testAround } from './long-slice.ts';

export interface ConditionPlan {
  readonly within: Within;
  /** Of `near`: lines above and below; of `before`: above. */
  readonly lines: number;
  readonly source: string;
  /** Index of the pattern's plan, or undefined when it has no literals and must always be tried. */
  readonly plan: number | undefined;
  /** Of that plan: one of them is in every match. */
  readonly literals: readonly Literal[];
  /** What is asked of the groups of a match. */
  readonly where: readonly GroupCondition[];
  /** The pattern's groups by number. */
  readonly names: () => readonly (string | undefined)[];
  /** Planned with what stands around them; asked for where a slice is long. */
  readonly whole: () => PatternPlan | undefined;
}

export interface ConditionContext {
  readonly text: Uint8Array;
  /** The text as the patterns see it: as long as `text`, its comments may be blanked. */
  readonly seen: Uint8Array;
  readonly spans: Spans;
  readonly lines: LineIndex;
  readonly language: LanguageId | undefined;
  /** Literal occurrences of a plan in `seen`, start and end offsets by end, flat. Looks through all of it. */
  readonly occurrences: (plan: number) => readonly number[] | undefined;
}

/** The conditions of a rule. */
export interface Conditions {
  readonly requires: readonly ConditionPlan[];
  readonly unless: readonly ConditionPlan[];
}

export const NO_CONDITIONS: Conditions = { requires: [], unless: [] };

/** A match of which a rule's conditions are asked. */
export interface Judged {
  readonly range: ByteRange;
  readonly group?: GroupRange;
}

export type Verdict = 'cancelled' | 'stands' | 'undecided';

/** Slices may overlap; all of them together may be this many times the text, plus a constant. */
const WORK_FACTOR = 32;
const WORK_CONSTANT = 1 << 22;
/** In a slice of at most so many bytes a literal is looked for; in longer ones, which may overlap, looked up. */
const SHORT_SLICE = 1024;
/** In a longer slice RE2 looks at the places only in which a match may be. */
const LONG_SLICE = 4096;
/** Unless literals stand closer together than that. */
const BYTES_AN_OCCURRENCE = 128;

/** The store's text must be the context's `seen`. */
export class ConditionJudge {
  private readonly context: ConditionContext;
  private readonly store: Re2Store;
  private readonly known = new Map<string, boolean | undefined>();
  private readonly work: Work;
  private calls: CallIndex | undefined;
  private statements: Statements | undefined;
  private heads: FunctionHeads | undefined;

  constructor(context: ConditionContext, store: Re2Store) {
    this.context = context;
    this.store = store;
    this.work = { left: context.text.length * WORK_FACTOR + WORK_CONSTANT };
  }

  /** `undecided` when the work for this file is used up or RE2 failed: the match then stands, and is said to. */
  judge(match: Judged, { requires, unless }: Conditions): Verdict {
    let verdict: Verdict = 'stands';
    for (const [conditions, cancels] of [
      [requires, false],
      [unless, true],
    ] as const) {
      for (const condition of conditions) {
        const found = this.found(match, condition, cancels);
        if (found === cancels) return 'cancelled';
        if (found === undefined) verdict = 'undecided';
      }
    }
    return verdict;
  }

  private found(match: Judged, condition: ConditionPlan, cancels: boolean): boolean | undefined {
    const { work } = this;
    if (work.left <= 0) return undefined;
    const { start, end } = this.slice(match.range, condition, cancels);
    // Finding the edges is work in itself; those of the others are looked up.
    if (condition.within === 'block' || condition.within === 'before') work.left -= end - start;
    if (condition.plan !== undefined && !this.hasLiteral(condition, condition.plan, start, end))
      return false;
    const name = `${start}:${end}:${condition.source}${this.compared(match, condition)}`;
    if (this.known.has(name)) return this.known.get(name);
    if (work.left < end - start) return undefined;
    work.left -= end - start;
    const found = this.test(match, condition, start, end);
    this.known.set(name, found);
    return found;
  }

  private test(
    match: Judged,
    condition: ConditionPlan,
    start: number,
    end: number,
  ): boolean | undefined {
    const { source, plan } = condition;
    const asked = this.asked(match, condition);
    const whole = end - start > LONG_SLICE && plan !== undefined ? condition.whole() : undefined;
    const traces = whole && tracesOf(whole);
    if (plan === undefined || whole === undefined || traces === undefined)
      return this.store.testSlice(source, start, end, undefined, asked);
    const most = Math.floor((end - start) / BYTES_AN_OCCURRENCE);
    const occurrences = this.occurrencesIn(plan, start, end, most);
    const areAll = occurrences.length < most * 2;
    const text = this.context.seen;
    const slice = { plan: whole, traces, text, start, end, occurrences, areAll, asked };
    return testAround(this.store, slice);
  }

  /** A group of the condition's pattern, or of the match that is judged. */
  private asked({ group }: Judged, { where, names }: ConditionPlan): Asked | undefined {
    if (where.length === 0) return undefined;
    const { seen, spans, language } = this.context;
    const text: WhereText = { bytes: seen, language, spans: () => spans };
    const own = names();
    return {
      groups: own.length,
      holds: (match) => {
        const inside = groupsIn(match, own);
        const rangeOf: GroupRange = (name) => (own.includes(name) ? inside(name) : group?.(name));
        return groupsHold(where, rangeOf, text);
      },
      work: this.work,
    };
  }

  /** Texts of the match that a condition compares with: with others it may be decided otherwise. */
  private compared({ group }: Judged, { where, names }: ConditionPlan): string {
    if (where.length === 0) return '';
    const others = where
      .flatMap(({ equals, differs }) => [equals ?? [], differs ?? []].flat())
      .filter((name) => !names().includes(name));
    const texts = others.map((name) => {
      const range = group?.(name);
      return range && decodeUtf8(this.context.seen, range.start, range.end);
    });
    return `:${JSON.stringify([where, texts])}`;
  }

  private get callIndex(): CallIndex {
    this.calls ??= new CallIndex(this.context.text, this.context.spans);
    return this.calls;
  }

  private slice(match: ByteRange, condition: ConditionPlan, cancels: boolean): ByteRange {
    const { text, spans, lines, language } = this.context;
    switch (condition.within) {
      case 'match':
        return match;
      case 'line':
        return this.linesAround(match, 0);
      case 'near':
        return this.linesAround(match, condition.lines);
      case 'before': {
        this.heads ??= new FunctionHeads(this.context.seen, lines, language);
        const line = lines.lineAt(match.start);
        // A value comes from above all branches, but a check in another branch was not made.
        const first = cancels
          ? this.heads.firstOfBranch(line, condition.lines)
          : this.heads.firstOf(line, condition.lines);
        return { start: lines.startOf(first), end: this.linesAround(match, 0).end };
      }
      case 'statement': {
        this.statements ??= statementsOf(text, spans, language);
        const at = firstWord(text, match);
        const found = this.statements.around(at, Math.max(at, match.end));
        if (found === undefined) return this.linesAround(match, 0);
        return { start: Math.min(found.start, match.start), end: found.end };
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

  /** The lines of the match, and so many more above and below. */
  private linesAround(match: ByteRange, more: number): ByteRange {
    const { lines } = this.context;
    const first = Math.max(1, lines.lineAt(match.start) - more);
    const last = lines.lineAt(Math.max(match.start, match.end - 1)) + more;
    return { start: lines.startOf(first), end: Math.max(match.end, lines.endOf(last)) };
  }

  private hasLiteral(
    { literals }: ConditionPlan,
    plan: number,
    start: number,
    end: number,
  ): boolean {
    if (end - start > SHORT_SLICE) return this.hasOccurrence(plan, start, end);
    return containsAny(this.context.seen, start, end, literals);
  }

  private hasOccurrence(plan: number, start: number, end: number): boolean {
    return this.occurrencesIn(plan, start, end, 1).length > 0;
  }

  /** Those of a plan's literals that lie in a slice, at most so many, flat. They are sorted by end. */
  private occurrencesIn(plan: number, start: number, end: number, most: number): number[] {
    const flat = this.context.occurrences(plan) ?? [];
    const found: number[] = [];
    let low = 0;
    let high = flat.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((flat[middle * 2 + 1] ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    for (let i = low * 2; (flat[i + 1] ?? Infinity) <= end && found.length < most * 2; i += 2) {
      const from = flat[i] ?? 0;
      if (from >= start) found.push(from, flat[i + 1] ?? 0);
    }
    return found;
  }
}
