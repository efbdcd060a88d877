/** One line of the log for each review of a turn: what it looked at, found, used and cost, or why it did not. */
import type { LogFields, Log } from '../../host/log.ts';
import { VERSION } from '../../host/service/health/version.ts';
import type { Attempt } from '../../orchestrator/call.ts';
import type { ReviewOutcome } from '../../orchestrator/finding.ts';
import { usageOf } from '../../orchestrator/money.ts';
import { buildMetrics, versionNumber } from '../metrics.ts';
import { skipOf } from './skip.ts';

export interface ReviewFacts {
  readonly outcome: ReviewOutcome;
  readonly attempts: readonly Attempt[];
  readonly milliseconds: number;
  /** Number of this wake in a row; 0 when nobody is woken. */
  readonly firing: number;
  readonly changedFiles: number;
  /** Rule hits that are told with it. */
  readonly unseen: number;
  /** Earlier warnings of rules. */
  readonly fixed: number;
  readonly unresolved: number;
  readonly truncated: boolean;
}

/** The names are those of the Python plugin where it has the figure. */
export function logReview(log: Log, facts: ReviewFacts): void {
  const { outcome, attempts } = facts;
  const findings = outcome.kind === 'findings' ? outcome.findings : [];
  const usage = usageOf(attempts);
  const errors = attempts.filter(({ failure }) => failure !== undefined);
  const count = (severity: string): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const reason = outcome.kind === 'not-reviewed' ? outcome.reason : undefined;
  const metrics = buildMetrics([
    ['skip_reason', reason === undefined ? undefined : skipOf(reason)],
    ['vulns_found', findings.length],
    ['critical_count', count('critical')],
    ['high_count', count('high')],
    ['files_reviewed', outcome.kind === 'not-reviewed' ? 0 : outcome.coverage.reviewed.length],
    ['changed_since_count', facts.changedFiles],
    ['review_ms', Math.round(facts.milliseconds)],
    ['fire_index', facts.firing],
    ['diff_truncated', facts.truncated],
    ['pattern_hits', facts.unseen],
    ['warn_fixed', facts.fixed],
    ['warn_unresolved', facts.unresolved],
    ['api_error', errors.length > 0 || undefined],
    ['api_calls', usage?.calls],
    ['tok_in', usage?.inputTokens],
    ['tok_out', usage?.outputTokens],
    ['tok_cache_r', usage?.cacheReadTokens],
    ['tok_cache_w', usage?.cacheWriteTokens],
    ['cost_usd', usage?.costUsd],
    ['http_err_last', errors.at(-1)?.status],
    ['pv', versionNumber(VERSION)],
  ]);
  const words: LogFields = {
    ...(reason === undefined ? {} : { reason }),
    ...(outcome.kind === 'not-reviewed' && outcome.detail !== '' ? { detail: outcome.detail } : {}),
    ...(usage === undefined ? {} : { model: usage.model }),
  };
  log.write('review', { outcome: outcome.kind, ...metrics, ...words });
}
