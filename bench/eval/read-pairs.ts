/** Reads a folder of pairs. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Pair } from './pair.ts';
import { readPair } from './read-pair.ts';

export interface ReadPairs {
  /** By id. */
  readonly pairs: readonly Pair[];
  /** One line each, with file and line. */
  readonly problems: readonly string[];
}

/** `folder` holds one file a pair; throws where it cannot be read. */
export function readPairs(folder: string, shown: string = basename(folder)): ReadPairs {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const read = names
    .sort()
    .map((name) => readPair(`${shown}/${name}`, readFileSync(join(folder, name), 'utf8')));
  return {
    pairs: read.flatMap((each) => (each.ok ? [each.pair] : [])),
    problems: read.flatMap((each) => (each.ok ? [] : each.problems)),
  };
}
