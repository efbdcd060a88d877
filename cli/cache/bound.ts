/** How much a cache may hold: both caches are bounded alike. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Of a cache, and so of any file in it. */
export const MAX_CACHE_BYTES: number = 256 << 20;
/** What nobody has used for so long is forgotten. */
const KEEP_MS = 30 * 24 * 60 * 60 * 1000;
/** Other files, a lock for instance, are left alone. */
const CACHED = /\.(?:json|known|tmp)$/;

/**
 * Deletes files of a cache below `folder` that were not used for long, and those used least recently until at most
 * `most` bytes are left. A file was last used when it was last changed or touched; `now` is in milliseconds since 1970.
 */
export function boundCache(folder: string, now: number, most: number = MAX_CACHE_BYTES): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile() || !CACHED.test(entry.name)) return [];
    const path = join(entry.parentPath, entry.name);
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ path, size: stat.size, used: stat.mtimeMs }];
  });
  let total = 0;
  for (const { path, size, used } of files.sort((a, b) => b.used - a.used)) {
    total += size;
    if (total > most || now - used > KEEP_MS) rmSync(path, { force: true });
  }
}
