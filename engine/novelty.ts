/** What an edit introduced. */
import type { Finding } from './finding.ts';

/**
 * Findings of `after` that `before` had not, by key. Moved lines keep their key, so they are not new; of
 * equal twins as many are old as there were before, and the last ones count as new.
 */
export function introduced(before: readonly Finding[], after: readonly Finding[]): Finding[] {
  const old = new Map<string, number>();
  for (const { key } of before) old.set(key, (old.get(key) ?? 0) + 1);
  return after.filter(({ key }) => {
    const left = old.get(key) ?? 0;
    if (left > 0) old.set(key, left - 1);
    return left === 0;
  });
}
