/** What a review would send, in full, and what that would cost. */
import { boundOf, costOf } from '../../orchestrator/money.ts';
import type { ReviewPlan } from '../../orchestrator/review.ts';
import { escapeControls } from '../escape.ts';

/** `why` says whose credentials and which model, in a sentence. */
export function dryRunText(
  plan: Extract<ReviewPlan, { kind: 'send' }>,
  why: string,
  asJson: boolean,
): string {
  const request = plan.request('full');
  if (request === undefined) throw new Error('a plan without a request');
  const bound = boundOf(request);
  const usd = costOf(request.model, bound);
  const coverage = plan.coverage('full');
  if (asJson) {
    const estimate = {
      tokensIn: bound.inputTokens,
      tokensOutAtMost: bound.outputTokens,
      usdAtMost: usd ?? null,
    };
    return `${JSON.stringify({ request, estimate, coverage, why }, null, 2)}\n`;
  }
  const { tools = [] } = request;
  const cost = usd === undefined ? 'cost not known' : `at most ${usd.toFixed(4)} USD`;
  return [
    `--- system\n${shown(request.system)}`,
    `--- prompt\n${shown(request.prompt)}`,
    ...tools.map(({ name, description }) => `--- tool ${name}\n${shown(description)}`),
    '---',
    `${coverage.reviewed.length} files, ${coverage.left.length} left out; about ${bound.inputTokens} tokens in, at most ${bound.outputTokens} out, ${cost} with ${escapeControls(request.model)}`,
    ...(tools.length > 0
      ? ['This is the first request of an investigation, which makes more: see SG_BUDGET_USD_DAY.']
      : []),
    escapeControls(why),
    'Nothing was sent: this was a dry run.\n',
  ].join('\n');
}

/** Nothing in a request is hidden, so only the line breaks stay. */
function shown(text: string): string {
  return text.split('\n').map(escapeControls).join('\n');
}
