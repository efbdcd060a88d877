/**
 * Texts and rules for the engine benchmark, generated from a seed: the same bytes on every machine, and
 * nothing to download. The words are common ones of program code; no file of anybody's was used.
 */
import { encodeUtf8 } from '../engine/text/utf8.ts';

export type TextKind = 'clean' | 'mixed' | 'dense' | 'adversarial';

/** Deterministic generator of numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const SYLLABLES = [
  'ba',
  'cor',
  'del',
  'fin',
  'gra',
  'hol',
  'jun',
  'kel',
  'lim',
  'mor',
  'nep',
  'pra',
  'quo',
  'rik',
];

/** A made-up identifier of three syllables, different for every index below 2,744. */
export function inventedWord(index: number): string {
  const count = SYLLABLES.length;
  const at = (digit: number): string => SYLLABLES[Math.floor(index / count ** digit) % count] ?? '';
  return `${at(0)}${at(1)}${at(2)}`;
}

/** Shapes that real rules have: calls, assignments, options, tokens. */
const SHAPES: readonly ((word: string) => { pattern: string; hit: string; near: string })[] = [
  (word) => ({ pattern: `\\b${word}\\s*\\(`, hit: `${word} (`, near: `${word}.x` }),
  (word) => ({
    pattern: `(?i)\\b${word}_key\\s*[:=]\\s*["'][^"'\\n]+`,
    hit: `${word}_KEY = "v1"`,
    near: `${word}_key()`,
  }),
  (word) => ({ pattern: `\\.${word}\\s*=[^=]`, hit: `.${word} = 1`, near: `.${word} == 1` }),
  (word) => ({
    pattern: `\\b${word}_[0-9a-f]{16,40}\\b`,
    hit: `${word}_0123456789abcdef`,
    near: `${word}_0123456789abcxyz`,
  }),
  (word) => ({
    pattern: `${word}\\([^)\\n]*\\bunsafe\\b`,
    hit: `${word}(a, unsafe)`,
    near: `${word}(a, safe)`,
  }),
];

export interface SyntheticRule {
  readonly pattern: string;
  /** A text that matches once. */
  readonly hit: string;
  /** A text that holds the literal and does not match. */
  readonly near: string;
}

export function syntheticRules(count: number): SyntheticRule[] {
  return Array.from({ length: count }, (_, index) => {
    const shape = SHAPES[index % SHAPES.length];
    if (shape === undefined) throw new Error('no shapes');
    return shape(inventedWord(index));
  });
}

const CODE_WORDS = (
  'const value items index return function if else for while await import from export class this self ' +
  'response request options config result error name path data length true false null new string number'
).split(' ');

/**
 * About `bytes` bytes of code-like lines. Mixed has a near miss in every fiftieth line and one hit in the last,
 * as a file that an edit spoils has; dense has a hit in every fourth line, adversarial only near misses.
 */
export function benchText(
  kind: TextKind,
  rules: readonly SyntheticRule[],
  bytes: number,
): Uint8Array {
  const random = seeded(bytes + kind.length);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const lines: string[] = [];
  let length = 0;
  for (let line = 0; length < bytes; line++) {
    const words = Array.from(
      { length: 4 + Math.floor(random() * 8) },
      () => pick(CODE_WORDS) ?? '',
    );
    let text = `${'  '.repeat(line % 4)}${words.join(pick([' ', '.', ', ', ' = ']) ?? ' ')};`;
    if (kind === 'mixed' && line % 50 === 0) text = `${pick(rules)?.near ?? ''} ${text}`;
    if (kind === 'dense' && line % 4 === 0) text = `${pick(rules)?.hit ?? ''} ${text}`;
    if (kind === 'adversarial')
      text = `${pick(rules)?.near ?? ''} ${text.repeat(3)} ${pick(rules)?.near ?? ''}`;
    lines.push(text);
    length += text.length + 1;
  }
  if (kind === 'mixed') lines.push(rules[0]?.hit ?? '');
  return encodeUtf8(lines.join('\n'));
}
