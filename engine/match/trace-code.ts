/**
 * The steps to one side of a literal as numbers, which the build writes for the built-in rules: nothing has to be
 * read or built before an occurrence is followed.
 *
 *     class                 what stands next to the literal, or -1: the first number
 *     ONE class             exactly one code point of the class
 *     SOME class outside    any number of code points of the class and at most `outside` others
 *     ASSERT assertion      nothing, where the assertion holds
 *     EITHER count, for each branch: class or -1, length, the branch's own numbers
 */
import type { Assertion, Ranges } from '../regex/ast.ts';
import { ANY, normalize } from '../regex/ranges.ts';
import type { Step, Steps } from './steps.ts';

export const ONE = 0;
export const SOME = 1;
export const ASSERT = 2;
export const EITHER = 3;
/** In place of a class: any byte may stand there, or none has to. */
export const ANYTHING: -1 = -1;

export const ASSERTIONS: readonly Assertion[] = [
  'text-begin',
  'text-end',
  'line-begin',
  'line-end',
  'word-boundary',
  'not-word-boundary',
];

/** Bytes of a class's table: by first byte whether the class may hold a code point that begins with it. */
export const CLASS_BYTES = 256;

/** One side of a literal: `code` from `from` on, up to `to`. */
export interface Trace {
  readonly code: Int32Array;
  readonly from: number;
  readonly to: number;
  /** A table of `CLASS_BYTES` for each class. */
  readonly classes: Uint8Array;
}

export interface Traces {
  readonly before: Trace;
  readonly after: Trace;
}

/** Classes by number, each once. */
export class ClassTables {
  readonly #indexes = new Map<string, number>();
  #bytes: Uint8Array = new Uint8Array(16 * CLASS_BYTES);

  /** All tables so far; what it was for earlier classes stays as it is. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#indexes.size * CLASS_BYTES);
  }

  indexOf(ranges: Ranges): number {
    const name = ranges.join();
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    const index = this.#indexes.size;
    this.#indexes.set(name, index);
    const end = (index + 1) * CLASS_BYTES;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(byteTable(ranges), index * CLASS_BYTES);
    return index;
  }
}

/** Which first bytes belong to `ranges`: ASCII by membership, others when it may hold any of them. */
export function byteTable(ranges: Ranges): Uint8Array {
  const table = new Uint8Array(CLASS_BYTES);
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const low = ranges[i] ?? 0;
    const high = ranges[i + 1] ?? 0;
    for (let code = low; code <= Math.min(high, 0x7f); code++) table[code] = 1;
    if (high > 0x7f) table.fill(1, 0x80);
  }
  return table;
}

/** Steps that rule nothing out are left out, so it ends before a match does. */
export function encodeTrace(steps: Steps, classes: ClassTables): readonly number[] {
  return encodeWhole(withoutSilent(steps), classes);
}

export function encodeWhole(steps: Steps, classes: ClassTables): readonly number[] {
  return [firstClass(steps, classes), ...encode(steps, classes)];
}

function encode(steps: Steps, classes: ClassTables): number[] {
  return steps.flatMap((step) => encodeStep(step, classes));
}

function encodeStep(step: Step, classes: ClassTables): number[] {
  switch (step.kind) {
    case 'one':
      return [ONE, classes.indexOf(step.ranges)];
    case 'some':
      return [SOME, classes.indexOf(step.runs), step.outside];
    case 'assert':
      return [ASSERT, ASSERTIONS.indexOf(step.assertion)];
    case 'either':
      return [
        EITHER,
        step.branches.length,
        ...step.branches.flatMap((branch) => {
          const code = encode(branch, classes);
          return [firstClass(branch, classes), code.length, ...code];
        }),
      ];
  }
}

/** Without the steps at the end that rule nothing out: those after one that lets anything through, and the last runs. */
function withoutSilent(steps: Steps): Steps {
  const anything = steps.findIndex((step) => step.kind === 'some' && isAny(step.runs));
  const end = anything < 0 ? steps.length : anything;
  return steps.slice(0, steps.slice(0, end).findLastIndex(({ kind }) => kind !== 'some') + 1);
}

function firstClass(steps: Steps, classes: ClassTables): number {
  const { members, open } = firstOf(steps);
  const ranges = normalize(members);
  return open || isAny(ranges) ? ANYTHING : classes.indexOf(ranges);
}

/** What the first code point may be; `open`: there may be none. */
function firstOf(steps: Steps): { readonly members: readonly number[]; readonly open: boolean } {
  const members: number[] = [];
  for (const step of steps) {
    switch (step.kind) {
      case 'one':
        return { members: [...members, ...step.ranges], open: false };
      case 'some':
        members.push(...(step.outside > 0 ? ANY : step.runs));
        break;
      case 'either': {
        const branches = step.branches.map(firstOf);
        members.push(...branches.flatMap((branch) => branch.members));
        if (branches.every(({ open }) => !open)) return { members, open: false };
        break;
      }
      case 'assert':
    }
  }
  return { members, open: true };
}

function isAny(ranges: Ranges): boolean {
  return ranges.length === ANY.length && ranges.every((bound, index) => bound === ANY[index]);
}
