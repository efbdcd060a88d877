/**
 * What a review says to the agent and to the user. Every text of the model is shown as one plain line: it
 * was written after reading a repository that may want to speak through it.
 */
import { plainLine } from '../engine/text/plain.ts';
import type { Coverage, NotReviewedReason, ReviewFinding, ReviewSeverity } from './finding.ts';
import { shownPath } from './reviewable.ts';

/** Whose words the report is in. */
export interface ReportContext {
  /** Of what the review is, as in `this turn's changes`. */
  readonly subject: string;
}

const RANK: Readonly<Record<ReviewSeverity, number>> = { critical: 2, high: 1, medium: 0 };
/** Findings that one message holds. */
export const MAX_FINDINGS = 20;

/** First and last words of what wakes an agent. */
export const WAKE_HEAD =
  'Automated message of the security-guidance plugin. It was not written by the user.';
export const WAKE_FOOT =
  'Please check each against the code and correct what holds. Then go on with what the user asked for; tell the user in a sentence what was wrong and what you changed, or why it stays.';

/** The text that wakes the agent; `findings` is not empty. `more` are paragraphs of other kinds. */
export function findingsText(
  findings: readonly ReviewFinding[],
  coverage: Coverage,
  { subject }: ReportContext,
  more: readonly string[] = [],
): string {
  const ordered = bySeverity(findings);
  const shown = ordered.slice(0, MAX_FINDINGS);
  const count = ordered.length === 1 ? 'a security problem' : `${ordered.length} security problems`;
  return [
    `${WAKE_HEAD} A review of ${subject} found ${count}:`,
    ...shown.map(entry),
    ...(ordered.length > shown.length
      ? [
          `And ${ordered.length - shown.length} more, less severe: they are told once these are dealt with.`,
        ]
      : []),
    ...leftOut(coverage),
    ...more,
    WAKE_FOOT,
  ].join('\n\n');
}

export function bySeverity(findings: readonly ReviewFinding[]): ReviewFinding[] {
  return [...findings].sort(
    (a, b) =>
      RANK[b.severity] - RANK[a.severity] ||
      compare(`${a.repo}/${a.path}`, `${b.repo}/${b.path}`) ||
      a.line - b.line,
  );
}

/** A finding that is fixed, in a line; `evidence` says why it counts as that. */
export function resolvedLine(finding: ReviewFinding, evidence: string): string {
  const { line, title } = finding;
  const file = plainLine(shownPath(finding), 300);
  return `resolved: ${file}:${line} ${plainLine(title, 160)} (${plainLine(evidence, 300)})`;
}

function entry(finding: ReviewFinding, index: number): string {
  const { line, severity, confidence, cwe, title, attack, fix, quote, place } = finding;
  const { trace = [], past } = finding;
  const file = plainLine(shownPath(finding), 300);
  const off = place === 'off-diff' ? ', outside of the change itself' : '';
  return [
    `${index + 1}. ${file}:${line}: ${plainLine(title, 160)} [${severity}, ${confidence} confidence, ${cwe}${off}]`,
    ...(past === undefined ? [] : [`   Known: ${plainLine(past, 200)}.`]),
    `   Code: ${plainLine(quote, 200)}`,
    ...trace.map((step) => {
      const at = `${plainLine(step.path, 300)}:${step.line}`;
      return `   By way of: ${at} ${plainLine(step.note, 200)}`;
    }),
    `   Attack: ${plainLine(attack, 600)}`,
    `   Fix: ${plainLine(fix, 600)}`,
  ].join('\n');
}

function leftOut({ left }: Coverage): string[] {
  if (left.length === 0) return [];
  const named = left
    .slice(0, 3)
    .map(({ path, reason }) => `${plainLine(path, 120)} (${plainLine(reason, 80)})`);
  const more = left.length > named.length ? ` and ${left.length - named.length} more` : '';
  return [`Not reviewed: ${named.join(', ')}${more}.`];
}

const REASONS: Readonly<Record<NotReviewedReason, string>> = {
  disabled: 'model reviews are switched off',
  'no-credentials': 'no credentials for a model were found',
  auth: 'the model endpoint refused the credentials',
  budget: 'the budget does not allow it',
  busy: 'the model endpoint is overloaded or limits requests',
  network: 'the model endpoint could not be reached',
  refused: 'the model refused to review this',
  request: 'the model endpoint did not accept the request',
  reply: 'the reply of the model could not be used',
  'unknown-model': 'the model is not known to the endpoint',
  'too-many-files': 'too many files changed at once',
  'timed-out': 'the review took too long',
  resting: 'reviews rest for this session, after three failures in a row',
  'hourly-limit': 'as many commits and pushes as may be were reviewed within the hour',
  'no-repository': 'the changes are in no git repository',
  'unknown-changes': 'git could not tell what changed',
  cancelled: 'the review was stopped',
};

export function isReason(name: string): name is NotReviewedReason {
  return Object.hasOwn(REASONS, name);
}

/** Why there is no verdict, without a full stop. */
export function notReviewedLine(reason: NotReviewedReason, detail: string): string {
  const more = detail === '' ? '' : ` (${plainLine(detail, 200)})`;
  return `not reviewed: ${REASONS[reason]}${more}`;
}

/** The user's notice about changes that were not reviewed where the rules run by themselves. */
export function notReviewedText(
  reason: NotReviewedReason,
  detail: string,
  { subject }: ReportContext,
): string {
  return `security-guidance: ${notReviewedLine(reason, detail)}. Of ${subject} only the rules were applied; \`sg status\` says more.`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
