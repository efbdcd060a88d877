/** Makes the module that the engine runs of the one that re2-wasm publishes: a step of the build. */
import { createHash } from 'node:crypto';
import { MAXIMUM_PAGES } from './wasm.ts';

/** Of `re2-wasm/build/wasm/re2.wasm` in version 1.0.2: the numbers below are of that module. */
const PUBLISHED_SHA256 = '79e025a30d20157807add5e7d01acefe700f06721f4a56669b0bad5d00995e72';

/** Functions of RE2 that the module has and does not export, by their index in it. */
const FUNCTIONS: ReadonlyMap<string, number> = new Map([
  ['RE2::Match', 3234],
  ['Prog::SearchBitState', 880],
]);

const HEADER_BYTES = 8;
const EXPORT_SECTION = 7;
const FUNCTION_EXPORT = 0;

/**
 * The module with the declared maximum of its imported memory set to `pages`, which is 16 MiB as published and aborts
 * at about 6 MB of input, and with `FUNCTIONS` exported under their names. Nothing else in it changes. Throws for any
 * other module than that of re2-wasm 1.0.2.
 */
export function prepareModule(
  published: Uint8Array,
  pages: number = MAXIMUM_PAGES,
): Uint8Array<ArrayBuffer> {
  const digest = createHash('sha256').update(published).digest('hex');
  if (digest !== PUBLISHED_SHA256) {
    throw new Error(
      `expected the module of re2-wasm 1.0.2, sha256 ${PUBLISHED_SHA256}; got sha256 ${digest}`,
    );
  }
  return withExports(withMaximum(published, pages));
}

function withMaximum(module: Uint8Array, pages: number): Buffer {
  const result = Buffer.from(module);
  const name = Buffer.from('\u0003env\u0006memory\u0002', 'latin1');
  // Limits: flag 1 (a maximum follows), then minimum and maximum as LEB128 of two bytes.
  const maximum = result.indexOf(name) + name.length + 3;
  result[maximum] = 0x80 | (pages & 0x7f);
  result[maximum + 1] = pages >> 7;
  return result;
}

/** A section is its number, its length and its content; that of exports is a count and as many entries. */
function withExports(module: Buffer): Uint8Array<ArrayBuffer> {
  const sections: Uint8Array[] = [module.subarray(0, HEADER_BYTES)];
  for (let at = HEADER_BYTES; at < module.length;) {
    const length = readNumber(module, at + 1);
    const end = length.end + length.value;
    if (module[at] === EXPORT_SECTION) {
      const count = readNumber(module, length.end);
      const content = Buffer.concat([
        Buffer.from(leb128(count.value + FUNCTIONS.size)),
        module.subarray(count.end, end),
        ...[...FUNCTIONS].map(exportEntry),
      ]);
      sections.push(Uint8Array.of(EXPORT_SECTION, ...leb128(content.length)), content);
    } else sections.push(module.subarray(at, end));
    at = end;
  }
  return new Uint8Array(Buffer.concat(sections));
}

function exportEntry([name, index]: readonly [string, number]): Uint8Array {
  const bytes = Buffer.from(name, 'latin1');
  return Uint8Array.of(...leb128(bytes.length), ...bytes, FUNCTION_EXPORT, ...leb128(index));
}

/** LEB128, as WebAssembly writes numbers: seven bits a byte, the lowest first. */
function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb128(value >>> 7)];
}

function readNumber(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let end = at, shift = 0; ; shift += 7) {
    const byte = bytes[end++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, end };
  }
}
