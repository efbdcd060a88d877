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
  resting: 'Try again in ten minutes.',
  'no-repository': 'Run it in a git repository.',
  cancelled: 'Nothing is known about these changes.',
};

export function reviewText(outcome: ReviewOutcome, style: Style): string {
  switch (outcome.kind) {
    case 'not-reviewed':
      return `${notReviewedLine(outcome.reason, outcome.detail)}\n${NEXT[outcome.reason]}\n`;
    case 'clean':
      return `${covered(outcome.coverage)}no findings${spent(outcome.usage)}\n`;
    case 'findings': {
      const { findings, coverage, usage } = outcome;
      const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
      return `${bySeverity(findings)
        .map((finding) => entry(finding, style))
        .join('\n')}\n${covered(coverage)}${count}${spent(usage)}\n`;
    }
  }
}

function entry(finding: ReviewFinding, style: Style): string {
  const { repo, path, line, severity, confidence, cwe, title, quote, attack, fix, place } = finding;
  const file = plainLine(repo === '' ? path : `${repo}/${path}`, 300);
  return [
    `${style.bold(`${file}:${line}`)}  ${style.severity(severity, severity)}  ${cwe}  ${plainLine(title, 200)}`,
    `    ${style.dim(plainLine(quote, 200))}`,
    `    attack: ${plainLine(attack, 1_000)}`,
    `    fix: ${plainLine(fix, 1_000)}`,
    `    ${style.dim(`${confidence} confidence${place === 'off-diff' ? ', outside of the change itself' : ''}`)}`,
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

function spent(usage: Usage | undefined): string {
  if (usage === undefined) return ', no model was asked';
  const { calls, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd } = usage;
  const input = inputTokens + cacheReadTokens + cacheWriteTokens;
  const cost = costUsd === undefined ? 'cost not known' : `${costUsd.toFixed(4)} USD`;
  return `, ${calls === 1 ? '1 call' : `${calls} calls`} to ${plainLine(usage.model, 80)}: ${input} tokens in, ${outputTokens} out, ${cost}`;
}
