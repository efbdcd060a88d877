/** One search for the literals of many plans, and from each literal the plans that need it. */
import { AhoCorasick, type OnOccurrence } from '../prefilter/aho-corasick.ts';
import { BlockSearch } from '../prefilter/block-search.ts';
import type { Kernel, OnTold, Wanted } from '../prefilter/kernel.ts';
import type { Literal } from '../regex/literals.ts';
import type { PatternPlan } from './plan.ts';

/** Where a plan's literals were found: start and end offsets by end, flat. Undefined for plans that were not flagged. */
export type OccurrencesByPlan = readonly (readonly number[] | undefined)[];

export interface Sighting {
  readonly occurrences: OccurrencesByPlan;
  /** Plans with at least one occurrence, in order of first sight. */
  readonly flagged: readonly number[];
  /** Of plans below this only occurrences are here that may be a part of a match, as `couldMatchAt` tells. */
  readonly followed: number;
  /** True when the text is known to be ASCII. */
  readonly ascii: boolean;
  /** Start offsets of the marks given to the constructor. */
  readonly marks: readonly number[];
}

/** Whose literals these are. Literals are counted, marks first. */
export interface LiteralOwners {
  readonly planCount: number;
  /** Literals that belong to no plan and are reported apart. */
  readonly markCount: number;
  /** For each literal where its plans begin in `plans`, and where those of the last one end. */
  readonly planStarts: ArrayLike<number>;
  readonly plans: ArrayLike<number>;
  /** Whether the blocks' program has the plans and what stands around their literals; marks are its last plans. */
  readonly areFollowed?: boolean;
}

const UNKNOWN = { ascii: false, followed: 0 } as const;

export class LiteralIndex {
  readonly #owners: LiteralOwners;
  readonly #blocks: BlockSearch | undefined;
  readonly #literals: () => readonly Literal[];
  /** Built when first needed, which is where there is no kernel. */
  #automaton: AhoCorasick | undefined;
  readonly #selections = new Map<Uint8Array | undefined, Wanted | undefined>();
  /** Address of a byte for each literal, written for each `searchFor`. */
  #scratch: number | undefined;

  /** `marks` are more literals to look for, reported apart. */
  static of(
    plans: readonly PatternPlan[],
    marks: readonly Literal[],
    kernel?: Kernel,
  ): LiteralIndex {
    const { literals, owners } = distinctLiterals(plans, marks);
    return new LiteralIndex(owners, kernel && BlockSearch.of(literals, kernel), () => literals);
  }

  /** `literals` are asked for where there are no `blocks`. */
  constructor(
    owners: LiteralOwners,
    blocks: BlockSearch | undefined,
    literals: () => readonly Literal[],
  ) {
    this.#owners = owners;
    this.#blocks = blocks;
    this.#literals = literals;
  }

  /**
   * Looks through any bytes; offsets are into `text`. Of the plans only those with a 1 in `wanted`, or all;
   * an array is asked about often and never changes. Where occurrences are followed, what is left out is certain for
   * valid UTF-8.
   */
  search(text: Uint8Array, wanted?: Uint8Array): Sighting {
    const blocks = this.#blocks;
    if (blocks === undefined) return this.#searchByAutomaton(text, wanted);
    const selection = this.#selection(blocks, wanted);
    if (selection?.plans === undefined)
      return this.#searchLiterals(blocks, text, wanted, selection?.literals);
    const { sighting, onTold } = this.#collector(wanted);
    const { isWhole, followed } = blocks.follow(text, onTold, selection);
    return isWhole
      ? finished(sighting, blocks.sawAscii, followed ? this.#owners.planCount : 0)
      : this.#searchFolding(blocks, text, wanted, selection.literals);
  }

  #searchByAutomaton(text: Uint8Array, wanted: Uint8Array | undefined): Sighting {
    this.#automaton ??= new AhoCorasick(this.#literals());
    const first = this.#collector(wanted);
    if (this.#automaton.search(text, first.onOccurrence)) return { ...first.sighting, ...UNKNOWN };
    const second = this.#collector(wanted);
    this.#automaton.searchFolding(text, second.onOccurrence);
    return { ...second.sighting, ...UNKNOWN };
  }

  #searchLiterals(
    blocks: BlockSearch,
    text: Uint8Array,
    wanted: Uint8Array | undefined,
    literals: number | undefined,
  ): Sighting {
    const { sighting, onOccurrence } = this.#collector(wanted);
    return blocks.search(text, onOccurrence, literals)
      ? finished(sighting, blocks.sawAscii, 0)
      : this.#searchFolding(blocks, text, wanted, literals);
  }

