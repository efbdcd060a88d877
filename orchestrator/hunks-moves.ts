/**
 * Code that was taken away in one place and put in another. Moved lines stay visible as added, because the
 * same sink may be reached from somewhere else now; they are only marked as moved.
 */
import type { Hunk } from './hunks.ts';

export interface MovedSide {
  /** Index of the file in what was given. */
  readonly file: number;
  /** 1-based: in the content before for `from`, after for `to`. */
  readonly line: number;
}

export interface Move {
  readonly from: MovedSide;
  readonly to: MovedSide;
  readonly lines: number;
}

/** Shorter runs, and runs with less to read, are coincidence. */
const MIN_LINES = 3;
const MIN_CHARACTERS = 40;
/** Places looked at for each beginning of a run. */
const MAX_CANDIDATES = 8;

interface Run {
  readonly file: number;
  readonly line: number;
  readonly texts: readonly string[];
}

/** Moves between the hunks of files, by lines with their outer white space left out. Linear in the lines. */
export function findMoves(files: readonly (readonly Hunk[])[]): Move[] {
  const removed = files.flatMap((hunks, file) => runs(hunks, file, '-'));
  const places = new Map<string, { run: Run; at: number }[]>();
  for (const run of removed) {
    for (let at = 0; at + MIN_LINES <= run.texts.length; at++) {
      const key = keyAt(run, at);
      const known = places.get(key);
      if (known === undefined) places.set(key, [{ run, at }]);
      else if (known.length < MAX_CANDIDATES) known.push({ run, at });
    }
  }
  if (places.size === 0) return [];
  return files.flatMap((hunks, file) =>
    runs(hunks, file, '+').flatMap((run) => movesInto(run, places)),
  );
}

function movesInto(
  run: Run,
  places: ReadonlyMap<string, readonly { run: Run; at: number }[]>,
): Move[] {
  const moves: Move[] = [];
  for (let at = 0; at + MIN_LINES <= run.texts.length;) {
    let best: { place: { run: Run; at: number }; length: number } | undefined;
    for (const place of places.get(keyAt(run, at)) ?? []) {
      const length = sharedLength(run, at, place.run, place.at);
      if (length > (best?.length ?? 0)) best = { place, length };
    }
    if (best === undefined || !isTelling(run, at, best.length)) {
      at += best?.length ?? 1;
      continue;
    }
    const { place, length } = best;
    moves.push({
      from: { file: place.run.file, line: place.run.line + place.at },
      to: { file: run.file, line: run.line + at },
      lines: length,
    });
    at += length;
  }
  return moves;
}

function runs(hunks: readonly Hunk[], file: number, sign: '+' | '-'): Run[] {
  const result: { file: number; line: number; texts: string[] }[] = [];
  for (const { lines } of hunks) {
    let open = false;
    for (const line of lines) {
      if (line.sign !== sign) {
        open = false;
        continue;
      }
      if (!open) result.push({ file, line: sign === '+' ? line.after : line.before, texts: [] });
      open = true;
      result.at(-1)?.texts.push(line.text.trim());
    }
  }
  return result;
}

function keyAt({ texts }: Run, at: number): string {
  return texts.slice(at, at + MIN_LINES).join('\n');
}

function sharedLength(a: Run, aAt: number, b: Run, bAt: number): number {
  const most = Math.min(a.texts.length - aAt, b.texts.length - bAt);
  let length = 0;
  while (length < most && a.texts[aAt + length] === b.texts[bAt + length]) length++;
  return length;
}

function isTelling({ texts }: Run, at: number, length: number): boolean {
  let characters = 0;
  for (let i = at; i < at + length; i++) characters += texts[i]?.length ?? 0;
  return characters >= MIN_CHARACTERS;
}
