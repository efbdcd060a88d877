/**
 * What is yet to be told to a session: the rest of a check that was cut short and was finished in the
 * background. It is in a file, so that whichever process answers the session's next hook can tell it.
 */
import { existsSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { makePrivateDir } from './dir.ts';
import { readStateFile, replaceStateFile, setAside } from './file.ts';
import { pendingFileName } from './key.ts';
import { acquireLock } from './lock.ts';
import type { LockOptions } from './lock.ts';

export interface Pending {
  /** Keeps `value`, which is JSON. Resolves with whether it is kept. Never rejects. */
  add(value: unknown): Promise<boolean>;
  /**
   * What was kept, oldest first. It stays until another tool call than `by` takes: an answer that never
   * arrived can be given again. Cheap when there is nothing. Never rejects.
   */
  take(by: string | undefined): Promise<unknown[]>;
}

export interface PendingOptions {
  /** Undefined: nothing is kept. */
  readonly dir: string | undefined;
  /** As `sessionKey` makes it. */
  readonly key: string;
  readonly log: Log;
  readonly lock?: LockOptions;
}

interface Entry {
  readonly value: unknown;
  /** The tool call that took it. */
  readonly takenBy?: string;
}

const MAX_ENTRIES = 100;

export function createPending({ dir, key, log, lock: lockOptions }: PendingOptions): Pending {
  if (dir === undefined) return { add: async () => false, take: async () => [] };
  const path = join(dir, pendingFileName(key));
  const locked = async <T>(otherwise: T, action: () => T): Promise<T> => {
    const lock = await acquireLock(path.replace(/json$/, 'lock'), lockOptions);
    if (lock.kind !== 'held') {
      log.write('pending-not-locked', { outcome: lock.kind });
      return otherwise;
    }
    try {
      return action();
    } catch (error) {
      log.write('pending-failed', { reason: error instanceof Error ? error.message : 'unknown' });
      return otherwise;
    } finally {
      lock.release();
    }
  };
  return {
    async add(value) {
      try {
        makePrivateDir(dir);
      } catch {
        return false;
      }
      return locked(false, () => {
        const entries = [...read(path, log), { value }];
        replaceStateFile(path, entries.slice(-MAX_ENTRIES));
        return true;
      });
    },
    async take(by) {
      if (!existsSync(path)) return [];
      return locked<unknown[]>([], () => {
        const all = read(path, log);
        const due = all.filter(({ takenBy }) => takenBy === undefined || takenBy === by);
        if (due.length === 0 || by === undefined) unlinkSync(path);
        else
          replaceStateFile(
            path,
            due.map(({ value }) => ({ value, takenBy: by })),
          );
        return due.map(({ value }) => value);
      });
    },
  };
}

function read(path: string, log: Log): Entry[] {
  const file = readStateFile(path);
  if (file.kind === 'absent') return [];
  if (file.kind === 'value' && Array.isArray(file.value)) return file.value.filter(isEntry);
  log.write('pending-corrupt', { reason: file.kind === 'corrupt' ? file.reason : 'not a list' });
  setAside(path);
  return [];
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'value' in value;
}
