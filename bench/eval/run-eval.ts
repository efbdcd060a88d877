/** Asks about both sides of every pair, in the way that `sg review` asks, with or without `--deep`. */
import type { Attempt, Purse } from '../../orchestrator/call.ts';
import { boundOf, costOf } from '../../orchestrator/money.ts';
import type { Clock, MakeAbort } from '../../orchestrator/ports.ts';
import { planReview, review } from '../../orchestrator/review.ts';
import type { CallTools } from '../../orchestrator/review.ts';
import type { AbortSignalLike, Transport } from '../../orchestrator/transport.ts';
import { recording } from './cassette.ts';
import type { Taped } from './cassette.ts';
import { investigateSide } from './deep-run.ts';
import type { DeepMeans } from './deep-run.ts';
import { deepTrialOf } from './deep-trial.ts';
import { changeOf, SIDES } from './pair.ts';
import type { Pair } from './pair.ts';
import { questionOf } from './questions.ts';
import type { Questions } from './questions.ts';
import { trialOf } from './trial.ts';
import type { Trial, TrialId } from './trial.ts';

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
  /** Where each side is a commit that is investigated. */
  readonly deep?: DeepMeans;
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
  const { purse, makeAbort, deadlineMs, signal, deep, questions } = run;
  const call: CallTools = {
    transports: transports.map((each) => recording(each, id, () => clock.monotonic(), tape)),
    clock,
    purse,
    makeAbort,
    deadlineMs,
    signal,
    isDual: false,
  };
  if (deep !== undefined) {
    const reviewed = await investigateSide(pair, id.side, { questions, deep, call });
    return deepTrialOf(pair, id, { ...reviewed, attempts: timed(reviewed.attempts, times) });
  }
  const { input, tools } = questionOf(pair, changeOf(pair, id.side), questions);
  const reviewed = await review(input, tools, call);
  // Of the call alone, as a recording has it, and not of the account that is kept of it.
  const attempts = reviewed.attempts.map((attempt, index) => ({
    ...attempt,
    milliseconds: times[index] ?? attempt.milliseconds,
  }));
  return trialOf(pair, id, { ...reviewed, attempts });
}

/** By time: refuters are at work at once, and come back in any order. */
function timed(attempts: readonly Attempt[], times: readonly number[]): Attempt[] {
  const inOrder = times.toSorted((a, b) => a - b);
  return attempts
    .toSorted((a, b) => a.milliseconds - b.milliseconds)
    .map((attempt, index) => ({
      ...attempt,
      milliseconds: inOrder[index] ?? attempt.milliseconds,
    }));
}

function roundsOf(rounds: number): number[] {
  return Array.from({ length: rounds }, (_, index) => index + 1);
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
      const { input, tools } = questionOf(pair, changeOf(pair, side), questions);
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
