/** One line of the log for each review of commits: what it looked at, found, used and cost, or why it did not. */
import type { Log } from '../../host/log.ts';
import { VERSION } from '../../host/service/health/version.ts';
import type { StageName } from '../../orchestrator/record.ts';
import { usageOf } from '../../orchestrator/money.ts';
import { buildMetrics, versionNumber } from '../metrics.ts';
import { skipOf } from '../turn/skip.ts';
import type { ReviewedUnit } from './review.ts';
import type { Unit } from './units.ts';

export interface CommitFacts {
  readonly unit: Unit;
  readonly reviewed: ReviewedUnit;
  /** Findings that are told. */
  readonly reported: number;
  readonly ms: number;
}

/** Commits that one line names. */
const MAX_NAMED = 6;

/** The names are those of the Python plugin where it has the figure. */
export function logCommitReview(log: Log, { unit, reviewed, reported, ms }: CommitFacts): void {
  const { outcome, attempts, record, rate, changedFiles } = reviewed;
  const usage = usageOf(attempts);
  const stages = record?.stages ?? [];
  const out = (name: StageName): number | undefined =>
    stages.find((each) => each.name === name)?.out;
  const isAgentic = stages.some(({ name }) => name === 'investigate');
  const single = stages.some(({ name }) => name === 'single-call');
  const wonBySingle = single && stages[0]?.failed !== undefined;
  const files = outcome.kind === 'not-reviewed' ? 0 : outcome.coverage.reviewed.length;
  const metrics = buildMetrics([
    ['commit_review', true],
    ['skip_reason', outcome.kind === 'not-reviewed' ? skipOf(outcome.reason) : undefined],
    ['vulns_found', outcome.kind === 'findings' ? outcome.findings.length : 0],
    ['reported', reported],
    ['unreviewed', unit.ids.length],
    ['amend_delta_review', unit.kind === 'amend' || undefined],
    ['files_reviewed', files],
    ['diff_files_dropped', Math.max(0, changedFiles - files)],
    ['rate_count', rate],
    ['agentic', isAgentic],
    ['candidates', out('check')],
    ['survived', out('refute')],
    ['survived_after_sev', out('cut')],
    [
      'race_winner',
      !isAgentic || outcome.kind === 'not-reviewed' ? undefined : wonBySingle ? 2 : 1,
    ],
    ['review_ms', Math.round(ms)],
    ['api_calls', usage?.calls],
    ['tok_in', usage?.inputTokens],
    ['tok_out', usage?.outputTokens],
    ['cost_usd', usage?.costUsd],
    ['pv', versionNumber(VERSION)],
  ]);
  const more = unit.ids.length > MAX_NAMED ? ` and ${unit.ids.length - MAX_NAMED} more` : '';
  log.write('review', {
    layer: 'commit',
    outcome: outcome.kind,
    ...metrics,
    commits: `${unit.ids.slice(0, MAX_NAMED).join(' ')}${more}`,
    ...(outcome.kind === 'not-reviewed' ? { reason: outcome.reason, detail: outcome.detail } : {}),
    ...(usage === undefined ? {} : { model: usage.model }),
  });
}
