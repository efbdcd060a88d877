/** Reaches a socket whose path is too long for the kernel. */
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOCKET_NAME } from './paths.ts';

/**
 * Calls `action` with a short path to the socket in `dir`: on Linux through an open descriptor of the
 * folder, elsewhere through a link in a private temporary folder. Rejects as `node:fs` throws.
 */
export async function withinFolder<T>(
  dir: string,
  action: (socket: string) => Promise<T>,
): Promise<T> {
  return process.platform === 'linux' ? throughDescriptor(dir, action) : throughLink(dir, action);
}

async function throughDescriptor<T>(
  dir: string,
  action: (socket: string) => Promise<T>,
): Promise<T> {
  const folder = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await action(`/proc/self/fd/${folder}/${SOCKET_NAME}`);
  } finally {
    closeSync(folder);
  }
}

async function throughLink<T>(dir: string, action: (socket: string) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'sg-'));
  const link = join(scratch, 'd');
  try {
    symlinkSync(dir, link);
    return await action(join(link, SOCKET_NAME));
  } finally {
    unlinkSync(link);
    rmdirSync(scratch);
  }
}
