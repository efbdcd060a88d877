/**
 * Follows a pattern's steps away from a literal, to tell occurrences that cannot be part of a match.
 *
 * Contract: false is certain, true is not. The places that a match can have reached are kept as an
 * interval, which is a superset of them. Work is bounded: what would take longer is taken for possible.
 */
import type { Assertion } from '../regex/ast.ts';
import { WORD } from '../regex/ranges.ts';
import type { Edge, Reach, TracedBranch, TracedStep } from './reach.ts';
import type { Direction } from './steps.ts';

/** Bytes that one step may look at. */
const MAX_LOOK = 512;

/** Nearest and farthest offset from the literal that a match can have reached. */
interface Interval {
  near: number;
  far: number;
}

type Outcome = 'reached' | 'impossible' | 'too-far';

/** Whether a match may hold the literal at `[start, end)` of valid UTF-8. */
export function couldMatchAt(
  text: Uint8Array,
  start: number,
  end: number,
  before: Reach,
  after: Reach,
): boolean {
  if (!mayTouch(text, end, text[end], after.edge)) return false;
  if (!mayTouch(text, start, text[start - 1], before.edge)) return false;
  const ahead = follow(text, after.trace, { near: end, far: end }, 'forward');
  if (ahead === 'impossible') return false;
  return follow(text, before.trace, { near: start, far: start }, 'backward') !== 'impossible';
}

/** The literal's neighbour tells most of what cannot match. `at` is the side of the literal that it is on. */
function mayTouch(
  text: Uint8Array,
  at: number,
  neighbour: number | undefined,
  { assertions, members }: Edge,
): boolean {
  if (members !== undefined && !isMember(members, neighbour)) return false;
  return assertions.every((assertion) => holds(text, at, assertion));
}

/** There is no neighbour at the end of the text. */
function isMember(members: Uint8Array, neighbour: number | undefined): boolean {
  return neighbour !== undefined && members[neighbour] !== 0;
}

function follow(
  text: Uint8Array,
  steps: readonly TracedStep[],
  interval: Interval,
  direction: Direction,
): Outcome {
  const first =
    interval.near === interval.far ? followCertain(text, steps, interval, direction) : 0;
  if (first < 0) return 'impossible';
  for (let i = first; i < steps.length; i++) {
    const outcome = take(text, steps[i] as TracedStep, interval, direction);
    if (outcome !== 'reached') return outcome;
  }
  return 'reached';
}

/**
 * As long as the place is certain, which it is next to the literal, where most of what cannot match is told. The
 * index of the first step that is left, or -1.
 */
function followCertain(
  text: Uint8Array,
  steps: readonly TracedStep[],
  interval: Interval,
  direction: Direction,
): number {
  let at = interval.near;
  let index = 0;
  for (; index < steps.length; index++) {
    const step = steps[index] as TracedStep;
    if (step.kind === 'one') {
      if (at === (direction === 'forward' ? text.length : 0)) return -1;
      const to = direction === 'forward' ? next(text, at) : previous(text, at);
      if (step.members[text[Math.min(at, to)] as number] === 0) return -1;
      at = to;
    } else if (step.kind === 'assert') {
      if (!holds(text, at, step.assertion)) return -1;
    } else break;
  }
  interval.near = at;
  interval.far = at;
  return index;
}

function take(
  text: Uint8Array,
  step: TracedStep,
  interval: Interval,
  direction: Direction,
): Outcome {
  switch (step.kind) {
    case 'one':
      return takeOne(text, step.members, interval, direction);
    case 'some':
      return takeSome(text, step, interval, direction);
    case 'assert': {
      // Where the place is not certain, the assertion may hold at one of several.
      const certain = interval.near === interval.far;
      return certain && !holds(text, interval.near, step.assertion) ? 'impossible' : 'reached';
    }
    case 'either':
      return takeEither(text, step.branches, interval, direction);
  }
}

