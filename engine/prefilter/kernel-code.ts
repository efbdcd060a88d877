/**
 * WebAssembly for the inner loop of `BlockSearch`: the few dozen instructions are written here one by one,
 * so that there is nothing to build and nothing to ship beside the program. A program is eight words that
 * say where the tables of one search are; see `block-search.ts` for what is in them.
 *
 *     search(program, wanted, at, end, low, high, out, limit) -> out
 *     do
 *       block = load(at) & mask
 *       seen |= block
 *       hash = (block | fold) * MULTIPLIER
 *       if load(bits + (hash >>> (shift + 5)) * 4) & (1 << (hash >>> shift))
 *         compare(load(heads + (hash >>> headShift) * 4))
 *         if cutHeads
 *           compare(load(cutHeads + ((((block | fold) & 0xffff) * MULTIPLIER) >>> CUT_SHIFT) * 4))
 *           compare(the same of block >>> 8, in a second table behind the first)
 *       at += stride
 *     while at < end and out < limit
 *     store(SEEN_AT, load(SEEN_AT) | seen); store(STOPPED_AT, at)
 *
 *     compare(entry)
 *       for ; entry; entry = entry.next
 *         start = at - entry.offset
 *         if low <= start and start + entry.length <= high and every eight bytes are as in the entry
 *           if load8(wanted + entry.literal)
 *             store(out, entry.literal, start); out += 8
 */

/** Hashes of blocks are the upper bits of a product with this. */
export const MULTIPLIER = 0x9e3779b1;
/** Address of the bytes seen, one over the other. */
export const SEEN_AT = 0;
/** Address of the place where a search stopped. */
export const STOPPED_AT = 4;

/** Words of a program, by index. */
export const PROGRAM = {
  bits: 0,
  shift: 1,
  mask: 2,
  stride: 3,
  fold: 4,
  heads: 5,
  headShift: 6,
  cutHeads: 7,
} as const;
export const PROGRAM_WORDS = 8;
/** A hash of two bytes has so many bits less than 32. */
export const CUT_SHIFT = 22;
/** Of each of the two tables of those that have only two bytes in a block: its first two, and its last two. */
export const CUT_HEADS_BYTES: number = 4 << (32 - CUT_SHIFT);

/** Words of an entry, by index; then, for each eight bytes, the bytes, what is set in the text's, and what counts. */
export const ENTRY = { next: 0, offset: 1, literal: 2, length: 3, end: 4 } as const;
export const ENTRY_WORDS = 6;
export const EIGHT_BYTES_WORDS = 6;

type Code = readonly number[];

const I32 = 0x7f;
const NO_VALUE = 0x40;

const PARAMETERS = ['program', 'wanted', 'at', 'end', 'low', 'high', 'out', 'limit'] as const;
const LOCALS = [
  'bits',
  'shift',
  'mask',
  'stride',
  'fold',
  'heads',
  'headShift',
  'cutHeads',
  'block',
  'seen',
  'hash',
  'entry',
  'start',
  'expected',
] as const;
type Local = (typeof PARAMETERS)[number] | (typeof LOCALS)[number];
const INDEX: ReadonlyMap<Local, number> = new Map(
  [...PARAMETERS, ...LOCALS].map((name, index) => [name, index]),
);

const of = (local: Local): number => INDEX.get(local) ?? 0;
const get = (local: Local): Code => [0x20, of(local)];
const set = (local: Local, value: Code): Code => [...value, 0x21, of(local)];
const tee = (local: Local, value: Code): Code => [...value, 0x22, of(local)];
const constant = (value: number): Code => [0x41, ...signed(value)];
const load = (address: Code, word = 0): Code => [...address, 0x28, 0, ...unsigned(word * 4)];
const loadByte = (address: Code): Code => [...address, 0x2d, 0, 0];
const loadEight = (address: Code, word = 0): Code => [...address, 0x29, 0, ...unsigned(word * 4)];
const store = (address: Code, value: Code, word = 0): Code => [
  ...address,
  ...value,
  0x36,
  0,
  ...unsigned(word * 4),
];
const operation =
  (code: number) =>
  (left: Code, right: Code): Code => [...left, ...right, code];
const isLess = operation(0x49);
const isMore = operation(0x4b);
const add = operation(0x6a);
const subtract = operation(0x6b);
const multiply = operation(0x6c);
const and = operation(0x71);
const or = operation(0x72);
const shiftLeft = operation(0x74);
const shiftRight = operation(0x76);
const areEightOther = operation(0x52);
const andEight = operation(0x83);
const orEight = operation(0x84);

