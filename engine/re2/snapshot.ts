/**
 * RE2's memory with patterns already compiled in it. The build compiles the built-in rules once and stores
 * what the memory then holds; an instance that starts from it compiles nothing.
 *
 * A snapshot fits one module only: it holds addresses. It is written and shipped together with the module,
 * and an instance tests itself before it trusts one.
 */
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';

/** A compiled pattern inside an instance's memory. */
export interface Re2Handle {
  readonly pointer: number;
  readonly shared: number;
}

export interface Re2Snapshot {
  /** Pages of 64 KiB that the memory had. */
  readonly pages: number;
  /** Address of the instance's scratch bytes. */
  readonly scratch: number;
  readonly handles: ReadonlyMap<string, Re2Handle>;
  /** Pieces of memory that differ from a fresh instance's. */
  readonly pieces: readonly { readonly address: number; readonly bytes: Uint8Array }[];
}

/** What `JSON.parse` gives for the head of a snapshot file. */
interface Head {
  readonly pages: number;
  readonly scratch: number;
  /** Pattern, pointer, shared pointer. */
  readonly handles: readonly (readonly [string, number, number])[];
  /** Address and length; the bytes follow the head in this order. */
  readonly pieces: readonly (readonly [number, number])[];
}

const PIECE_BYTES = 1024;

/** Compares memory as it was when the instance was new with what it holds now. */
export function takeSnapshot(
  fresh: Uint8Array,
  now: Uint8Array,
  scratch: number,
  handles: ReadonlyMap<string, Re2Handle>,
): Re2Snapshot {
  const pieces: { address: number; bytes: Uint8Array }[] = [];
  for (let address = 0; address < now.length; address += PIECE_BYTES) {
    const bytes = now.slice(address, address + PIECE_BYTES);
    const last = pieces.at(-1);
    if (bytes.every((byte, i) => byte === (fresh[address + i] ?? 0))) continue;
    if (last !== undefined && last.address + last.bytes.length === address) {
      last.bytes = concat(last.bytes, bytes);
    } else pieces.push({ address, bytes });
  }
  return { pages: now.length / 65536, scratch, handles, pieces };
}

/** File format: length of the head (32 bits, little endian), the head as JSON, the pieces' bytes. */
export function packSnapshot(snapshot: Re2Snapshot): Uint8Array {
  const head: Head = {
    pages: snapshot.pages,
    scratch: snapshot.scratch,
    handles: [...snapshot.handles].map(([pattern, { pointer, shared }]) => [
      pattern,
      pointer,
      shared,
    ]),
    pieces: snapshot.pieces.map(({ address, bytes }) => [address, bytes.length]),
  };
  const text = encodeUtf8(JSON.stringify(head));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length, true);
  return concat(length, text, ...snapshot.pieces.map(({ bytes }) => bytes));
}

/** Reads what `packSnapshot` wrote. Throws for anything else. */
export function unpackSnapshot(file: Uint8Array): Re2Snapshot {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  // Written by our own build.
  const head = JSON.parse(decodeUtf8(file, 4, 4 + length)) as Head;
  let at = 4 + length;
  const pieces = head.pieces.map(([address, size]) => {
    const bytes = file.subarray(at, at + size);
    at += size;
    return { address, bytes };
  });
  if (at !== file.length)
    throw new Error(`a snapshot of ${file.length} bytes; its head asks for ${at}`);
  const handles = new Map(
    head.handles.map(([pattern, pointer, shared]) => [pattern, { pointer, shared }]),
  );
  return { pages: head.pages, scratch: head.scratch, handles, pieces };
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
