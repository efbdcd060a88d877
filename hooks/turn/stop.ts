/** Stop and SubagentStop: reviews what the turn changed and decides what is said about it. */
import { readReviewConfig } from '../../host/review-config.ts';
import { createReviewTools } from '../../host/review/session.ts';
import { createLedger, readTold } from '../../host/state/ledger.ts';
import type { TurnState } from '../../host/state/turn.ts';
import type { ReviewFinding } from '../../orchestrator/finding.ts';
import { MAX_FINDINGS, bySeverity, notReviewedText } from '../../orchestrator/report.ts';
import type { Reviewed } from '../../orchestrator/review.ts';
import type { TurnOutcome } from '../respond.ts';
import { warningKey } from '../tell.ts';
import { afterNothing, afterReview } from './after.ts';
import { turnChanges } from './changes.ts';
import type { TurnChanges } from './changes.ts';
import type { StopDeps } from './deps.ts';
import { keepTurn, settleTurn, turnMemory } from './known.ts';
import { logReview } from './metrics.ts';
import {
  SUBJECT,
  isNewNotice,
  limited,
  notReviewed,
  partNotice,
  resolvedNotice,
} from './notice.ts';
import { applyRules } from './rules.ts';
import type { RuleHit, TurnRules } from './rules.ts';
import { lockReview } from './review-lock.ts';
import { SKIP, logSkip } from './skip.ts';
import { sweep } from './sweep.ts';
import { wakeText } from './text.ts';
import { askModel } from './verdict.ts';

/** Kept of the time for the review after another one was waited for. */
const REVIEW_MS = 30_000;

export async function handleStop(deps: StopDeps): Promise<TurnOutcome> {
  const { event, config, session, clock, until } = deps;
  if (config.stateDir === undefined) return silent('no-state');
  const waitMs = event === 'stop' ? until - clock.monotonic() - REVIEW_MS : 0;
  const lock = await lockReview(config.stateDir, session, waitMs);
  if (lock.kind === 'busy') {
    if (event === 'stop') return notReviewed('timed-out', 'another review was under way', deps);
    logSkip(deps.log, SKIP.busy);
    return silent('busy');
  }
  try {
    return await reviewTurn(deps, config.stateDir);
  } finally {
    if (lock.kind === 'held') lock.release();
  }
}

async function reviewTurn(deps: StopDeps, stateDir: string): Promise<TurnOutcome> {
  const { store, event, log, clock, env, session } = deps;
  const begun = clock.monotonic();
  const read = store.read();
  if (read.kind !== 'state') return silent('no-state');
  const { state } = read;
  const found = await turnChanges(state, deps, stateDir);
  if (found.kind === 'unknown') return notReviewed(found.reason, found.detail, deps);
  const { changes, roots } = found;
  const tools = createReviewTools(deps.files, state);
  const memory = await turnMemory(found, tools, deps);
  if (changes.files.length === 0) {
    const notices = (await settleTurn(memory, deps)).map(resolvedNotice);
    if (event === 'stop' || notices.length > 0)
      await store.change((now) => ({
        ...(event === 'stop' ? afterNothing(now, state.round) : now),
        notices: [...now.notices, ...notices],
      }));
    logSkip(log, SKIP.nothingChanged);
    return said(notices, 'nothing-changed');
  }
  const rules = await applyRules(changes, roots, deps);
  const settings = readReviewConfig(env);
  const folders = [...roots.values()];
  const question = { changes, roots: folders, hits: rules.hits, state, settings, tools, memory };
  const reviewed = await askModel(question, deps);
  if (deps.signal.aborted) return silent('nobody-waits');
  const { outcome, resolved } = await keepTurn(memory, reviewed, clock.monotonic() - begun, deps);
  const warnings = readTold(stateDir, session, 'shown_warnings');
  const judged = { ...reviewed, outcome };
  return conclude({ begun, state, found, rules, reviewed: judged, resolved, warnings }, deps);
}

interface Review {
  /** `clock.monotonic()`. */
  readonly begun: number;
  /** As the review found it. */
  readonly state: TurnState;
  readonly found: Extract<TurnChanges, { kind: 'changes' }>;
  readonly rules: TurnRules;
  readonly reviewed: Reviewed;
  /** A line for each earlier finding that is fixed. */
  readonly resolved: readonly string[];
  /** What rules told the session before. */
  readonly warnings: readonly string[];
}

