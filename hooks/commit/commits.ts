/** After a command and at a stop: reviews what this session committed and pushed, and says what was found. */
import { openCommitLedger } from '../../host/commits/ledger.ts';
import type { CommitLedger } from '../../host/commits/ledger.ts';
import type { CommitEntry } from '../../host/commits/ledger-file.ts';
import { findRepo } from '../../host/git/repo.ts';
import type { Repo } from '../../host/git/repo.ts';
import type { TurnState } from '../../host/state/turn.ts';
import { bySeverity } from '../../orchestrator/report.ts';
import type { TurnOutcome } from '../respond.ts';
import { FINAL, afterCommits } from '../turn/after.ts';
import { isNewNotice, limited, partNotice, resolvedNotice } from '../turn/notice.ts';
import type { CommitDeps } from './deps.ts';
import { logCommitReview } from './metrics.ts';
import { notice, takeUnsaid } from './notice.ts';
import type { NoticeDeps } from './notice.ts';
import { reviewUnit } from './review.ts';
import type { ReviewedUnit } from './review.ts';
import { wakeText } from './text.ts';
import type { ToldUnit } from './text.ts';
import { unitsOf } from './units.ts';
import type { Unit } from './units.ts';
import { commitsNotReviewed, nameOf } from './words.ts';

const WAIT_MS = 10_000;

interface Work {
  readonly root: string;
  readonly ledger: CommitLedger;
  /** Taken out as they are settled. */
  readonly open: Map<string, CommitEntry>;
}

export async function handleCommits(deps: CommitDeps): Promise<TurnOutcome> {
  const { stateDir, session, clock, payload } = deps;
  const looking: NoticeDeps = { ...deps, settings: deps.settings.commit, now: () => clock.wall() };
  const noticed = await notice(looking, WAIT_MS);
  if (noticed === undefined) return silent('busy');
  const unsaid = noticed.session.unsaid.length > 0 ? await takeUnsaid(looking) : [];
  const notices = await newOnes(unsaid, deps);
  const which = noticed.hasMoved || deps.isSent || payload.event === 'stop' ? 'all' : 'fresh';
  const works: Work[] = [];
  const told: ToldUnit[] = [];
  try {
    for (const [commonDir, { root }] of Object.entries(noticed.session.repos)) {
      const ledger = openCommitLedger({ commonDir, stateDir, session, now: looking.now });
      const claimed = await ledger?.claim(which);
      if (ledger !== undefined && claimed !== undefined && claimed.size > 0)
        works.push({ root, ledger, open: new Map(claimed) });
    }
    for (const work of works) {
      const done = await workThrough(work, deps);
      told.push(...done.told);
      notices.push(...done.notices);
    }
  } finally {
    for (const { ledger, open } of works) await ledger.settle(open.keys(), 'released');
  }
  if (unsaid.length > 0)
    await deps.store.change((state) => afterSaid(state, notices.slice(0, unsaid.length)));
  if (told.length > 0) return { kind: 'wake', text: wakeText(told) };
  return notices.length > 0 ? { kind: 'speak', notice: notices.join('\n') } : silent('nothing');
}

interface Done {
  readonly told: readonly ToldUnit[];
  readonly notices: readonly string[];
}

async function workThrough({ root, ledger, open }: Work, deps: CommitDeps): Promise<Done> {
  const found = await findRepo(root, deps.env);
  const sorted = found.kind === 'ok' ? await unitsOf(found.value, open, ledger) : found;
  if (found.kind === 'failed' || sorted.kind === 'failed') {
    const reason = sorted.kind === 'failed' ? sorted.detail : '';
    deps.log.write('commits-not-reviewed', { reason });
    await ledger.settle(open.keys(), 'failed');
    open.clear();
    return { told: [], notices: [] };
  }
  for (const how of ['reviewed', 'left', 'released'] as const) {
    const ids = [...sorted.value.settled].filter(([, each]) => each === how).map(([id]) => id);
    if (ids.length > 0) await ledger.settle(ids, how);
    for (const id of ids) open.delete(id);
  }
  const told: ToldUnit[] = [];
  const notices: string[] = [];
  for (const unit of sorted.value.units) {
    if (deps.signal.aborted) break;
    const done = await finish(found.value, unit, ledger, deps);
    for (const id of unit.ids) open.delete(id);
    if (done.told !== undefined) told.push(done.told);
    notices.push(...done.notices);
  }
  return { told, notices };
}

