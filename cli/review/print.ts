/** How a review is shown at the terminal. */
import { plainLine } from '../../engine/text/plain.ts';
import type { Coverage, ReviewFinding, ReviewOutcome, Usage } from '../../orchestrator/finding.ts';
import { bySeverity, notReviewedText } from '../../orchestrator/report.ts';
import type { Style } from '../style.ts';

export function reviewText(outcome: ReviewOutcome, style: Style): string {
  switch (outcome.kind) {
    case 'not-reviewed':
      return `${notReviewedText(outcome.reason, outcome.detail, { subject: 'these changes' })}\n`;
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
