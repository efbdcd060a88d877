/** Times as people read them, in Coordinated Universal Time. `at` is milliseconds since 1970, from a file. */

/** The last moment that a `Date` can be. */
const LAST_DATE = 8.64e15;

/** `2026-11-21T13:45:00.000Z`. */
export function isoTime(at: number): string {
  return new Date(Math.min(at, LAST_DATE)).toISOString();
}

/** `2026-11-21`. */
export function dayOf(at: number): string {
  return isoTime(at).slice(0, 10);
}

/** `2026-11-21 13:45 UTC`. */
export function minuteOf(at: number): string {
  const iso = isoTime(at);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
