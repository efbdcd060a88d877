/** Reviews one chain of commits, merge or amended commit, unless there is a reason not to. */
import { makeCheckout } from '../../host/checkout.ts';
import { takeReview } from '../../host/commits/rate.ts';
import { committedByMerge, committedSince } from '../../host/git/between.ts';
import type { Committed } from '../../host/git/between.ts';
import { openMemory } from '../../host/findings/memory.ts';
import type { Memory } from '../../host/findings/memory.ts';
import type { Repo } from '../../host/git/repo.ts';
import type { GitResult } from '../../host/git/result.ts';
import { createModelStore } from '../../host/providers/model-store.ts';
import { createReviewTools, marker, openModel } from '../../host/review/session.ts';
import type { ReviewConfig } from '../../host/review-config.ts';
import { createPurse } from '../../host/spend/spend.ts';
import type { TurnState } from '../../host/state/turn.ts';
import { lazyWasm } from '../../host/wasm.ts';
import { isOpen } from '../../orchestrator/breaker.ts';
import type { Attempt } from '../../orchestrator/call.ts';
import { deepReview } from '../../orchestrator/deep/deep-review.ts';
import type { Fate } from '../../orchestrator/earlier.ts';
import type { NotReviewedReason, ReviewOutcome } from '../../orchestrator/finding.ts';
import { recordOf, singleCallRecord } from '../../orchestrator/record.ts';
import type { ReviewRecord } from '../../orchestrator/record.ts';
import { resolvedLine } from '../../orchestrator/report.ts';
import { review } from '../../orchestrator/review.ts';
import type { CallTools, ReviewInput, ReviewTools } from '../../orchestrator/review.ts';
import { selectReviewable } from '../../orchestrator/reviewable.ts';
import type { SelectLimits } from '../../orchestrator/reviewable.ts';
import { fromSession } from '../turn/asked.ts';
import { withFindings } from '../turn/known.ts';
import { applyRules } from '../turn/rules.ts';
import type { CommitDeps } from './deps.ts';
import type { Unit } from './units.ts';

export interface ReviewedUnit {
  /** With the findings that are to be told. */
  readonly outcome: ReviewOutcome;
  readonly attempts: readonly Attempt[];
  /** Undefined where there was nothing to ask about. */
  readonly record?: ReviewRecord;
  /** A line for each earlier finding that is fixed. */
  readonly resolved: readonly string[];
  /** Number of this review within the hour; 0 where no model was asked. */
  readonly rate: number;
  readonly changedFiles: number;
}

/** What came of asking. */
interface Asked {
  readonly outcome: ReviewOutcome;
  readonly attempts: readonly Attempt[];
  readonly fates: readonly Fate[];
  readonly record: ReviewRecord;
  readonly rate: number;
}

/** For one review, however much time there is. */
const REVIEW_MS = 420_000;
const SINGLE_CALL_MS = 90_000;
/** Shorter than this is no time for a review. */
const SHORTEST_MS = 5_000;
const NO_MODEL = 'no model';

export async function reviewUnit(
  repo: Repo,
  unit: Unit,
  state: TurnState,
  deps: CommitDeps,
): Promise<ReviewedUnit> {
  const { settings, signal, log } = deps;
  const read = await committed(repo, unit);
  if (read.kind === 'failed') {
    const outcome = notReviewed('unknown-changes', read.detail);
    return { outcome, attempts: [], resolved: [], rate: 0, changedFiles: 0 };
  }
  const { changes, roots } = read.value;
  const changedFiles = changes.files.length;
  const selection = selectReviewable(changes, selectLimits(settings));
  if (selection.kind === 'nothing') {
    const coverage = { reviewed: [], left: selection.skipped };
    const outcome = { kind: 'clean', coverage, usage: undefined } as const;
    return { outcome, attempts: [], resolved: [], rate: 0, changedFiles };
  }
  const tools = createReviewTools(deps.files, state);
  const memory = await openMemory({
    stateDir: deps.stateDir,
    layer: 'commit',
    session: deps.session,
    changes,
    roots,
    tools,
    env: deps.env,
    now: () => deps.clock.wall(),
    state: repo.head === unit.tip ? 'head' : 'other',
    commit: unit.tip,
  });
  const asked = await ask(read.value, state, { tools, memory }, deps);
  const { outcome, attempts, record, rate } = asked;
  if (signal.aborted) return { outcome, attempts, resolved: [], rate, changedFiles };
  const found = outcome.kind === 'findings' ? outcome.findings : [];
  const kept = await memory.keepFindings(found, record, asked.fates);
  for (const reason of kept.problems) log.write('findings-not-kept', { reason });
  return {
    outcome: withFindings(outcome, kept.findings),
    attempts,
    record,
    resolved: kept.resolved.map(({ finding, evidence }) => resolvedLine(finding, evidence)),
    rate,
    changedFiles,
  };
}

async function ask(
  { changes, roots, files, commits }: Committed,
  state: TurnState,
  { tools, memory }: { readonly tools: ReviewTools; readonly memory: Memory },
  deps: CommitDeps,
): Promise<Asked> {
  const { config, env, settings, clock, signal, stateDir } = deps;
  const begun = clock.monotonic();
  const without = (reason: NotReviewedReason, detail = '', model = NO_MODEL): Asked => {
    const outcome = notReviewed(reason, detail);
    const record = recordOf({ commits, model }, { outcome, attempts: [] }, 0);
    return { outcome, attempts: [], fates: [], record, rate: 0 };
  };
  if (isOpen(state.breaker)) return without('resting');
  const root = roots.get('') ?? '';
  const untrusted = [config.projectDir, deps.payload.cwd, root].filter(
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
  const { rate } = settings.commit;
  const taken = await takeReview(stateDir, rate, now);
  if (taken.kind === 'over') return without('hourly-limit', `${taken.count} of ${rate.max}`);
  if (taken.kind === 'failed') return without('timed-out', taken.reason);
  const { hits } = await applyRules(changes, roots, deps);
  const subject = { changes, hits, state, settings, memory, config, folder: root, now };
  const input: ReviewInput = {
    ...fromSession(subject),
    clean: new Set(),
    model: model.model,
    select: selectLimits(settings),
  };
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
  if (!settings.commit.isDeep) {
    const reviewed = await review(input, tools, call);
    const { outcome, attempts, fates } = reviewed;
    const about = { commits, model: model.model };
    const record = singleCallRecord(about, reviewed, clock.monotonic() - begun);
    return { outcome, attempts, fates, record, rate: taken.count };
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
  const { outcome, attempts, fates, record } = reviewed;
  return { outcome, attempts, fates, record, rate: taken.count };
}

function selectLimits({ maxFiles }: ReviewConfig): SelectLimits {
  return { maxFiles, tooManyFiles: maxFiles * 10 };
}

function committed(repo: Repo, { kind, ids, base, tip }: Unit): Promise<GitResult<Committed>> {
  return kind === 'merge' ? committedByMerge(repo, tip) : committedSince(repo, base, tip, ids);
}

function notReviewed(reason: NotReviewedReason, detail: string): ReviewOutcome {
  return { kind: 'not-reviewed', reason, detail, usage: undefined };
}
