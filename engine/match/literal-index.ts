/** One search for the literals of many plans, and from each literal the plans that need it. */
import { AhoCorasick, type OnOccurrence } from '../prefilter/aho-corasick.ts';
import { BlockSearch, type Selection } from '../prefilter/block-search.ts';
import type { Kernel } from '../prefilter/kernel.ts';
import type { Literal } from '../regex/literals.ts';
import type { PatternPlan } from './plan.ts';

/** Where a plan's literals were found: start and end offsets by end, flat. Undefined for plans that were not flagged. */
export type OccurrencesByPlan = readonly (readonly number[] | undefined)[];

export interface Sighting {
  readonly occurrences: OccurrencesByPlan;
  /** Plans with at least one occurrence, in order of first sight. */
  readonly flagged: readonly number[];
  /** True when the text is known to be ASCII. */
  readonly ascii: boolean;
  /** Start offsets of the marks given to the constructor. */
  readonly marks: readonly number[];
}

export class LiteralIndex {
  private readonly literals: readonly Literal[];
  private readonly blocks: BlockSearch | undefined;
  /** Built when first needed: for texts that `blocks` is not for, or all where there is no kernel. */
  private builtAutomaton: AhoCorasick | undefined;
  private readonly plansOf: readonly (readonly number[])[];
  private readonly planCount: number;
  private readonly markCount: number;
  private readonly selections = new Map<Uint8Array, Selection | undefined>();

  /** `marks` are more literals to look for, reported apart. */
  constructor(plans: readonly PatternPlan[], marks: readonly Literal[], kernel?: Kernel) {
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
    this.literals = literals;
    this.blocks = kernel && BlockSearch.of(literals, kernel);
    this.plansOf = plansOf;
    this.planCount = plans.length;
    this.markCount = marks.length;
  }

  get tableBytes(): number {
    return this.automaton.tableBytes;
  }

  /**
   * Looks through any bytes; offsets are into `text`. Of the plans only those with a 1 in `wanted`, or all;
   * an array is asked about often and never changes.
   */
  search(text: Uint8Array, wanted?: Uint8Array): Sighting {
    const first = this.collector(wanted);
    const { blocks } = this;
    if (blocks === undefined) {
      if (this.automaton.search(text, first.onOccurrence)) return first.sighting;
    } else if (blocks.search(text, first.onOccurrence, this.selection(blocks, wanted))) {
      sortByEnd(first.sighting);
      return { ...first.sighting, ascii: blocks.sawAscii };
    }
    const second = this.collector(wanted);
    this.automaton.searchFolding(text, second.onOccurrence);
    return second.sighting;
  }

  private selection(blocks: BlockSearch, wanted: Uint8Array | undefined): Selection | undefined {
    if (wanted === undefined) return undefined;
    if (!this.selections.has(wanted)) {
      const isWanted = (plans: readonly number[], literal: number) =>
        literal < this.markCount || plans.some((plan) => wanted[plan] !== 0);
      const literals = Uint8Array.from(this.plansOf, (plans, literal) =>
        isWanted(plans, literal) ? 1 : 0,
      );
      this.selections.set(wanted, blocks.select(literals));
    }
    return this.selections.get(wanted);
  }

  private get automaton(): AhoCorasick {
    this.builtAutomaton ??= new AhoCorasick(this.literals);
    return this.builtAutomaton;
  }

  private collector(wanted: Uint8Array | undefined): {
    sighting: Found;
    onOccurrence: OnOccurrence;
  } {
    const occurrences: (number[] | undefined)[] = [];
    const flagged: number[] = [];
    const marks: number[] = [];
    const onOccurrence: OnOccurrence = (literal, start, end) => {
      if (literal < this.markCount) {
        marks.push(start);
        return;
      }
      for (const plan of this.plansOf[literal] ?? []) {
        if (wanted !== undefined && wanted[plan] === 0) continue;
        const known = occurrences[plan];
        if (known === undefined) {
          if (occurrences.length === 0) occurrences.length = this.planCount;
          occurrences[plan] = [start, end];
          flagged.push(plan);
        } else known.push(start, end);
      }
    };
    return { sighting: { occurrences, flagged, marks, ascii: false }, onOccurrence };
  }
}

interface Found extends Sighting {
  readonly occurrences: (number[] | undefined)[];
}

/** Literals are compared at any of their blocks, so occurrences may come a little out of order. */
function sortByEnd({ occurrences, flagged }: Found): void {
  for (const plan of flagged) {
    const flat = occurrences[plan] ?? [];
    let ordered = true;
    for (let i = 3; i < flat.length && ordered; i += 2)
      ordered = (flat[i - 2] ?? 0) < (flat[i] ?? 0);
    if (!ordered) occurrences[plan] = sortedByEnd(flat);
  }
}

/** Of those that end together the longest comes first. */
function sortedByEnd(flat: readonly number[]): number[] {
  const pairs: [start: number, end: number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.push([flat[i] ?? 0, flat[i + 1] ?? 0]);
  return pairs.sort((a, b) => a[1] - b[1] || a[0] - b[0]).flat();
}
