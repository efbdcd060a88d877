/**
 * WebAssembly for the search of many literals, and for what stands around each occurrence. A program is some words
 * that say where the tables of one search are, see `program.ts`.
 *
 *     search(program, wanted, wantedPlans, at, end, low, high, begin, finish, out, limit) -> out
 *     do
 *       eight = load8(at); seen |= eight
 *       block = (eight & THREE_BYTES) | FOLD
 *       hash = block * MULTIPLIER
 *       if the bit of hash is set in shortBits
 *         report(shortHeads of hash)
 *         if cutHeads
 *           report(cutHeads of the block's first two bytes); report(of its last two, in the table behind)
 *       hash = ((eight & SIX_BYTES) | LONG_FOLD) * LONG_MULTIPLIER >>> 32
 *       if the bit of hash is set in longBits
 *         report(longHeads of hash)
 *       at += 2
 *     while at < end and out < limit
 *     store(SEEN_AT, load(SEEN_AT) | seen); store(STOPPED_AT, at)
 *
 *     report(entry)
 *       for ; entry; entry = entry.next
 *         start = at - entry.offset
 *         if wanted[entry.literal] and low <= start and start + entry.length <= high
 *             and every eight bytes are as in the entry
 *           if not wantedPlans
 *             tell(entry.literal)
 *           else for plan of the literal's
 *             if wantedPlans[plan] and couldMatch(plan)
 *               tell(plan)
 *
 * What `couldMatch` does is in `match/walk-code.ts`.
 */
import { COULD_MATCH, WALK_GLOBALS, walkFunctions } from '../match/walk-code.ts';
import {
  BUDGET_AT,
  CUT_HEADS_BYTES,
  CUT_SHIFT,
  EIGHT_BYTES_WORDS,
  ENTRY,
  ENTRY_WORDS,
  FOLD,
  LONG_FOLD,
  LONG_MULTIPLIER,
  MULTIPLIER,
  PROGRAM,
  SEEN_AT,
  SIX_BYTES,
  STOPPED_AT,
  STRIDE,
  THREE_BYTES,
  TOLD_WORDS,
} from './program.ts';
import {
  add,
  and,
  atLeast,
  block,
  call,
  type Code,
  constant,
  type FunctionCode,
  get,
  global,
  isZero,
  leave,
  less,
  load,
  loadByte,
  loadLong,
  longAnd,
  longConstant,
  longMultiply,
  longOr,
  longsDiffer,
  longShiftRight,
  loop,
  low,
  moduleCode,
  more,
  multiply,
  or,
  set,
  setGlobal,
  shiftLeft,
  shiftRight,
  store,
  subtract,
  tee,
  when,
} from './wasm-code.ts';

const ofProgram = (name: keyof typeof PROGRAM): Code => load(get('program'), PROGRAM[name]);
const fromProgram = (...names: (keyof typeof PROGRAM)[]): Code[] =>
  names.map((name) => set(name, ofProgram(name)));
const wordAt = (base: Code, index: Code): Code => load(add(base, shiftLeft(index, constant(2))));

const tell = (owner: Code): Code[] => [
  store(get('out'), owner),
  store(get('out'), get('start'), 1),
  store(get('out'), get('stop'), 2),
  set('out', add(get('out'), constant(TOLD_WORDS * 4))),
];

const report: FunctionCode = {
  name: 'report',
  parameters: ['program', 'wanted', 'wantedPlans', 'entry', 'at', 'out'],
  locals: ['start', 'stop', 'place', 'expected', 'literal', 'owner', 'lastOwner', 'plan'],
  body: [
    loop(
      'entries',
      block(
        'other',
        set('literal', load(get('entry'), ENTRY.literal)),
        leave('other', isZero(loadByte(add(get('wanted'), get('literal'))))),
        set('start', subtract(get('at'), load(get('entry'), ENTRY.offset))),
        leave('other', less(get('start'), global('low'))),
        set('stop', add(get('start'), load(get('entry'), ENTRY.length))),
        leave('other', more(get('stop'), global('high'))),
        set('place', get('start')),
        set('expected', add(get('entry'), constant(ENTRY_WORDS * 4))),
        loop(
          'eights',
          leave(
            'other',
            longsDiffer(
              longAnd(
                longOr(loadLong(get('place')), loadLong(get('expected'), 2)),
                loadLong(get('expected'), 4),
              ),
              loadLong(get('expected')),
            ),
          ),
          set('place', add(get('place'), constant(8))),
          leave(
            'eights',
            less(
              tee('expected', add(get('expected'), constant(EIGHT_BYTES_WORDS * 4))),
              load(get('entry'), ENTRY.end),
            ),
          ),
        ),
        when(isZero(get('wantedPlans')), ...tell(get('literal')), leave('other')),
        set(
          'owner',
          add(
            ofProgram('plans'),
            shiftLeft(wordAt(ofProgram('starts'), get('literal')), constant(2)),
          ),
        ),
        set(
          'lastOwner',
          add(
            ofProgram('plans'),
            shiftLeft(wordAt(ofProgram('starts'), add(get('literal'), constant(1))), constant(2)),
          ),
        ),
        loop(
          'owners',
          leave('other', atLeast(get('owner'), get('lastOwner'))),
          set('plan', load(get('owner'))),
          set('owner', add(get('owner'), constant(4))),
          leave('owners', isZero(loadByte(add(get('wantedPlans'), get('plan'))))),
          leave(
            'owners',
            isZero(call(COULD_MATCH, get('program'), get('plan'), get('start'), get('stop'))),
          ),
          ...tell(get('plan')),
          leave('owners'),
        ),
      ),
      leave('entries', tee('entry', load(get('entry'), ENTRY.next))),
    ),
    get('out'),
  ],
};

