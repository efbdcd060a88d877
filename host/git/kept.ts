/**
 * Keeps the content that files had at a snapshot and that git does not have: of modified and untracked
 * files. Content-addressed, private to the user, so that the snapshot itself holds no code.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ContentStore {
  /** Keeps `bytes` if they are small enough; never throws. */
  put(oid: string, bytes: Uint8Array): void;
  get(oid: string): Uint8Array | undefined;
}

export interface KeepLimits {
  readonly maxFileBytes: number;
  /** Of one snapshot. */
  readonly maxTotalBytes: number;
}

const LIMITS: KeepLimits = { maxFileBytes: 256 * 1024, maxTotalBytes: 16 * 1024 * 1024 };
const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** A store in `folder`, made 0700 when first written to; files are 0600. */
export function openContentStore(folder: string, limits: KeepLimits = LIMITS): ContentStore {
  let total = 0;
  return {
    put(oid, bytes) {
      if (!OID.test(oid) || bytes.length > limits.maxFileBytes) return;
      if (total + bytes.length > limits.maxTotalBytes) return;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        // The name says the content, so one that is there needs no second writing.
        writeFileSync(join(folder, oid), bytes, { flag: 'wx', mode: 0o600 });
        total += bytes.length;
      } catch {
        // Without kept content a review sees the file as it was at the last commit.
      }
    },
    get(oid) {
      if (!OID.test(oid)) return undefined;
      try {
        return readFileSync(join(folder, oid));
      } catch {
        return undefined;
      }
    },
  };
}

/** Deletes what is not among `oids`. Never throws. */
export function keepOnly(folder: string, oids: ReadonlySet<string>): void {
  try {
    for (const name of readdirSync(folder))
      if (OID.test(name) && !oids.has(name)) unlinkSync(join(folder, name));
  } catch {
    // Nothing was kept, or another process collects too.
  }
}

/** Deletes what was kept before `olderThanMs` (since the epoch). Never throws. */
export function collectContent(folder: string, olderThanMs: number): void {
  try {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (OID.test(name) && statSync(path).mtimeMs < olderThanMs) unlinkSync(path);
    }
  } catch {
    // Nothing was kept, or another process collects too.
  }
}
