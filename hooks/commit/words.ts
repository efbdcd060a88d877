/** What people and agents are told about commits. */
import { MAX_NEW } from '../../host/git/look.ts';
import type { NotReviewedReason } from '../../orchestrator/finding.ts';
import { notReviewedLine } from '../../orchestrator/report.ts';

/** `commit 1a2b3c4`, `commits 1a2b3c4 and 2b3c4d5`, `5 commits up to 1a2b3c4`; the newest comes first. */
export function nameOf(ids: readonly string[]): string {
  const [newest = '', second = ''] = ids.map((id) => id.slice(0, 9));
  if (ids.length < 2) return `commit ${newest}`;
  return ids.length === 2
    ? `commits ${second} and ${newest}`
    : `${ids.length} commits up to ${newest}`;
}

/** `isFinal`: it is not tried again. */
export function commitsNotReviewed(
  ids: readonly string[],
  { reason, detail }: { readonly reason: NotReviewedReason; readonly detail: string },
  isFinal: boolean,
): string {
  const were = ids.length > 1 ? 'were' : 'was';
  const next = isFinal
    ? `\`sg review --commit ${ids[0]?.slice(0, 9) ?? 'HEAD'} --deep\` reviews a commit by hand.`
    : 'It is tried again with the next commit, or when the agent stops.';
  return `security-guidance: ${nameOf(ids)} ${were} ${notReviewedLine(reason, detail)}. ${next}`;
}

export function tooManyNew(): string {
  return `security-guidance: more than ${MAX_NEW} commits are new at once, so none of them was reviewed. \`sg review --base REF --deep\` reviews a range.`;
}

export function pushTooLong(count: number, limit: number): string {
  return `security-guidance: ${count} commits without a review were pushed at once, at most ${limit} are reviewed, so none of them was. \`sg review --base REF --deep\` reviews a range; SG_PUSH_SWEEP_MAX_RANGE changes the limit.`;
}
