/**
 * RE2's memory with patterns already compiled in it. The build compiles the built-in rules once and stores
 * what the memory then holds; an instance that starts from it compiles nothing.
 *
 * A snapshot fits one module only: it holds addresses. It is written and shipped together with the module,
 * and an instance tests itself before it trusts one.
 */
import { Sections, writeSections } from '../pack/sections.ts';
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';

/** A compiled pattern inside an instance's memory. */
export interface Re2Handle {
  readonly pointer: number;
  readonly shared: number;
}

/** What an instance starts from. */
export interface Re2Snapshot {
  /** Pages of 64 KiB that the memory had. */
  readonly pages: number;
  /** Address of the instance's scratch bytes. */
  readonly scratch: number;
  handle(pattern: string): Re2Handle | undefined;
  /** Writes what differs from a fresh instance's memory. */
  restore(memory: Uint8Array): void;
}

/** A snapshot that is to be stored. */
export interface TakenSnapshot {
  readonly pages: number;
  readonly scratch: number;
  readonly handles: ReadonlyMap<string, Re2Handle>;
  /** Pieces of memory that differ from a fresh instance's. */
  readonly pieces: readonly { readonly address: number; readonly bytes: Uint8Array }[];
}

const PIECE_BYTES = 1024;

/** Compares memory as it was when the instance was new with what it holds now. */
export function takeSnapshot(
  fresh: Uint8Array,
  now: Uint8Array,
  scratch: number,
  handles: ReadonlyMap<string, Re2Handle>,
): TakenSnapshot {
  const ranges: { address: number; end: number }[] = [];
  for (let address = 0; address < now.length; address += PIECE_BYTES) {
    const end = Math.min(address + PIECE_BYTES, now.length);
    let at = address;
    while (at < end && now[at] === (fresh[at] ?? 0)) at++;
    if (at === end) continue;
    const last = ranges.at(-1);
    if (last?.end === address) last.end = end;
    else ranges.push({ address, end });
  }
  const pieces = ranges.map(({ address, end }) => ({ address, bytes: now.slice(address, end) }));
  return { pages: now.length / 65536, scratch, handles, pieces };
}

/** File format: length of the head (32 bits), the head, the pieces' bytes. */
export function packSnapshot({ pages, scratch, handles, pieces }: TakenSnapshot): Uint8Array {
  const byHash = [...handles]
    .map(([pattern, handle]) => ({ hash: hashOf(pattern), bytes: encodeUtf8(pattern), ...handle }))
    .sort((a, b) => a.hash - b.hash);
  const starts = [0];
  for (const { bytes } of byHash) starts.push((starts.at(-1) ?? 0) + bytes.length);
  const head = writeSections([
    Uint32Array.of(pages, scratch),
    Uint32Array.from(pieces.flatMap(({ address, bytes }) => [address, bytes.length])),
    Uint32Array.from(byHash, ({ hash }) => hash),
    Uint32Array.from(byHash.flatMap(({ pointer, shared }) => [pointer, shared])),
    Uint32Array.from(starts),
    concat(...byHash.map(({ bytes }) => bytes)),
  ]);
  return concat(
    new Uint8Array(Uint32Array.of(head.length).buffer),
    head,
    ...pieces.map(({ bytes }) => bytes),
  );
}

/** Fills `into` with the bytes of a file from `at`. */
export type ReadFile = (at: number, into: Uint8Array) => void;

/** Opens what `packSnapshot` wrote; `size` is the file's. Throws for anything else. Pieces are read by `restore`. */
export function openSnapshot(read: ReadFile, size: number): Re2Snapshot {
  const length = new Uint32Array(1);
  read(0, new Uint8Array(length.buffer));
  const headEnd = HEAD_AT + (length[0] ?? 0);
  if (headEnd > size) throw new Error(`a snapshot of ${size} bytes; its head has ${headEnd}`);
  const head = new Uint8Array(headEnd - HEAD_AT);
  read(HEAD_AT, head);
  const sections = new Sections(head);
  const [pages = 0, scratch = 0] = sections.words(0);
  const pieces = sections.words(1);
  let asked = headEnd;
  for (let i = 1; i < pieces.length; i += 2) asked += pieces[i] ?? 0;
  if (asked !== size) throw new Error(`a snapshot of ${size} bytes; its head asks for ${asked}`);
  return {
    pages,
    scratch,
    handle: (pattern) => handleIn(sections, pattern),
    restore(memory) {
      let at = headEnd;
      for (let i = 0; i + 1 < pieces.length; i += 2) {
        const [address = 0, bytes = 0] = pieces.subarray(i, i + 2);
        read(at, memory.subarray(address, address + bytes));
        at += bytes;
      }
    },
  };
}

const HEAD_AT = 4;

/** `openSnapshot` of a file that was read. */
export function unpackSnapshot(file: Uint8Array): Re2Snapshot {
  return openSnapshot((at, into) => into.set(file.subarray(at, at + into.length)), file.length);
}

function handleIn(sections: Sections, pattern: string): Re2Handle | undefined {
  const hashes = sections.words(2);
  const starts = sections.words(4);
  const hash = hashOf(pattern);
  let low = 0;
  let high = hashes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((hashes[middle] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  for (let i = low; hashes[i] === hash; i++) {
    if (decodeUtf8(sections.bytes(5), starts[i], starts[i + 1]) !== pattern) continue;
    const [pointer = 0, shared = 0] = sections.words(3).subarray(i * 2, i * 2 + 2);
    return { pointer, shared };
  }
  return undefined;
}

/** Fowler, Noll and Vo's 32 bits, over code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
