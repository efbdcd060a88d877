/**
 * WebAssembly for the inner loop of `BlockSearch`: the few dozen instructions are written here one by one,
 * so that there is nothing to build and nothing to ship beside the program.
 *
 * Each of the two functions looks at one block after the other and notes where the table knows its hash:
 *
 *     search(table, shift, at, end, out) -> out
 *     do
 *       block = load(at) & mask
 *       seen |= block
 *       hash = (block * MULTIPLIER) >>> shift
 *       if load(table + (hash >>> 5) * 4) & (1 << hash)
 *         store(out, at); out += 4
 *       at += stride
 *     while at < end
 *     store(SEEN_AT, load(SEEN_AT) | seen)
 */

/** Hashes of blocks are the upper bits of a product with this. */
export const MULTIPLIER = 0x9e3779b1;
/** Address of the bytes seen, one over the other. */
export const SEEN_AT = 0;

type Code = readonly number[];

const I32 = 0x7f;
const NO_VALUE = 0x40;

const [TABLE, SHIFT, AT, END, OUT, BLOCK, SEEN, HASH] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const PARAMETERS = 5;
const LOCALS = 3;

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const tee = (local: number): Code => [0x22, local];
const constant = (value: number): Code => [0x41, ...signed(value)];
const LOAD: Code = [0x28, 0, 0];
const STORE: Code = [0x36, 0, 0];
const LESS: Code = [0x49];
const ADD: Code = [0x6a];
const MULTIPLY: Code = [0x6c];
const AND: Code = [0x71];
const OR: Code = [0x72];
const LEFT: Code = [0x74];
const RIGHT: Code = [0x76];
const END_OF_CODE: Code = [0x0b];

function loop(body: Code, condition: Code): Code {
  return [0x03, NO_VALUE, ...body, ...condition, 0x0d, 0, ...END_OF_CODE];
}

function when(condition: Code, body: Code): Code {
  return [...condition, 0x04, NO_VALUE, ...body, ...END_OF_CODE];
}

function search(mask: number, stride: number): Code {
  const hashOfBlock = join(get(BLOCK), constant(MULTIPLIER | 0), MULTIPLY);
  const word = join(get(HASH), constant(5), RIGHT, constant(2), LEFT);
  const bit = join(constant(1), get(HASH), LEFT);
  const isKnown = join(get(TABLE), word, ADD, LOAD, bit, AND);
  const body = join(
    join(get(AT), LOAD, constant(mask), AND, tee(BLOCK)),
    join(get(SEEN), OR, set(SEEN)),
    join(hashOfBlock, get(SHIFT), RIGHT, set(HASH)),
    when(isKnown, join(join(get(OUT), get(AT), STORE), join(get(OUT), constant(4), ADD, set(OUT)))),
    join(get(AT), constant(stride), ADD, set(AT)),
  );
  return join(
    loop(body, join(get(AT), get(END), LESS)),
    join(constant(SEEN_AT), constant(SEEN_AT), LOAD, get(SEEN), OR, STORE),
    get(OUT),
    END_OF_CODE,
  );
}

function join(...parts: readonly Code[]): Code {
  return parts.flat();
}

const HEADER: Code = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A module that exports `memory` (of `pages` pages) and the functions `narrow` and `wide`. */
export function kernelCode(pages: number): Uint8Array<ArrayBuffer> {
  const parameters = list(Array.from({ length: PARAMETERS }, () => [I32]));
  const type = join([0x60], parameters, list([[I32]]));
  const locals = [1, LOCALS, I32];
  const functions = [search(0xffffff, 2), search(-1, 4)].map((code) => sized(join(locals, code)));
  const exported = [
    join(named('memory'), [2, 0]),
    join(named('narrow'), [0, 0]),
    join(named('wide'), [0, 1]),
  ];
  return Uint8Array.from(
    join(
      HEADER,
      section(1, list([type])),
      section(3, list([[0], [0]])),
      section(5, list([join([0], unsigned(pages))])),
      section(7, list(exported)),
      section(10, list(functions)),
    ),
  );
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
