/** Makes a folder that only the user can enter. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes `path`, 0700, with the folders above it; one that exists keeps its mode. Throws as `node:fs`
 * does. Not `recursive: true`: that never returns below `/proc` on Node 20.
 */
export function makePrivateDir(path: string): void {
  // An error costs more than the question.
  if (existsSync(path)) return;
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    makePrivateDir(parent);
    mkdirSync(path, { mode: 0o700 });
  }
}
