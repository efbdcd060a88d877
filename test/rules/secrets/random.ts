/** Made-up secrets from a seed: the same ones in every run, and none that anybody has. */

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const LETTERS = LOWER + UPPER;

/** One letter for an alphabet, as the formats use them. */
const ALPHABETS: Readonly<Record<string, string>> = {
  A: LETTERS + DIGITS,
  B: `${LETTERS}${DIGITS}+/`,
  D: DIGITS,
  E: LETTERS,
  H: `${DIGITS}abcdef`,
  L: LOWER + DIGITS,
  U: UPPER + DIGITS,
  W: `${LETTERS}${DIGITS}_-`,
};

/** Whole numbers below `limit`, by a linear congruence. */
export type Random = (limit: number) => number;

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * limit);
  };
}

/** `A36` is 36 letters and digits; `uuid` is one; anything else stands for itself. Parts are apart by a blank. */
export function secretOf(format: string, random: Random): string {
  return format
    .split(' ')
    .map((part) => {
      if (part === 'uuid') return secretOf('H8 - H4 - H4 - H4 - H12', random);
      const [, alphabet = '', length = ''] = /^([ABDEHLUW])(\d+)$/.exec(part) ?? [];
      const characters = ALPHABETS[alphabet];
      if (characters === undefined) return part;
      return Array.from(
        { length: Number(length) },
        () => characters[random(characters.length)] ?? '',
      ).join('');
    })
    .join('');
}

export function pick<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[random(items.length)] ?? items[0];
}
