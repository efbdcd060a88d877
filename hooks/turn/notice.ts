/**
 * What the user is told of a turn that has no verdict: once a session for each reason. The host shows a notice of
 * a hook that it waits for, and drops that of one in the background: so it is also kept for the next prompt.
 */
import { createLedger } from '../../host/state/ledger.ts';
import type { Skipped } from '../../orchestrator/change.ts';
import type { NotReviewedReason, ReviewOutcome } from '../../orchestrator/finding.ts';
import { notReviewedText } from '../../orchestrator/report.ts';
import type { ReportContext } from '../../orchestrator/report.ts';
import type { TurnOutcome } from '../respond.ts';
import type { TurnDeps } from './deps.ts';
import { afterHeld } from './after.ts';
import type { Gate } from './gates.ts';
import { SKIP, logSkip, skipOf } from './skip.ts';

/** Whose review it is, in the words of a report. */
export const SUBJECT = { subject: "this turn's changes" };

type NoticeDeps = Pick<TurnDeps, 'config' | 'session' | 'log' | 'clock' | 'store'>;

/** For a turn that was given up before anything was sent. */
export async function notReviewed(
  reason: NotReviewedReason,
  detail: string,
  deps: NoticeDeps,
): Promise<TurnOutcome> {
  logSkip(deps.log, skipOf(reason), detail);
  return tellOnce(reason, notReviewedText(reason, detail, SUBJECT), deps);
}

/** What a gate that is closed has to say. */
export async function sayGate(
  gate: Exclude<Gate, { kind: 'open' | 'silent' }>,
  deps: NoticeDeps,
): Promise<TurnOutcome> {
  const { store, clock, log } = deps;
  if (gate.kind === 'held') {
    logSkip(log, SKIP.held);
    await store.change((state) => afterHeld(state, clock.wall()));
    return tellOnce('held', heldNotice(gate.times), deps);
  }
  // A record that cannot be read begins anew, and so does the turn.
  if (store.read().kind === 'corrupt') await store.change((state) => state);
  return notReviewed(gate.reason, gate.detail, deps);
}

/** Tells the user `notice` unless the session was told about `name` before. */
async function tellOnce(name: string, notice: string, deps: NoticeDeps): Promise<TurnOutcome> {
  if (!(await isNewNotice(name, deps))) return { kind: 'silent', reason: 'told' };
  await deps.store.change((state) => ({ ...state, notices: [...state.notices, notice] }));
  return { kind: 'speak', notice };
}

export async function isNewNotice(name: string, deps: NoticeDeps): Promise<boolean> {
  const { config, session, log, clock } = deps;
  const ledger = createLedger({ dir: config.stateDir, key: session, log, now: () => clock.wall() });
  return (await ledger.claim('shown_notices', [`turn:${name}`])).length > 0;
}

function heldNotice(times: number): string {
  return `security-guidance: the agent was woken ${times} times in a row, so what it changed last is reviewed with the next turn. MAX_STOP_HOOK_FIRINGS changes the number.`;
}

/** What a review would have looked at, but for its limits. */
export function limited(outcome: ReviewOutcome): readonly Skipped[] {
  if (outcome.kind === 'not-reviewed') return [];
  return outcome.coverage.left.filter(({ reason }) =>
    /beyond|too large|larger than|more than|not sent/.test(reason),
  );
}

/** Parts of a change that no review looked at, with a verdict on the rest. */
export function partNotice(left: readonly Skipped[], { subject }: ReportContext = SUBJECT): string {
  const [first] = left;
  const more = left.length > 1 ? ` and ${left.length - 1} more` : '';
  return `security-guidance: ${subject} were reviewed in part. Left out: ${first?.path ?? ''} (${first?.reason ?? ''})${more}.`;
}

/** A finding that is fixed, told where nobody is woken. */
export function resolvedNotice(line: string): string {
  return `security-guidance: ${line}`;
}
