/** Reviews one chain of commits, merge or amended commit, unless there is a reason not to. */
import { makeCheckout } from '../../host/checkout.ts';
import { takeReview } from '../../host/commits/rate.ts';
import { committedByMerge, committedSince } from '../../host/git/between.ts';
import type { Committed } from '../../host/git/between.ts';
import type { Repo } from '../../host/git/repo.ts';
import type { GitResult } from '../../host/git/result.ts';
import { readGuidance } from '../../host/guidance.ts';
import { createModelStore } from '../../host/providers/model-store.ts';
import { createReviewTools, marker, openModel } from '../../host/review/session.ts';
import { createPurse } from '../../host/spend/spend.ts';
import type { TurnState } from '../../host/state/turn.ts';
import { lazyWasm } from '../../host/wasm.ts';
import { isOpen } from '../../orchestrator/breaker.ts';
import type { Attempt } from '../../orchestrator/call.ts';
import { recent } from '../../orchestrator/dedupe.ts';
import { deepReview } from '../../orchestrator/deep/deep-review.ts';
import type { ReviewRecord } from '../../orchestrator/deep/record.ts';
import type { NotReviewedReason, ReviewOutcome } from '../../orchestrator/finding.ts';
import { review } from '../../orchestrator/review.ts';
import type { CallTools, ReviewInput } from '../../orchestrator/review.ts';
import { selectReviewable, shownPath } from '../../orchestrator/reviewable.ts';
import { ruleLocations } from '../edit-rules.ts';
import { applyRules } from '../turn/rules.ts';
import type { CommitDeps } from './deps.ts';
import type { Unit } from './units.ts';

export interface ReviewedUnit {
  readonly outcome: ReviewOutcome;
  readonly attempts: readonly Attempt[];
  /** Of a review that investigated. */
  readonly record?: ReviewRecord;
  /** Number of this review within the hour; 0 where no model was needed. */
  readonly rate: number;
  readonly changedFiles: number;
}

/** For one review, however much time there is. */
const REVIEW_MS = 420_000;
const SINGLE_CALL_MS = 90_000;
/** Shorter than this is no time for a review. */
const SHORTEST_MS = 5_000;

export async function reviewUnit(
  repo: Repo,
  unit: Unit,
  state: TurnState,
  deps: CommitDeps,
): Promise<ReviewedUnit> {
  const { config, env, settings, clock, signal, stateDir } = deps;
  const read = await committed(repo, unit);
  if (read.kind === 'failed') return without('unknown-changes', read.detail);
  const { changes, roots, files, commits } = read.value;
  const select = { maxFiles: settings.maxFiles, tooManyFiles: settings.maxFiles * 10 };
  const selection = selectReviewable(changes, select);
  const none = { attempts: [], rate: 0, changedFiles: changes.files.length };
  if (selection.kind === 'nothing') {
    const coverage = { reviewed: [], left: selection.skipped };
    return { outcome: { kind: 'clean', coverage, usage: undefined }, ...none };
  }
  if (isOpen(state.breaker)) return without('resting');
  const untrusted = [config.projectDir, deps.payload.cwd, repo.root].filter(
    (folder) => folder !== undefined,
  );
  const variable = settings.commit.isDeep ? 'SG_AGENTIC_MODEL' : 'SECURITY_REVIEW_MODEL';
  const store = createModelStore(stateDir);
  const wish = { named: undefined, variable, untrusted, mayAsk: true, store } as const;
  const model = await openModel({ env, signal }, wish);
  if (model.kind === 'none') return without('no-credentials', model.why);
  const left = deps.until - clock.monotonic();
  if (left < SHORTEST_MS) return without('timed-out', 'other reviews took the time');
  const now = clock.wall();
  const taken = await takeReview(stateDir, settings.commit.rate, now);
  if (taken.kind === 'over')
    return without('hourly-limit', `${taken.count} of ${settings.commit.rate.max}`);
  if (taken.kind === 'failed') return without('timed-out', taken.reason);
  const { hits } = await applyRules(changes, roots, deps);
  const input: ReviewInput = {
    changes,
    guidance: readGuidance(ruleLocations(config, config.projectDir ?? repo.root)),
    candidates: hits.map(({ file, line, rule }) => ({
      path: shownPath(file),
      line,
      ruleId: rule.id,
      title: rule.title,
    })),
    earlier: state.told,
    known: new Set(recent(state.told, now, settings.toldTtlMs).map(({ key }) => key)),
    clean: new Set(),
    model: model.model,
    select,
    limits: { perFile: settings.perFileBytes, total: settings.totalBytes },
  };
  const tools = createReviewTools(deps.files, state);
  const call: CallTools = {
    transports: model.transports,
    purse: createPurse({
      dir: stateDir,
      limits: settings.limits,
      layer: 'commit',
      session: deps.session,
      log: deps.log,
      now: () => clock.wall(),
    }),
    clock,
    makeAbort: () => new AbortController(),
    deadlineMs: Math.min(settings.commit.isDeep ? REVIEW_MS : SINGLE_CALL_MS, left),
    signal,
    isDual: settings.isDual,
  };
  const counts = { rate: taken.count, changedFiles: changes.files.length };
  if (!settings.commit.isDeep) {
    const { outcome, attempts } = await review(input, tools, call);
    return { outcome, attempts, ...counts };
  }
  const first = changes.files.map(({ path }) => path);
  const reviewed = await deepReview(
    { ...input, commits, settings: settings.deep },
    {
      ...tools,
      files,
      wasm: lazyWasm(deps.files.wasm),
      marker,
      checkout: (texts) => makeCheckout({ files, texts, first }),
    },
    call,
  );
  const { outcome, attempts, record } = reviewed;
  return { outcome, attempts, record, ...counts };
}

function committed(repo: Repo, { kind, ids, base, tip }: Unit): Promise<GitResult<Committed>> {
  return kind === 'merge' ? committedByMerge(repo, tip) : committedSince(repo, base, tip, ids);
}

function without(reason: NotReviewedReason, detail = ''): ReviewedUnit {
  return {
    outcome: { kind: 'not-reviewed', reason, detail, usage: undefined },
    attempts: [],
    rate: 0,
    changedFiles: 0,
  };
}
