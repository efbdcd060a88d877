/** Asks a model about a turn's changes, unless there is a reason not to. */
import { createPurse } from '../../host/spend/spend.ts';
import { createModelStore } from '../../host/providers/model-store.ts';
import type { ReviewConfig } from '../../host/review-config.ts';
import type { Memory } from '../../host/findings/memory.ts';
import { openModel } from '../../host/review/session.ts';
import type { TurnState } from '../../host/state/turn.ts';
import { isOpen } from '../../orchestrator/breaker.ts';
import type { ChangeSet } from '../../orchestrator/change.ts';
import type { NotReviewedReason } from '../../orchestrator/finding.ts';
import { NOTHING_REVIEWED, review } from '../../orchestrator/review.ts';
import type { Reviewed, ReviewTools } from '../../orchestrator/review.ts';
import { selectReviewable } from '../../orchestrator/reviewable.ts';
import { fromSession } from './asked.ts';
import type { StopDeps } from './deps.ts';
import type { RuleHit } from './rules.ts';

export interface Question {
  readonly changes: ChangeSet;
  readonly roots: readonly string[];
  readonly hits: readonly RuleHit[];
  readonly state: TurnState;
  readonly settings: ReviewConfig;
  readonly tools: ReviewTools;
  readonly memory: Pick<Memory, 'open' | 'dismissed' | 'fixed'>;
}

export interface Verdict extends Reviewed {
  /** Who was asked, or would have been. */
  readonly model: string;
}

/** Shorter than this is no time for a review, in milliseconds. */
const SHORTEST_MS = 3_000;
const NO_MODEL = 'no model';

export async function askModel(question: Question, deps: StopDeps): Promise<Verdict> {
  const { changes, roots, hits, state, settings, tools, memory } = question;
  const { config, env, payload, signal, clock, session, log } = deps;
  const select = { maxFiles: settings.maxFiles, tooManyFiles: settings.maxFiles * 10 };
  const selection = selectReviewable(changes, select);
  if (selection.kind === 'nothing') {
    const coverage = { reviewed: [], left: selection.skipped };
    const outcome = { kind: 'clean', coverage, usage: undefined } as const;
    return { outcome, ...NOTHING_REVIEWED, model: NO_MODEL };
  }
  if (isOpen(state.breaker)) return without('resting');
  const untrusted = [config.projectDir, payload.cwd, ...roots].filter((each) => each !== undefined);
  const store = createModelStore(config.stateDir);
  const variable = 'SECURITY_REVIEW_MODEL';
  const wish = { named: undefined, variable, untrusted, mayAsk: true, store } as const;
  const model = await openModel({ env, signal }, wish);
  if (model.kind === 'none') return without('no-credentials', model.why);
  const deadlineMs = Math.min(settings.deadlineMs, deps.until - clock.monotonic());
  if (deadlineMs < SHORTEST_MS) return without('timed-out', 'another review took the time');
  const now = clock.wall();
  const reviewed = await review(
    {
      ...fromSession({ changes, hits, state, settings, memory, config, folder: payload.cwd, now }),
      clean: new Set(state.clean),
      model: model.model,
      select,
    },
    tools,
    {
      transports: model.transports,
      purse: createPurse({
        dir: config.stateDir,
        limits: settings.limits,
        layer: 'turn',
        session,
        log,
        now: () => clock.wall(),
      }),
      clock,
      makeAbort: () => new AbortController(),
      deadlineMs,
      signal,
      isDual: settings.isDual,
    },
  );
  return { ...reviewed, model: model.model };
}

function without(reason: NotReviewedReason, detail = ''): Verdict {
  const outcome = { kind: 'not-reviewed', reason, detail, usage: undefined } as const;
  return { outcome, ...NOTHING_REVIEWED, model: NO_MODEL };
}
