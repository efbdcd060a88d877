/** Reads the payload from stdin. Synchronous: the streams of `process.stdin` cost more than the read. */
import { readSync } from 'node:fs';

export type Stdin =
  | { readonly kind: 'text'; readonly text: string }
  /** Read to its end and dropped, so that the host's write does not fail. */
  | { readonly kind: 'too-large'; readonly bytes: number };

export const MAX_PAYLOAD_BYTES: number = 64 * 1024 * 1024;

const CHUNK = 64 * 1024;

/** Reads file descriptor `fd` to its end. Throws as `node:fs` does. */
export function readPayload(fd: number = 0, maxBytes: number = MAX_PAYLOAD_BYTES): Stdin {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(bytes < CHUNK ? CHUNK : CHUNK * 16);
    const read = readSome(fd, chunk);
    if (read === 0) break;
    bytes += read;
    if (bytes <= maxBytes) chunks.push(chunk.subarray(0, read));
    else chunks.length = 0;
  }
  if (bytes > maxBytes) return { kind: 'too-large', bytes };
  return { kind: 'text', text: Buffer.concat(chunks, bytes).toString('utf8') };
}

/** 0 at the end. A non-blocking pipe says EAGAIN until the host writes; Windows says EOF at the end. */
function readSome(fd: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, into, 0, into.length, null);
    } catch (error) {
      const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
