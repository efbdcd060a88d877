/** A literal index by an automaton in JavaScript: for any literals, and where there is no kernel. */
import { AhoCorasick } from '../prefilter/aho-corasick.ts';
import type { Literal } from '../regex/literals.ts';
import {
  collectorOf,
  finished,
  type LiteralIndex,
  type LiteralOwners,
  type Sighting,
  wantedOf,
} from './literal-index.ts';

export class AutomatonIndex implements LiteralIndex {
  readonly #owners: LiteralOwners;
  readonly #literals: () => readonly Literal[];
  /** Built at the first search. */
  #automaton: AhoCorasick | undefined;

  constructor(owners: LiteralOwners, literals: () => readonly Literal[]) {
    this.#owners = owners;
    this.#literals = literals;
  }

  search(text: Uint8Array, wanted?: Uint8Array): Sighting {
    this.#automaton ??= new AhoCorasick(this.#literals());
    const first = collectorOf(this.#owners, wanted);
    if (this.#automaton.search(text, first.onOccurrence)) return finished(first.found, false, 0);
    const second = collectorOf(this.#owners, wanted);
    this.#automaton.searchFolding(text, second.onOccurrence);
    return finished(second.found, false, 0);
  }

  searchFor(plans: readonly number[], text: Uint8Array): Sighting {
    return this.search(text, wantedOf(plans, this.#owners));
  }
}
