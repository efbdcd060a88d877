/**
 * What a session was already told. The file is shared with other processes and with older versions of
 * the plugin: keys that this module does not know are kept as they are.
 */
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { Told, stateOf, toldIn, withClaims } from './claims.ts';
import type { Claim, State, Telling } from './claims.ts';
import { collectDaily } from './collect.ts';
import { makePrivateDir } from './dir.ts';
import { readStateFile, setAside } from './file.ts';
import { claimsIn, readJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { stateFileName } from './key.ts';
import { acquireLock } from './lock.ts';
import type { LockOptions } from './lock.ts';
import type { ToldCache } from './told-cache.ts';

export interface Ledger {
  /**
   * Those of `keys` that the session was not told yet, in order, and records them as told. Where the
   * state cannot be read or written all of them count as new: saying a thing twice beats not saying it.
   * Never rejects.
   *
   * `by` names the tool call on whose behalf this is: what it claimed before is new to it again, so that
   * an answer which never arrived can be given once more by another process.
   */
  claim(telling: Telling, keys: readonly string[], by?: string): Promise<string[]>;
}

/** What a session was told, oldest first; nothing where that cannot be read. */
export function readTold(dir: string, key: string, telling: Telling): readonly string[] {
  const journal = claimsIn(readJournal(dir), key);
  return toldIn(withClaims(load(join(dir, stateFileName(key))).state, journal), telling);
}

export interface LedgerOptions {
  /** Undefined: nothing is remembered. */
  readonly dir: string | undefined;
  /** As `sessionKey` makes it. */
  readonly key: string;
  readonly log: Log;
  readonly now: () => number;
  readonly lock?: LockOptions;
  readonly longLived?: LongLived;
}

/** What a process has that lives long: its claims take no lock. */
export interface LongLived {
  /**
   * Where claims are noted. Two processes that claim the same at the same moment may then both be told that it is new.
   */
  readonly journal: Journal;
  readonly cache: ToldCache;
  /** Gets the work of moving what the journal says to where it belongs, to run it when nobody waits. */
  readonly putOff: (work: () => void) => void;
}

export function createLedger(options: LedgerOptions): Ledger {
  const { dir, key, longLived } = options;
  return {
    async claim(telling, keys, by) {
      if (keys.length === 0 || dir === undefined) return [...keys];
      const claim: Claim = { telling, keys, ...(by === undefined ? {} : { by }) };
      const noted = longLived === undefined ? undefined : note(claim, dir, options, longLived);
      if (noted !== undefined) return noted;
      let fresh: string[] = [...keys];
      await record(dir, key, options, (before) => {
        const noted = claimsIn(readJournal(dir), key);
        fresh = new Told(before, noted).fresh(claim);
        return [...noted, { ...claim, keys: fresh }];
      });
      return fresh;
    },
  };
}

/** What of `claim` is new, noted as told; undefined where the journal does not serve. */
function note(
  claim: Claim,
  dir: string,
  options: LedgerOptions,
  { journal, cache, putOff }: LongLived,
): string[] | undefined {
  const { key } = options;
  // Before the file: what is no longer here is there.
  if (!journal.refresh()) return undefined;
  const told = cache.of(key, join(dir, stateFileName(key)), journal, stateIn);
  if (told === undefined) return undefined;
  const fresh = told.fresh(claim);
  const news = { ...claim, keys: fresh };
  if (told.knows(news)) return fresh;
  const noted = journal.append({ key, claim: news });
  if (noted === 'long' || journal.isFull) putOff(() => void empty(journal, options));
  if (noted === undefined) return undefined;
  told.add(news);
  return fresh;
}

/** Moves what the journal says into the files of its sessions. Never rejects: what fails is logged, and stays. */
async function empty(journal: Journal, options: LedgerOptions): Promise<void> {
  if (!journal.refresh()) return;
  const { mark } = journal;
  const claims = journal.keys.map((key) => [key, [...journal.claims(key)]] as const);
  let isMoved = true;
  for (const [key, noted] of claims)
    isMoved = (await record(journal.dir, key, options, () => noted)) && isMoved;
  try {
    if (isMoved) journal.drop(mark);
  } catch (error) {
    options.log.write('state-not-written', { reason: messageOf(error) });
  }
}

/**
 * Adds the claims that `decide` makes of what the session's file says. False where they were not written. Never rejects:
 * what fails is logged.
 */
async function record(
  dir: string,
  key: string,
  { log, now, lock: lockOptions }: LedgerOptions,
  decide: (before: State) => readonly Claim[],
): Promise<boolean> {
  const path = join(dir, stateFileName(key));
  try {
    makePrivateDir(dir);
  } catch (error) {
    log.write('state-unavailable', { reason: messageOf(error) });
    return false;
  }
  const lock = await acquireLock(path.replace(/json$/, 'lock'), lockOptions);
  const before = load(path);
  if (before.corrupt !== undefined) log.write('state-corrupt', { reason: before.corrupt });
  const after = withClaims(before.state, decide(before.state));
  if (lock.kind !== 'held') {
    // Without the lock another process's write could be undone; not remembering costs less.
    log.write('state-not-locked', { outcome: lock.kind });
    return false;
  }
  try {
    if (before.corrupt !== undefined) setAside(path);
    if (after === before.state) return true;
    lock.become(path, JSON.stringify(after));
    if (before.isNew) collectDaily(dir, now());
    return true;
  } catch (error) {
    log.write('state-not-written', { reason: messageOf(error) });
    return false;
  } finally {
    lock.release();
  }
}

function stateIn(path: string): State | undefined {
  const { state, corrupt } = load(path);
  return corrupt === undefined ? state : undefined;
}

interface Loaded {
  readonly state: State;
  readonly isNew?: true;
  /** What is wrong with the file; the state is empty then. */
  readonly corrupt?: string;
}

function load(path: string): Loaded {
  const file = readStateFile(path);
  if (file.kind === 'absent') return { state: {}, isNew: true };
  if (file.kind === 'corrupt') return { state: {}, corrupt: file.reason };
  const state = stateOf(file.value);
  return state === undefined ? { state: {}, corrupt: 'not an object' } : { state };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
