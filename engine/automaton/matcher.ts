/**
 * Every match of a pattern in a text in linear time, lookaround included, with the very spans of Python's `finditer`.
 *
 * A backwards pass over the text tells for every position which states can still reach the end of a
 * match, so it knows where matches begin; from there a walk takes at each step the best arrow that leads
 * to one of those states, and never has to come back. Lookarounds are arrows that are open at positions
 * found by a pass of their own. Time is the text's length times the number of states at worst, and
 * mostly one table lookup per character and pass.
 */
import type { Node, PatternError, Ranges } from '../regex/ast.ts';
import { createAlphabet, type Alphabet } from './alphabet.ts';
import {
  createMachine,
  marksOf,
  type Check,
  CHECKED_EVERY,
  openConditions,
  type Machine,
  type Marks,
  type OpenAt,
} from './conditions.ts';
import { buildProgram, type Nfa, type Program } from './nfa.ts';
import { holds, type StateSet } from './pass.ts';
import { readText, type Text } from './text.ts';

/** Byte offsets; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Range {
  /** No match begins before this offset. */
  readonly from: number;
  /** Nor is one looked for once the matches before have passed this one. */
  readonly until: number;
}

export interface AutomatonMatcher {
  /** Number of automaton states, guards included. */
  readonly states: number;
  /**
   * The first `limit` matches in `text`, which must be valid UTF-8, as `re.finditer` reports them:
   * leftmost, by priority of alternatives, not overlapping, empty ones included. Where a match begins is
   * exact; where it ends may differ when a loop's body prefers to match nothing, as in `(?:|a)+`.
   * Undefined once `isOverdue` says so.
   */
  findAll(
    text: Uint8Array,
    limit: number,
    isOverdue?: () => boolean,
    range?: Range,
  ): Span[] | undefined;
}

export type AutomatonResult =
  | { readonly ok: true; readonly matcher: AutomatonMatcher }
  | { readonly ok: false; readonly error: PatternError };

const NEVER = (): boolean => false;

/**
 * Compiles a syntax tree, which need not have lookaround; refuses what needs too many states. `word`: the characters
 * that `\b` tells from others.
 */
export function compileAutomaton(node: Node, word: Ranges): AutomatonResult {
  const built = buildProgram(node, word);
  if (!built.ok) {
    return {
      ok: false,
      error: { offset: 0, length: 1, message: `pattern is too large: ${built.message}` },
    };
  }
  const { program } = built;
  // Most rules never see their literals, so the tables are made when a text comes.
  let compiled: Compiled | undefined;
  return {
    ok: true,
    matcher: {
      states: countStates(program.nfa),
      findAll: (bytes, limit, isOverdue = NEVER, range = { from: 0, until: bytes.length }) => {
        compiled ??= tablesFor(program);
        try {
          const text = readText(bytes, compiled.alphabet);
          return new Search(compiled, text, checking(isOverdue)).all(limit, range);
        } catch (error) {
          if (error instanceof Overdue) return undefined;
          throw error;
        }
      },
    },
  };
}

function tablesFor(program: Program): Compiled {
  const alphabet = createAlphabet(program.sets);
  const machine = createMachine(program.nfa, 'backwards', alphabet.size, alphabet.members);
  return { nfa: program.nfa, alphabet, machine, marks: marksOf(program, alphabet.members) };
}

interface Compiled {
  readonly nfa: Nfa;
  readonly alphabet: Alphabet;
  readonly machine: Machine;
  readonly marks: Marks;
}

function countStates(nfa: Nfa): number {
  return nfa.conditions.reduce(
    (sum, condition) => sum + (condition.kind === 'look' ? countStates(condition.guard) : 0),
    nfa.states.length,
  );
}

/** Sets are kept at every so many positions, and those between are made again where a match is walked. */
const BLOCK = 1024;

/** Thrown inside this module only. */
class Overdue extends Error {}

function checking(isOverdue: () => boolean): Check {
  return () => {
    if (isOverdue()) throw new Overdue();
  };
}

/** The search of one text. */
class Search {
  private readonly compiled: Compiled;
  private readonly text: Text;
  private readonly check: Check;
  private readonly open: OpenAt;
  /** 1 where a match begins. */
  private readonly begins: Uint8Array;
  private readonly checkpoints = new Map<number, StateSet>();
  private block = -1;
  /** Those of the block, by position in it, and the first one behind it. */
  private readonly sets: (StateSet | undefined)[] = Array.from({ length: BLOCK + 1 });
  private readonly visited: Int32Array;
  private visit = 0;

