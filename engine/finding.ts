/** What a scan reports. */
import type { Confidence, Severity } from './rule.ts';

/** A place in the decoded text: 1-based line, 1-based column in UTF-16 units, byte offset in UTF-8. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A match that survived scope and suppression. */
export interface Finding {
  readonly ruleId: string;
  readonly path: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly start: Position;
  /** Exclusive. */
  readonly end: Position;
  /** The line of `start`, trimmed, at most 160 UTF-16 units around the match. */
  readonly snippet: string;
  /** A secret stands in the lines of the match; the snippet masks it, and nothing else may show these lines. */
  readonly masked?: true;
  /**
   * Identity within a file: rule and the text of the matched lines, white space folded. It has no line
   * number, so moved code keeps it. Equal twins are told apart by counting, see `engine/novelty`.
   */
  readonly key: string;
}

/** A finding that an inline `sg-ignore` hides, with the author's reason. */
export interface SuppressedFinding {
  readonly finding: Finding;
  readonly reason: string;
  /** Line of the suppression comment. */
  readonly line: number;
}

/** Part of a scan that was not done; never the same as clean. */
export interface Incomplete {
  readonly path: string;
  /** Absent when the whole file was not scanned. */
  readonly ruleId?: string;
  readonly reason: string;
  /** The caller's deadline was the reason: another scan with more time would do it. */
  readonly overdue?: true;
}

export interface ScanResult {
  /** By position, then rule id. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly incomplete: readonly Incomplete[];
}
