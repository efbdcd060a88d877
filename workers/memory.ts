/** What earlier scans found, by `contentKey`. */
import type { ScanResult } from '../engine/finding.ts';

export interface Known {
  /** Absent where there was nothing to tell. */
  readonly result?: ScanResult;
}

export interface Memory {
  /** How many contents it began with. */
  readonly size: number;
  /** Undefined: the content has to be scanned. */
  recall(key: string): Known | undefined;
  /** Told of each content that was scanned now, in no order; without a result there was nothing to tell. */
  keep(key: string, result?: ScanResult): void;
}
