/** A JSON file with a version, which several processes change one after the other. */
import { dirname } from 'node:path';
import { makePrivateDir } from '../state/dir.ts';
import { readStateFile, replaceStateFile, setAside } from '../state/file.ts';
import { acquireLock } from '../state/lock.ts';
import { isFields } from './fields.ts';
import type { Fields } from './fields.ts';

export type VersionedRead =
  | { readonly kind: 'absent' }
  | { readonly kind: 'fields'; readonly fields: Fields }
  /** `isNewer`: of a later version of this program, and to be left alone. */
  | { readonly kind: 'unreadable'; readonly reason: string; readonly isNewer: boolean };

export type Written = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const VERSION = 1;
/** Holders change one file. */
const WAIT_MS = 5_000;

/** Never throws. */
export function readVersioned(path: string): VersionedRead {
  const file = readStateFile(path);
  switch (file.kind) {
    case 'absent':
      return file;
    case 'corrupt':
      return { kind: 'unreadable', reason: file.reason, isNewer: false };
    case 'value': {
      if (!isFields(file.value))
        return { kind: 'unreadable', reason: 'of another shape', isNewer: false };
      const { version } = file.value;
      if (version === VERSION) return { kind: 'fields', fields: file.value };
      const isNewer = typeof version === 'number' && version > VERSION;
      return { kind: 'unreadable', reason: isNewer ? NEWER : 'of another shape', isNewer };
    }
  }
}

const NEWER = 'a newer version of security-guidance wrote it';

/**
 * Replaces the file by what `make` makes of it, under a lock and in one step; its folder is made, 0700. A file
 * that is no longer readable is set aside, one of a newer version is left alone. Never rejects.
 */
export async function changeVersioned(
  path: string,
  make: (before: Fields) => Fields,
): Promise<Written> {
  try {
    makePrivateDir(dirname(path));
    const lock = await acquireLock(`${path}.lock`, { waitMs: WAIT_MS });
    if (lock.kind !== 'held')
      return { ok: false, reason: lock.kind === 'busy' ? 'it is locked' : lock.reason };
    try {
      const before = readVersioned(path);
      if (before.kind === 'unreadable' && before.isNewer)
        return { ok: false, reason: before.reason };
      if (before.kind === 'unreadable') setAside(path);
      const fields = make(before.kind === 'fields' ? before.fields : {});
      replaceStateFile(path, { ...fields, version: VERSION });
      return { ok: true };
    } finally {
      lock.release();
    }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : 'unknown' };
  }
}
