/**
 * The cache of corpus runs: a folder for each corpus below the user's cache folder, 0700, with JSON files, 0600,
 * each replaced in one step. What is missing, broken or of another engine counts as not known; nothing is lost
 * with it but time.
 */
import { createHash } from 'node:crypto';
import { readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateDir } from '../../host/state/dir.ts';
import { readPlainFile, replaceStateFile } from '../../host/state/file.ts';

const MAX_FILE_BYTES: number = 128 * 1024 * 1024;

export function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('base64url').slice(0, 22);
}

export class CorpusCache {
  readonly folder: string;
  /** False: another run has the folder, or it cannot be written. */
  readonly canWrite: boolean;

  constructor(folder: string, canWrite: boolean) {
    this.folder = folder;
    this.canWrite = canWrite;
  }

  /** The value in a file, undefined when there is none that can be read. */
  read(name: string): unknown {
    const path = join(this.folder, `${name}.json`);
    const file = readPlainFile(path, (descriptor, size) => {
      if (size > MAX_FILE_BYTES) throw new Error(`${size} bytes`);
      return JSON.parse(readFileSync(descriptor, 'utf8')) as unknown;
    });
    return file.kind === 'read' ? file.value : undefined;
  }

  /** Why it was not written; undefined when it was, or is not to be. */
  write(name: string, value: unknown): string | undefined {
    if (!this.canWrite) return undefined;
    try {
      replaceStateFile(join(this.folder, `${name}.json`), value);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Keeps a file that was read from being the next to go. */
  touch(name: string, now: Date): void {
    if (!this.canWrite) return;
    try {
      utimesSync(join(this.folder, `${name}.json`), now, now);
    } catch {
      // It is gone, and will be made again.
    }
  }
}

/** The folder of the corpus at `root`, made when it is not there; undefined when that cannot be. */
export function corpusFolder(cache: string | undefined, root: string): string | undefined {
  if (cache === undefined) return undefined;
  const folder = join(cache, 'corpus', hashOf(root));
  try {
    makePrivateDir(folder);
    return folder;
  } catch {
    return undefined;
  }
}
