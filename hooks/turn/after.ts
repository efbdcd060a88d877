/** What a turn's state becomes: pure functions, so that each rule about loops and failures stands in one place. */
import type { TurnState, ToldFinding } from '../../host/state/turn.ts';
import { CLOSED, afterFailure } from '../../orchestrator/breaker.ts';
import type { BreakerState } from '../../orchestrator/breaker.ts';
import type { NotReviewedReason, ReviewOutcome } from '../../orchestrator/finding.ts';

/** How long wakes are held back when nobody writes a prompt. */
const HELD_MS = 120_000;

/**
 * Whether the turn has woken the agent as often in a row as it may. The first stop after that ends the loop, however
 * long its rounds took; what comes later than `HELD_MS` after it is no part of the loop.
 */
export function isHeld(
  { firings, heldSince }: TurnState,
  maxFirings: number | undefined,
  now: number,
): boolean {
  if (maxFirings === undefined || firings < maxFirings) return false;
  return heldSince === 0 || Math.abs(now - heldSince) < HELD_MS;
}

export function afterHeld(state: TurnState, now: number): TurnState {
  return state.heldSince === 0 ? { ...state, heldSince: now } : state;
}

/** A turn that began as `round` and changed nothing. */
export function afterNothing(state: TurnState, round: number): TurnState {
  return state.round === round ? { ...state, settled: true, firings: 0, heldSince: 0 } : state;
}

/** The failure of a provider; nobody is to be asked again soon. */
const FAILURES: ReadonlySet<NotReviewedReason> = new Set<NotReviewedReason>([
  'auth',
  'busy',
  'network',
  'refused',
  'request',
  'reply',
  'unknown-model',
  'timed-out',
]);
/** It would be the same with the next turn, and the user knows. */
export const FINAL: ReadonlySet<NotReviewedReason> = new Set<NotReviewedReason>([
  'disabled',
  'no-credentials',
  'too-many-files',
  'no-repository',
  'resting',
  'hourly-limit',
]);

export interface Concluded {
  readonly event: 'stop' | 'subagent-stop';
  /** `TurnState.round` when the review began. */
  readonly round: number;
  readonly outcome: ReviewOutcome;
  /** Identities of hunks that are clean. */
  readonly clean: readonly string[];
  /** What is told now. */
  readonly told: readonly ToldFinding[];
  readonly wakes: boolean;
  readonly notices: readonly string[];
}

export function afterReview(state: TurnState, concluded: Concluded): TurnState {
  const { event, round, outcome, clean, told, wakes, notices } = concluded;
  const failed = outcome.kind === 'not-reviewed';
  const isOver = event === 'stop' && !wakes;
  // What the agent does when it is woken is reviewed against the same beginning, also if that is broken off.
  const settles = isOver && (failed ? FINAL.has(outcome.reason) : outcome.kind === 'clean');
  // Held back and here again: that loop is over.
  const inRow = state.heldSince === 0 ? state.firings : 0;
  return {
    ...state,
    settled: state.round === round ? settles : state.settled,
    firings: wakes ? inRow + 1 : isOver && !failed ? 0 : inRow,
    heldSince: 0,
    breaker: breakerAfter(state, outcome),
    told: [...state.told, ...told],
    clean: [...state.clean, ...clean],
    notices: [...state.notices, ...notices],
  };
}

/** A review of commits is no part of the turn's own, and shares its memory. */
export function afterCommits(
  state: TurnState,
  { outcome, told, notices }: Pick<Concluded, 'outcome' | 'told' | 'notices'>,
): TurnState {
  return {
    ...state,
    breaker: breakerAfter(state, outcome),
    told: [...state.told, ...told],
    notices: [...state.notices, ...notices],
  };
}

function breakerAfter({ breaker }: TurnState, outcome: ReviewOutcome): BreakerState {
  if (outcome.kind !== 'not-reviewed') return CLOSED;
  return FAILURES.has(outcome.reason) ? afterFailure(breaker) : breaker;
}