/** Remembers first, then tells: an answer that nothing remembers could wake the agent for ever. */
async function conclude(done: Review, deps: StopDeps): Promise<TurnOutcome> {
  const { begun, state, found, rules, reviewed, resolved, warnings } = done;
  const { event, store, log, clock, payload } = deps;
  const { outcome } = reviewed;
  const findings = outcome.kind === 'findings' ? bySeverity(outcome.findings) : [];
  const unseen = await claimUnseen(rules.hits, findings, deps);
  const wakes = findings.length + unseen.length > 0;
  const notices = [
    ...(await newNotices(done, deps)),
    ...(wakes ? [] : resolved.map(resolvedNotice)),
  ];
  const swept = wakes ? sweep(warnings, rules, deps) : { fixed: 0, standing: [] };
  const at = clock.wall();
  const written = await store.change((now) =>
    afterReview(now, {
      event,
      round: state.round,
      outcome,
      clean: reviewed.clean,
      // Of more than are shown, the rest is found again.
      told: findings
        .slice(0, MAX_FINDINGS)
        .map(({ key, path, category, title }) => ({ key, at, path, category, title })),
      wakes,
      notices,
    }),
  );
  logReview(log, {
    outcome,
    attempts: reviewed.attempts,
    milliseconds: clock.monotonic() - begun,
    firing: wakes && written.kind === 'written' ? written.state.firings : 0,
    changedFiles: found.changes.files.length,
    unseen: unseen.length,
    fixed: swept.fixed,
    unresolved: swept.standing.length,
    truncated: limited(reviewed.outcome).length > 0,
  });
  if (written.kind === 'failed') {
    log.write('turn-state-not-written', { reason: written.reason });
    if (payload.wasWoken) return silent('state-not-written');
  }
  if (wakes) {
    const coverage =
      outcome.kind === 'not-reviewed' ? { reviewed: [], left: [] } : outcome.coverage;
    const why =
      outcome.kind === 'not-reviewed'
        ? notReviewedText(outcome.reason, outcome.detail, SUBJECT)
        : '';
    return {
      kind: 'wake',
      text: wakeText({ findings, coverage, unseen, sweep: swept, resolved, notReviewed: why }),
    };
  }
  return said(notices, 'clean');
}

function said(notices: readonly string[], otherwise: string): TurnOutcome {
  return notices.length === 0 ? silent(otherwise) : { kind: 'speak', notice: notices.join('\n') };
}

/** Rule hits that the session was not told, without those that a finding of the model is about. */
async function claimUnseen(
  hits: readonly RuleHit[],
  findings: readonly ReviewFinding[],
  { config, session, log, clock }: StopDeps,
): Promise<RuleHit[]> {
  const ledger = createLedger({ dir: config.stateDir, key: session, log, now: () => clock.wall() });
  const keyOf = ({ absolute, rule }: RuleHit): string => warningKey(absolute, rule.id);
  const fresh = new Set(await ledger.claim('shown_warnings', [...new Set(hits.map(keyOf))]));
  const isTold = ({ file, line }: RuleHit): boolean =>
    findings.some(
      (finding) =>
        finding.repo === file.repo && finding.path === file.path && finding.line === line,
    );
  return hits.filter((hit) => fresh.has(keyOf(hit)) && !isTold(hit));
}

async function newNotices({ reviewed, rules }: Review, deps: StopDeps): Promise<string[]> {
  const { outcome } = reviewed;
  const notices: string[] = [];
  if (outcome.kind === 'not-reviewed') {
    if (await isNewNotice(outcome.reason, deps))
      notices.push(notReviewedText(outcome.reason, outcome.detail, SUBJECT));
  }
  const left = limited(reviewed.outcome);
  if (left.length > 0 && (await isNewNotice('part', deps))) notices.push(partNotice(left));
  if (rules.incomplete && (await isNewNotice('rules', deps)))
    notices.push(
      'security-guidance: the rules were not applied to all that this turn changed, for want of time. `sg scan` has no such limit.',
    );
  return notices;
}

function silent(reason: string): TurnOutcome {
  return { kind: 'silent', reason };
}
