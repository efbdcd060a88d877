/**
 * Follows a pattern's steps away from a literal, to tell occurrences that cannot be part of a match.
 *
 * Contract: false is certain, true is not. The places that a match can have reached are kept as an
 * interval, which is a superset of them. Work is bounded: what would take longer is taken for possible.
 */
import type { ByteRange } from '../re2/instance.ts';
import { WORD } from '../regex/ranges.ts';
import {
  ANYTHING,
  ASSERT,
  ASSERTIONS,
  CLASS_BYTES,
  EITHER,
  ONE,
  SOME,
  type Trace,
  type Traces,
} from './trace-code.ts';

/** Bytes that one step may look at. */
export const MAX_LOOK = 512;
/** The same where the place that is reached is wanted. */
const MAX_REACH_LOOK = 4096;

/** What a walk goes over; `code` and `classes` are those of a `Trace`. */
interface Walk {
  readonly text: Uint8Array;
  readonly code: Int32Array;
  readonly classes: Uint8Array;
  readonly forward: boolean;
  readonly maxLook: number;
  /**
   * Whether an assertion that does not hold rules a place out. Where the place that is reached is wanted it must not: what
   * ends there would stand at the edge of what RE2 is shown, where the assertion may hold.
   */
  readonly asserts: boolean;
  readonly work: Work;
}

/** Bytes that walks may still look at; what would take more is too far. */
export interface Work {
  left: number;
}

/** Nearest and farthest offset from the literal that a match can have reached. */
interface Interval {
  near: number;
  far: number;
}

export interface Reached extends ByteRange {
  /** Whether such a match can begin at no other place. */
  readonly anchored: boolean;
}

type Outcome = 'reached' | 'impossible' | 'too-far';

/** Whether a match may hold the literal at `[start, end)` of valid UTF-8. */
export function couldMatchAt(
  text: Uint8Array,
  start: number,
  end: number,
  { before, after }: Traces,
  work: Work = { left: Infinity },
): boolean {
  // The literal's neighbours tell most of what cannot match.
  if (!mayBeNext(after.classes, number(after.code, after.from), text[end])) return false;
  if (!mayBeNext(before.classes, number(before.code, before.from), text[start - 1])) return false;
  return isPossible(text, after, end, true, work) && isPossible(text, before, start, false, work);
}

function isPossible(
  text: Uint8Array,
  { code, from, to, classes }: Trace,
  at: number,
  forward: boolean,
  work: Work,
): boolean {
  const walk: Walk = { text, code, classes, forward, maxLook: MAX_LOOK, asserts: true, work };
  return follow(walk, from + 1, to, { near: at, far: at }) !== 'impossible';
}

/**
 * The widest range that a match with the literal at `[start, end)` may take, where `traces` are whole; undefined when
 * there is no such match, or 'too-far' when it is not told.
 */
export function reachAround(
  text: Uint8Array,
  start: number,
  end: number,
  { before, after }: Traces,
  work: Work,
): Reached | 'too-far' | undefined {
  const ahead = { near: end, far: end };
  const stop = followWhole(text, after, ahead, true, work);
  if (stop !== 'reached') return stop === 'too-far' ? stop : undefined;
  const behind = { near: start, far: start };
  const begin = followWhole(text, before, behind, false, work);
  if (begin !== 'reached') return begin === 'too-far' ? begin : undefined;
  return { start: behind.far, end: ahead.far, anchored: behind.near === behind.far };
}

function followWhole(
  text: Uint8Array,
  { code, from, to, classes }: Trace,
  interval: Interval,
  forward: boolean,
  work: Work,
): Outcome {
  const maxLook = MAX_REACH_LOOK;
  const walk: Walk = { text, code, classes, forward, maxLook, asserts: false, work };
  return follow(walk, from + 1, to, interval);
}

/** There is no neighbour at the end of the text. */
function mayBeNext(classes: Uint8Array, index: number, neighbour: number | undefined): boolean {
  if (index === ANYTHING) return true;
  return neighbour !== undefined && classes[index * CLASS_BYTES + neighbour] !== 0;
}

