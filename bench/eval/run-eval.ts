/** Asks about both sides of every pair, in the way that `sg review` asks. */
import { createHash, createHmac } from 'node:crypto';
import type { Scanner } from '../../engine/scanner.ts';
import type { Purse } from '../../orchestrator/call.ts';
import type { Candidate } from '../../orchestrator/candidates.ts';
import type { ChangeSet } from '../../orchestrator/change.ts';
import { boundOf, costOf } from '../../orchestrator/money.ts';
import { DEFAULT_PACK_LIMITS } from '../../orchestrator/pack.ts';
import { createPlaceholders } from '../../orchestrator/placeholders.ts';
import type { Clock, MakeAbort } from '../../orchestrator/ports.ts';
import { createRedactor } from '../../orchestrator/redact.ts';
import { planReview, review } from '../../orchestrator/review.ts';
import type { ReviewInput, ReviewTools } from '../../orchestrator/review.ts';
import { DEFAULT_SELECT_LIMITS } from '../../orchestrator/reviewable.ts';
import type { AbortSignalLike, Transport } from '../../orchestrator/transport.ts';
import { recording } from './cassette.ts';
import type { Taped } from './cassette.ts';
import { changeOf, SIDES } from './pair.ts';
import type { Pair } from './pair.ts';
import { trialOf } from './trial.ts';
import type { Trial, TrialId } from './trial.ts';

/** How the requests are made: without randomness, so that a recording can be played back. */
export interface Questions {
  readonly model: string;
  /** Made of `secretRules()`. */
  readonly secrets: Pick<Scanner, 'scan'>;
  /** What the rules say about a change. */
  readonly candidates: (changes: ChangeSet) => Candidate[];
}

export interface Connection {
  readonly transports: readonly Transport[];
  readonly clock: Clock;
}

export interface EvalRun {
  readonly pairs: readonly Pair[];
  readonly rounds: number;
  readonly questions: Questions;
  /** Who answers a trial. */
  readonly connect: (id: TrialId, pair: Pair) => Connection;
  readonly purse: Purse;
  readonly makeAbort: MakeAbort;
  /** The caller's own end. */
  readonly signal: AbortSignalLike;
  /** Of one review, in milliseconds. */
  readonly deadlineMs: number;
  /** Reviews at the same time. */
  readonly jobs: number;
  /** Gets every request and reply. */
  readonly tape: (taped: Taped) => void;
  readonly onTrial: (done: number, all: number, trial: Trial) => void;
  /** True: no further trial is begun. `signal` does the same, and ends those that have begun. */
  readonly isStopped: () => boolean;
}

/** By pair, round and side, in the order of `pairs`; fewer than there should be where it was stopped. */
export async function runEval(run: EvalRun): Promise<Trial[]> {
  const wanted = run.pairs.flatMap((pair) =>
    roundsOf(run.rounds).flatMap((round) =>
      SIDES.map((side) => ({ pair, id: { pair: pair.id, side, round } })),
    ),
  );
  const trials: (Trial | undefined)[] = wanted.map(() => undefined);
  let next = 0;
  let done = 0;
  const stopped = (): boolean => run.signal.aborted || run.isStopped();
  const work = async (): Promise<void> => {
    for (let at = next++; at < wanted.length && !stopped(); at = next++) {
      const trial = wanted[at];
      if (trial === undefined) return;
      const ended = await tryOne(trial.pair, trial.id, run);
      trials[at] = ended;
      run.onTrial(++done, wanted.length, ended);
    }
  };
  await Promise.all(Array.from({ length: run.jobs }, work));
  return trials.filter((trial) => trial !== undefined);
}

async function tryOne(pair: Pair, id: TrialId, run: EvalRun): Promise<Trial> {
  const { transports, clock } = run.connect(id, pair);
  const times: number[] = [];
  const tape = (taped: Taped): void => {
    times.push(taped.milliseconds);
    run.tape(taped);
  };
  const { input, tools } = questionOf(pair, id.side, run.questions);
  const reviewed = await review(input, tools, {
    transports: transports.map((each) => recording(each, id, () => clock.monotonic(), tape)),
    clock,
    purse: run.purse,
    makeAbort: run.makeAbort,
    deadlineMs: run.deadlineMs,
    signal: run.signal,
    isDual: false,
  });
  // Of the call alone, as a recording has it, and not of the account that is kept of it.
  const attempts = reviewed.attempts.map((attempt, index) => ({
    ...attempt,
    milliseconds: times[index] ?? attempt.milliseconds,
  }));
  return trialOf(pair, id, { ...reviewed, attempts });
}

function roundsOf(rounds: number): number[] {
  return Array.from({ length: rounds }, (_, index) => index + 1);
}

/**
 * What is asked about one side. No guidance and no limits of the user's: the same change is the same question
 * everywhere.
 */
function questionOf(
  pair: Pair,
  side: TrialId['side'],
  { model, secrets, candidates }: Questions,
): { readonly input: ReviewInput; readonly tools: ReviewTools } {
  const changes = changeOf(pair, side);
  const input: ReviewInput = {
    changes,
    candidates: candidates(changes),
    guidance: [],
    earlier: [],
    known: new Set(),
    clean: new Set(),
    model,
    select: DEFAULT_SELECT_LIMITS,
    limits: DEFAULT_PACK_LIMITS,
  };
  return { input, tools: toolsOf(pair.id, secrets) };
}

/** Markers and stand-ins that anybody can work out, which is why no review but this one has such. */
function toolsOf(id: string, secrets: Questions['secrets']): ReviewTools {
  const digest = (text: string): string => createHmac('sha256', id).update(text).digest('hex');
  let drawn = 0;
  return {
    redactor: createRedactor({ scanner: secrets, placeholders: createPlaceholders(digest) }),
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    markers: () => ({
      policy: digest('policy').slice(0, 32),
      data: digest(`data ${drawn++}`).slice(0, 32),
    }),
  };
}

export interface Estimate {
  readonly reviews: number;
  readonly inputTokens: number;
  readonly outputTokensAtMost: number;
  /** Undefined for a model without a known price. */
  readonly usdAtMost: number | undefined;
}

/** What a run would send and cost, if each question were asked once. */
export function estimateOf(pairs: readonly Pair[], rounds: number, questions: Questions): Estimate {
  const bounds = pairs.flatMap((pair) =>
    SIDES.flatMap((side) => {
      const { input, tools } = questionOf(pair, side, questions);
      const plan = planReview(input, tools);
      const request = plan.kind === 'send' ? plan.request('full') : undefined;
      return request === undefined ? [] : [boundOf(request)];
    }),
  );
  const sum = (values: readonly number[]): number =>
    rounds * values.reduce((total, value) => total + value, 0);
  const costs = bounds.map((bound) => costOf(questions.model, bound));
  const known = costs.filter((cost) => cost !== undefined);
  return {
    reviews: rounds * bounds.length,
    inputTokens: sum(bounds.map(({ inputTokens }) => inputTokens)),
    outputTokensAtMost: sum(bounds.map(({ outputTokens }) => outputTokens)),
    usdAtMost: known.length < costs.length ? undefined : sum(known),
  };
}