  #searchFolding(
    blocks: BlockSearch,
    text: Uint8Array,
    wanted: Uint8Array | undefined,
    literals: number | undefined,
  ): Sighting {
    const { sighting, onOccurrence } = this.#collector(wanted);
    blocks.searchFolding(text, onOccurrence, literals);
    return finished(sighting, false, 0);
  }

  /** The same of some plans only, which differ from text to text. */
  searchFor(plans: readonly number[], text: Uint8Array): Sighting {
    const wanted = new Uint8Array(this.#owners.planCount);
    for (const plan of plans) wanted[plan] = 1;
    const blocks = this.#blocks;
    if (blocks === undefined) return this.#searchByAutomaton(text, wanted);
    const literals = this.#literalsOf(wanted);
    this.#scratch ??= blocks.add(literals);
    if (this.#scratch !== undefined) blocks.put(this.#scratch, literals);
    return this.#searchLiterals(blocks, text, wanted, this.#scratch);
  }

  /** Undefined where the kernel has no room for it: then all is told of, and what is not wanted left out here. */
  #selection(blocks: BlockSearch, wanted: Uint8Array | undefined): Wanted | undefined {
    if (!this.#selections.has(wanted)) this.#selections.set(wanted, this.#selected(blocks, wanted));
    return this.#selections.get(wanted);
  }

  #selected(blocks: BlockSearch, wanted: Uint8Array | undefined): Wanted | undefined {
    const { markCount, planCount, areFollowed = false } = this.#owners;
    const ofPlans = new Uint8Array(planCount + markCount).fill(1);
    if (wanted !== undefined) ofPlans.set(wanted.subarray(0, planCount));
    const literals = blocks.add(this.#literalsOf(ofPlans));
    if (literals === undefined) return undefined;
    const followed = areFollowed ? blocks.add(ofPlans) : undefined;
    return followed === undefined ? { literals } : { literals, plans: followed };
  }

  /** A byte for each literal: 1 for marks and those that a wanted plan has. */
  #literalsOf(wanted: Uint8Array): Uint8Array {
    const { markCount, planStarts, plans } = this.#owners;
    const literals = new Uint8Array(Math.max(0, planStarts.length - 1)).fill(1, 0, markCount);
    for (let literal = markCount; literal < literals.length; literal++)
      for (let i = planStarts[literal] ?? 0; i < (planStarts[literal + 1] ?? 0); i++)
        if (wanted[plans[i] ?? 0] !== 0) literals[literal] = 1;
    return literals;
  }

  #collector(wanted: Uint8Array | undefined): {
    readonly sighting: Found;
    /** Of a literal, and of a plan or a mark behind them. */
    readonly onOccurrence: OnOccurrence;
    readonly onTold: OnTold;
  } {
    const occurrences: (number[] | undefined)[] = [];
    const flagged: number[] = [];
    const marks: number[] = [];
    const { planCount, markCount, planStarts, plans } = this.#owners;
    const note = (plan: number, start: number, end: number): void => {
      const known = occurrences[plan];
      if (known === undefined) {
        if (occurrences.length === 0) occurrences.length = planCount;
        occurrences[plan] = [start, end];
        flagged.push(plan);
      } else known.push(start, end);
    };
    return {
      sighting: { occurrences, flagged, marks },
      onOccurrence(literal, start, end) {
        if (literal < markCount) {
          marks.push(start);
          return;
        }
        const last = planStarts[literal + 1] ?? 0;
        for (let i = planStarts[literal] ?? 0; i < last; i++) {
          const plan = plans[i] ?? 0;
          if (wanted === undefined || wanted[plan] !== 0) note(plan, start, end);
        }
      },
      onTold(plan, start, end) {
        if (plan >= planCount) marks.push(start);
        else note(plan, start, end);
      },
    };
  }
}

/** Each literal once, with the plans that have it. */
export function distinctLiterals(
  plans: readonly PatternPlan[],
  marks: readonly Literal[],
): { readonly literals: readonly Literal[]; readonly owners: LiteralOwners } {
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
  const planStarts = [0];
  for (const { length } of plansOf) planStarts.push((planStarts.at(-1) ?? 0) + length);
  const owners = {
    planCount: plans.length,
    markCount: marks.length,
    planStarts,
    plans: plansOf.flat(),
  };
  return { literals, owners };
}

interface Found extends Pick<Sighting, 'flagged' | 'marks'> {
  readonly occurrences: (number[] | undefined)[];
}

function finished(found: Found, ascii: boolean, followed: number): Sighting {
  sortByEnd(found);
  return { ...found, ascii, followed };
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
