/** The pairs that a run asks about. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Pair } from '../../bench/eval/pair.ts';
import { escapeControls } from '../escape.ts';
import type { Io } from '../io.ts';
import { didYouMean, quote } from '../options.ts';
import { nearest } from '../suggest.ts';

export type LoadedPairs =
  | { readonly ok: true; readonly pairs: readonly Pair[] }
  | { readonly ok: false; readonly message: string };

/** Those of `folder`, or of the program itself: for `--deep` those of several files. */
export async function loadPairs(
  folder: string | undefined,
  deep: boolean,
  io: Io,
): Promise<LoadedPairs> {
  if (folder === undefined) {
    // Made by our build from files that it has read strictly.
    const file = deep ? io.assets.evalDeepPairs : io.assets.evalPairs;
    const pairs = JSON.parse(await readFile(file, 'utf8')) as readonly Pair[];
    return { ok: true, pairs };
  }
  // Only here: what reads YAML takes long to load.
  const { readPairs } = await import('../../bench/eval/read-pairs.ts');
  try {
    const { pairs, problems } = readPairs(resolve(io.cwd, folder), folder);
    if (problems.length > 0) return { ok: false, message: problems.map(escapeControls).join('\n') };
    if (pairs.length === 0) return { ok: false, message: `no pairs (*.yaml) in ${quote(folder)}` };
    return { ok: true, pairs };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Those named, in the order of the set. */
export function selectPairs(pairs: readonly Pair[], ids: readonly string[]): LoadedPairs {
  const known = pairs.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined)
    return {
      ok: false,
      message: `there is no pair ${quote(unknown)}${didYouMean(nearest(unknown, known))}`,
    };
  return { ok: true, pairs: pairs.filter(({ id }) => ids.includes(id)) };
}
