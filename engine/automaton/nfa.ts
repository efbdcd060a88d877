/**
 * Thompson automata. Empty arrows are ordered by priority, as Python tries alternatives, and may carry a
 * condition on the position: an assertion or a lookaround.
 */
import type { Assertion, Node, Ranges } from '../regex/ast.ts';
import {
  PYTHON_ASCII_BOUNDARY,
  PYTHON_DOLLAR,
  PYTHON_NOT_ASCII_BOUNDARY,
} from '../regex/python-special.ts';
import { WORD } from '../regex/ranges.ts';

/** What must hold at a position for an empty arrow to be open. */
export type Condition =
  | {
      readonly kind: 'assert';
      readonly assertion: Assertion | 'dollar' | 'ascii-boundary' | 'not-ascii-boundary';
    }
  | {
      readonly kind: 'look';
      readonly guard: Nfa;
      readonly direction: 'ahead' | 'behind';
      readonly negative: boolean;
    };

export interface State {
  /** Index into `Patterns.sets`, or -1 for a state that consumes nothing. */
  readonly set: number;
  /** State after the character; only when `set` is not -1. */
  readonly next: number;
  /** Empty arrows, best first. */
  readonly arrows: readonly Arrow[];
}

export interface Arrow {
  readonly to: number;
  /** Index into `Nfa.conditions`, or -1. */
  readonly condition: number;
}

export interface Nfa {
  readonly states: readonly State[];
  readonly start: number;
  readonly accept: number;
  readonly conditions: readonly Condition[];
}

/** Automaton of a whole pattern, and the character sets that it and its guards use. */
export interface Program {
  readonly nfa: Nfa;
  readonly sets: readonly Ranges[];
  readonly wordSet: number;
  readonly asciiWordSet: number;
  readonly newlineSet: number;
}

export type ProgramResult =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly message: string };

/** States of a pattern with all its guards; the time for one character is bounded by it. */
export const MAX_STATES = 5000;
const MAX_STEPS = MAX_STATES * 8;
const MAX_SETS = 400;
/** Conditions of one automaton: they are kept as bits of one number. */
const MAX_CONDITIONS = 30;

/** Thrown inside this module only. */
class TooLarge extends Error {}

/** `word`: the characters that `\b` tells from others. */
export function buildProgram(node: Node, word: Ranges): ProgramResult {
  const shared = new Shared();
  try {
    const nfa = new Builder(shared).build(node);
    return {
      ok: true,
      program: {
        nfa,
        wordSet: shared.setIndex(word),
        asciiWordSet: shared.setIndex(WORD),
        newlineSet: shared.setIndex([10, 10]),
        sets: shared.sets,
      },
    };
  } catch (error) {
    if (error instanceof TooLarge) return { ok: false, message: error.message };
    throw error;
  }
}

/** What a pattern's automata have in common: the sets and the size so far. */
class Shared {
  readonly sets: Ranges[] = [];
  states = 0;
  steps = 0;
  private readonly byIdentity = new Map<Ranges, number>();
  private readonly byContent = new Map<string, number>();

  setIndex(ranges: Ranges): number {
    const known = this.byIdentity.get(ranges);
    if (known !== undefined) return known;
    const content = ranges.join();
    let index = this.byContent.get(content);
    if (index === undefined) {
      index = this.sets.length;
      if (index >= MAX_SETS) throw new TooLarge(`more than ${MAX_SETS} different character sets`);
      this.sets.push(ranges);
      this.byContent.set(content, index);
    }
    this.byIdentity.set(ranges, index);
    return index;
  }
}

interface MutableState {
  set: number;
  next: number;
  arrows: Arrow[];
}

/** Builds one automaton from its end: each node is given the state that follows it. */
class Builder {
  private readonly states: MutableState[] = [];
  private readonly conditions: Condition[] = [];
  private readonly conditionOf = new Map<Node | string, number>();
  private readonly shared: Shared;

  constructor(shared: Shared) {
    this.shared = shared;
  }

