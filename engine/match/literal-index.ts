/** One search for the literals of many plans, and from each literal the plans that need it. */
import type { OnOccurrence } from '../prefilter/aho-corasick.ts';
import type { OnTold } from '../prefilter/kernel.ts';

/** Where a plan's literals were found: start and end offsets by end, flat. Plans that were not flagged have none. */
export type OccurrencesByPlan = ReadonlyMap<number, readonly number[]>;

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

/** By blocks where there is a kernel with room for the literals, else by an automaton. */
export interface LiteralIndex {
  /**
   * Looks through any bytes; offsets are into `text`. Of the plans only those with a 1 in `wanted`, or all;
   * an array is asked about often and never changes. Where occurrences are followed, what is left out is certain for
   * valid UTF-8.
   */
  search(text: Uint8Array, wanted?: Uint8Array): Sighting;
  /** The same of some plans only, which differ from text to text. */
  searchFor(plans: readonly number[], text: Uint8Array): Sighting;
}

/** `wanted` of a search for some plans only. */
export function wantedOf(plans: readonly number[], { planCount }: LiteralOwners): Uint8Array {
  const wanted = new Uint8Array(planCount);
  for (const plan of plans) wanted[plan] = 1;
  return wanted;
}

/** Notes what a search tells of. */
export interface Collector {
  readonly found: Found;
  /** Of a literal, and of a plan or a mark behind them. */
  readonly onOccurrence: OnOccurrence;
  readonly onTold: OnTold;
}

export function collectorOf(owners: LiteralOwners, wanted: Uint8Array | undefined): Collector {
  const occurrences = new Map<number, number[]>();
  const flagged: number[] = [];
  const marks: number[] = [];
  const { planCount, markCount, planStarts, plans } = owners;
  const note = (plan: number, start: number, end: number): void => {
    const known = occurrences.get(plan);
    if (known === undefined) {
      occurrences.set(plan, [start, end]);
      flagged.push(plan);
    } else known.push(start, end);
  };
  return {
    found: { occurrences, flagged, marks },
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

/** A sighting in the making. */
export interface Found extends Pick<Sighting, 'flagged' | 'marks'> {
  readonly occurrences: Map<number, number[]>;
}

/** `followed` and `ascii` as in a `Sighting`. */
export function finished(found: Found, ascii: boolean, followed: number): Sighting {
  sortByEnd(found);
  return { ...found, ascii, followed };
}

/** Literals are compared at any of their blocks, so occurrences may come a little out of order. */
function sortByEnd({ occurrences }: Found): void {
  for (const [plan, flat] of occurrences) {
    let ordered = true;
    for (let i = 3; i < flat.length && ordered; i += 2)
      ordered = (flat[i - 2] ?? 0) < (flat[i] ?? 0);
    if (!ordered) occurrences.set(plan, sortedByEnd(flat));
  }
}

/** Of those that end together the longest comes first. */
function sortedByEnd(flat: readonly number[]): number[] {
  const pairs: [start: number, end: number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.push([flat[i] ?? 0, flat[i + 1] ?? 0]);
  return pairs.sort((a, b) => a[1] - b[1] || a[0] - b[0]).flat();
}
