/** A literal index by blocks, in a kernel's memory. */
import type { BlockSearch } from '../prefilter/block-search.ts';
import type { Wanted } from '../prefilter/kernel.ts';
import {
  collectorOf,
  finished,
  type LiteralIndex,
  type LiteralOwners,
  type Sighting,
  wantedOf,
} from './literal-index.ts';

export class BlockIndex implements LiteralIndex {
  readonly #owners: LiteralOwners;
  readonly #blocks: BlockSearch;
  readonly #selections = new Map<Uint8Array | undefined, Wanted | undefined>();
  /** Address of a byte for each literal, written for each `searchFor`. */
  #scratch: number | undefined;

  constructor(owners: LiteralOwners, blocks: BlockSearch) {
    this.#owners = owners;
    this.#blocks = blocks;
  }

  search(text: Uint8Array, wanted?: Uint8Array): Sighting {
    const selection = this.#selection(wanted);
    if (selection?.plans === undefined)
      return this.#searchLiterals(text, wanted, selection?.literals);
    const { found, onTold } = collectorOf(this.#owners, wanted);
    const { isWhole, followed } = this.#blocks.follow(text, onTold, selection);
    return isWhole
      ? finished(found, this.#blocks.sawAscii, followed ? this.#owners.planCount : 0)
      : this.#searchFolding(text, wanted, selection.literals);
  }

  searchFor(plans: readonly number[], text: Uint8Array): Sighting {
    const wanted = wantedOf(plans, this.#owners);
    const literals = this.#literalsOf(wanted);
    this.#scratch ??= this.#blocks.add(literals);
    if (this.#scratch !== undefined) this.#blocks.put(this.#scratch, literals);
    return this.#searchLiterals(text, wanted, this.#scratch);
  }

  #searchLiterals(
    text: Uint8Array,
    wanted: Uint8Array | undefined,
    literals: number | undefined,
  ): Sighting {
    const { found, onOccurrence } = collectorOf(this.#owners, wanted);
    return this.#blocks.search(text, onOccurrence, literals)
      ? finished(found, this.#blocks.sawAscii, 0)
      : this.#searchFolding(text, wanted, literals);
  }

  #searchFolding(
    text: Uint8Array,
    wanted: Uint8Array | undefined,
    literals: number | undefined,
  ): Sighting {
    const { found, onOccurrence } = collectorOf(this.#owners, wanted);
    this.#blocks.searchFolding(text, onOccurrence, literals);
    return finished(found, false, 0);
  }

  /** Undefined where the kernel has no room for it: then all is told of, and what is not wanted left out here. */
  #selection(wanted: Uint8Array | undefined): Wanted | undefined {
    if (!this.#selections.has(wanted)) this.#selections.set(wanted, this.#selected(wanted));
    return this.#selections.get(wanted);
  }

  #selected(wanted: Uint8Array | undefined): Wanted | undefined {
    const { markCount, planCount, areFollowed = false } = this.#owners;
    const ofPlans = new Uint8Array(planCount + markCount).fill(1);
    if (wanted !== undefined) ofPlans.set(wanted.subarray(0, planCount));
    const literals = this.#blocks.add(this.#literalsOf(ofPlans));
    if (literals === undefined) return undefined;
    const followed = areFollowed ? this.#blocks.add(ofPlans) : undefined;
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
}
