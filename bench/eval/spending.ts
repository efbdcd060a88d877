/** What reviews took: calls, tokens, money and time, for each model. */
import type { Attempt } from '../../orchestrator/call.ts';
import { usageOf } from '../../orchestrator/money.ts';
import { distributionOf } from '../statistics.ts';
import type { Distribution } from '../statistics.ts';
import type { Trial } from './trial.ts';

export interface Spending {
  readonly model: string;
  readonly calls: number;
  /** Calls without an answer, by why. */
  readonly failures: Readonly<Record<string, number>>;
  /** What was read from a cache is not in `inputTokens`. */
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  /** US dollars; undefined where a price is not known. */
  readonly usd: number | undefined;
  /** Of one call, in milliseconds. */
  readonly ms: Distribution;
}

export function spendingOf(trials: readonly Trial[]): Spending[] {
  const byModel = new Map<string, Attempt[]>();
  for (const attempt of trials.flatMap(({ attempts }) => attempts)) {
    const known = byModel.get(attempt.model);
    if (known === undefined) byModel.set(attempt.model, [attempt]);
    else known.push(attempt);
  }
  return [...byModel].map(([model, attempts]) => {
    const usage = usageOf(attempts);
    const failures: Record<string, number> = {};
    for (const { failure } of attempts)
      if (failure !== undefined) failures[failure] = (failures[failure] ?? 0) + 1;
    return {
      model,
      calls: attempts.length,
      failures,
      inputTokens: usage?.inputTokens ?? 0,
      cacheReadTokens: usage?.cacheReadTokens ?? 0,
      cacheWriteTokens: usage?.cacheWriteTokens ?? 0,
      outputTokens: usage?.outputTokens ?? 0,
      usd: usage?.costUsd,
      ms: distributionOf(attempts.map(({ milliseconds }) => milliseconds)),
    };
  });
}
