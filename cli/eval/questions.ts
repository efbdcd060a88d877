/** How a run asks, and what is said before it does. */
import type { DeepEstimate } from '../../bench/eval/deep-run.ts';
import type { Questions } from '../../bench/eval/questions.ts';
import type { Estimate } from '../../bench/eval/run-eval.ts';
import { findCandidates } from '../../host/review/candidates.ts';
import { createSecretScanner } from '../../host/review/secret-scanner.ts';
import { escapeControls } from '../escape.ts';
import type { Io } from '../io.ts';
import { createLocalScanner } from '../scan/local-scanner.ts';
import { selectRules } from '../scan/rules.ts';

export interface Asked {
  readonly questions: Questions;
  readonly dispose: () => void;
}

export async function questionsOf(model: string, io: Io): Promise<Asked> {
  const chosen = { builtin: true, paths: [], ids: [], minConfidence: 'medium' } as const;
  const rules = await selectRules(chosen, io);
  if (!rules.ok) throw new Error(rules.message);
  const scanner = await createLocalScanner(rules.rules, io.assets);
  const secrets = createSecretScanner(io.assets);
  const questions: Questions = {
    model,
    secrets,
    candidates: (changes) => findCandidates(changes, scanner, rules.rules),
  };
  return { questions, dispose: () => scanner.dispose() };
}

export function estimateText(estimate: Estimate, model: string): string {
  const { reviews, inputTokens, outputTokensAtMost, usdAtMost } = estimate;
  const cost = usdAtMost === undefined ? 'cost not known' : `at most ${usdAtMost.toFixed(2)} USD`;
  return `sg eval: ${reviews} reviews by ${escapeControls(model)}: about ${inputTokens} tokens in, at most ${outputTokensAtMost} out, ${cost}.`;
}

export function deepEstimateText(estimate: DeepEstimate, model: string): string {
  const { reviews, inputTokens, usdAtLeast } = estimate;
  const cost =
    usdAtLeast === undefined ? 'cost not known' : `at least ${usdAtLeast.toFixed(2)} USD`;
  return `sg eval: ${reviews} investigations by ${escapeControls(model)}: about ${inputTokens} tokens in at their first turns, ${cost}. What they cost in all depends on what the model asks to see: ten calls each and more, and --limit-usd holds.`;
}
