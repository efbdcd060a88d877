/**
 * What a session was already told. The file is shared with other processes and with older versions of
 * the plugin: keys that this module does not know are kept as they are.
 */
import { join } from 'node:path';
import type { Log } from '../log.ts';
import type { ClaimQueue } from './claim-queue.ts';
import { freshKeys, stateOf, toldIn, withClaims } from './claims.ts';
import type { Claim, State, Telling } from './claims.ts';
import { collectDaily } from './collect.ts';
import { makePrivateDir } from './dir.ts';
import { readStateFile, setAside } from './file.ts';
import { stateFileName } from './key.ts';
import { acquireLock } from './lock.ts';
import type { LockOptions } from './lock.ts';

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
  const file = readStateFile(join(dir, stateFileName(key)));
  return file.kind === 'value' ? toldIn(stateOf(file.value), telling) : [];
}

export interface LedgerOptions {
  /** Undefined: nothing is remembered. */
  readonly dir: string | undefined;
  /** As `sessionKey` makes it. */
  readonly key: string;
  readonly log: Log;
  readonly now: () => number;
  readonly lock?: LockOptions;
  /**
   * Where there is one, a claim is written behind its answer. Two processes that claim the same at the same moment
   * may then both be told that it is new.
   */
  readonly queue?: ClaimQueue;
}

export function createLedger(options: LedgerOptions): Ledger {
  const { dir, key, queue } = options;
  return {
    async claim(telling, keys, by) {
      if (keys.length === 0 || dir === undefined) return [...keys];
      const path = join(dir, stateFileName(key));
      const claim: Claim = { telling, keys, ...(by === undefined ? {} : { by }) };
      if (queue === undefined) {
        let fresh: string[] = [...keys];
        const decide = (before: State): Claim[] => [
          { ...claim, keys: (fresh = freshKeys(before, claim)) },
        ];
        await record(dir, path, decide, options);
        return fresh;
      }
      const before = withClaims(load(path).state, queue.waiting(path));
      const fresh = freshKeys(before, claim);
      const told = { ...claim, keys: fresh };
      if (withClaims(before, [told]) === before) return fresh;
      queue.add(path, told, (claims) => record(dir, path, () => claims, options));
      return fresh;
    },
  };
}

/** Adds the claims that `decide` makes of what the file says. Never rejects: what fails is logged. */
async function record(
  dir: string,
  path: string,
  decide: (before: State) => readonly Claim[],
  { log, now, lock: lockOptions }: LedgerOptions,
): Promise<void> {
  try {
    makePrivateDir(dir);
  } catch (error) {
    return log.write('state-unavailable', { reason: messageOf(error) });
  }
  const lock = await acquireLock(path.replace(/json$/, 'lock'), lockOptions);
  const before = load(path);
  if (before.corrupt !== undefined) log.write('state-corrupt', { reason: before.corrupt });
  const after = withClaims(before.state, decide(before.state));
  if (lock.kind !== 'held') {
    // Without the lock another process's write could be undone; not remembering costs less.
    return log.write('state-not-locked', { outcome: lock.kind });
  }
  try {
    if (before.corrupt !== undefined) setAside(path);
    if (after === before.state) return;
    lock.become(path, JSON.stringify(after));
    if (before.isNew) collectDaily(dir, now());
  } catch (error) {
    log.write('state-not-written', { reason: messageOf(error) });
  } finally {
    lock.release();
  }
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
