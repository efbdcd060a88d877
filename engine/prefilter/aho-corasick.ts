/**
 * Aho-Corasick automaton over bytes with a dense table: one pass finds every occurrence of every literal.
 * ASCII letters are folded in the table; a literal that is case-sensitive is compared again at the hit.
 * (Aho, Corasick: Efficient string matching, 1975.)
 */
import type { Literal } from '../regex/literals.ts';
import { foldingSequence, KELVIN_LEAD, LONG_S_LEAD, mayFold } from './folding.ts';

/** Called for each occurrence: literal index, and the half-open byte range that it occupies. */
export type OnOccurrence = (literal: number, start: number, end: number) => void;

export class AhoCorasick {
  /** Byte to column of the transition table. */
  private readonly columns: Uint8Array;
  /** Columns a row, a power of two: a row begins at `state << shift`. */
  private readonly shift: number;
  private readonly next: Int32Array;
  /** States at or above this one end a literal. */
  private readonly firstHit: number;
  private readonly hits: readonly (readonly number[])[];
  private readonly literals: readonly Literal[];

  constructor(literals: readonly Literal[]) {
    this.literals = literals;
    const trie = buildTrie(literals);
    this.columns = trie.columns;
    this.shift = Math.ceil(Math.log2(Math.max(trie.width, 2)));
    const { failures, order } = linkFailures(trie);
    const outputs = mergeOutputs(trie, failures, order);
    // States that end a literal come last, so that one comparison tells a hit.
    const quiet = order.filter((state) => outputs[state]?.length === 0);
    const loud = order.filter((state) => outputs[state]?.length !== 0);
    const renumbered = new Uint32Array(order.length);
    [...quiet, ...loud].forEach((state, index) => {
      renumbered[state] = index;
    });
    this.firstHit = quiet.length;
    this.hits = loud.map((state) => outputs[state] ?? []);
    const size = order.length << this.shift;
    this.next = new Int32Array(size);
    for (const state of order) {
      const row = (renumbered[state] ?? 0) << this.shift;
      for (let column = 0; column < trie.width; column++) {
        this.next[row + column] = renumbered[trie.next[state * trie.width + column] ?? 0] ?? 0;
      }
    }
  }

  /** Bytes that the transition table takes. */
  get tableBytes(): number {
    return this.next.byteLength;
  }

  /**
   * Reports every occurrence, by end offset. `text` need not be valid UTF-8. Returns false when the text
   * holds folding characters: then the caller drops what was reported and calls `searchFolding`. They are
   * so rare that looking for them in this loop would cost more than doing the work again.
   */
  search(text: Uint8Array, onOccurrence: OnOccurrence): boolean {
    const { next, columns, firstHit, shift } = this;
    const end = text.length;
    let state = 0;
    let seen = 0;
    for (let i = 0; i < end; i++) {
      const byte = text[i] as number;
      seen |= byte;
      state = next[(state << shift) + (columns[byte] as number)] as number;
      if (state >= firstHit) this.emit(text, state, i + 1, onOccurrence);
    }
    return seen < 0x80 || !mayFold(text, 0, text.length);
  }

  /** As `search`, reading the two folding characters as the letters that they fold to. */
  searchFolding(text: Uint8Array, onOccurrence: OnOccurrence): void {
    const { next, columns, firstHit, shift } = this;
    const end = text.length;
    let state = 0;
    for (let i = 0; i < end; i++) {
      let byte = text[i] as number;
      if (byte === LONG_S_LEAD || byte === KELVIN_LEAD) {
        const folded = foldingSequence(text, i);
        if (folded !== 0) {
          i += folded === 0x73 ? 1 : 2;
          byte = folded;
        }
      }
      state = next[(state << shift) + (columns[byte] as number)] as number;
      if (state >= firstHit) this.emit(text, state, i + 1, onOccurrence);
    }
  }

  private emit(text: Uint8Array, state: number, end: number, onOccurrence: OnOccurrence): void {
    for (const index of this.hits[state - this.firstHit] ?? []) {
      const literal = this.literals[index];
      if (literal === undefined) continue;
      if (literal.foldCase) {
        onOccurrence(index, startOfFolded(text, literal.bytes.length, end), end);
      } else if (equalsAt(text, literal.bytes, end)) {
        onOccurrence(index, end - literal.bytes.length, end);
      }
    }
  }
}

/** Walks back over `length` literal bytes, each of which may be a folding sequence. */
function startOfFolded(text: Uint8Array, length: number, end: number): number {
  let at = end;
  for (let i = 0; i < length; i++) {
    if (text[at - 1] === 0xbf && text[at - 2] === LONG_S_LEAD) at -= 2;
    else if (text[at - 1] === 0xaa && text[at - 2] === 0x84 && text[at - 3] === KELVIN_LEAD)
      at -= 3;
    else at--;
  }
  return at;
}

function equalsAt(text: Uint8Array, bytes: string, end: number): boolean {
  const start = end - bytes.length;
  if (start < 0) return false;
  for (let i = 0; i < bytes.length; i++) if (text[start + i] !== bytes.charCodeAt(i)) return false;
  return true;
}

interface Trie {
  readonly columns: Uint8Array;
  readonly width: number;
  /** Missing edges are -1 until failure links fill them. */
  readonly next: Int32Array;
  readonly ends: readonly number[][];
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

function buildTrie(literals: readonly Literal[]): Trie {
  const columns = new Uint8Array(256);
  let width = 1;
  let total = 1;
  for (const { bytes } of literals) {
    total += bytes.length;
    for (let i = 0; i < bytes.length; i++) {
      const byte = lower(bytes.charCodeAt(i));
      if (columns[byte] === 0) columns[byte] = width++;
    }
  }
  for (let byte = 0x41; byte <= 0x5a; byte++) columns[byte] = columns[byte + 0x20] ?? 0;
  const next = new Int32Array(total * width).fill(-1);
  const ends: number[][] = [[]];
  literals.forEach(({ bytes }, index) => {
    let state = 0;
    for (let i = 0; i < bytes.length; i++) {
      const edge = state * width + (columns[bytes.charCodeAt(i)] ?? 0);
      let target = next[edge] ?? -1;
      if (target < 0) {
        target = ends.length;
        ends.push([]);
        next[edge] = target;
      }
      state = target;
    }
    ends[state]?.push(index);
  });
  return { columns, width, next, ends };
}

/** Breadth first: each missing edge is taken from the failure state, so a search never looks back. */
function linkFailures(trie: Trie): { failures: Int32Array; order: number[] } {
  const { next, width } = trie;
  const failures = new Int32Array(trie.ends.length);
  const order = [0];
  for (let column = 0; column < width; column++) {
    const target = next[column] ?? -1;
    if (target < 0) next[column] = 0;
    else order.push(target);
  }
  for (let head = 1; head < order.length; head++) {
    const state = order[head] ?? 0;
    const fallback = failures[state] ?? 0;
    for (let column = 0; column < width; column++) {
      const target = next[state * width + column] ?? -1;
      const other = next[fallback * width + column] ?? 0;
      if (target < 0) next[state * width + column] = other;
      else {
        failures[target] = other;
        order.push(target);
      }
    }
  }
  return { failures, order };
}

function mergeOutputs(trie: Trie, failures: Int32Array, order: readonly number[]): number[][] {
  const outputs = trie.ends.map((own) => own);
  for (const state of order) {
    const inherited = outputs[failures[state] ?? 0] ?? [];
    if (state !== 0 && inherited.length > 0)
      outputs[state] = [...(outputs[state] ?? []), ...inherited];
  }
  return outputs;
}
