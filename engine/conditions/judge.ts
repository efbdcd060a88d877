/** Decides `requires` and `unless` of one file: is a condition's pattern found near this match? */
import type { LanguageId } from '../language.ts';
import { type PatternPlan, tracesOf } from '../match/plan.ts';
import { containsAny } from '../prefilter/contains.ts';
import type { Spans } from '../lexer/spans.ts';
import type { Literal } from '../regex/literals.ts';
import type { ByteRange } from '../re2/instance.ts';
import type { Asked } from '../re2/asked.ts';
import type { Re2Store } from '../re2/store.ts';
import type { GroupCondition, Within } from '../rule.ts';
import type { Work } from '../match/trace.ts';
import type { LineIndex } from '../text/lines.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { type GroupRange, groupsHold, groupsIn, type WhereText } from '../where/where.ts';
import { testAround } from './long-slice.ts';
import { type Judged, Slices } from './slices.ts';

export interface ConditionPlan {
  readonly within: Within;
  /** Of `near`: lines above and below; of `before` and `flow`: above. */
  readonly lines: number;
  /** Of `flow`: the group whose value is followed. */
  readonly of: string | undefined;
  /** Of `flow`: whether it is asked for a value that is no constant, and for no pattern. */
  readonly isVariable: boolean;
  /** Of `flow`: patterns of what makes a value safe. */
  readonly without: readonly string[];
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
  readonly isTemplate: boolean;
  /** Literal occurrences of a plan in `seen`, start and end offsets by end, flat. Looks through all of it. */
  readonly occurrences: (plan: number) => readonly number[] | undefined;
}

/** The conditions of a rule. */
export interface Conditions {
  readonly requires: readonly ConditionPlan[];
  readonly unless: readonly ConditionPlan[];
}

export const NO_CONDITIONS: Conditions = { requires: [], unless: [] };

export type Verdict = 'cancelled' | 'stands' | 'undecided';

/** Slices may overlap; all of them together may be this many times the text, plus a constant. */
const WORK_FACTOR = 32;
const WORK_CONSTANT = 1 << 22;
/** In a slice of at most so many bytes a literal is looked for; in longer ones, which may overlap, looked up. */
const SHORT_SLICE = 1024;
/** In a longer slice RE2 looks at the places only in which a match may be. */
const LONG_SLICE = 4096;
/** Places in one statement where a value is made safe. */
const MOST_SAFE = 64;
/** Unless literals stand closer together than that. */
const BYTES_AN_OCCURRENCE = 128;

/** The store's text must be the context's `seen`. */
export class ConditionJudge {
  private readonly context: ConditionContext;
  private readonly store: Re2Store;
  private readonly known = new Map<string, boolean | undefined>();
  /** By pattern and part, what makes values safe there. */
  private readonly safe = new Map<string, Map<string, readonly ByteRange[] | undefined>>();
  /** By plan and part, whether one of the plan's literals may be there. */
  private readonly literalIn = new Map<string, boolean>();
  private readonly work: Work;
  private readonly slices: Slices;

  constructor(context: ConditionContext, store: Re2Store) {
    this.context = context;
    this.store = store;
    this.slices = new Slices(context);
    this.work = { left: context.text.length * WORK_FACTOR + WORK_CONSTANT };
  }

  /** `undecided` when the work for this file is used up or RE2 failed: the match then stands, and is said to. */
  judge(match: Judged, { requires, unless }: Conditions): Verdict {
    if (requires.some((condition) => !this.mayBeMet(match, condition))) return 'cancelled';
    const made = requires.filter(({ isVariable, without }) => isVariable || without.length > 0);
    const anyhow =
      made.length === 0
        ? requires
        : requires
            .filter(({ isVariable }) => !isVariable)
            .map((condition) => ({ ...condition, without: [] }));
    let verdict: Verdict = 'stands';
    for (const [conditions, cancels] of [
      // Most values come from nowhere that is asked for, whatever is made safe on the way.
      [anyhow, false],
      [unless, true],
      [made, false],
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
    if (cancels && !this.mayBeMet(match, condition)) return false;
    let found: boolean | undefined = false;
    const madeSafe = (part: ByteRange): readonly ByteRange[] => {
      return condition.without.flatMap((source) => {
        const safe = this.safeIn(source, part);
        if (safe === undefined) found = undefined;
        return safe ?? [];
      });
    };
    const { parts, isOpen, cost } = this.slices.of(match, condition, { cancels, madeSafe });
    work.left -= cost;
    if (condition.isVariable) return found === undefined ? undefined : isOpen;
    for (const part of parts) {
      const isThere = this.foundIn(part, match, condition);
      if (isThere === true) return true;
      if (isThere === undefined) found = undefined;
    }
    return found;
  }

  /** Following a value costs a hundred times what it takes to see that nothing of what is asked for stands in its function. */
  private mayBeMet(match: Judged, condition: ConditionPlan): boolean {
    const { within, plan, literals } = condition;
    if (within !== 'flow' || plan === undefined) return true;
    const reach = this.slices.reachOfFlow(match, condition);
    if (reach === undefined) return true;
    const { start, end } = reach;
    const name = `${start}:${end}:${plan}`;
    let isThere = this.literalIn.get(name);
    if (isThere === undefined) {
      this.work.left -= end - start;
      isThere = containsAny(this.context.seen, start, end, literals);
      this.literalIn.set(name, isThere);
    }
    return isThere;
  }

  /** What `source` finds in a part. Values of many matches come by way of the same statements. */
  private safeIn(source: string, { start, end }: ByteRange): readonly ByteRange[] | undefined {
    let ofSource = this.safe.get(source);
    if (ofSource === undefined) this.safe.set(source, (ofSource = new Map()));
    const part = `${start}:${end}`;
    if (ofSource.has(part)) return ofSource.get(part);
    this.work.left -= end - start;
    const safe = this.store.searchSlice(source, start, end, MOST_SAFE);
    ofSource.set(part, safe);
    return safe;
  }

  private foundIn(
    { start, end }: ByteRange,
    match: Judged,
    condition: ConditionPlan,
  ): boolean | undefined {
    const { work } = this;
    if (condition.plan !== undefined) {
      // Parts of a value are asked about for each match that it reaches.
      if (condition.within === 'flow') work.left -= end - start;
      if (!this.hasLiteral(condition, condition.plan, start, end)) return false;
    }
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

  private hasLiteral(
    { literals, within }: ConditionPlan,
    plan: number,
    start: number,
    end: number,
  ): boolean {
    // A statement is read by itself; an index of the whole text would be built for it.
    if (end - start > SHORT_SLICE && within !== 'flow') return this.hasOccurrence(plan, start, end);
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
