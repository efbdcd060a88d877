/** The steps to one side of a literal, with the tables that following them takes. */
import type { Assertion, Ranges } from '../regex/ast.ts';
import { ANY } from '../regex/ranges.ts';
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
  | { readonly kind: 'either'; readonly branches: readonly (readonly TracedStep[])[] };

/** Everything is built when first asked for: most patterns are never met. */
export class Reach {
  private readonly source: () => Steps;
  private builtSteps: Steps | undefined;
  private builtTables: readonly ReachTable[] | undefined;
  private builtTrace: readonly TracedStep[] | undefined;

  constructor(source: () => Steps) {
    this.source = source;
  }

  get steps(): Steps {
    this.builtSteps ??= this.source();
    return this.builtSteps;
  }

  /** For `windowsAround`. */
  get tables(): readonly ReachTable[] {
    this.builtTables ??= tablesOf(this.steps);
    return this.builtTables;
  }

  /** For `couldMatchAt`. */
  get trace(): readonly TracedStep[] {
    this.builtTrace ??= traceOf(telling(this.steps));
    return this.builtTrace;
  }
}

/** Without the steps at the end that rule nothing out: those after one that lets anything through, and the last runs. */
function telling(steps: Steps): Steps {
  const anything = steps.findIndex((step) => step.kind === 'some' && sameRanges(step.runs, ANY));
  const end = anything < 0 ? steps.length : anything;
  return steps.slice(0, steps.slice(0, end).findLastIndex(({ kind }) => kind !== 'some') + 1);
}

function traceOf(steps: Steps): TracedStep[] {
  return steps.map((step): TracedStep => {
    switch (step.kind) {
      case 'one':
        return { kind: 'one', members: byteTable(step.ranges) };
      case 'some':
        return { kind: 'some', outside: step.outside, runs: byteTable(step.runs) };
      case 'assert':
        return step;
      case 'either':
        return { kind: 'either', branches: step.branches.map(traceOf) };
    }
  });
}

/** Neighbours that let the same bytes through become one. */
function tablesOf(steps: Steps): ReachTable[] {
  const result: { outside: number; runs: Ranges }[] = [];
  for (const step of steps) {
    const { runs, outside } = merged([step]);
    const last = result.at(-1);
    if (last !== undefined && sameRanges(last.runs, runs)) last.outside += outside;
    else if (runs.length > 0 || outside > 0) result.push({ runs, outside });
  }
  return result.map(({ runs, outside }) => ({ runs: byteTable(runs), outside }));
}

function sameRanges(a: Ranges, b: Ranges): boolean {
  return a.length === b.length && a.every((bound, index) => bound === b[index]);
}

/** Which first bytes belong to `ranges`: ASCII by membership, others when it may hold any of them. */
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
