/**
 * One pass of an automaton over a text that follows all its threads at once, with the sets of states
 * cached as they come up. Backwards it tells at each position which states can still reach the end of a
 * match; forwards, which states a match that began anywhere before can be in.
 */
import type { Nfa } from './nfa.ts';

/** The states at one position. */
export interface StateSet {
  readonly members: Int32Array;
  /** One bit a state. */
  readonly bits: Uint32Array;
  /** Holds the automaton's far end: a match begins (backwards) or ends (forwards) here. */
  readonly goal: boolean;
  /** Successors by symbol, as far as they have been needed; void when `generation` is not the pass's. */
  next: (StateSet | undefined)[];
  /** Where a walk that comes from a state goes to be here, by symbol and state, as far as it has been asked. */
  moves: Map<number, number>;
  generation: number;
}

export function holds(set: StateSet, state: number): boolean {
  return (((set.bits[state >> 5] ?? 0) >>> (state & 31)) & 1) === 1;
}

/** More sets than this are forgotten and made again: memory stays bounded. */
const MAX_CACHED = 1000;

export class Pass {
  private readonly nfa: Nfa;
  private readonly parts: number;
  private readonly members: readonly Uint8Array[];
  private readonly seed: number;
  private readonly goal: number;
  /** Arrows and character edges in the direction of this pass. */
  private readonly arrows: readonly (readonly {
    readonly to: number;
    readonly condition: number;
  }[])[];
  private readonly edges: readonly (readonly { readonly to: number; readonly set: number }[])[];
  private readonly cache = new Map<string, StateSet>();
  private readonly contexts = new Map<number, number>();
  private readonly marks: Uint8Array;
  private generation = 0;
  private lastOpen = -1;
  private lastContext = 0;

  constructor(
    nfa: Nfa,
    direction: 'forwards' | 'backwards',
    parts: number,
    members: readonly Uint8Array[],
  ) {
    this.nfa = nfa;
    this.parts = parts;
    this.members = members;
    this.marks = new Uint8Array(nfa.states.length);
    const backwards = direction === 'backwards';
    this.seed = backwards ? nfa.accept : nfa.start;
    this.goal = backwards ? nfa.start : nfa.accept;
    const arrows: { to: number; condition: number }[][] = nfa.states.map(() => []);
    const edges: { to: number; set: number }[][] = nfa.states.map(() => []);
    nfa.states.forEach((state, index) => {
      for (const { to, condition } of state.arrows) {
        if (backwards) arrows[to]?.push({ to: index, condition });
        else arrows[index]?.push({ to, condition });
      }
      if (state.set < 0) return;
      if (backwards) edges[state.next]?.push({ to: index, set: state.set });
      else edges[index]?.push({ to: state.next, set: state.set });
    });
    this.arrows = arrows;
    this.edges = edges;
  }

  /** The set at the end of the text from which the pass comes. `open`: one bit per condition that holds. */
  first(open: number): StateSet {
    return this.closure([this.seed], open);
  }

  /** The set after a character of `part`; `open` is for the position that is reached. */
  step(from: StateSet, part: number, open: number): StateSet {
    const symbol = this.symbol(part, open);
    this.refresh(from);
    const known = from.next[symbol];
    if (known !== undefined) return known;
    const reached: number[] = [this.seed];
    for (const state of from.members) {
      for (const edge of this.edges[state] ?? []) {
        if (this.members[edge.set]?.[part] === 1) reached.push(edge.to);
      }
    }
    const next = this.closure(reached, open);
    if (from.generation === this.generation) from.next[symbol] = next;
    return next;
  }

  /** A part and what is open in front of it, as one number. */
  symbol(part: number, open: number): number {
    if (open !== this.lastOpen) {
      this.lastContext = this.context(open);
      this.lastOpen = open;
    }
    return this.lastContext * this.parts + part;
  }

  /** Where a walk goes from `state` to be in `set` after `symbol`; symbols are others after a while. */
  moves(set: StateSet): Map<number, number> {
    this.refresh(set);
    return set.moves;
  }

  private refresh(set: StateSet): void {
    if (set.generation === this.generation) return;
    set.next = [];
    set.moves = new Map();
    set.generation = this.generation;
  }

  private context(open: number): number {
    let index = this.contexts.get(open);
    if (index === undefined) {
      // A text can show any combination of conditions; the rows of all sets go when there are too many.
      if (this.contexts.size >= MAX_CACHED) this.forget();
      index = this.contexts.size;
      this.contexts.set(open, index);
    }
    return index;
  }

  private closure(from: readonly number[], open: number): StateSet {
    const { marks } = this;
    const pending: number[] = [];
    for (const state of from) {
      if (marks[state] === 1) continue;
      marks[state] = 1;
      pending.push(state);
    }
    const all: number[] = [];
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      all.push(state);
      for (const { to, condition } of this.arrows[state] ?? []) {
        if (marks[to] === 1 || (condition >= 0 && ((open >>> condition) & 1) === 0)) continue;
        marks[to] = 1;
        pending.push(to);
      }
    }
    for (const state of all) marks[state] = 0;
    return this.intern(Int32Array.from(all).sort());
  }

  private intern(members: Int32Array): StateSet {
    const key = members.join();
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    if (this.cache.size >= MAX_CACHED) this.forget();
    const bits = new Uint32Array((this.nfa.states.length + 31) >> 5);
    for (const state of members) bits[state >> 5] = (bits[state >> 5] ?? 0) | (1 << (state & 31));
    const set: StateSet = {
      members,
      bits,
      goal: members.includes(this.goal),
      next: [],
      moves: new Map(),
      generation: this.generation,
    };
    this.cache.set(key, set);
    return set;
  }

  private forget(): void {
    for (const set of this.cache.values()) {
      set.next = [];
      set.moves = new Map();
    }
    this.generation++;
    this.lastOpen = -1;
    this.cache.clear();
    this.contexts.clear();
  }
}
