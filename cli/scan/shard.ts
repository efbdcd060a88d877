/** `--shard I/N`: which of N runs a file belongs to, on whichever machine it is asked. */
import { quote } from '../options.ts';
import type { Shard } from '../report/model.ts';

export const SHARD = {
  type: 'value',
  placeholder: 'I/N',
  description: 'scan one of N parts of the files; sg merge joins their reports',
} as const;

const MAX_SHARDS = 10_000;

/** The shard, or what is wrong with `text`. */
export function parseShard(text: string): Shard | string {
  const [, index, count] = /^(\d{1,5})\/(\d{1,5})$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || count === undefined || count < 1 || count > MAX_SHARDS)
    return `option --shard is ${quote(text)}, expected I/N with N from 1 to ${MAX_SHARDS}, as in 1/4`;
  if (index < 1 || index > count)
    return `option --shard is ${quote(text)}: of ${count} parts the first is 1 and the last is ${count}`;
  return { index, count };
}

/** Whether a file is in the shard: by its path alone, so that all runs agree without knowing of each other. */
export function isInShard({ index, count }: Shard, path: string): boolean {
  return hash(path) % count === index - 1;
}

/** FNV-1a over UTF-8, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}
