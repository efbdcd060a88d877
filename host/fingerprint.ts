/** Identity of a finding from one scan to the next: no line numbers, so code that moves keeps it. */
import { createHash } from 'node:crypto';
import type { Finding } from '../engine/finding.ts';

/**
 * Returns the fingerprint of each finding, in order: 64 hexadecimal digits over path, rule, the matched
 * lines' text, and a count that tells equal twins in a file apart. `findings` must be in their file's order.
 */
export function fingerprints(findings: readonly Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const identity = `${finding.path}\0${finding.ruleId}\0${finding.key}`;
    const occurrence = seen.get(identity) ?? 0;
    seen.set(identity, occurrence + 1);
    return createHash('sha256').update(`${identity}\0${occurrence}`).digest('hex');
  });
}

/** Identity of what was found, wherever it stands: 32 hexadecimal digits over rule and the matched lines' text. */
export function contentFingerprint({ ruleId, key }: Finding): string {
  return createHash('sha256').update(`${ruleId}\0${key}`).digest('hex').slice(0, 32);
}