function follow(walk: Walk, from: number, to: number, interval: Interval): Outcome {
  const { code, text } = walk;
  let at = from;
  while (at < to) {
    switch (number(code, at)) {
      case ONE: {
        const outcome = takeOne(walk, number(code, at + 1), interval);
        if (outcome !== 'reached') return outcome;
        at += 2;
        break;
      }
      case SOME: {
        const outcome = takeSome(walk, number(code, at + 1), number(code, at + 2), interval);
        if (outcome !== 'reached') return outcome;
        at += 3;
        break;
      }
      case ASSERT: {
        // Where the place is not certain, the assertion may hold at one of several.
        const certain = walk.asserts && interval.near === interval.far;
        if (certain && !holds(text, interval.near, number(code, at + 1))) return 'impossible';
        at += 2;
        break;
      }
      case EITHER: {
        const end = takeEither(walk, at, interval);
        if (typeof end === 'string') return end;
        at = end;
        break;
      }
      default:
        throw new Error(`no step at ${at} of ${code.length}`);
    }
  }
  return 'reached';
}

function number(code: Int32Array, at: number): number {
  return code[at] as number;
}

/** Whether an assertion holds at `at`, as RE2 sees the whole text. */
function holds(text: Uint8Array, at: number, assertion: number): boolean {
  const name = ASSERTIONS[assertion];
  if (name === undefined) throw new Error(`no assertion ${assertion}`);
  switch (name) {
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
  { text, classes, forward, maxLook, work }: Walk,
  index: number,
  interval: Interval,
): Outcome {
  const { near, far } = interval;
  const table = index * CLASS_BYTES;
  work.left -= Math.abs(far - near) + 1;
  if (Math.abs(far - near) > maxLook || work.left < 0) return 'too-far';
  let first = -1;
  let last = -1;
  if (forward) {
    for (let at = near; at <= far && at < text.length; at = next(text, at)) {
      if (classes[table + (text[at] as number)] === 0) continue;
      last = next(text, at);
      if (first < 0) first = last;
    }
  } else {
    for (let at = near; at >= far && at > 0; at = previous(text, at)) {
      const begin = previous(text, at);
      if (classes[table + (text[begin] as number)] === 0) continue;
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
  { text, classes, forward, maxLook, work }: Walk,
  index: number,
  outside: number,
  interval: Interval,
): Outcome {
  const table = index * CLASS_BYTES;
  const from = interval.far;
  let at = from;
  let budget = outside;
  while (forward ? at < text.length : at > 0) {
    const begin = forward ? at : previous(text, at);
    if (classes[table + (text[begin] as number)] === 0 && budget-- === 0) break;
    at = forward ? next(text, at) : begin;
    if (Math.abs(at - from) <= maxLook) continue;
    work.left -= maxLook;
    return 'too-far';
  }
  interval.far = at;
  work.left -= Math.abs(at - from);
  return work.left < 0 ? 'too-far' : 'reached';
}

/** Where the code goes on, or why it does not. */
function takeEither(
  walk: Walk,
  from: number,
  interval: Interval,
): number | Exclude<Outcome, 'reached'> {
  const { code, classes, text, forward } = walk;
  const { near, far } = interval;
  // Where the place is certain, its neighbour tells most branches off.
  const certain = near === far;
  const neighbour = text[forward ? near : near - 1];
  const own: Interval = { near, far };
  let at = from + 2;
  let any = false;
  for (let left = number(code, from + 1); left > 0; left--) {
    const begin = at + 2;
    const end = begin + number(code, at + 1);
    const isOff = certain && !mayBeNext(classes, number(code, at), neighbour);
    at = end;
    if (isOff) continue;
    own.near = near;
    own.far = far;
    const outcome = follow(walk, begin, end, own);
    if (outcome === 'too-far') return outcome;
    if (outcome === 'impossible') continue;
    const nearest = forward ? Math.min(interval.near, own.near) : Math.max(interval.near, own.near);
    const farthest = forward ? Math.max(interval.far, own.far) : Math.min(interval.far, own.far);
    interval.near = any ? nearest : own.near;
    interval.far = any ? farthest : own.far;
    any = true;
  }
  return any ? at : 'impossible';
}

// As in `text/utf8.ts`; a call into another of the program's files costs more than what it does, and these are made for
// each byte that is looked at.
function next(text: Uint8Array, at: number): number {
  let to = at + 1;
  while (to < text.length && ((text[to] as number) & 0xc0) === 0x80) to++;
  return to;
}

function previous(text: Uint8Array, at: number): number {
  let to = at - 1;
  while (to > 0 && ((text[to] as number) & 0xc0) === 0x80) to--;
  return to;
}
