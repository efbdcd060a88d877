/** The text that wakes the agent after a review of commits. */
import type { Coverage, ReviewFinding } from '../../orchestrator/finding.ts';
import { bySeverity, findingsText } from '../../orchestrator/report.ts';
import { nameOf } from './words.ts';

export interface ToldUnit {
  /** Of the commits, the newest first. */
  readonly ids: readonly string[];
  readonly findings: readonly ReviewFinding[];
  /** Findings that are not shown. */
  readonly more: number;
  /** A line for each earlier finding that is fixed. */
  readonly resolved: readonly string[];
  readonly coverage: Coverage;
}

/** There is at least one finding. */
export function wakeText(units: readonly ToldUnit[]): string {
  const more = units.reduce((sum, unit) => sum + unit.more, 0);
  const coverage = {
    reviewed: units.flatMap((unit) => unit.coverage.reviewed),
    left: units.flatMap((unit) => unit.coverage.left),
  };
  return findingsText(
    bySeverity(units.flatMap(({ findings }) => findings)),
    coverage,
    { subject: units.map(({ ids }) => nameOf(ids)).join(' and ') },
    [
      ...units.flatMap(({ resolved }) => resolved),
      ...(more === 0
        ? []
        : [`${more} more, less severe, not told here: \`sg findings\` lists them.`]),
    ],
  );
}