/** Remembers first, then tells. */
async function finish(
  repo: Repo,
  unit: Unit,
  ledger: CommitLedger,
  deps: CommitDeps,
): Promise<{ readonly told: ToldUnit | undefined; readonly notices: readonly string[] }> {
  const { store, clock, log, settings, signal } = deps;
  const begun = clock.monotonic();
  const reviewed = await reviewUnit(repo, unit, await stateOf(deps), deps);
  const { outcome, resolved } = reviewed;
  if (outcome.kind === 'not-reviewed' && (outcome.reason === 'cancelled' || signal.aborted)) {
    await ledger.settle(unit.ids, 'released');
    return { told: undefined, notices: [] };
  }
  const isFinal = outcome.kind === 'not-reviewed' && FINAL.has(outcome.reason);
  await ledger.settle(
    unit.ids,
    outcome.kind !== 'not-reviewed' ? 'reviewed' : isFinal ? 'left' : 'failed',
  );
  const findings = outcome.kind === 'findings' ? bySeverity(outcome.findings) : [];
  const shown = findings.slice(0, settings.commit.maxReported);
  const notices = [
    ...(await noticesOf(reviewed, unit, isFinal, deps)),
    ...(shown.length > 0 ? [] : resolved.map(resolvedNotice)),
  ];
  const at = clock.wall();
  const written = await store.change((state) =>
    afterCommits(state, {
      outcome,
      told: shown.map(({ key, path, category, title }) => ({ key, at, path, category, title })),
      notices,
    }),
  );
  if (written.kind === 'failed') log.write('turn-state-not-written', { reason: written.reason });
  logCommitReview(log, { unit, reviewed, reported: shown.length, ms: clock.monotonic() - begun });
  if (outcome.kind !== 'findings' || shown.length === 0) return { told: undefined, notices };
  const { coverage } = outcome;
  const more = findings.length - shown.length;
  const told = { ids: unit.ids, findings: shown, more, resolved, coverage };
  return { told, notices };
}

/** As it is now: another review of the session may have told something meanwhile. */
async function stateOf({ store, log }: CommitDeps): Promise<TurnState> {
  const read = store.read();
  if (read.kind === 'state') return read.state;
  const written = await store.change((state) => state);
  if (written.kind === 'written') return written.state;
  log.write('turn-state-not-written', { reason: written.reason });
  throw new Error(`the state of the session cannot be written: ${written.reason}`);
}

async function noticesOf(
  { outcome }: ReviewedUnit,
  { ids }: Unit,
  isFinal: boolean,
  deps: CommitDeps,
): Promise<string[]> {
  if (outcome.kind === 'not-reviewed')
    return (await isNewNotice(`commit-${outcome.reason}`, deps))
      ? [commitsNotReviewed(ids, outcome, isFinal)]
      : [];
  const left = limited(outcome);
  return left.length > 0 && (await isNewNotice('commit-part', deps))
    ? [partNotice(left, { subject: nameOf(ids) })]
    : [];
}

/** Those that the session was not told. */
async function newOnes(notices: readonly string[], deps: CommitDeps): Promise<string[]> {
  const fresh: string[] = [];
  for (const each of notices)
    // Told once, whatever the numbers in it are.
    if (await isNewNotice(`commit:${each.replaceAll(/\d+/g, '')}`, deps)) fresh.push(each);
  return fresh;
}

function afterSaid(state: TurnState, notices: readonly string[]): TurnState {
  return { ...state, notices: [...state.notices, ...notices] };
}

function silent(reason: string): TurnOutcome {
  return { kind: 'silent', reason };
}
