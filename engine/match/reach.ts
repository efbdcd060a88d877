/** The steps to one side of a literal, with the tables that following them takes. */
import type { Assertion, Ranges } from '../regex/ast.ts';
import { ANY, normalize } from '../regex/ranges.ts';
import { merged, type Steps } from './steps.ts';

/** Lets through any number of code points whose first byte is in `runs`, and `outside` more. */
export interface ReachTable {
  readonly outside: number;
  readonly runs: Uint8Array;
}

/** A step of `Steps` with its classes as tables by first byte. */
export type TracedStep =
  | { readonly kind: 'one'; readonly members: Uint8Array }
  | ({ readonly kind: 'some' } & ReachTable)
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'either'; readonly branches: readonly TracedBranch[] };

export interface TracedBranch {
  readonly steps: readonly TracedStep[];
  /** By byte whether the branch may begin with it; undefined where it may with any, or may be empty. */
  readonly members: Uint8Array | undefined;
}

/** What can be told of a side by the literal's neighbour alone. */
export interface Edge {
  /** Hold right at the literal. */
  readonly assertions: readonly Assertion[];
  /** By byte whether it may stand next to the literal; undefined where all may, or none has to. */
  readonly members: Uint8Array | undefined;
}

/** The same as it is packed. */
export interface EdgeRanges {
  readonly assertions: readonly Assertion[];
  readonly ranges: Ranges | undefined;
}

/** Everything is built when first asked for: most patterns are never met. */
export class Reach {
  readonly #source: () => Steps;
  readonly #edgeSource: () => EdgeRanges;
  readonly #bytes: ByteTables;
  #steps: Steps | undefined;
  #edge: Edge | undefined;
  #tables: readonly ReachTable[] | undefined;
  #trace: readonly TracedStep[] | undefined;

  /** `edge` is `edgeOf` the steps, when it is at hand without them. */
  constructor(
    source: () => Steps,
    bytes: ByteTables = new ByteTables(),
    edge: () => EdgeRanges = () => edgeOf(this.steps),
  ) {
    this.#source = source;
    this.#bytes = bytes;
    this.#edgeSource = edge;
  }

  get steps(): Steps {
    this.#steps ??= this.#source();
    return this.#steps;
  }

  get edge(): Edge {
    if (this.#edge === undefined) {
      const { assertions, ranges } = this.#edgeSource();
      this.#edge = { assertions, members: ranges && this.#bytes.of(ranges) };
    }
    return this.#edge;
  }

  /** For `windowsAround`. */
  get tables(): readonly ReachTable[] {
    this.#tables ??= tablesOf(this.steps, this.#bytes);
    return this.#tables;
  }

  /** For `couldMatchAt`. */
  get trace(): readonly TracedStep[] {
    this.#trace ??= traceOf(telling(this.steps), this.#bytes);
    return this.#trace;
  }
}

/** Tables of classes, each built once. */
export class ByteTables {
  readonly #known = new Map<Ranges, Uint8Array>();

  /** Which first bytes belong to `ranges`: ASCII by membership, others when it may hold any of them. */
  of(ranges: Ranges): Uint8Array {
    let table = this.#known.get(ranges);
    if (table === undefined) {
      table = byteTable(ranges);
      this.#known.set(ranges, table);
    }
    return table;
  }
}

export function edgeOf(steps: Steps): EdgeRanges {
  const inside = steps.findIndex(({ kind }) => kind !== 'assert');
  const leading = inside < 0 ? steps : steps.slice(0, inside);
  const { members, open } = firstOf(steps);
  const ranges = normalize(members);
  return {
    assertions: leading.flatMap((step) => (step.kind === 'assert' ? step.assertion : [])),
    ranges: open || sameRanges(ranges, ANY) ? undefined : ranges,
  };
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

/** Without the steps at the end that rule nothing out: those after one that lets anything through, and the last runs. */
function telling(steps: Steps): Steps {
  const anything = steps.findIndex((step) => step.kind === 'some' && sameRanges(step.runs, ANY));
  const end = anything < 0 ? steps.length : anything;
  return steps.slice(0, steps.slice(0, end).findLastIndex(({ kind }) => kind !== 'some') + 1);
}

function traceOf(steps: Steps, bytes: ByteTables): TracedStep[] {
  return steps.map((step): TracedStep => {
    switch (step.kind) {
      case 'one':
        return { kind: 'one', members: bytes.of(step.ranges) };
      case 'some':
        return { kind: 'some', outside: step.outside, runs: bytes.of(step.runs) };
      case 'assert':
        return step;
      case 'either':
        return {
          kind: 'either',
          branches: step.branches.map((branch) => traceBranch(branch, bytes)),
        };
    }
  });
}

function traceBranch(steps: Steps, bytes: ByteTables): TracedBranch {
  const { ranges } = edgeOf(steps);
  return { steps: traceOf(steps, bytes), members: ranges && bytes.of(ranges) };
}

/** Neighbours that let the same bytes through become one. */
function tablesOf(steps: Steps, bytes: ByteTables): ReachTable[] {
  const result: { outside: number; runs: Ranges }[] = [];
  for (const step of steps) {
    const { runs, outside } = merged([step]);
    const last = result.at(-1);
    if (last !== undefined && sameRanges(last.runs, runs)) last.outside += outside;
    else if (runs.length > 0 || outside > 0) result.push({ runs, outside });
  }
  return result.map(({ runs, outside }) => ({ runs: bytes.of(runs), outside }));
}

function sameRanges(a: Ranges, b: Ranges): boolean {
  return a.length === b.length && a.every((bound, index) => bound === b[index]);
}

function byteTable(ranges: Ranges): Uint8Array {
  const table = new Uint8Array(256);
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const low = ranges[i] ?? 0;
    const high = ranges[i + 1] ?? 0;
    for (let code = low; code <= Math.min(high, 0x7f); code++) table[code] = 1;
    if (high > 0x7f) table.fill(1, 0x80);
  }
  return table;
}
