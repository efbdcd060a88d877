/** Lowest severity that makes a scan fail. */
import { SEVERITIES } from '../../engine/rule.ts';
import type { Severity } from '../../engine/rule.ts';

export type FailOn = Severity | 'never';
export const FAIL_ON: readonly FailOn[] = [...SEVERITIES, 'never'];
