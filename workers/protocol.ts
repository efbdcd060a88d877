/** What the pool and its workers say to each other. */
import type { PackedPlans } from '../engine/match/packed-plan.ts';
import type { Rule } from '../engine/rule.ts';
import type { ScanResult } from '../engine/finding.ts';

export interface ScanTarget {
  readonly absolute: string;
  /** Path that rules and reports see: relative to the scan's root, with `/`. */
  readonly relative: string;
  /** The path's own bytes, where they are not UTF-8 and `absolute` would not open the file. */
  readonly raw?: Uint8Array;
}

export type FileOutcome =
  | {
      readonly kind: 'scanned';
      readonly path: string;
      readonly bytes: number;
      readonly result: ScanResult;
    }
  | { readonly kind: 'not-scanned'; readonly path: string; readonly reason: string };

export interface ScanTotals {
  readonly files: number;
  readonly bytes: number;
}

/** Given to each worker when it starts. The compiled module is shared, not copied. */
export interface WorkerSetup {
  readonly module: unknown;
  /** Built-in patterns as the build compiled them, see `loadWasm`; shared, too. */
  readonly snapshot: Uint8Array;
  readonly rules: readonly Rule[];
  /** Plans of the built-in rules' patterns. */
  readonly packed: PackedPlans;
}

export interface ScanTask {
  readonly targets: readonly ScanTarget[];
  /** One 32-bit slot: number of targets begun. It outlives the worker, so a crash can be laid on a file. */
  readonly progress: Int32Array;
}

/** Outcomes worth telling; clean files are only counted. */
export interface ScanReply extends ScanTotals {
  readonly outcomes: readonly FileOutcome[];
}