/** Reports the entries that hang at a head, if there are any. */
const reportAll = (head: Code): Code =>
  when(
    tee('entry', head),
    set(
      'out',
      call(
        'report',
        get('program'),
        get('wanted'),
        get('wantedPlans'),
        get('entry'),
        get('at'),
        get('out'),
      ),
    ),
  );
/** Whether the bit is set that a hash has in a table. */
const bitOf = (bits: string, shift: string): Code =>
  and(
    wordAt(get(bits), shiftRight(shiftRight(get('hash'), get(shift)), constant(5))),
    shiftLeft(constant(1), shiftRight(get('hash'), get(shift))),
  );
/** In the part of `cutHeads` that begins at `table`. */
const cutHead = (bytes: Code, table: number): Code =>
  wordAt(
    add(get('cutHeads'), constant(table)),
    shiftRight(multiply(bytes, constant(MULTIPLIER | 0)), constant(CUT_SHIFT)),
  );

const search: FunctionCode = {
  name: 'search',
  parameters: [
    'program',
    'wanted',
    'wantedPlans',
    'at',
    'end',
    'low',
    'high',
    'begin',
    'finish',
    'out',
    'limit',
  ],
  locals: [
    'shortBits',
    'shortShift',
    'shortHeads',
    'shortHeadShift',
    'cutHeads',
    'longBits',
    'longShift',
    'longHeads',
    'longHeadShift',
    'block',
    'seen',
    'hash',
    'entry',
  ],
  longs: ['eight'],
  body: [
    ...['low', 'high', 'begin', 'finish'].map((name) => setGlobal(name, get(name))),
    setGlobal('budget', load(constant(BUDGET_AT))),
    ...fromProgram('shortBits', 'shortShift', 'shortHeads', 'shortHeadShift', 'cutHeads'),
    ...fromProgram('longBits', 'longShift', 'longHeads', 'longHeadShift'),
    loop(
      'places',
      set('eight', loadLong(get('at'))),
      set('seen', or(get('seen'), tee('block', low(get('eight'))))),
      set('block', or(and(get('block'), constant(THREE_BYTES)), constant(FOLD))),
      set('hash', multiply(get('block'), constant(MULTIPLIER | 0))),
      when(
        bitOf('shortBits', 'shortShift'),
        reportAll(wordAt(get('shortHeads'), shiftRight(get('hash'), get('shortHeadShift')))),
        when(
          get('cutHeads'),
          reportAll(cutHead(and(get('block'), constant(0xffff)), 0)),
          reportAll(cutHead(shiftRight(get('block'), constant(8)), CUT_HEADS_BYTES)),
        ),
      ),
      set(
        'hash',
        low(
          longShiftRight(
            longMultiply(
              longOr(longAnd(get('eight'), longConstant(SIX_BYTES)), longConstant(LONG_FOLD)),
              longConstant(BigInt.asIntN(64, LONG_MULTIPLIER)),
            ),
            longConstant(32n),
          ),
        ),
      ),
      when(
        bitOf('longBits', 'longShift'),
        reportAll(wordAt(get('longHeads'), shiftRight(get('hash'), get('longHeadShift')))),
      ),
      set('at', add(get('at'), constant(STRIDE))),
      leave('places', and(less(get('at'), get('end')), less(get('out'), get('limit')))),
    ),
    store(constant(SEEN_AT), or(load(constant(SEEN_AT)), get('seen'))),
    store(constant(STOPPED_AT), get('at')),
    store(constant(BUDGET_AT), global('budget')),
    get('out'),
  ],
};

/** A module that exports `memory` (of `pages` pages) and `search`. */
export function kernelCode(pages: number): Uint8Array<ArrayBuffer> {
  return moduleCode(pages, WALK_GLOBALS, [search, report, ...walkFunctions()]);
}
