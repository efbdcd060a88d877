/** One automaton for the literals of all plans, and from each literal the plans that need it. */
import { AhoCorasick, type OnOccurrence } from '../prefilter/aho-corasick.ts';
import type { Literal } from '../regex/literals.ts';
import type { PatternPlan } from './plan.ts';

/** Where a plan's literals were found: start and end offsets, flat. Undefined for plans that were not flagged. */
export type OccurrencesByPlan = readonly (readonly number[] | undefined)[];

export interface Sighting {
  readonly occurrences: OccurrencesByPlan;
  /** Plans with at least one occurrence, in order of first sight. */
  readonly flagged: readonly number[];
  /** Start offsets of the marks given to the constructor. */
  readonly marks: readonly number[];
}

export class LiteralIndex {
  private readonly automaton: AhoCorasick;
  private readonly plansOf: readonly (readonly number[])[];
  private readonly planCount: number;
  private readonly markCount: number;

  /** `marks` are more literals to look for, reported apart. */
  constructor(plans: readonly PatternPlan[], marks: readonly Literal[]) {
    const indexes = new Map<string, number>();
    const literals: Literal[] = [...marks];
    const plansOf: number[][] = marks.map(() => []);
    plans.forEach((plan, planIndex) => {
      for (const literal of plan.literals ?? []) {
        const name = `${literal.foldCase ? 'i' : 'c'}${literal.bytes}`;
        let index = indexes.get(name);
        if (index === undefined) {
          index = literals.length;
          indexes.set(name, index);
          literals.push(literal);
          plansOf.push([]);
        }
        plansOf[index]?.push(planIndex);
      }
    });
    this.automaton = new AhoCorasick(literals);
    this.plansOf = plansOf;
    this.planCount = plans.length;
    this.markCount = marks.length;
  }

  get tableBytes(): number {
    return this.automaton.tableBytes;
  }

  /** Looks through any bytes; offsets are into `text`. */
  search(text: Uint8Array): Sighting {
    const first = this.collector();
    if (this.automaton.search(text, first.onOccurrence)) return first.sighting;
    const second = this.collector();
    this.automaton.searchFolding(text, second.onOccurrence);
    return second.sighting;
  }

  private collector(): { sighting: Sighting; onOccurrence: OnOccurrence } {
    const occurrences: (number[] | undefined)[] = [];
    const flagged: number[] = [];
    const marks: number[] = [];
    const onOccurrence: OnOccurrence = (literal, start, end) => {
      if (literal < this.markCount) {
        marks.push(start);
        return;
      }
      for (const plan of this.plansOf[literal] ?? []) {
        const known = occurrences[plan];
        if (known === undefined) {
          if (occurrences.length === 0) occurrences.length = this.planCount;
          occurrences[plan] = [start, end];
          flagged.push(plan);
        } else known.push(start, end);
      }
    };
    return { sighting: { occurrences, flagged, marks }, onOccurrence };
  }
}
