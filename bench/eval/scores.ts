/** How good the verdicts are. Pure; what was not reviewed counts nowhere but in its own numbers. */
import { proportionOf } from './proportion.ts';
import type { Proportion } from './proportion.ts';
import { SIDES } from './pair.ts';
import { DEEP_STAGES, STAGES } from './trial.ts';
import type { DeepStage, Stage, ToldFinding, Trial } from './trial.ts';

/**
 * What counts as having found a pair's defect: a finding of whatever kind, one at the right place, one of the
 * right weakness or its family, or one that is both.
 */
export const CRITERIA = ['any', 'place', 'weakness', 'both'] as const;
export type Criterion = (typeof CRITERIA)[number];

export interface Score {
  /** Vulnerable sides on which the defect was found, and not. */
  readonly found: number;
  readonly missed: number;
  /** Of the missed ones, those with findings of something else. */
  readonly stray: number;
  /** Fixed sides with and without findings. */
  readonly alarmed: number;
  readonly silent: number;
  /** found / (found + alarmed + stray) */
  readonly precision: Proportion;
  /** found / (found + missed) */
  readonly recall: Proportion;
  /** Harmonic mean of the two; undefined where there is nothing to find and nothing was said. */
  readonly f1: number | undefined;
  /** Pairs whose defect was found and whose fixed side has no finding. */
  readonly pairwise: Proportion;
}

export interface Scores {
  readonly by: Readonly<Record<Criterion, Score>>;
  /** Sides without a verdict. */
  readonly notReviewed: Readonly<Record<(typeof SIDES)[number], number>>;
  /** Pairs by what was flagged; `unknown` lacks a verdict on a side. */
  readonly pairs: Readonly<
    Record<'right' | 'both-flagged' | 'both-silent' | 'reversed' | 'unknown', number>
  >;
}

export function isHit(criterion: Criterion, { isAtPlace, weakness }: ToldFinding): boolean {
  switch (criterion) {
    case 'any':
      return true;
    case 'place':
      return isAtPlace;
    case 'weakness':
      return weakness !== 'other';
    case 'both':
      return isAtPlace && weakness !== 'other';
  }
}

/** Each pair has both sides in each of the rounds. */
export function scoresOf(trials: readonly Trial[], rounds: number): Scores {
  const pairs = pairedOf(trials);
  const by = Object.fromEntries(
    CRITERIA.map((criterion) => [criterion, scoreOf(pairs, criterion, rounds)]),
  ) as Record<Criterion, Score>;
  const lacking = (side: (typeof SIDES)[number]): number =>
    pairs.filter((pair) => pair[side].verdict === 'not-reviewed').length;
  const count = (kind: keyof Scores['pairs']): number =>
    pairs.filter((pair) => kindOf(pair) === kind).length;
  return {
    by,
    notReviewed: { vulnerable: lacking('vulnerable'), fixed: lacking('fixed') },
    pairs: {
      right: count('right'),
      'both-flagged': count('both-flagged'),
      'both-silent': count('both-silent'),
      reversed: count('reversed'),
      unknown: count('unknown'),
    },
  };
}

interface Paired {
  readonly vulnerable: Trial;
  readonly fixed: Trial;
}

function pairedOf(trials: readonly Trial[]): Paired[] {
  const fixed = new Map(
    trials.flatMap((trial) => (trial.side === 'fixed' ? [[keyOf(trial), trial] as const] : [])),
  );
  return trials.flatMap((vulnerable) => {
    if (vulnerable.side !== 'vulnerable') return [];
    const other = fixed.get(keyOf(vulnerable));
    if (other === undefined) throw new Error(`${vulnerable.pair} lacks its fixed side`);
    return [{ vulnerable, fixed: other }];
  });
}

function keyOf({ pair, round }: Trial): string {
  return `${pair} ${round}`;
}

function scoreOf(pairs: readonly Paired[], criterion: Criterion, rounds: number): Score {
  const hit = ({ told }: Trial): boolean => told.some((finding) => isHit(criterion, finding));
  const vulnerable = pairs.map((pair) => pair.vulnerable).filter(hasVerdict);
  const fixed = pairs.map((pair) => pair.fixed).filter(hasVerdict);
  const found = vulnerable.filter(hit).length;
  const missed = vulnerable.length - found;
  const stray = vulnerable.filter((trial) => trial.told.length > 0 && !hit(trial)).length;
  const alarmed = fixed.filter(({ told }) => told.length > 0).length;
  const judged = pairs.filter((pair) => hasVerdict(pair.vulnerable) && hasVerdict(pair.fixed));
  const right = judged.filter((pair) => hit(pair.vulnerable) && pair.fixed.told.length === 0);
  const wrong = alarmed + stray;
  const all = 2 * found + wrong + missed;
  return {
    found,
    missed,
    stray,
    alarmed,
    silent: fixed.length - alarmed,
    precision: proportionOf(found, found + wrong, rounds),
    recall: proportionOf(found, found + missed, rounds),
    f1: all === 0 ? undefined : (2 * found) / all,
    pairwise: proportionOf(right.length, judged.length, rounds),
  };
}

