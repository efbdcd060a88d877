/** What one scanner's search found in a text, so that another one of the same rules need not search it again. */
import type { Window } from './re2/result.ts';
import type { Sighted } from './sight.ts';

/** As it goes from one thread to another. */
export interface Seen {
  /** Whether the text is not the bytes as they are, but what they are decoded to. */
  readonly isDecoded: boolean;
  readonly ascii: boolean;
  readonly followed: number;
  readonly marks: readonly number[];
  /** Plans to try. */
  readonly due: readonly number[];
  /** Of each of them, flat: windows outside of which it has no match. */
  readonly windows: readonly (readonly number[] | undefined)[];
  /** Where those are not known: where its literals were found. */
  readonly occurrences: readonly (readonly number[])[];
}

/** A text with more of what may match is searched again sooner than that is sent. */
const MOST_NUMBERS = 4096;

/** Of a text that `bytes` were read as; undefined where there is too much to be sent. */
export function seenOf(
  { sighting, due, windows, bytes: text }: Sighted,
  bytes: Uint8Array,
): Seen | undefined {
  const { ascii, followed, marks } = sighting;
  const flat = due.map((plan) => windows?.get(plan)?.flatMap(({ start, end }) => [start, end]));
  const occurrences = due.map((plan) =>
    windows?.has(plan) === true ? [] : (sighting.occurrences.get(plan) ?? []),
  );
  const lengths = [...flat, ...occurrences, marks].map((numbers) => numbers?.length ?? 0);
  if (lengths.reduce((sum, length) => sum + length, 0) > MOST_NUMBERS) return undefined;
  return { isDecoded: text !== bytes, ascii, followed, marks, due, windows: flat, occurrences };
}

/** `text`: what was searched. */
export function sightedBy(seen: Seen, text: Uint8Array): Sighted {
  const { due, ascii, followed, marks } = seen;
  const occurrences = new Map<number, readonly number[]>();
  const windows = new Map<number, readonly Window[]>();
  due.forEach((plan, index) => {
    occurrences.set(plan, seen.occurrences[index] ?? []);
    const flat = seen.windows[index];
    if (flat !== undefined) windows.set(plan, windowsIn(flat));
  });
  return {
    bytes: text,
    due,
    windows,
    sighting: { ascii, followed, marks, occurrences, flagged: due },
  };
}

function windowsIn(flat: readonly number[]): Window[] {
  const windows: Window[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2)
    windows.push({ start: flat[i] ?? 0, end: flat[i + 1] ?? 0 });
  return windows;
}
