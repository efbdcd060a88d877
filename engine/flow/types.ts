/** Which type a part of a file is of: the nearest head of one above that is indented less. */
import type { Token } from './tokens.ts';

const TYPES: ReadonlySet<string> = new Set(
  'class struct interface record object module impl trait extension enum actor'.split(' '),
);
/** In front of one of them: `public static abstract`, `const A =`. */
const MOST_MODIFIERS = 6;

interface Head {
  readonly start: number;
  readonly indentation: number;
  readonly around: Head | undefined;
}

export class TypeHeads {
  /** In order. */
  readonly #all: Head[] = [];

  add(start: number, indentation: number): void {
    this.#all.push({ start, indentation, around: around(this.#all.at(-1), indentation) });
  }

  /** Where the head of a type begins, or -1. */
  of(offset: number, indentation: number): number {
    let low = 0;
    let high = this.#all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#all[middle]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return around(this.#all[low - 1], indentation)?.start ?? -1;
  }
}

function around(head: Head | undefined, indentation: number): Head | undefined {
  let at = head;
  while (at !== undefined && at.indentation >= indentation) at = at.around;
  return at;
}

/** `public class A {`, `class A:`, `module.exports = class extends B {` */
export function isTypeHead(tokens: readonly Token[]): boolean {
  return tokens
    .slice(0, MOST_MODIFIERS)
    .some(
      ({ kind, text, hasSigil }, at) =>
        kind === 'word' &&
        hasSigil !== true &&
        TYPES.has(text) &&
        (tokens[at + 1]?.kind === 'word' || tokens[at + 1]?.text === '{') &&
        tokens[at - 1]?.text !== '.',
    );
}