function hasVerdict({ verdict }: Trial): boolean {
  return verdict !== 'not-reviewed';
}

function kindOf({ vulnerable, fixed }: Paired): keyof Scores['pairs'] {
  if (!hasVerdict(vulnerable) || !hasVerdict(fixed)) return 'unknown';
  if (vulnerable.verdict === fixed.verdict)
    return fixed.verdict === 'flagged' ? 'both-flagged' : 'both-silent';
  return fixed.verdict === 'silent' ? 'right' : 'reversed';
}

/** How many of the vulnerable sides with a verdict came at least so far. */
export function funnelOf(
  trials: readonly Trial[],
  rounds: number,
): Readonly<Record<Stage, Proportion>> {
  const judged = trials.filter((trial) => trial.side === 'vulnerable' && hasVerdict(trial));
  const reached = judged.map((trial) =>
    trial.reached === undefined ? -1 : STAGES.indexOf(trial.reached),
  );
  return Object.fromEntries(
    STAGES.map((stage, index) => [
      stage,
      proportionOf(reached.filter((each) => each >= index).length, judged.length, rounds),
    ]),
  ) as Record<Stage, Proportion>;
}

export interface DeepFigures {
  /** Of vulnerable sides with a verdict: those on which the defect was still claimed after a stage. */
  readonly recall: Readonly<Record<DeepStage, Proportion>>;
  /** Of fixed sides with a verdict: those on which anything was. */
  readonly alarms: Readonly<Record<DeepStage, Proportion>>;
  /** Of all those sides, the vulnerable ones. */
  readonly precision: Readonly<Record<DeepStage, Proportion>>;
  readonly toolCalls: number;
}

/** Undefined where nobody investigated. */
export function deepFiguresOf(trials: readonly Trial[], rounds: number): DeepFigures | undefined {
  if (trials.every(({ deep }) => deep === undefined)) return undefined;
  const of = (side: Trial['side']): readonly Trial[] =>
    trials.filter((trial) => trial.side === side && hasVerdict(trial));
  const left = (side: Trial['side'], stage: DeepStage): number =>
    of(side).filter(({ deep }) => deep?.left[stage] === true).length;
  const each = (make: (stage: DeepStage) => Proportion): Record<DeepStage, Proportion> =>
    Object.fromEntries(DEEP_STAGES.map((stage) => [stage, make(stage)])) as Record<
      DeepStage,
      Proportion
    >;
  const share = (side: Trial['side']): Record<DeepStage, Proportion> =>
    each((stage) => proportionOf(left(side, stage), of(side).length, rounds));
  return {
    recall: share('vulnerable'),
    alarms: share('fixed'),
    precision: each((stage) => {
      const found = left('vulnerable', stage);
      return proportionOf(found, found + left('fixed', stage), rounds);
    }),
    toolCalls: trials.reduce((sum, { deep }) => sum + (deep?.toolCalls ?? 0), 0),
  };
}

export type Claims = Trial['claims'];

/** What the model said on one kind of side, by what became of it. */
export function claimsOf(trials: readonly Trial[], side: (typeof SIDES)[number]): Claims {
  const sums: Record<string, number> = {};
  for (const { claims } of trials.filter((trial) => trial.side === side))
    for (const [name, count] of Object.entries(claims)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** Sides that got the same verdict in every round that gave one, of those with a verdict in at least two. */
export function stabilityOf(trials: readonly Trial[]): Proportion {
  const verdicts = new Map<string, string[]>();
  for (const trial of trials.filter(hasVerdict)) {
    const key = `${trial.pair} ${trial.side}`;
    verdicts.set(key, [...(verdicts.get(key) ?? []), trial.verdict]);
  }
  const repeated = [...verdicts.values()].filter((each) => each.length > 1);
  return proportionOf(repeated.filter((each) => new Set(each).size === 1).length, repeated.length);
}
