/**
 * WebAssembly that follows a pattern's steps away from a literal: what `trace.ts` does in JavaScript, which says
 * why it is right. The two give the same answer but where a walk comes to the edge of the part of the text that is at
 * hand, or where the work that a search allows is used up: here the match is then taken for possible.
 *
 *     global low, high       edges of what is at hand
 *     global begin, finish   edges of the text; one that is not at hand is no address that is met
 *     global near, far       nearest and farthest place that a match can have reached
 *     global budget          steps that may still be taken
 */
import { PROGRAM } from '../prefilter/program.ts';
import {
  add,
  and,
  atLeast,
  atMost,
  block,
  call,
  choose,
  type Code,
  constant,
  differ,
  equal,
  type FunctionCode,
  get,
  giveBack,
  global,
  isNegative,
  isZero,
  leave,
  load,
  loadByte,
  loop,
  or,
  sequence,
  set,
  setGlobal,
  shiftLeft,
  subtract,
  when,
} from '../prefilter/wasm-code.ts';
import { ASSERT, ASSERTIONS, ONE, SOME } from './trace-code.ts';
import {
  BACK,
  classAt,
  IMPOSSIBLE,
  mayBeNext,
  ON,
  REACHED,
  spend,
  takeOne,
  takeSome,
  TOO_FAR,
  type Way,
} from './walk-steps.ts';

export const WALK_GLOBALS: readonly string[] = [
  'low',
  'high',
  'begin',
  'finish',
  'near',
  'far',
  'budget',
  'classes',
  'word',
];
export const COULD_MATCH = 'couldMatch';

const isWordAt = (address: Code): Code => loadByte(add(global('word'), loadByte(address)));

/** The branches of an `EITHER` at `at`; goes on behind them. */
const takeEither = (way: Way): Code => {
  const nearer = (a: Code, b: Code): Code => choose(way.isBeyond(a, b), b, a);
  const farther = (a: Code, b: Code): Code => choose(way.isBeyond(a, b), a, b);
  return sequence(
    set('near', global('near')),
    set('far', global('far')),
    set('any', constant(0)),
    set('left', load(get('at'), 1)),
    set('at', add(get('at'), constant(8))),
    block(
      'taken',
      loop(
        'branches',
        leave('taken', isZero(get('left'))),
        set('left', subtract(get('left'), constant(1))),
        set('branch', add(get('at'), constant(8))),
        set('index', load(get('at'))),
        set('at', add(get('branch'), shiftLeft(load(get('at'), 1), constant(2)))),
        // Where the place is certain, its neighbour tells most branches off.
        when(
          equal(get('near'), get('far')),
          leave('branches', isZero(call(`mayBeNext${way.name}`, get('index'), get('near')))),
        ),
        setGlobal('near', get('near')),
        setGlobal('far', get('far')),
        set('outcome', call(`follow${way.name}`, get('branch'), get('at'))),
        leave('branches', isZero(get('outcome'))),
        when(equal(get('outcome'), constant(TOO_FAR)), giveBack(constant(TOO_FAR))),
        when(
          get('any'),
          set('nearest', nearer(get('nearest'), global('near'))),
          set('farthest', farther(get('farthest'), global('far'))),
          leave('branches'),
        ),
        set('any', constant(1)),
        set('nearest', global('near')),
        set('farthest', global('far')),
        leave('branches'),
      ),
    ),
    when(isZero(get('any')), giveBack(constant(IMPOSSIBLE))),
    setGlobal('near', get('nearest')),
    setGlobal('far', get('farthest')),
  );
};

/** The steps in `[at, to)`. */
const follow = (way: Way): FunctionCode => ({
  name: `follow${way.name}`,
  parameters: ['at', 'to'],
  locals: [
    'step',
    'outcome',
    'near',
    'far',
    'any',
    'left',
    'branch',
    'index',
    'nearest',
    'farthest',
  ],
  body: [
    block(
      'followed',
      loop(
        'steps',
        leave('followed', atLeast(get('at'), get('to'))),
        spend(constant(1)),
        set('step', load(get('at'))),
        when(
          equal(get('step'), constant(ONE)),
          set('outcome', call(`takeOne${way.name}`, classAt(load(get('at'), 1)))),
          when(differ(get('outcome'), constant(REACHED)), giveBack(get('outcome'))),
          set('at', add(get('at'), constant(8))),
          leave('steps'),
        ),
        when(
          equal(get('step'), constant(SOME)),
          set(
            'outcome',
            call(`takeSome${way.name}`, classAt(load(get('at'), 1)), load(get('at'), 2)),
          ),
          when(differ(get('outcome'), constant(REACHED)), giveBack(get('outcome'))),
          set('at', add(get('at'), constant(12))),
          leave('steps'),
        ),
        when(
          equal(get('step'), constant(ASSERT)),
          // Where the place is not certain, the assertion may hold at one of several.
          when(
            equal(global('near'), global('far')),
            set('outcome', call('holds', global('near'), load(get('at'), 1))),
            when(differ(get('outcome'), constant(REACHED)), giveBack(get('outcome'))),
          ),
          set('at', add(get('at'), constant(8))),
          leave('steps'),
        ),
        takeEither(way),
        leave('steps'),
      ),
    ),
    constant(REACHED),
  ],
});

