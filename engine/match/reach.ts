/**
 * How far a match reaches to one side of a literal: its parts in the order in which they are met, walking
 * away from the literal. Each lets through any number of code points in `runs` and `outside` more, see
 * `regex/extent.ts`.
 */
import type { Ranges } from '../regex/ast.ts';

export interface ReachStep {
  readonly outside: number;
  readonly runs: Ranges;
}

/** A step with its runs as a table by byte. */
export interface ReachTable {
  readonly outside: number;
  readonly runs: Uint8Array;
}

export class Reach {
  readonly steps: readonly ReachStep[];
  private built: readonly ReachTable[] | undefined;

  constructor(steps: readonly ReachStep[]) {
    this.steps = steps;
  }

  /** Built when first asked for: most patterns are never met. */
  get tables(): readonly ReachTable[] {
    this.built ??= this.steps.map(({ outside, runs }) => ({ outside, runs: runTable(runs) }));
    return this.built;
  }
}

/** Which bytes belong to `runs`: ASCII by membership, others when it may hold any of them. */
function runTable(runs: Ranges): Uint8Array {
  const table = new Uint8Array(256);
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const low = runs[i] ?? 0;
    const high = runs[i + 1] ?? 0;
    for (let code = low; code <= Math.min(high, 0x7f); code++) table[code] = 1;
    if (high > 0x7f) table.fill(1, 0x80);
  }
  return table;
}
