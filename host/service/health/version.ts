/** Which version this is, and which of two is older. */

/** Put in by the build; absent when the sources run as they are. */
declare const __SG_VERSION__: string | undefined;

declare const __SG_BUILD__: string | undefined;

export const VERSION: string = typeof __SG_VERSION__ === 'string' ? __SG_VERSION__ : '0.0.0-source';

/** Tells builds apart, whatever version they call themselves. */
export const BUILD: string = typeof __SG_BUILD__ === 'string' ? __SG_BUILD__ : VERSION;

/** Text that can be a version of ours: it is shown, logged and compared. */
export function isVersion(text: string): boolean {
  return text.length <= 64 && /^\d{1,9}\.\d{1,9}\.\d{1,9}(?:[-+][0-9A-Za-z.+-]*)?$/.test(text);
}

/** Whether `a` is older than `b`: by the three numbers, then a pre-release before its release. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let at = 0; at < 3; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return preRelease(a) !== '' && (preRelease(b) === '' || preRelease(a) < preRelease(b));
}

function numbersOf(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}

function preRelease(version: string): string {
  return /^[\d.]*-([^+]*)/.exec(version)?.[1] ?? '';
}
