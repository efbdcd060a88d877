/**
 * WebAssembly written by hand, instruction by instruction, with names for what the format has numbers for: so there
 * is nothing to build and nothing to ship beside the program.
 */

/** Where an instruction stands: what its names are numbers of, which are all below 128. */
interface Place {
  readonly functions: readonly string[];
  readonly globals: readonly string[];
  readonly locals: readonly string[];
  /** Innermost first. */
  readonly labels: readonly string[];
}
/** Writes itself behind what is written already. */
export type Code = (out: number[], place: Place) => void;

export interface FunctionCode {
  readonly name: string;
  readonly parameters: readonly string[];
  /** Beside the parameters; each is zero at first. Parameters and these are of 32 bits. */
  readonly locals?: readonly string[];
  /** Of 64 bits. */
  readonly longs?: readonly string[];
  readonly body: readonly Code[];
}

const I32 = 0x7f;
const I64 = 0x7e;
const NO_VALUE = 0x40;
const END = 0x0b;

const numbered = (opcode: number, names: keyof Place, name: string): Code => {
  return (out, place) => {
    const index = place[names].indexOf(name);
    if (index < 0) throw new Error(`there is no "${name}" among the ${names}`);
    out.push(opcode, index);
  };
};
const raw =
  (...bytes: readonly number[]): Code =>
  (out) => {
    for (const byte of bytes) out.push(byte);
  };
export const sequence =
  (...parts: readonly Code[]): Code =>
  (out, place) => {
    for (const part of parts) part(out, place);
  };

export const get = (local: string): Code => numbered(0x20, 'locals', local);
export const set = (local: string, value: Code): Code =>
  sequence(value, numbered(0x21, 'locals', local));
export const tee = (local: string, value: Code): Code =>
  sequence(value, numbered(0x22, 'locals', local));
export const global = (name: string): Code => numbered(0x23, 'globals', name);
export const setGlobal = (name: string, value: Code): Code =>
  sequence(value, numbered(0x24, 'globals', name));
export const constant = (value: number): Code => raw(0x41, ...signed(BigInt(value)));
export const longConstant = (value: bigint): Code => raw(0x42, ...signed(value));
export const call = (name: string, ...values: readonly Code[]): Code =>
  sequence(...values, numbered(0x10, 'functions', name));

export const load = (address: Code, word = 0): Code =>
  sequence(address, raw(0x28, 0, ...unsigned(word * 4)));
export const loadByte = (address: Code): Code => sequence(address, raw(0x2d, 0, 0));
export const loadLong = (address: Code, word = 0): Code =>
  sequence(address, raw(0x29, 0, ...unsigned(word * 4)));
export const store = (address: Code, value: Code, word = 0): Code =>
  sequence(address, value, raw(0x36, 0, ...unsigned(word * 4)));

/** Of two operands. */
type Operation = (left: Code, right: Code) => Code;
const binary =
  (opcode: number): Operation =>
  (left, right) =>
    sequence(left, right, raw(opcode));
/** Numbers are compared as unsigned ones. */
export const equal: Operation = binary(0x46);
export const differ: Operation = binary(0x47);
export const less: Operation = binary(0x49);
export const more: Operation = binary(0x4b);
export const atMost: Operation = binary(0x4d);
export const atLeast: Operation = binary(0x4f);
export const isNegative = (value: Code): Code => sequence(value, constant(0), raw(0x48));
export const isZero = (value: Code): Code => sequence(value, raw(0x45));
export const add: Operation = binary(0x6a);
export const subtract: Operation = binary(0x6b);
export const multiply: Operation = binary(0x6c);
export const and: Operation = binary(0x71);
export const or: Operation = binary(0x72);
export const shiftLeft: Operation = binary(0x74);
export const shiftRight: Operation = binary(0x76);
export const longsDiffer: Operation = binary(0x52);
export const longMultiply: Operation = binary(0x7e);
export const longAnd: Operation = binary(0x83);
export const longOr: Operation = binary(0x84);
export const longShiftRight: Operation = binary(0x88);
/** Of 64 bits the lower 32. */
export const low = (value: Code): Code => sequence(value, raw(0xa7));
/** One of two numbers, both of which are computed. */
export const choose = (condition: Code, yes: Code, no: Code): Code =>
  sequence(yes, no, condition, raw(0x1b));

const labelled =
  (opcode: number, label: string, body: readonly Code[]): Code =>
  (out, place) => {
    out.push(opcode, NO_VALUE);
    const inside = { ...place, labels: [label, ...place.labels] };
    for (const part of body) part(out, inside);
    out.push(END);
  };
/** Left by `leave`. */
export const block = (label: string, ...body: readonly Code[]): Code => labelled(0x02, label, body);
/** Ends with its body unless that begins it again, by `leave`. */
export const loop = (label: string, ...body: readonly Code[]): Code => labelled(0x03, label, body);
export const when = (condition: Code, ...body: readonly Code[]): Code =>
  sequence(condition, labelled(0x04, '', body));
/** Goes behind a block, or to the begin of a loop. */
export const leave = (label: string, condition?: Code): Code =>
  condition === undefined
    ? numbered(0x0c, 'labels', label)
    : sequence(condition, numbered(0x0d, 'labels', label));
export const giveBack = (value: Code): Code => sequence(value, raw(0x0f));

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/**
 * A module with a memory of so many `pages`. Every function gives back a number; the memory and the first function
 * are exported.
 */
export function moduleCode(
  pages: number,
  globals: readonly string[],
  functions: readonly FunctionCode[],
): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...list(parameters.map(() => [I32])),
    ...list([[I32]]),
  ]);
  const names = functions.map(({ name }) => name);
  const bodies = functions.map(({ parameters, locals = [], longs = [], body }) => {
    const place: Place = {
      functions: names,
      globals,
      locals: [...parameters, ...locals, ...longs],
      labels: [],
    };
    const groups = list([
      [...unsigned(locals.length), I32],
      [...unsigned(longs.length), I64],
    ]);
    const code = [...groups];
    sequence(...body)(code, place);
    return sized([...code, END]);
  });
  return Uint8Array.from([
    ...HEADER,
    ...section(1, list(types)),
    ...section(3, list(functions.map((_, index) => unsigned(index)))),
    ...section(5, list([[0, ...unsigned(pages)]])),
    ...section(6, list(globals.map(() => [I32, 1, 0x41, 0, END]))),
    ...section(
      7,
      list([
        [...named('memory'), 2, 0],
        [...named(names[0] ?? ''), 0, 0],
      ]),
    ),
    ...section(10, list(bodies)),
  ]);
}

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...sized(content)];
}

function sized(content: readonly number[]): readonly number[] {
  return [...unsigned(content.length), ...content];
}

function list(items: readonly (readonly number[])[]): readonly number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function named(name: string): readonly number[] {
  return sized(Array.from(name, (letter) => letter.charCodeAt(0)));
}

/** LEB128. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: bigint): readonly number[] {
  const byte = Number(value & 0x7fn);
  const fits = value >= -64n && value < 64n;
  return fits ? [byte] : [byte | 0x80, ...signed(value >> 7n)];
}