/** An outcome: 1 where the condition is true, which is `REACHED`, else 0. */
const when1 = (assertion: (typeof ASSERTIONS)[number], condition: Code): Code =>
  when(
    equal(get('assertion'), constant(ASSERTIONS.indexOf(assertion))),
    giveBack(differ(condition, constant(0))),
  );

const holds: FunctionCode = {
  name: 'holds',
  parameters: ['place', 'assertion'],
  locals: ['isBegin', 'isEnd', 'before', 'after'],
  body: [
    set('isBegin', atMost(get('place'), global('low'))),
    set('isEnd', atLeast(get('place'), global('high'))),
    when(
      or(
        and(get('isBegin'), differ(global('low'), global('begin'))),
        and(get('isEnd'), differ(global('high'), global('finish'))),
      ),
      giveBack(constant(TOO_FAR)),
    ),
    when1('text-begin', get('isBegin')),
    when1('text-end', get('isEnd')),
    // Behind the edges there is something to read, which does not count.
    when1(
      'line-begin',
      or(get('isBegin'), equal(loadByte(subtract(get('place'), constant(1))), constant(10))),
    ),
    when1('line-end', or(get('isEnd'), equal(loadByte(get('place')), constant(10)))),
    set('before', and(isZero(get('isBegin')), isWordAt(subtract(get('place'), constant(1))))),
    set('after', and(isZero(get('isEnd')), isWordAt(get('place')))),
    when1('word-boundary', differ(get('before'), get('after'))),
    equal(get('before'), get('after')),
  ],
};

/** Follows the steps in `[code + 1, to)` from `place` on. */
const unlessImpossible = (way: Way, place: string, code: string, to: string): Code =>
  sequence(
    setGlobal('near', get(place)),
    setGlobal('far', get(place)),
    when(
      isZero(call(`follow${way.name}`, add(get(code), constant(4)), get(to))),
      giveBack(constant(IMPOSSIBLE)),
    ),
  );

/** Whether a match of a plan may hold the literal at `[start, stop)`. */
const couldMatch: FunctionCode = {
  name: COULD_MATCH,
  parameters: ['program', 'plan', 'start', 'stop'],
  locals: ['starts', 'code', 'before', 'after', 'end', 'isBackFirst'],
  body: [
    when(isNegative(global('budget')), giveBack(constant(1))),
    setGlobal('classes', load(get('program'), PROGRAM.classes)),
    setGlobal('word', load(get('program'), PROGRAM.word)),
    set('code', load(get('program'), PROGRAM.code)),
    set('starts', add(load(get('program'), PROGRAM.traces), shiftLeft(get('plan'), constant(3)))),
    ...(['before', 'after', 'end'] as const).map((name, word) =>
      set(name, add(get('code'), shiftLeft(load(get('starts'), word), constant(2)))),
    ),
    spend(constant(1)),
    // The literal's neighbours tell most of what cannot match.
    when(
      isZero(call('mayBeNextOn', load(get('after')), get('stop'))),
      giveBack(constant(IMPOSSIBLE)),
    ),
    when(
      isZero(call('mayBeNextBack', load(get('before')), get('start'))),
      giveBack(constant(IMPOSSIBLE)),
    ),
    set('isBackFirst', loadByte(add(load(get('program'), PROGRAM.backFirst), get('plan')))),
    when(get('isBackFirst'), unlessImpossible(BACK, 'start', 'before', 'after')),
    unlessImpossible(ON, 'stop', 'after', 'end'),
    when(get('isBackFirst'), giveBack(constant(REACHED))),
    unlessImpossible(BACK, 'start', 'before', 'after'),
    constant(REACHED),
  ],
};

export function walkFunctions(): readonly FunctionCode[] {
  const both = [ON, BACK].flatMap((way) => [
    mayBeNext(way),
    takeOne(way),
    takeSome(way),
    follow(way),
  ]);
  return [couldMatch, holds, ...both];
}
