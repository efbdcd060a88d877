/** Which conditions of an automaton hold at each position of one text. */
import type { Program, Condition, Nfa } from './nfa.ts';
import { Pass } from './pass.ts';
import type { Text } from './text.ts';

/** Bit mask of the conditions that hold at a position. */
export type OpenAt = (position: number) => number;

/** Throws when the time is over; called now and then by whatever goes through a text. */
export type Check = () => void;

/** Positions between two calls of `Check`. */
export const CHECKED_EVERY = 1024;

/** An automaton with its guards, ready to be run over any number of texts. */
export interface Machine {
  readonly pass: Pass;
  readonly conditions: readonly PreparedCondition[];
}

type PreparedCondition =
  | Extract<Condition, { kind: 'assert' }>
  | {
      readonly kind: 'look';
      readonly guard: Machine;
      readonly ahead: boolean;
      readonly negative: boolean;
    };

/** The alphabet's view of the sets that assertions ask about. */
export interface Marks {
  readonly word: Uint8Array;
  readonly asciiWord: Uint8Array;
  readonly newline: Uint8Array;
}

export function createMachine(
  nfa: Nfa,
  direction: 'forwards' | 'backwards',
  parts: number,
  members: readonly Uint8Array[],
): Machine {
  const conditions = nfa.conditions.map((condition): PreparedCondition => {
    if (condition.kind === 'assert') return condition;
    // A guard is followed against its own direction, so that one pass answers for every position.
    const ahead = condition.direction === 'ahead';
    const guard = createMachine(condition.guard, ahead ? 'backwards' : 'forwards', parts, members);
    return { kind: 'look', guard, ahead, negative: condition.negative };
  });
  return { pass: new Pass(nfa, direction, parts, members), conditions };
}

export function marksOf(program: Program, members: readonly Uint8Array[]): Marks {
  const none = new Uint8Array(0);
  return {
    word: members[program.wordSet] ?? none,
    asciiWord: members[program.asciiWordSet] ?? none,
    newline: members[program.newlineSet] ?? none,
  };
}

/** Runs the guards of `machine` over `text`, inner ones first. */
export function openConditions(machine: Machine, text: Text, marks: Marks, check: Check): OpenAt {
  const tests = machine.conditions.map((condition) =>
    condition.kind === 'assert'
      ? assertionTest(condition.assertion, text, marks)
      : lookTest(condition, text, marks, check),
  );
  if (tests.length === 0) return () => 0;
  // Asked for more than once, by the pass and by the walks.
  const opens = new Uint32Array(text.length + 1);
  for (const [i, test] of tests.entries()) {
    for (let p = 0; p <= text.length; p++) {
      if (p % CHECKED_EVERY === 0) check();
      if (test(p)) opens[p] = (opens[p] ?? 0) | (1 << i);
    }
  }
  return (position) => opens[position] ?? 0;
}

function lookTest(
  condition: Extract<PreparedCondition, { kind: 'look' }>,
  text: Text,
  marks: Marks,
  check: Check,
): (position: number) => boolean {
  const { guard, ahead, negative } = condition;
  const open = openConditions(guard, text, marks, check);
  const found = new Uint8Array(text.length + 1);
  const { length, parts } = text;
  if (ahead) {
    let set = guard.pass.first(open(length));
    found[length] = set.goal ? 1 : 0;
    for (let p = length - 1; p >= 0; p--) {
      if (p % CHECKED_EVERY === 0) check();
      set = guard.pass.step(set, parts[p] ?? 0, open(p));
      found[p] = set.goal ? 1 : 0;
    }
  } else {
    let set = guard.pass.first(open(0));
    found[0] = set.goal ? 1 : 0;
    for (let p = 1; p <= length; p++) {
      if (p % CHECKED_EVERY === 0) check();
      set = guard.pass.step(set, parts[p - 1] ?? 0, open(p));
      found[p] = set.goal ? 1 : 0;
    }
  }
  const wanted = negative ? 0 : 1;
  return (position) => found[position] === wanted;
}

function assertionTest(
  assertion: Extract<Condition, { kind: 'assert' }>['assertion'],
  text: Text,
  marks: Marks,
): (position: number) => boolean {
  const { length, parts } = text;
  const newlineAt = (index: number): boolean => marks.newline[parts[index] ?? 0] === 1;
  const boundaryOf =
    (word: Uint8Array) =>
    (position: number): boolean => {
      const before = position > 0 && word[parts[position - 1] ?? 0] === 1;
      const after = position < length && word[parts[position] ?? 0] === 1;
      return before !== after;
    };
  const boundary = boundaryOf(marks.word);
  const asciiBoundary = boundaryOf(marks.asciiWord);
  switch (assertion) {
    case 'text-begin':
      return (position) => position === 0;
    case 'text-end':
      return (position) => position === length;
    case 'dollar':
      return (position) => position === length || (position === length - 1 && newlineAt(position));
    case 'line-begin':
      return (position) => position === 0 || newlineAt(position - 1);
    case 'line-end':
      return (position) => position === length || newlineAt(position);
    case 'word-boundary':
      return boundary;
    // In an empty text Python 3.11 finds neither a boundary nor its absence.
    case 'not-word-boundary':
      return (position) => length > 0 && !boundary(position);
    case 'ascii-boundary':
      return asciiBoundary;
    case 'not-ascii-boundary':
      return (position) => length > 0 && !asciiBoundary(position);
  }
}
