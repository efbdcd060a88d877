/** What the pool and its workers say to each other. */
import type { Rule } from '../engine/rule.ts';
import type { ScanResult } from '../engine/finding.ts';
import type { Seen } from '../engine/seen.ts';
import type { FileStat } from './memory.ts';

export interface ScanTarget {
  readonly absolute: string;
  /** Path that rules and reports see: relative to the scan's root, with `/`. */
  readonly relative: string;
  /** The path's own bytes, where they are not UTF-8 and `absolute` would not open the file. */
  readonly raw?: Uint8Array;
  /** Where it was read already. */
  readonly content?: ReadContent;
}

export interface ReadContent {
  /** In a `Slot`: threads share it until the task is done. */
  readonly bytes: Uint8Array;
  readonly seen: Seen;
  /** `contentKey`, where it was asked for. */
  readonly key: string | undefined;
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

/** Given to each worker when it starts. */
export interface WorkerSetup {
  /** Built `re2.wasm`; threads that compile the same module share the code. */
  readonly wasmFile: string;
  /** Built `re2.snapshot`. */
  readonly snapshotFile: string;
  /** File of a `RulePack`, in memory that threads share. */
  readonly pack?: Uint8Array;
  /** Ids of the rules of the pack that are searched for. */
  readonly only: readonly string[];
  /** Others. */
  readonly rules: readonly Rule[];
}

export interface ScanTask {
  readonly targets: readonly ScanTarget[];
  /** Whether the keys of what was read are wanted. */
  readonly keys: boolean;
  /** Whether more such tasks are likely. */
  readonly areMany: boolean;
  /** One 32-bit slot: number of targets begun. It outlives the worker, so a crash can be laid on a file. */
  readonly progress: Int32Array;
}

export interface ReadKey {
  /** `contentKey`. */
  readonly key: string;
  /** Of a file that was read by the worker and has a name of text, from before that. */
  readonly stat?: FileStat;
}

/** In place of a file's size. */
export const NOT_SCANNED: -1 = -1;

export interface ScanReply {
  /** Bytes of each target, or `NOT_SCANNED`. */
  readonly sizes: readonly number[];
  /** Of each target that was read, when keys were asked for: the file may have changed since. */
  readonly keys: readonly (ReadKey | undefined)[];
  /** What is worth telling: a clean file has no outcome. */
  readonly outcomes: readonly FileOutcome[];
}
