/** WebAssembly for single steps of a walk, see `walk-code.ts`: the same on the way on and on the way back. */
import {
  add,
  and,
  atLeast,
  atMost,
  block,
  type Code,
  constant,
  equal,
  type FunctionCode,
  get,
  giveBack,
  global,
  isZero,
  leave,
  less,
  loadByte,
  loop,
  more,
  sequence,
  set,
  setGlobal,
  shiftLeft,
  subtract,
  when,
} from '../prefilter/wasm-code.ts';
import { MAX_LOOK } from './trace.ts';
import { ANYTHING } from './trace-code.ts';

/** How a walk ends; as a condition, false is what is certain. */
export const IMPOSSIBLE = 0;
export const REACHED = 1;
export const TOO_FAR = 2;

const isContinuation = (address: Code): Code =>
  equal(and(loadByte(address), constant(0xc0)), constant(0x80));
export const classAt = (index: Code): Code => add(global('classes'), shiftLeft(index, constant(8)));
export const spend = (steps: Code): Code => setGlobal('budget', subtract(global('budget'), steps));

/** What differs between walking on and walking back. */
export interface Way {
  readonly name: 'On' | 'Back';
  /** Whether nothing is at hand behind the place in a local. */
  readonly isAtEdge: (local: string) => Code;
  /** Whether that is since the text ends there. */
  readonly isEnd: Code;
  /** Sets `to` to the place behind the code point at `from`, which is not at the edge. */
  readonly step: (from: string, to: string) => Code;
  /** Where the code point lies that is between two places. */
  readonly lower: (from: string, to: string) => Code;
  readonly isBeyond: (place: Code, other: Code) => Code;
  readonly distance: (from: Code, to: Code) => Code;
  /** Where the byte next to a place lies. */
  readonly neighbour: (place: Code) => Code;
}

const isAtHigh = (local: string): Code => atLeast(get(local), global('high'));
const isAtLow = (local: string): Code => atMost(get(local), global('low'));

/** Moves by a byte, and on over the rest of a code point. */
const stepping =
  (move: typeof add, isAtEdge: Way['isAtEdge']): Way['step'] =>
  (from, to) =>
    sequence(
      set(to, move(get(from), constant(1))),
      block(
        'stepped',
        loop(
          'bytes',
          leave('stepped', isAtEdge(to)),
          leave('stepped', isZero(isContinuation(get(to)))),
          set(to, move(get(to), constant(1))),
          leave('bytes'),
        ),
      ),
    );

export const ON: Way = {
  name: 'On',
  isAtEdge: isAtHigh,
  isEnd: equal(global('high'), global('finish')),
  step: stepping(add, isAtHigh),
  lower: (from) => get(from),
  isBeyond: more,
  distance: (from, to) => subtract(to, from),
  neighbour: (place) => place,
};

export const BACK: Way = {
  name: 'Back',
  isAtEdge: isAtLow,
  isEnd: equal(global('low'), global('begin')),
  step: stepping(subtract, isAtLow),
  lower: (_, to) => get(to),
  isBeyond: less,
  distance: (from, to) => subtract(from, to),
  neighbour: (place) => subtract(place, constant(1)),
};

/** Whether the neighbour of `place` may be the first of a trace, whose class is `index`. */
export const mayBeNext = (way: Way): FunctionCode => ({
  name: `mayBeNext${way.name}`,
  parameters: ['index', 'place'],
  body: [
    when(equal(get('index'), constant(ANYTHING)), giveBack(constant(1))),
    when(way.isAtEdge('place'), giveBack(isZero(way.isEnd))),
    loadByte(add(classAt(get('index')), loadByte(way.neighbour(get('place'))))),
  ],
});

export const takeOne = (way: Way): FunctionCode => ({
  name: `takeOne${way.name}`,
  parameters: ['table'],
  locals: ['at', 'next', 'first', 'last'],
  body: [
    when(
      more(way.distance(global('near'), global('far')), constant(MAX_LOOK)),
      giveBack(constant(TOO_FAR)),
    ),
    set('at', global('near')),
    block(
      'looked',
      loop(
        'places',
        leave('looked', way.isBeyond(get('at'), global('far'))),
        when(
          way.isAtEdge('at'),
          when(isZero(way.isEnd), giveBack(constant(TOO_FAR))),
          leave('looked'),
        ),
        way.step('at', 'next'),
        when(
          loadByte(add(get('table'), loadByte(way.lower('at', 'next')))),
          set('last', get('next')),
          when(isZero(get('first')), set('first', get('next'))),
        ),
        set('at', get('next')),
        leave('places'),
      ),
    ),
    spend(way.distance(global('near'), get('at'))),
    when(isZero(get('first')), giveBack(constant(IMPOSSIBLE))),
    setGlobal('near', get('first')),
    setGlobal('far', get('last')),
    constant(REACHED),
  ],
});

export const takeSome = (way: Way): FunctionCode => ({
  name: `takeSome${way.name}`,
  parameters: ['table', 'outside'],
  locals: ['at', 'next'],
  body: [
    set('at', global('far')),
    block(
      'looked',
      loop(
        'places',
        when(
          way.isAtEdge('at'),
          when(isZero(way.isEnd), giveBack(constant(TOO_FAR))),
          leave('looked'),
        ),
        way.step('at', 'next'),
        when(
          isZero(loadByte(add(get('table'), loadByte(way.lower('at', 'next'))))),
          leave('looked', isZero(get('outside'))),
          set('outside', subtract(get('outside'), constant(1))),
        ),
        set('at', get('next')),
        when(
          more(way.distance(global('far'), get('at')), constant(MAX_LOOK)),
          spend(constant(MAX_LOOK)),
          giveBack(constant(TOO_FAR)),
        ),
        leave('places'),
      ),
    ),
    spend(way.distance(global('far'), get('at'))),
    setGlobal('far', get('at')),
    constant(REACHED),
  ],
});
