/** Why a turn was not looked at, as a number in the log. */
import type { Log } from '../../host/log.ts';
import type { NotReviewedReason } from '../../orchestrator/finding.ts';

/** Numbers of the Python plugin where it has one for the reason; never changed. */
export const SKIP = {
  held: 2,
  noCredentials: 3,
  nothingChanged: 6,
  noSource: 7,
  tooMany: 8,
  unreachable: 10,
  overRate: 23,
  noRepo: 26,
  diffFailed: 45,
  noSnapshot: 60,
  resting: 61,
  busy: 62,
} as const;

const SKIPS: Readonly<Partial<Record<NotReviewedReason, number>>> = {
  'no-credentials': SKIP.noCredentials,
  'too-many-files': SKIP.tooMany,
  'no-repository': SKIP.noRepo,
  'unknown-changes': SKIP.diffFailed,
  network: SKIP.unreachable,
  resting: SKIP.resting,
  'hourly-limit': SKIP.overRate,
};

/** Undefined where the review failed after it was begun. */
export function skipOf(reason: NotReviewedReason): number | undefined {
  return SKIPS[reason];
}

export function logSkip(log: Log, skip: number | undefined, reason?: string): void {
  log.write('review', {
    ...(skip === undefined ? {} : { skip_reason: skip }),
    ...(reason ? { reason } : {}),
  });
}