  build(node: Node): Nfa {
    const accept = this.state(-1, -1);
    const start = this.node(node, accept);
    return { states: this.states, start, accept, conditions: this.conditions };
  }

  private state(set: number, next: number, arrows: Arrow[] = []): number {
    if (++this.shared.states > MAX_STATES) {
      throw new TooLarge(`more than ${MAX_STATES} automaton states; lower the repeat counts`);
    }
    return this.states.push({ set, next, arrows }) - 1;
  }

  private split(first: number, second: number, greedy: boolean): number {
    const [best, other] = greedy ? [first, second] : [second, first];
    return this.state(-1, -1, [
      { to: best, condition: -1 },
      { to: other, condition: -1 },
    ]);
  }

  private node(node: Node, next: number): number {
    if (++this.shared.steps > MAX_STEPS) throw new TooLarge('too many repeats of nothing');
    switch (node.kind) {
      case 'empty':
        return next;
      case 'class':
        return this.state(this.shared.setIndex(node.ranges), next);
      case 'any-byte':
        throw new TooLarge('"\\C" has no place in a pattern over characters');
      case 'assert':
      case 'look':
        return this.state(-1, -1, [{ to: next, condition: this.condition(node) }]);
      case 'capture':
        return this.node(node.node, next);
      case 'concat': {
        let entry = next;
        for (let i = node.parts.length - 1; i >= 0; i--) {
          const part = node.parts[i];
          if (part !== undefined) entry = this.node(part, entry);
        }
        return entry;
      }
      case 'alternate': {
        const entries = node.branches.map((branch) => this.node(branch, next));
        return this.state(
          -1,
          -1,
          entries.map((to) => ({ to, condition: -1 })),
        );
      }
      case 'repeat':
        return this.repeat(node, next);
    }
  }

  private repeat(node: Extract<Node, { kind: 'repeat' }>, next: number): number {
    const { node: body, min, max, greedy } = node;
    let entry = next;
    let copies = min;
    if (max === Infinity) {
      // An optional one-or-more, so that a body which matches nothing cannot hide its own other branches.
      const loop = this.state(-1, -1);
      const again = this.node(body, loop);
      const state = this.states[loop];
      if (state !== undefined) {
        const arrows = [
          { to: again, condition: -1 },
          { to: next, condition: -1 },
        ];
        state.arrows = greedy ? arrows : arrows.reverse();
      }
      if (min === 0) return this.split(again, next, greedy);
      entry = again;
      copies = min - 1;
    } else {
      for (let i = min; i < max; i++) entry = this.split(this.node(body, entry), next, greedy);
    }
    for (let i = 0; i < copies; i++) entry = this.node(body, entry);
    return entry;
  }

  private condition(node: Extract<Node, { kind: 'assert' | 'look' }>): number {
    const key = node.kind === 'assert' ? node.assertion : node;
    const known = this.conditionOf.get(key);
    if (known !== undefined) return known;
    if (this.conditions.length >= MAX_CONDITIONS) {
      throw new TooLarge(`more than ${MAX_CONDITIONS} assertions and lookarounds side by side`);
    }
    const index = this.conditions.push(this.conditionFor(node)) - 1;
    this.conditionOf.set(key, index);
    return index;
  }

  private conditionFor(node: Extract<Node, { kind: 'assert' | 'look' }>): Condition {
    if (node.kind === 'assert') return { kind: 'assert', assertion: node.assertion };
    if (node === PYTHON_DOLLAR) return { kind: 'assert', assertion: 'dollar' };
    if (node === PYTHON_ASCII_BOUNDARY) return { kind: 'assert', assertion: 'ascii-boundary' };
    if (node === PYTHON_NOT_ASCII_BOUNDARY)
      return { kind: 'assert', assertion: 'not-ascii-boundary' };
    const guard = new Builder(this.shared).build(node.node);
    return { kind: 'look', guard, direction: node.direction, negative: node.negative };
  }
}