  constructor(compiled: Compiled, text: Text, check: Check) {
    this.compiled = compiled;
    this.text = text;
    this.check = check;
    this.open = openConditions(compiled.machine, text, compiled.marks, check);
    this.begins = new Uint8Array(text.length + 1);
    this.visited = new Int32Array(compiled.nfa.states.length);
  }

  all(limit: number, { from, until }: Range): Span[] {
    const spans: Span[] = [];
    if (limit <= 0) return spans;
    this.findBegins();
    let position = this.text.indexAt(from);
    const last = this.text.indexAt(until);
    // After an empty match the next one may begin at the same place, but then must not be empty.
    let afterEmpty = false;
    while (spans.length < limit && position <= last) {
      const start = this.begins.indexOf(1, position);
      if (start < 0) break;
      const end = this.walk(start, afterEmpty && start === position);
      if (end < 0) {
        position = start + 1;
        afterEmpty = false;
        continue;
      }
      spans.push({ start: this.text.offsetOf(start), end: this.text.offsetOf(end) });
      position = end;
      afterEmpty = end === start;
    }
    return spans;
  }

  private findBegins(): void {
    const { length, parts } = this.text;
    const { pass } = this.compiled.machine;
    let set = pass.first(this.open(length));
    this.checkpoints.set(length, set);
    this.begins[length] = set.goal ? 1 : 0;
    for (let p = length - 1; p >= 0; p--) {
      set = pass.step(set, parts[p] ?? 0, this.open(p));
      if (set.goal) this.begins[p] = 1;
      if (p % BLOCK === 0) {
        this.check();
        this.checkpoints.set(p, set);
      }
    }
  }

  /** The states from which a match can be completed at `position`. */
  private setAt(position: number): StateSet | undefined {
    const block = Math.floor(position / BLOCK);
    const begin = block * BLOCK;
    if (block !== this.block) {
      const end = Math.min(begin + BLOCK, this.text.length);
      let set = this.checkpoints.get(end);
      this.block = block;
      this.sets[end - begin] = set;
      for (let p = end - 1; p >= begin && set !== undefined; p--) {
        set = this.compiled.machine.pass.step(set, this.text.parts[p] ?? 0, this.open(p));
        this.sets[p - begin] = set;
      }
    }
    return this.sets[position - begin];
  }

  /** End of the match that begins at `start`, or -1 when it would be empty and must not be. */
  private walk(start: number, mustAdvance: boolean): number {
    let state = this.compiled.nfa.start;
    for (let position = start; ; position++) {
      if (position % CHECKED_EVERY === 0) this.check();
      const next = this.bestMove(state, position, mustAdvance && position === start);
      if (next === ENDS) return position;
      if (next === STUCK) return -1;
      state = next;
    }
  }

  /** The first state after the next character, in order of priority, from which a match can be completed. */
  private bestMove(from: number, position: number, mustAdvance: boolean): number {
    const open = this.open(position);
    const part = this.text.parts[position] ?? 0;
    const after = position < this.text.length ? this.setAt(position + 1) : undefined;
    if (after === undefined || mustAdvance)
      return this.findMove(from, { open, part, after, mustAdvance });
    const { nfa, machine } = this.compiled;
    const move = machine.pass.symbol(part, open) * nfa.states.length + from;
    const moves = machine.pass.moves(after);
    let to = moves.get(move);
    if (to === undefined) {
      to = this.findMove(from, { open, part, after, mustAdvance });
      moves.set(move, to);
    }
    return to;
  }

  private findMove(from: number, { open, part, after, mustAdvance }: Step): number {
    const { nfa, alphabet } = this.compiled;
    const stamp = ++this.visit;
    const pending = [from];
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      if (this.visited[index] === stamp) continue;
      this.visited[index] = stamp;
      if (index === nfa.accept) {
        if (!mustAdvance) return ENDS;
        continue;
      }
      const state = nfa.states[index];
      if (state === undefined) continue;
      if (state.set >= 0) {
        const takes = alphabet.members[state.set]?.[part] === 1;
        if (takes && after !== undefined && holds(after, state.next)) return state.next;
        continue;
      }
      for (let i = state.arrows.length - 1; i >= 0; i--) {
        const arrow = state.arrows[i];
        if (arrow === undefined) continue;
        if (arrow.condition < 0 || ((open >>> arrow.condition) & 1) === 1) pending.push(arrow.to);
      }
    }
    return STUCK;
  }
}

/** What a move depends on beside the state. */
interface Step {
  readonly open: number;
  readonly part: number;
  readonly after: StateSet | undefined;
  readonly mustAdvance: boolean;
}

/** Moves to no state: the match ends, or would be empty and must not be. */
const ENDS = -1;
const STUCK = -2;
