/**
 * Which commits of a repository were noticed, are being reviewed, and have a verdict: shared by all sessions. A commit
 * is claimed before its review by the process that makes it, so that none is reviewed twice; the claim of a process
 * that is gone counts for nothing, so that none is lost.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readStateFile, replaceStateFile, setAside } from '../state/file.ts';
import { acquireLock } from '../state/lock.ts';
import { isRunning, thisProcess } from '../state/owner.ts';
import { clearOdd, ledgerFolder } from './folder.ts';
import { decodeLedger } from './ledger-file.ts';
import type { CommitEntry, Commits } from './ledger-file.ts';

export interface NoticedCommit {
  readonly id: string;
  readonly amends?: string;
  readonly copies?: string;
  /** It was pushed by this session: whoever noticed it earlier and has not begun has lost it. */
  readonly isPushed?: boolean;
}

/** `left`: it stays without a review, unless a push takes it up. */
export type Settled = 'reviewed' | 'left' | 'failed';

export interface CommitLedger {
  read(): Commits;
  /** Notes commits for this session, but for those that another one noticed of late or that are settled. */
  note(commits: readonly NoticedCommit[]): Promise<boolean>;
  /** Whether a process that runs has claimed it. */
  isUnderReview(id: string): boolean;
  /** Whether anything is there to be claimed. */
  hasDue(): boolean;
  /** What this session noticed and nobody is at; `fresh`: only what was not tried yet. Empty where it is locked. */
  claim(which: 'all' | 'fresh'): Promise<Commits>;
  /** Ends claims. A failed review may be tried again a few times. */
  settle(ids: Iterable<string>, how: Settled | 'released'): Promise<void>;
}

export interface LedgerPlace {
  readonly commonDir: string;
  readonly stateDir: string;
  /** As `sessionKey` makes it. */
  readonly session: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const WAIT_MS = 5_000;
const MAX_ENTRIES = 2_000;
const MAX_TRIES = 3;
/** No review takes longer, whatever has become of its process. */
const CLAIM_MS = 20 * 60 * 1000;
/** For so long what a session noticed is left to it. */
const OTHERS_MS = 60 * 60 * 1000;

/** Undefined where nothing can be remembered, and so nothing may be reviewed. */
export function openCommitLedger(place: LedgerPlace): CommitLedger | undefined {
  const { commonDir, stateDir, now } = place;
  const folder = ledgerFolder(commonDir, stateDir);
  if (folder === undefined) return undefined;
  const path = join(folder, 'commits.json');
  const lockPath = join(folder, 'commits.lock');
  const me = createHash('sha256').update(place.session).digest('hex').slice(0, 16);
  const owner = thisProcess();

  const load = (): Loaded => {
    clearOdd(path);
    const file = readStateFile(path);
    const commits = file.kind === 'value' ? decodeLedger(file.value) : undefined;
    return {
      commits: commits ?? new Map(),
      isOdd: file.kind !== 'absent' && commits === undefined,
    };
  };
  const change = async (make: (commits: Map<string, CommitEntry>) => void): Promise<boolean> => {
    clearOdd(lockPath);
    const lock = await acquireLock(lockPath, { waitMs: WAIT_MS });
    if (lock.kind !== 'held') return false;
    try {
      const { commits: before, isOdd } = load();
      const commits = new Map(before);
      if (isOdd) setAside(path);
      make(commits);
      replaceStateFile(path, { version: 1, commits: Object.fromEntries(bounded(commits)) });
      return true;
    } catch {
      return false;
    } finally {
      lock.release();
    }
  };
  const isAt = ({ owner: who }: CommitEntry): boolean =>
    who !== undefined && Math.abs(now() - who.at) < CLAIM_MS && isRunning(who);
  const isDue = (entry: CommitEntry): boolean =>
    entry.state === 'noticed' && entry.by === me && !isAt(entry);

  return {
    read: () => load().commits,
    note: (noticed) =>
      change((commits) => {
        for (const { id, isPushed = false, ...kin } of noticed) {
          const entry = commits.get(id);
          const isOthers = entry?.by !== me && Math.abs(now() - (entry?.at ?? 0)) < OTHERS_MS;
          const isTaken = isPushed
            ? entry !== undefined && (entry.state === 'reviewed' || isAt(entry))
            : entry !== undefined && (entry.state !== 'noticed' || isOthers || isAt(entry));
          if (isTaken) continue;
          // Of what is pushed no remote had the original either.
          commits.set(id, { ...kin, state: 'noticed', by: me, at: now(), tries: 0 });
        }
      }),
    isUnderReview(id) {
      const entry = load().commits.get(id);
      return entry !== undefined && isAt(entry);
    },
    hasDue: () => [...load().commits.values()].some(isDue),
    async claim(which) {
      const claimed = new Map<string, CommitEntry>();
      const isDone = await change((commits) => {
        for (const [id, entry] of commits) {
          if (!isDue(entry) || (which === 'fresh' && entry.tries > 0)) continue;
          const mine = { ...entry, owner: { ...owner, at: now() } };
          commits.set(id, mine);
          claimed.set(id, mine);
        }
      });
      return isDone ? claimed : new Map();
    },
    async settle(ids, how) {
      await change((commits) => {
        for (const id of ids) {
          const entry = commits.get(id);
          if (entry === undefined) continue;
          const { owner: _, ...rest } = entry;
          const tries = entry.tries + (how === 'failed' ? 1 : 0);
          const state =
            how === 'released' || (how === 'failed' && tries < MAX_TRIES)
              ? 'noticed'
              : how === 'failed'
                ? 'left'
                : how;
          commits.set(id, { ...rest, tries, state, at: state === 'noticed' ? entry.at : now() });
        }
      });
    },
  };
}

interface Loaded {
  readonly commits: Commits;
  /** Whether there is something else in its place. */
  readonly isOdd: boolean;
}

/** The newest, with all that has no verdict yet before the others. */
function bounded(commits: ReadonlyMap<string, CommitEntry>): readonly [string, CommitEntry][] {
  if (commits.size <= MAX_ENTRIES) return [...commits];
  const rank = ({ state, at }: CommitEntry): number => at + (state === 'noticed' ? 1e13 : 0);
  return [...commits].sort(([, a], [, b]) => rank(b) - rank(a)).slice(0, MAX_ENTRIES);
}
