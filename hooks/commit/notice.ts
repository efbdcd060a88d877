/** Notices what this session committed and pushed: the same in the resident service and in the hook's own process. */
import { join } from 'node:path';
import { openCommitLedger } from '../../host/commits/ledger.ts';
import type { NoticedCommit } from '../../host/commits/ledger.ts';
import { readSession, writeSession } from '../../host/commits/session-file.ts';
import type { SeenRepo, SessionCommits } from '../../host/commits/session-file.ts';
import type { Config, Environment } from '../../host/config.ts';
import type { Layout } from '../../host/git/layout.ts';
import { lookAgain } from '../../host/git/look.ts';
import type { NewCommit, Pushed } from '../../host/git/look.ts';
import { refStamp } from '../../host/git/refs.ts';
import { findRepo } from '../../host/git/repo.ts';
import type { Repo } from '../../host/git/repo.ts';
import { listCommits } from '../../host/git/rev-list.ts';
import type { Log } from '../../host/log.ts';
import type { ReviewConfig } from '../../host/review-config.ts';
import { commitsFileName } from '../../host/state/key.ts';
import { acquireLock } from '../../host/state/lock.ts';
import { placesOf } from './folders.ts';
import type { CommandPayload } from './payload.ts';
import { pushTooLong, tooManyNew } from './words.ts';

