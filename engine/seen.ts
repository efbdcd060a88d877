/** What one scanner's search found in a text, so that another one of the same rules need not search it again. */
import type { Sighted } from './text-scan.ts';

/** As it goes from one thread to another. */
export interface Seen {
  readonly ascii: boolean;
  readonly followed: number;
  readonly marks: readonly number[];
  /** Plans to try, and where the literals of each were found. */
  readonly due: readonly number[];
  readonly occurrences: readonly (readonly number[])[];
}

/** A text with more of what may match is searched again sooner than that is sent. */
const MOST_NUMBERS = 4096;

/** Undefined where that is too much to be sent. */
export function seenOf({ sighting, due }: Sighted): Seen | undefined {
  const { ascii, followed, marks } = sighting;
  const occurrences = due.map((plan) => sighting.occurrences[plan] ?? []);
  const numbers = occurrences.reduce((sum, { length }) => sum + length, marks.length);
  return numbers > MOST_NUMBERS ? undefined : { ascii, followed, marks, due, occurrences };
}

/** `bytes`: the text that was searched. */
export function sightedBy({ due, occurrences, ...seen }: Seen, bytes: Uint8Array): Sighted {
  const byPlan: (readonly number[] | undefined)[] = [];
  due.forEach((plan, index) => {
    byPlan[plan] = occurrences[index];
  });
  return { bytes, due, sighting: { ...seen, occurrences: byPlan, flagged: due } };
}
