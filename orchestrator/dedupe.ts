/** Tells a finding once: within a turn, across turns, and beside what another layer told. */
import type { ReviewFinding } from './finding.ts';

/** A finding that was told before. */
export interface Told {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Those that are new, the worst of equals first in their place; `known` are keys that were told. */
export function dedupe(
  findings: readonly ReviewFinding[],
  known: ReadonlySet<string>,
): readonly ReviewFinding[] {
  const kept = new Map<string, ReviewFinding>();
  for (const finding of findings) {
    if (known.has(finding.key)) continue;
    // The same weakness on the same line is the same finding, however long the quote is.
    const place = `${finding.repo}\0${finding.path}\0${finding.cwe}\0${finding.line}`;
    const other = kept.get(place);
    if (other === undefined || rankOf(finding) > rankOf(other)) kept.set(place, finding);
  }
  return [...kept.values()];
}

/** What was told less than `ttlMs` ago; times in the future, of a clock that was set back, are of now. */
export function recent(told: readonly Told[], now: number, ttlMs: number): readonly Told[] {
  return told
    .map(({ key, at }) => ({ key, at: Math.min(at, now) }))
    .filter(({ at }) => now - at < ttlMs);
}

const RANK = { low: 0, medium: 1, high: 2, critical: 3 } as const;

function rankOf({ severity, confidence }: ReviewFinding): number {
  return RANK[severity] * 10 + RANK[confidence];
}