export interface NoticeDeps {
  readonly payload: CommandPayload;
  /** As `sessionKey` makes it. */
  readonly session: string;
  readonly stateDir: string;
  readonly config: Config;
  /** Git is found with it. */
  readonly env: Environment;
  readonly home: string | undefined;
  readonly settings: ReviewConfig['commit'];
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Noticed {
  /** Whether a ref of a repository moved since the session looked last. */
  readonly hasMoved: boolean;
  readonly session: SessionCommits;
}

/** The hook comes a little after the command, on a busy machine more than a little. */
const SLACK_MS = 10_000;
/** A log's clock has whole seconds: what it dates may be later by that much. */
const LOG_CLOCK_MS = 1_000;
/** A command whose length is not known took no longer. */
const LONGEST_MS = 10 * 60 * 1000;
/** So long it may turn out whose a commit is. */
const LOOSE_MS = 60 * 60 * 1000;
const MAX_LOOSE = 100;
const MAX_LOOSE_PUSHES = 5;
/** Of a push that is too long, commits are counted up to this. */
const MAX_COUNTED = 2_000;

/** Undefined where another hook of the session is at it for longer than `waitMs`. */
export async function notice(deps: NoticeDeps, waitMs: number): Promise<Noticed | undefined> {
  const { stateDir, session: key } = deps;
  const before = readSession(stateDir, key);
  const places = changedPlaces(deps, before);
  if (places.length === 0 && background(deps, before) === before.backgroundSince)
    return { hasMoved: false, session: before };
  const path = join(stateDir, commitsFileName(key).replace(/json$/, 'lock'));
  const lock = await acquireLock(path, { waitMs });
  if (lock.kind === 'busy') return undefined;
  try {
    // Another hook may have seen it meanwhile.
    const current = readSession(stateDir, key);
    const looked = await look(deps, current, changedPlaces(deps, current));
    writeSession(stateDir, key, looked.session);
    return looked;
  } finally {
    if (lock.kind === 'held') lock.release();
  }
}

/** Looks at repositories that the session has not seen, before anything is committed in them. Never rejects. */
export async function begin(deps: NoticeDeps): Promise<void> {
  const { payload, config, home, env, stateDir, session: key, now, log } = deps;
  const path = join(stateDir, commitsFileName(key).replace(/json$/, 'lock'));
  const lock = await acquireLock(path);
  if (lock.kind === 'busy') return;
  try {
    const session = readSession(stateDir, key);
    const repos: Record<string, SeenRepo> = {};
    for (const [commonDir, { root }] of placesOf(payload, config, { session, home })) {
      const found = session.repos[commonDir] === undefined ? await findRepo(root, env) : undefined;
      if (found?.kind !== 'ok') continue;
      const nowMs = now();
      const looked = await lookAgain(found.value, undefined, { sinceMs: nowMs, nowMs });
      if (looked.kind === 'failed') continue;
      repos[commonDir] = { root, look: looked.value.look, loose: { commits: [], pushed: [] } };
    }
    if (Object.keys(repos).length > 0)
      writeSession(stateDir, key, { ...session, repos: { ...session.repos, ...repos } });
  } catch (error) {
    // The prompt's own state cannot be written either, which is said.
    log.write('commits-not-begun', { reason: error instanceof Error ? error.message : 'unknown' });
  } finally {
    if (lock.kind === 'held') lock.release();
  }
}

/**
 * Repositories that were not seen before, whose refs may have moved, or in which another hook saw what is this one's:
 * that of the turn's end may overtake that of the command.
 */
function changedPlaces(deps: NoticeDeps, session: SessionCommits): readonly Layout[] {
  const { config, home, now, payload } = deps;
  const nowMs = now();
  return [...placesOf(payload, config, { session, home }).values()].filter((layout) => {
    const seen = session.repos[layout.commonDir];
    if (seen?.look.stamp !== refStamp(layout).text) return true;
    const isOurs = spanOf(deps, session, seen.look.at, nowMs);
    return [...seen.loose.commits, ...seen.loose.pushed].some(({ at }) => isOurs.at(at));
  });
}

/** Since when a command of the session may run in the background, after this hook. */
function background({ payload, now }: NoticeDeps, { backgroundSince }: SessionCommits): number {
  if (payload.event === 'stop' && payload.isQuiet) return 0;
  if (!payload.goesOn || backgroundSince > 0) return backgroundSince;
  return now() - (payload.durationMs ?? 0);
}

async function look(
  deps: NoticeDeps,
  before: SessionCommits,
  places: readonly Layout[],
): Promise<Noticed> {
  const repos: Record<string, SeenRepo> = { ...before.repos };
  const unsaid = [...before.unsaid];
  let hasMoved = false;
  for (const { root, commonDir } of places) {
    const seen = before.repos[commonDir];
    const looked = await lookAt(deps, before, root, seen);
    if (looked === undefined) continue;
    repos[commonDir] = looked.seen;
    unsaid.push(...looked.unsaid);
    hasMoved ||= looked.hasMoved;
  }
  return {
    hasMoved,
    session: { repos, unsaid, backgroundSince: background(deps, before) },
  };
}

interface LookedAt {
  readonly seen: SeenRepo;
  readonly unsaid: readonly string[];
  readonly hasMoved: boolean;
}

async function lookAt(
  deps: NoticeDeps,
  session: SessionCommits,
  root: string,
  seen: SeenRepo | undefined,
): Promise<LookedAt | undefined> {
  const { env, log, now, settings } = deps;
  const found = await findRepo(root, env);
  if (found.kind === 'failed') {
    log.write('commits-not-looked-for', { reason: found.detail });
    return undefined;
  }
  const repo = found.value;
  const nowMs = now();
  const isOurs = spanOf(deps, session, seen?.look.at, nowMs);
  const moved = await lookAgain(repo, seen?.look, { sinceMs: isOurs.fromMs, nowMs });
  if (moved.kind === 'failed') {
    log.write('commits-not-looked-for', { reason: moved.detail });
    return undefined;
  }
  const { look, commits, pushed, tooMany } = moved.value;
  const all = {
    commits: [...(seen?.loose.commits ?? []), ...commits],
    pushed: [...(seen?.loose.pushed ?? []), ...pushed],
  };
  const unsaid = tooMany && isOurs.at(nowMs) ? [tooManyNew()] : [];
  const mine: NoticedCommit[] = settings.commits
    ? all.commits.filter(({ at }) => isOurs.at(at)).map(withoutTime)
    : [];
  const ledger = openCommitLedger({ ...deps, commonDir: repo.commonDir });
  if (settings.push)
    for (const push of all.pushed.filter(({ at }) => isOurs.at(at))) {
      const tail = await tailOf(repo, push, new Set(mine.map(({ id }) => id)));
      const known = ledger?.read();
      const left = tail.filter((id) => known?.get(id)?.state !== 'reviewed');
      if (left.length > settings.maxPushed)
        unsaid.push(pushTooLong(left.length, settings.maxPushed));
      else mine.push(...left.map((id) => ({ id, isPushed: true })));
    }
  if (mine.length > 0 && (await ledger?.note(mine)) !== true)
    log.write('commits-not-noted', { count: mine.length });
  const isLoose = ({ at }: { readonly at: number }): boolean =>
    !isOurs.at(at) && Math.abs(nowMs - at) < LOOSE_MS;
  const loose = {
    commits: all.commits.filter(isLoose).slice(-MAX_LOOSE),
    pushed: all.pushed.filter(isLoose).slice(-MAX_LOOSE_PUSHES),
  };
  return {
    seen: { root, look, loose },
    unsaid,
    hasMoved: seen !== undefined || commits.length + pushed.length > 0,
  };
}

function withoutTime({ id, amends, copies }: NewCommit): NoticedCommit {
  return {
    id,
    ...(amends === undefined ? {} : { amends }),
    ...(copies === undefined ? {} : { copies }),
  };
}

interface Span {
  readonly fromMs: number;
  /** Whether a command of this session may have done what was done then. */
  at(ms: number): boolean;
}

/** While the command ran, or one in the background. */
function spanOf(
  { payload }: NoticeDeps,
  { backgroundSince }: SessionCommits,
  lastLook: number | undefined,
  nowMs: number,
): Span {
  const started =
    payload.event === 'stop'
      ? Infinity
      : payload.durationMs === undefined
        ? (lastLook ?? nowMs - LONGEST_MS) - LOG_CLOCK_MS
        : nowMs - payload.durationMs - SLACK_MS;
  const hidden = backgroundSince === 0 ? Infinity : backgroundSince - SLACK_MS;
  const from = Math.min(started, hidden);
  return { fromMs: Math.min(from, nowMs), at: (ms) => ms >= from };
}

/** What a push brought to its remote that no remote had, without what is noticed as committed by the same hook. */
async function tailOf(
  repo: Repo,
  { to, had }: Pushed,
  known: ReadonlySet<string>,
): Promise<readonly string[]> {
  const listed = await listCommits(repo, [to], had, MAX_COUNTED);
  const ids = listed.kind === 'ok' ? listed.value.map(({ id }) => id) : [];
  return ids.filter((id) => !known.has(id));
}

/** What the user is to be told; nobody else tells it. */
export async function takeUnsaid({
  stateDir,
  session: key,
}: NoticeDeps): Promise<readonly string[]> {
  const path = join(stateDir, commitsFileName(key).replace(/json$/, 'lock'));
  const lock = await acquireLock(path);
  if (lock.kind !== 'held') return [];
  try {
    const session = readSession(stateDir, key);
    if (session.unsaid.length > 0) writeSession(stateDir, key, { ...session, unsaid: [] });
    return session.unsaid;
  } finally {
    lock.release();
  }
}
