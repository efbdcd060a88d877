/** A secret that several rules know is told once, by the rule that says most. */
import type { Hit } from '../hits.ts';
import { CONFIDENCES, SEVERITIES, type Rule } from '../rule.ts';

/**
 * `hits` without those whose secret has a part in common with that of a severer one, or of a surer one that is as
 * severe. Linear in the text, of `length` bytes, and in the secrets.
 */
export function withoutEchoes(
  hits: readonly Hit[],
  length: number,
  ruleOf: (index: number) => Rule,
): readonly Hit[] {
  const secrets = hits.flatMap((hit) => {
    if (hit.secret === undefined) return [];
    const { severity, confidence } = ruleOf(hit.rule);
    const rank =
      SEVERITIES.indexOf(severity) * CONFIDENCES.length + CONFIDENCES.indexOf(confidence);
    return [{ hit, range: hit.secret, rank }];
  });
  if (secrets.length < 2) return hits;
  const told = new Uint8Array(length);
  const echoes = new Set<Hit>();
  for (const { hit, range } of secrets.sort((a, b) => b.rank - a.rank)) {
    const bytes = told.subarray(range.start, range.end);
    if (bytes.includes(1)) echoes.add(hit);
    else bytes.fill(1);
  }
  return hits.filter((hit) => !echoes.has(hit));
}
