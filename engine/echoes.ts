/** What several rules know of one place is told once, by the rule that says most. */
import type { Hit } from './hits.ts';
import { CONFIDENCES, SEVERITIES, type Rule } from './rule.ts';

export interface EchoText {
  /** In bytes. */
  readonly length: number;
  readonly lineAt: (offset: number) => number;
}

interface Ranked {
  readonly hit: Hit;
  readonly rule: Rule;
  readonly rank: number;
}

/**
 * `hits` without the echoes of severer ones, or of surer ones that are as severe: of a secret that has a part in common
 * with it, and, of built-in rules, of the same weakness in a match that begins in the same line, overlaps, and
 * ends in no later one.
 */
export function withoutEchoes(
  hits: readonly Hit[],
  text: EchoText,
  ruleOf: (index: number) => Rule,
): readonly Hit[] {
  if (hits.length < 2) return hits;
  const ranked = hits
    .map((hit): Ranked => {
      const rule = ruleOf(hit.rule);
      return { hit, rule, rank: rankOf(rule) };
    })
    .sort((a, b) => b.rank - a.rank);
  const echoes = new Set([...echoesOfSecrets(ranked, text), ...echoesOfWeaknesses(ranked, text)]);
  return echoes.size === 0 ? hits : hits.filter((hit) => !echoes.has(hit));
}

function rankOf({ severity, confidence }: Rule): number {
  return SEVERITIES.indexOf(severity) * CONFIDENCES.length + CONFIDENCES.indexOf(confidence);
}

/** Linear in the text and in the secrets. */
function echoesOfSecrets(ranked: readonly Ranked[], { length }: EchoText): Hit[] {
  const secrets = ranked.flatMap(({ hit }) =>
    hit.secret === undefined ? [] : [{ hit, range: hit.secret }],
  );
  if (secrets.length < 2) return [];
  const told = new Uint8Array(length);
  return secrets.flatMap(({ hit, range }) => {
    const bytes = told.subarray(range.start, range.end);
    if (bytes.includes(1)) return [hit];
    bytes.fill(1);
    return [];
  });
}

/** By line: many matches of one line are compared with the first few only. */
const MOST_COMPARED = 8;

function echoesOfWeaknesses(ranked: readonly Ranked[], { lineAt }: EchoText): Hit[] {
  const told = new Map<string, Hit[]>();
  return ranked.flatMap(({ hit, rule }) => {
    if (rule.origin !== 'builtin' || rule.cwe === undefined || hit.secret !== undefined) return [];
    const { start, end } = hit.range;
    const place = `${rule.cwe} ${rule.class ?? ''} ${lineAt(start)}`;
    const known = told.get(place) ?? [];
    const isEcho = known.some(
      (other) =>
        other.rule !== hit.rule &&
        start < other.range.end &&
        other.range.start < end &&
        lineAt(end - 1) <= lineAt(other.range.end - 1),
    );
    if (isEcho) return [hit];
    if (known.length < MOST_COMPARED) told.set(place, [...known, hit]);
    return [];
  });
}
