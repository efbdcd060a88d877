/** What `sg` exits with, in one place. */
import { SEVERITIES } from '../engine/rule.ts';
import type { Severity } from '../engine/rule.ts';
import type { FailOn } from '../host/gate/fail-on.ts';

export const CLEAN = 0;
/** Findings at or above `--fail-on`; examples that are noisy or missing. */
export const FINDINGS = 1;
/** The tool could not do all of its job: a bad option, an unreadable path, a broken rule file. */
export const TROUBLE = 2;
/** Stopped by Ctrl-C: 128 + SIGINT. */
export const INTERRUPTED = 130;

/**
 * Exit code of a scan or a review. What was not scanned weighs more than what was found: a clean or partial answer
 * must not pass for a whole one.
 */
export function scanExitCode(
  severities: Iterable<Severity>,
  failOn: FailOn,
  notScanned: number,
): number {
  if (notScanned > 0) return TROUBLE;
  if (failOn === 'never') return CLEAN;
  const threshold = SEVERITIES.indexOf(failOn);
  for (const severity of severities) if (SEVERITIES.indexOf(severity) >= threshold) return FINDINGS;
  return CLEAN;
}
