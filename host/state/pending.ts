/**
 * What is yet to be told to a session: the rest of a check that was cut short and was finished in the
 * background. It is in a file, so that whichever process answers the session's next hook can tell it.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { makePrivateDir } from './dir.ts';
import { readStateFile, replaceStateFile, setAside } from './file.ts';
import { pendingFileName } from './key.ts';
import { acquireLock, isAlive } from './lock.ts';
import type { LockOptions } from './lock.ts';

/** Work of a process that goes on; when the process has died, what was kept for the work is due. */
export interface Job {
  readonly id: string;
  readonly pid: number;
}

export interface Pending {
  /**
   * Keeps `value`, which is JSON; with a `job` it is due only once that job's process is gone. Resolves with
   * whether it is kept. Never rejects.
   */
  add(value: unknown, job?: Job): Promise<boolean>;
  /** Ends a job: `value` is due in place of what was kept for it, or nothing is. Never rejects. */
  settle(job: Job, value?: unknown): Promise<boolean>;
  /**
   * What is due, oldest first. It stays until another tool call than `by` takes: an answer that never
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
  readonly job?: Job;
  /** The tool call that took it. */
  readonly takenBy?: string;
}

const MAX_ENTRIES = 100;

export function createPending({ dir, key, log, lock: lockOptions }: PendingOptions): Pending {
  if (dir === undefined)
    return { add: async () => false, settle: async () => false, take: async () => [] };
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
  const edit = async (
    change: (entries: readonly Entry[]) => readonly Entry[],
  ): Promise<boolean> => {
    try {
      makePrivateDir(dir);
    } catch {
      return false;
    }
    return locked(false, () => {
      write(path, change(read(path, log)).slice(-MAX_ENTRIES));
      return true;
    });
  };
  return {
    add: (value, job) =>
      edit((entries) => [...entries, job === undefined ? { value } : { value, job }]),
    settle: (job, value) =>
      edit((entries) => [
        ...entries.filter((each) => each.job?.id !== job.id),
        ...(value === undefined ? [] : [{ value }]),
      ]),
    async take(by) {
      if (!existsSync(path)) return [];
      return locked<unknown[]>([], () => {
        const all = read(path, log);
        const due: Entry[] = [];
        const kept: Entry[] = [];
        for (const entry of all) {
          if (entry.job !== undefined && isAlive(entry.job.pid)) kept.push(entry);
          else if (entry.takenBy === undefined || entry.takenBy === by) due.push(entry);
        }
        const taken = by === undefined ? [] : due.map(({ value }) => ({ value, takenBy: by }));
        write(path, [...taken, ...kept]);
        return due.map(({ value }) => value);
      });
    },
  };
}

function write(path: string, entries: readonly Entry[]): void {
  if (entries.length === 0) rmSync(path, { force: true });
  else replaceStateFile(path, entries);
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
  if (typeof value !== 'object' || value === null || !('value' in value)) return false;
  const job: unknown = 'job' in value ? value.job : undefined;
  return job === undefined || isJob(job);
}

function isJob(value: unknown): value is Job {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'pid' in value &&
    typeof value.pid === 'number'
  );
}