/** Whether an assertion holds at `at`, as RE2 sees the whole text. */
function holds(text: Uint8Array, at: number, assertion: Assertion): boolean {
  switch (assertion) {
    case 'text-begin':
      return at === 0;
    case 'text-end':
      return at === text.length;
    case 'line-begin':
      return at === 0 || text[at - 1] === 10;
    case 'line-end':
      return at === text.length || text[at] === 10;
    case 'word-boundary':
      return isWord(text[at - 1]) !== isWord(text[at]);
    case 'not-word-boundary':
      return isWord(text[at - 1]) === isWord(text[at]);
  }
}

/** RE2's `\w`, which is ASCII. */
function isWord(byte: number | undefined): boolean {
  return byte !== undefined && WORD_BYTES[byte] === 1;
}

const WORD_BYTES: Uint8Array = wordBytes();

function wordBytes(): Uint8Array {
  const table = new Uint8Array(256);
  for (let i = 0; i + 1 < WORD.length; i += 2) table.fill(1, WORD[i], (WORD[i + 1] ?? 0) + 1);
  return table;
}

function takeOne(
  text: Uint8Array,
  members: Uint8Array,
  interval: Interval,
  direction: Direction,
): Outcome {
  const { near, far } = interval;
  if (Math.abs(far - near) > MAX_LOOK) return 'too-far';
  let first = -1;
  let last = -1;
  if (direction === 'forward') {
    for (let at = near; at <= far && at < text.length; at = next(text, at)) {
      if (members[text[at] ?? 0] === 0) continue;
      last = next(text, at);
      if (first < 0) first = last;
    }
  } else {
    for (let at = near; at >= far && at > 0; at = previous(text, at)) {
      const begin = previous(text, at);
      if (members[text[begin] ?? 0] === 0) continue;
      last = begin;
      if (first < 0) first = begin;
    }
  }
  if (first < 0) return 'impossible';
  interval.near = first;
  interval.far = last;
  return 'reached';
}

function takeSome(
  text: Uint8Array,
  { runs, outside }: { readonly runs: Uint8Array; readonly outside: number },
  interval: Interval,
  direction: Direction,
): Outcome {
  const from = interval.far;
  let at = from;
  let budget = outside;
  while (direction === 'forward' ? at < text.length : at > 0) {
    const begin = direction === 'forward' ? at : previous(text, at);
    if (runs[text[begin] ?? 0] === 0 && budget-- === 0) break;
    at = direction === 'forward' ? next(text, at) : begin;
    if (Math.abs(at - from) > MAX_LOOK) return 'too-far';
  }
  interval.far = at;
  return 'reached';
}

function takeEither(
  text: Uint8Array,
  branches: readonly TracedBranch[],
  interval: Interval,
  direction: Direction,
): Outcome {
  const { near, far } = interval;
  const sign = direction === 'forward' ? 1 : -1;
  // Where the place is certain, its neighbour tells most branches off.
  const certain = near === far;
  const neighbour = text[direction === 'forward' ? near : near - 1];
  let any = false;
  for (const { steps, members } of branches) {
    if (certain && members !== undefined && !isMember(members, neighbour)) continue;
    const own: Interval = { near, far };
    const outcome = follow(text, steps, own, direction);
    if (outcome === 'too-far') return outcome;
    if (outcome === 'impossible') continue;
    interval.near = any ? sign * Math.min(sign * interval.near, sign * own.near) : own.near;
    interval.far = any ? sign * Math.max(sign * interval.far, sign * own.far) : own.far;
    any = true;
  }
  return any ? 'reached' : 'impossible';
}

function next(text: Uint8Array, at: number): number {
  let to = at + 1;
  while (to < text.length && ((text[to] ?? 0) & 0xc0) === 0x80) to++;
  return to;
}

function previous(text: Uint8Array, at: number): number {
  let to = at - 1;
  while (to > 0 && ((text[to] ?? 0) & 0xc0) === 0x80) to--;
  return to;
}
