/**
 * A file of several arrays: their number, their lengths in bytes, then each of them at a multiple of four, so that it is
 * used where it lies. Words are little endian, as on every processor that Node.js is published for but one.
 */

const WORD = 4;
/** First word; on a processor of the other byte order it reads differently. */
const MAGIC = 0x31_4b_50_53;

export type Section = Uint8Array | Uint16Array | Uint32Array;

export function writeSections(sections: readonly Section[]): Uint8Array {
  const head = new Uint32Array([MAGIC, sections.length, ...sections.map((s) => s.byteLength)]);
  const parts = [head, ...sections].map(
    (part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
  );
  const result = new Uint8Array(parts.reduce((sum, part) => sum + padded(part.length), 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += padded(part.length);
  }
  return result;
}

/** What `writeSections` wrote, in parts; they share its memory. Throws for anything else. */
export class Sections {
  readonly #parts: readonly Uint8Array[];

  constructor(file: Uint8Array) {
    const bytes = file.byteOffset % WORD === 0 ? file : file.slice();
    const words = (from: number, count: number): Uint32Array =>
      bytes.length < (from + count) * WORD
        ? broken(bytes.length)
        : new Uint32Array(bytes.buffer, bytes.byteOffset + from * WORD, count);
    const [magic, count = 0] = words(0, 2);
    if (magic !== MAGIC) broken(bytes.length);
    let at = (2 + count) * WORD;
    this.#parts = Array.from(words(2, count), (length) => {
      const part = bytes.subarray(at, at + length);
      at += padded(length);
      return part;
    });
    if (at !== bytes.length) broken(bytes.length);
  }

  bytes(index: number): Uint8Array {
    return this.#parts[index] ?? broken(0);
  }

  shorts(index: number): Uint16Array {
    const { buffer, byteOffset, length } = this.bytes(index);
    return new Uint16Array(buffer, byteOffset, length >> 1);
  }

  words(index: number): Uint32Array {
    const { buffer, byteOffset, length } = this.bytes(index);
    return new Uint32Array(buffer, byteOffset, length >> 2);
  }
}

/** Where parts of these lengths begin when one lies behind the other, and where the last one ends. */
export function startsOf(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, index) => {
    starts[index + 1] = (starts[index] ?? 0) + length;
  });
  return starts;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / WORD) * WORD;
}

function broken(length: number): never {
  throw new TypeError(`a file of packed rules has ${length} bytes that this build did not write`);
}
