/** How a review is shown at the terminal. */
import { plainLine } from '../../engine/text/plain.ts';
import type {
  Coverage,
  NotReviewedReason,
  ReviewFinding,
  ReviewOutcome,
  Usage,
} from '../../orchestrator/finding.ts';
import { bySeverity, notReviewedLine } from '../../orchestrator/report.ts';
import { shownPath } from '../../orchestrator/reviewable.ts';
import { counted } from '../words.ts';
import type { Style } from '../style.ts';

/** What to do about it. */
const NEXT: Readonly<Record<NotReviewedReason, string>> = {
  disabled: 'The README says under "Configuration" which variable switches them on.',
  'no-credentials': 'The README says under "Configuration" which variables hold them.',
  auth: 'See which credentials are used: sg review --dry-run',
  budget: 'See what was spent and what is left: sg status',
  busy: 'Try again later.',
  network: 'See who is asked: sg review --dry-run',
  refused: 'Ask another model: sg review --model ID',
  request: 'Lower DIFF_TOTAL_BYTES, or ask another model: sg review --model ID',
  reply: 'Try again, or ask another model: sg review --model ID',
  'unknown-model': 'Name one that the endpoint has: sg review --model ID',
  'too-many-files': 'Raise MAX_DIFF_FILES, or review commit by commit: sg review --commit REF',
  'timed-out': 'Try again, or review commit by commit: sg review --commit REF',
  resting: 'Try again.',
  'unknown-changes': 'Name what to review: sg review --commit REF, or --base REF.',
  'hourly-limit': 'Wait, or raise MAX_COMMIT_REVIEWS_PER_HOUR.',
  'no-repository': 'Run it in a git repository.',
  cancelled: 'Nothing is known about these changes.',
};

export function reviewText(outcome: ReviewOutcome, style: Style): string {
  const last = `${summary(outcome)}\n`;
  switch (outcome.kind) {
    case 'not-reviewed':
      return `${last}${NEXT[outcome.reason]}\n`;
    case 'clean':
      return `${covered(outcome.coverage)}${last}`;
    case 'findings': {
      const entries = bySeverity(outcome.findings).map((finding) => entry(finding, style));
      return `${entries.join('\n')}\n${covered(outcome.coverage)}${last}`;
    }
  }
}

/** The outcome in a line, with what it cost. */
export function summary(outcome: ReviewOutcome): string {
  switch (outcome.kind) {
    case 'not-reviewed':
      return notReviewedLine(outcome.reason, outcome.detail);
    case 'clean':
      return `no findings${spent(outcome.usage)}`;
    case 'findings':
      return `${counted(outcome.findings.length, 'finding')}${spent(outcome.usage)}`;
  }
}

function entry(finding: ReviewFinding, style: Style): string {
  const { line, severity, confidence, cwe, title, quote, attack, fix, place } = finding;
  const { trace = [], verdict, past } = finding;
  const file = plainLine(shownPath(finding), 300);
  return [
    `${style.bold(`${file}:${line}`)}  ${style.severity(severity, severity)}  ${cwe}  ${plainLine(title, 200)}`,
    ...(past === undefined ? [] : [`    ${plainLine(past, 200)}`]),
    `    ${style.dim(plainLine(quote, 200))}`,
    ...trace.map(
      (step) =>
        `    ${style.dim(`by way of ${plainLine(step.path, 300)}:${step.line}  ${plainLine(step.note, 200)}`)}`,
    ),
    `    attack: ${plainLine(attack, 1_000)}`,
    `    fix: ${plainLine(fix, 1_000)}`,
    `    ${style.dim(`${confidence} confidence${place === 'off-diff' ? ', outside of the change itself' : ''}${verdict === 'unverified' ? ', unverified' : ''}`)}`,
    '',
  ].join('\n');
}

function covered({ left }: Coverage): string {
  if (left.length === 0) return '';
  const rows = left.map(
    ({ path, reason }) => `  ${plainLine(path, 200)}: ${plainLine(reason, 200)}`,
  );
  return `Not reviewed:\n${rows.join('\n')}\n\n`;
}

/** What a review used, as the end of a line. */
export function spent(usage: Usage | undefined): string {
  if (usage === undefined) return ', no model was asked';
  const { calls, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd } = usage;
  const input = inputTokens + cacheReadTokens + cacheWriteTokens;
  const cost = costUsd === undefined ? 'cost not known' : `${costUsd.toFixed(4)} USD`;
  return `, ${counted(calls, 'call')} to ${plainLine(usage.model, 80)}: ${input} tokens in, ${outputTokens} out, ${cost}`;
}