const loop = (...body: readonly Code[]): Code => [0x03, NO_VALUE, ...body.flat(), 0x0b];
const block = (...body: readonly Code[]): Code => [0x02, NO_VALUE, ...body.flat(), 0x0b];
const when = (condition: Code, ...body: readonly Code[]): Code => [
  ...condition,
  0x04,
  NO_VALUE,
  ...body.flat(),
  0x0b,
];
/** Leaves so many blocks, or begins so many loops again. */
const branchIf = (depth: number, condition: Code): Code => [...condition, 0x0d, depth];

/** `expected` walks over what an entry expects, `start` with it over the text. */
const compare: Code = [
  ...block(
    branchIf(0, [...get('entry'), 0x45]),
    loop(
      block(
        set('start', subtract(get('at'), load(get('entry'), ENTRY.offset))),
        branchIf(0, isLess(get('start'), get('low'))),
        branchIf(0, isMore(add(get('start'), load(get('entry'), ENTRY.length)), get('high'))),
        set('expected', add(get('entry'), constant(ENTRY_WORDS * 4))),
        loop(
          branchIf(
            1,
            areEightOther(
              andEight(
                orEight(loadEight(get('start')), loadEight(get('expected'), 2)),
                loadEight(get('expected'), 4),
              ),
              loadEight(get('expected')),
            ),
          ),
          set('start', add(get('start'), constant(8))),
          branchIf(
            0,
            isLess(
              tee('expected', add(get('expected'), constant(EIGHT_BYTES_WORDS * 4))),
              load(get('entry'), ENTRY.end),
            ),
          ),
        ),
        when(
          loadByte(add(get('wanted'), load(get('entry'), ENTRY.literal))),
          store(get('out'), load(get('entry'), ENTRY.literal)),
          store(get('out'), subtract(get('at'), load(get('entry'), ENTRY.offset)), 1),
          set('out', add(get('out'), constant(8))),
        ),
      ),
      branchIf(0, tee('entry', load(get('entry'), ENTRY.next))),
    ),
  ),
];

const word = (base: Local, index: Code): Code =>
  load(add(get(base), shiftLeft(index, constant(2))));

/** In the part of `cutHeads` that begins at `table`. */
const cutHead = (bytes: Code, table: number): Code =>
  load(
    add(
      add(get('cutHeads'), constant(table)),
      shiftLeft(
        shiftRight(multiply(bytes, constant(MULTIPLIER | 0)), constant(CUT_SHIFT)),
        constant(2),
      ),
    ),
  );

const search: Code = [
  ...Object.entries(PROGRAM).flatMap(([name, index]) =>
    set(name as Local, load(get('program'), index)),
  ),
  ...loop(
    set('seen', or(get('seen'), tee('block', and(load(get('at')), get('mask'))))),
    set('hash', multiply(tee('block', or(get('block'), get('fold'))), constant(MULTIPLIER | 0))),
    when(
      and(
        word('bits', shiftRight(shiftRight(get('hash'), get('shift')), constant(5))),
        shiftLeft(constant(1), shiftRight(get('hash'), get('shift'))),
      ),
      set('entry', word('heads', shiftRight(get('hash'), get('headShift')))),
      compare,
      when(
        get('cutHeads'),
        set('entry', cutHead(and(get('block'), constant(0xffff)), 0)),
        compare,
        set('entry', cutHead(shiftRight(get('block'), constant(8)), CUT_HEADS_BYTES)),
        compare,
      ),
    ),
    set('at', add(get('at'), get('stride'))),
    branchIf(0, and(isLess(get('at'), get('end')), isLess(get('out'), get('limit')))),
  ),
  ...store(constant(SEEN_AT), or(load(constant(SEEN_AT)), get('seen'))),
  ...store(constant(STOPPED_AT), get('at')),
  ...get('out'),
  0x0b,
];

const HEADER: Code = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A module that exports `memory` (of `pages` pages) and `search`. */
export function kernelCode(pages: number): Uint8Array<ArrayBuffer> {
  const type = [0x60, ...list(PARAMETERS.map(() => [I32])), ...list([[I32]])];
  const locals = [1, LOCALS.length, I32];
  return Uint8Array.from([
    ...HEADER,
    ...section(1, list([type])),
    ...section(3, list([[0]])),
    ...section(5, list([[0, ...unsigned(pages)]])),
    ...section(
      7,
      list([
        [...named('memory'), 2, 0],
        [...named('search'), 0, 0],
      ]),
    ),
    ...section(10, list([sized([...locals, ...search])])),
  ]);
}

function section(id: number, content: Code): Code {
  return [id, ...sized(content)];
}

function sized(content: Code): Code {
  return [...unsigned(content.length), ...content];
}

function list(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function named(name: string): Code {
  return sized(Array.from(name, (letter) => letter.charCodeAt(0)));
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const fits = value >= -64 && value < 64;
  return fits ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
