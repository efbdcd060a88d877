/** What one scanner's search found in a text, so that another one of the same rules need not search it again. */
import type { Sighted } from './sight.ts';

/** As it goes from one thread to another. */
export interface Seen {
  /** Whether the text is not the bytes as they are, but what they are decoded to. */
  readonly isDecoded: boolean;
  readonly ascii: boolean;
  readonly followed: number;
  readonly marks: readonly number[];
  /** Plans to try, and where the literals of each were found. */
  readonly due: readonly number[];
  readonly occurrences: readonly (readonly number[])[];
}

/** A text with more of what may match is searched again sooner than that is sent. */
const MOST_NUMBERS = 4096;

/** Of a text that `bytes` were read as; undefined where there is too much to be sent. */
export function seenOf(
  { sighting, due, bytes: text }: Sighted,
  bytes: Uint8Array,
): Seen | undefined {
  const { ascii, followed, marks } = sighting;
  const occurrences = due.map((plan) => sighting.occurrences[plan] ?? []);
  const numbers = occurrences.reduce((sum, { length }) => sum + length, marks.length);
  if (numbers > MOST_NUMBERS) return undefined;
  return { isDecoded: text !== bytes, ascii, followed, marks, due, occurrences };
}

/** `text`: what was searched. */
export function sightedBy(
  { due, occurrences, ascii, followed, marks }: Seen,
  text: Uint8Array,
): Sighted {
  const byPlan: (readonly number[] | undefined)[] = [];
  due.forEach((plan, index) => {
    byPlan[plan] = occurrences[index];
  });
  return {
    bytes: text,
    due,
    sighting: { ascii, followed, marks, occurrences: byPlan, flagged: due },
  };
}
