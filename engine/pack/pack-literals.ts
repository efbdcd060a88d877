/** Writes the arrays of a `LiteralTable`; a part of the build. */
import type { PatternPlan } from '../match/plan.ts';
import type { Literal } from '../regex/literals.ts';
import { encodeUtf8 } from '../text/utf8.ts';
import { FOLD, hashOf } from './literal-table.ts';
import { writeSections } from './sections.ts';

const GRAM = 3;
/** The table of present hashes takes 16 KiB, which stay in a processor's nearest memory. */
const HASH_BITS = 17;
const BUCKET_BITS = 12;

/** `marks` are more literals to look for. `texts` are such as will be searched: what is rare in them is rare. */
export function packLiterals(
  plans: readonly PatternPlan[],
  marks: readonly Literal[],
  texts: readonly string[],
): Uint8Array {
  const { literals, plansOf } = distinctLiterals(plans, marks);
  const rarity = new Rarity(texts);
  const buckets = Array.from({ length: 1 << BUCKET_BITS }, (): number[] => []);
  const present = new Uint32Array(1 << (HASH_BITS - 5));
  const gramAt = literals.map((literal, index) => {
    const at = rarity.rarestOffset(literal.bytes);
    for (const gram of gramsAt(literal.bytes, at)) {
      const hash = hashOf(gram, HASH_BITS);
      present[hash >>> 5] = (present[hash >>> 5] ?? 0) | (1 << hash);
      const bucket = buckets[hash >>> (HASH_BITS - BUCKET_BITS)];
      if (bucket !== undefined && !bucket.includes(index)) bucket.push(index);
    }
    return at;
  });
  return writeSections([
    new Uint32Array([plans.length, marks.length, HASH_BITS, BUCKET_BITS]),
    present,
    shorts(startsOf(buckets)),
    shorts(buckets.flat()),
    Uint8Array.from(gramAt),
    Uint8Array.from(literals, ({ foldCase }) => (foldCase ? 1 : 0)),
    Uint32Array.from(startsOf(literals.map(({ bytes }) => bytes))),
    Uint8Array.from(literals.map(({ bytes }) => bytes).join(''), (byte) => byte.charCodeAt(0)),
    Uint32Array.from(startsOf(plansOf)),
    shorts(plansOf.flat()),
  ]);
}

function distinctLiterals(
  plans: readonly PatternPlan[],
  marks: readonly Literal[],
): { readonly literals: readonly Literal[]; readonly plansOf: readonly (readonly number[])[] } {
  const literals = [...marks];
  const plansOf: number[][] = marks.map(() => []);
  const indexes = new Map<string, number>();
  plans.forEach((plan, planIndex) => {
    for (const literal of plan.literals ?? []) {
      const name = `${literal.foldCase ? 'i' : 'c'}${literal.bytes}`;
      const index = indexes.get(name) ?? literals.push(literal) - 1;
      indexes.set(name, index);
      (plansOf[index] ??= []).push(planIndex);
    }
  });
  const odd = literals.find(({ bytes }) => bytes.length < GRAM - 1 || bytes.length > 0xff);
  if (odd !== undefined) throw new Error(`a literal of ${odd.bytes.length} bytes: ${odd.bytes}`);
  return { literals, plansOf };
}

/** The folded bytes at `at`; where the literal ends before them, with whatever may follow it. */
function gramsAt(bytes: string, at: number): number[] {
  const [first = 0, second = 0, third] = [0, 1, 2].map((i) =>
    at + i < bytes.length ? bytes.charCodeAt(at + i) | FOLD : undefined,
  );
  const thirds =
    third === undefined ? Array.from({ length: 256 }, (_, byte) => byte | FOLD) : [third];
  return [...new Set(thirds)].map((last) => first | (second << 8) | (last << 16));
}

/** How often what a literal is known by is met in code. */
class Rarity {
  readonly #grams = new Map<number, number>();
  readonly #bytes: Float64Array = new Float64Array(256).fill(1);

  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const bytes = encodeUtf8(text).map((byte) => byte | FOLD);
      bytes.forEach((byte, at) => {
        this.#bytes[byte] = (this.#bytes[byte] ?? 0) + 1;
        this.#count(byte | ((bytes[at + 1] ?? FOLD) << 8) | ((bytes[at + 2] ?? FOLD) << 16), 1);
      });
    }
  }

  /** Counts the choice as well: a place that many literals are known by would have all of them compared. */
  rarestOffset(bytes: string): number {
    let best = 0;
    let least = Infinity;
    for (let at = 0; at === 0 || at + GRAM <= bytes.length; at++) {
      const [gram = 0] = gramsAt(bytes, at);
      const odds = [gram & 0xff, (gram >>> 8) & 0xff, gram >>> 16].reduce(
        (product, byte) => product * (this.#bytes[byte] ?? 1),
        1,
      );
      // Of those that were never met the one of the rarest bytes.
      const cost = (this.#grams.get(gram) ?? 0) + odds / 1e18;
      if (cost >= least) continue;
      least = cost;
      best = at;
    }
    this.#count(gramsAt(bytes, best)[0] ?? 0, 1);
    return best;
  }

  #count(gram: number, more: number): void {
    this.#grams.set(gram, (this.#grams.get(gram) ?? 0) + more);
  }
}

/** Where each of `lists` begins when they follow one another, and where the last one ends. */
function startsOf(lists: readonly { readonly length: number }[]): number[] {
  const starts = [0];
  for (const { length } of lists) starts.push((starts.at(-1) ?? 0) + length);
  return starts;
}

function shorts(values: readonly number[]): Uint16Array {
  const largest = values.reduce((max, value) => Math.max(max, value), 0);
  if (largest > 0xffff) throw new RangeError(`${largest} is more than 16 bits hold`);
  return Uint16Array.from(values);
}
