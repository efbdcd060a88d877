/** The steps to one side of a literal, with the tables that following them takes. */
import type { Ranges } from '../regex/ast.ts';
import { merged, type Steps } from './steps.ts';
import { byteTable, ClassTables, encodeTrace, encodeWhole, type Trace } from './trace-code.ts';

/** Lets through any number of code points whose first byte is in `runs`, and `outside` more. */
export interface ReachTable {
  readonly outside: number;
  readonly runs: Uint8Array;
}

/** Everything is built when first asked for: most patterns are never met. */
export class Reach {
  readonly #source: () => Steps;
  #steps: Steps | undefined;
  #tables: readonly ReachTable[] | undefined;
  #trace: Trace | undefined;
  #whole: Trace | undefined;

  constructor(source: () => Steps) {
    this.#source = source;
  }

  get steps(): Steps {
    this.#steps ??= this.#source();
    return this.#steps;
  }

  /** For `windowsAround`. */
  get tables(): readonly ReachTable[] {
    this.#tables ??= tablesOf(this.steps);
    return this.#tables;
  }

  /** For `couldMatchAt`. */
  get trace(): Trace {
    this.#trace ??= traceOf((classes) => encodeTrace(this.steps, classes));
    return this.#trace;
  }

  /** For `reachAround`. */
  get whole(): Trace {
    this.#whole ??= traceOf((classes) => encodeWhole(this.steps, classes));
    return this.#whole;
  }
}

function traceOf(encode: (classes: ClassTables) => readonly number[]): Trace {
  const classes = new ClassTables();
  const code = Int32Array.from(encode(classes));
  return { code, from: 0, to: code.length, classes: classes.bytes };
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
