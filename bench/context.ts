/** What a suite gets to run with, and what it gives back. */
import type { Measure } from './measure.ts';

export interface BenchAssets {
  readonly rules: string;
  readonly wasm: string;
  /** The built plugin's folder. */
  readonly plugin: string;
  /** `dist/cli/main.js`. */
  readonly program: string;
  /** Folder of the report page's script and style. */
  readonly report: string;
}

export interface BenchContext {
  readonly cwd: string;
  readonly assets: BenchAssets;
  /** Folder for the scan suite, relative to `cwd`. */
  readonly folder: string;
  /** Measurements of each thing; each suite has its own number when absent. */
  readonly rounds: number | undefined;
  /** Prints to the reader of tables. */
  readonly say: (text: string) => Promise<void>;
  /** Says on a terminal what is being measured; nothing elsewhere. */
  readonly progress: (text: string) => void;
  /** Aborted by Ctrl-C: stop what was started and return. */
  readonly signal: AbortSignal;
}

export interface SuiteOutcome<Results> {
  readonly results: Results;
  readonly measures: readonly Measure[];
}
