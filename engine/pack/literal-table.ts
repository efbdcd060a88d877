/**
 * Literals of many plans as arrays that the build wrote: they are searched for where they lie, in memory that threads
 * may share, and nothing is built first. Each literal is known by three of its bytes, the rarest, case folded. One bit
 * of a small table tells the places at which no literal has them; at the few others literals are compared.
 *
 * Contract: reports what `LiteralIndex` reports of the same plans.
 */
import type { Sighting } from '../match/literal-index.ts';
import { mayFold } from '../prefilter/folding.ts';
import { Sections } from './sections.ts';

/** Sets the case of letters; what it does to other bytes it does in the table as well. */
export const FOLD = 0x20;

/** Hash of three folded bytes, the first one lowest, as so many bits. */
export function hashOf(gram: number, bits: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - bits);
}

export class LiteralTable {
  readonly #planCount: number;
  /** Literals that come first and belong to no plan. */
  readonly #markCount: number;
  /** Bits of a hash; its upper ones name a bucket. */
  readonly #hashBits: number;
  readonly #bucketShift: number;
  /** One bit for each hash. */
  readonly #present: Uint32Array;
  /** Where each bucket begins in `#members`, which are literals. */
  readonly #buckets: Uint16Array;
  readonly #members: Uint16Array;
  /** Where in a literal its three bytes are. */
  readonly #gramAt: Uint8Array;
  readonly #folds: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #bytes: Uint8Array;
  readonly #planStarts: Uint32Array;
  readonly #plans: Uint16Array;

  /** Of a file by `packLiterals`. */
  constructor(file: Uint8Array) {
    const sections = new Sections(file);
    const [planCount = 0, markCount = 0, hashBits = 0, bucketBits = 0] = sections.words(0);
    this.#planCount = planCount;
    this.#markCount = markCount;
    this.#hashBits = hashBits;
    this.#bucketShift = hashBits - bucketBits;
    this.#present = sections.words(1);
    this.#buckets = sections.shorts(2);
    this.#members = sections.shorts(3);
    this.#gramAt = sections.bytes(4);
    this.#folds = sections.bytes(5);
    this.#starts = sections.words(6);
    this.#bytes = sections.bytes(7);
    this.#planStarts = sections.words(8);
    this.#plans = sections.shorts(9);
  }

  /** Of the plans only those with a 1 in `wanted`, or all. Undefined where `(?i)` may take other characters for letters. */
  search(text: Uint8Array, wanted?: Uint8Array): Sighting | undefined {
    const found = new Found(this.#planCount);
    const present = this.#present;
    const bits = this.#hashBits;
    const last = text.length - 1;
    let gram = ((byteAt(text, 0) | FOLD) << 8) | ((byteAt(text, 1) | FOLD) << 16);
    let seen = byteAt(text, 0) | byteAt(text, 1);
    for (let at = 0; at < last; at++) {
      const byte = at + 2 <= last ? (text[at + 2] as number) : 0;
      seen |= byte;
      gram = (gram >>> 8) | ((byte | FOLD) << 16);
      const hash = hashOf(gram, bits);
      if ((((present[hash >>> 5] as number) >>> hash) & 1) !== 0)
        this.#compareAll(text, at, hash >>> this.#bucketShift, wanted, found);
    }
    const ascii = seen < 0x80;
    if (!ascii && mayFold(text, 0, text.length)) return undefined;
    return found.sighting(ascii);
  }

  #compareAll(
    text: Uint8Array,
    at: number,
    bucket: number,
    wanted: Uint8Array | undefined,
    found: Found,
  ): void {
    const end = this.#buckets[bucket + 1] as number;
    for (let i = this.#buckets[bucket] as number; i < end; i++) {
      const literal = this.#members[i] as number;
      const start = at - (this.#gramAt[literal] as number);
      if (!this.#isAt(text, start, literal)) continue;
      const length = (this.#starts[literal + 1] as number) - (this.#starts[literal] as number);
      if (literal < this.#markCount) found.marks.push(start);
      const plansEnd = this.#planStarts[literal + 1] as number;
      for (let j = this.#planStarts[literal] as number; j < plansEnd; j++) {
        const plan = this.#plans[j] as number;
        if (wanted === undefined || wanted[plan] === 1) found.add(plan, start, start + length);
      }
    }
  }

  #isAt(text: Uint8Array, start: number, literal: number): boolean {
    const from = this.#starts[literal] as number;
    const length = (this.#starts[literal + 1] as number) - from;
    if (start < 0 || start + length > text.length) return false;
    const folds = this.#folds[literal] === 1;
    for (let i = 0; i < length; i++) {
      const byte = text[start + i] as number;
      const own = this.#bytes[from + i] as number;
      // What folds is kept in lower case.
      if (byte !== own && !(folds && own >= 0x61 && own <= 0x7a && byte === own - 0x20))
        return false;
    }
    return true;
  }
}

function byteAt(text: Uint8Array, at: number): number {
  return text[at] ?? 0;
}

class Found {
  readonly marks: number[] = [];
  readonly #occurrences: (number[] | undefined)[] = [];
  readonly #flagged: number[] = [];
  readonly #planCount: number;

  constructor(planCount: number) {
    this.#planCount = planCount;
  }

  add(plan: number, start: number, end: number): void {
    const known = this.#occurrences[plan];
    if (known !== undefined) {
      known.push(start, end);
      return;
    }
    if (this.#flagged.length === 0) this.#occurrences.length = this.#planCount;
    this.#occurrences[plan] = [start, end];
    this.#flagged.push(plan);
  }

  /** Literals are met at any of their bytes, so occurrences may come out of order. */
  sighting(ascii: boolean): Sighting {
    const occurrences = this.#occurrences;
    for (const plan of this.#flagged) {
      const flat = occurrences[plan] ?? [];
      if (flat.length > 2) occurrences[plan] = sortedByEnd(flat);
    }
    return { occurrences, flagged: this.#flagged, ascii, marks: this.marks };
  }
}

/** Of those that end together the longest comes first. */
function sortedByEnd(flat: number[]): number[] {
  let isSorted = true;
  for (let i = 3; i < flat.length && isSorted; i += 2)
    isSorted = (flat[i - 2] ?? 0) < (flat[i] ?? 0);
  if (isSorted) return flat;
  const pairs: [start: number, end: number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.push([flat[i] ?? 0, flat[i + 1] ?? 0]);
  return pairs.sort((a, b) => a[1] - b[1] || a[0] - b[0]).flat();
}
