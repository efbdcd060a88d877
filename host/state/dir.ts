/** Makes a folder that only the user can enter. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes `path`, 0700, with the folders above it; one that exists keeps its mode. Throws as `node:fs`
 * does. Not `recursive: true`: that never returns below `/proc` on Node 20.
 */
export function makePrivateDir(path: string): void {
  // An error costs more than the question.
  if (existsSync(path) || made(path)) return;
  makePrivateDir(dirname(path));
  // Who made the folder above it at the same time may have made this one, too.
  if (!made(path)) mkdirSync(path, { mode: 0o700 });
}

/** False when a folder above it is missing. */
function made(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT' && dirname(path) !== path) return false;
    throw error;
  }
}
