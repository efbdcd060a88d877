/** Reads blobs by id, many with one process. */
import type { Repo } from './repo.ts';
import { failed, ok } from './result.ts';
import type { GitResult } from './result.ts';

export interface BlobLimits {
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
}

export type Blob =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'missing' }
  | { readonly kind: 'too-large'; readonly size: number };

/** Content of each id; ids that are over a limit, or no blob, have no bytes. */
export async function readBlobs(
  repo: Repo,
  ids: ReadonlySet<string>,
  limits: BlobLimits,
): Promise<GitResult<ReadonlyMap<string, Blob>>> {
  const blobs = new Map<string, Blob>();
  if (ids.size === 0) return ok(blobs);
  const list = [...ids];
  const sizes = await repo.ask({
    command: 'cat-file',
    args: ['--batch-check'],
    input: lines(list),
  });
  if (sizes.kind === 'failed') return sizes;
  const wanted: string[] = [];
  let total = 0;
  for (const [i, line] of sizes.value.toString('latin1').split('\n').entries()) {
    const id = list[i];
    if (id === undefined) break;
    const [, type, sizeText] = line.split(' ');
    const size = Number(sizeText);
    if (type !== 'blob') blobs.set(id, { kind: 'missing' });
    else if (size > limits.maxFileBytes || total + size > limits.maxTotalBytes) {
      blobs.set(id, { kind: 'too-large', size });
    } else {
      total += size;
      wanted.push(id);
    }
  }
  if (wanted.length === 0) return ok(blobs);
  const answer = await repo.ask({
    command: 'cat-file',
    args: ['--batch'],
    input: lines(wanted),
    maxBytes: total + wanted.length * 128,
  });
  if (answer.kind === 'failed') return answer;
  return parseBatch(answer.value, wanted, blobs);
}

function parseBatch(
  output: Buffer,
  wanted: readonly string[],
  blobs: Map<string, Blob>,
): GitResult<ReadonlyMap<string, Blob>> {
  let at = 0;
  for (const id of wanted) {
    const end = output.indexOf(10, at);
    const [shown, , sizeText] = output.toString('latin1', at, Math.max(at, end)).split(' ');
    const size = Number(sizeText);
    if (end < 0 || shown !== id || !Number.isSafeInteger(size) || end + 1 + size > output.length) {
      return failed('exit', 'git cat-file gave something else than the objects it was asked for');
    }
    blobs.set(id, { kind: 'bytes', bytes: output.subarray(end + 1, end + 1 + size) });
    at = end + 1 + size + 1;
  }
  return ok(blobs);
}

function lines(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join('');
}
