/** Questions about content that need no diff: all in time linear in its length. */

const LOOKED_AT_FOR_NUL = 8000;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const LFS = 'version https://git-lfs.github.com/spec/';

/** What git takes for binary: a NUL near the start. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, LOOKED_AT_FOR_NUL).includes(0);
}

/** Whether two contents are the same but for the line ends that git may convert. */
export function sameButForLineEnds(a: Uint8Array, b: Uint8Array): boolean {
  let j = 0;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === CARRIAGE_RETURN && a[i + 1] === LINE_FEED) continue;
    if (b[j] === CARRIAGE_RETURN && b[j + 1] === LINE_FEED) j++;
    if (a[i] !== b[j]) return false;
    j++;
  }
  return j === b.length;
}

/** The SHA-256 that a pointer of git-lfs stands for. */
export function lfsTarget(bytes: Uint8Array): string | undefined {
  if (bytes.length > 1024) return undefined;
  const text = Buffer.from(bytes).toString('latin1');
  return text.startsWith(LFS) ? /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1] : undefined;
}

/** How often each line occurs. */
export type LineCounts = ReadonlyMap<string, number>;

export function countLines(bytes: Uint8Array): LineCounts {
  const counts = new Map<string, number>();
  for (const line of Buffer.from(bytes).toString('latin1').split('\n')) {
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

/** Bytes in lines that occur in both. */
export function commonBytes(a: LineCounts, b: LineCounts): number {
  let bytes = 0;
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  for (const [line, count] of few) {
    bytes += Math.min(count, many.get(line) ?? 0) * (line.length + 1);
  }
  return bytes;
}
