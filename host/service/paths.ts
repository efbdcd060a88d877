/** Where the resident service of a state folder is reached. */
import { createHash } from 'node:crypto';
import { posix, win32 } from 'node:path';

/** Changes with what client and service say to each other; part of every request's path. */
export const PROTOCOL = 1;

/** Name of the Unix socket in the service's folder. */
export const SOCKET_NAME = 's';

/** File in the service's folder that says which process serves. */
export const SERVICE_FILE = 'service.json';

/** Kernels take a socket path of 104 to 108 bytes; a longer one is reached from inside its folder. */
export const MAX_SOCKET_PATH = 100;

/** The service's folder, 0700; `stateDir` is absolute. */
export function serviceDir(stateDir: string, platform: NodeJS.Platform = process.platform): string {
  return (platform === 'win32' ? win32 : posix).join(stateDir, 'service');
}

/**
 * What to connect to: the socket's path, or on Windows a pipe that is named after the folder. Pipes share
 * one name space between users, and there two spellings of a folder are one folder.
 */
export function serviceAddress(dir: string, platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'win32') return posix.join(dir, SOCKET_NAME);
  const folder = win32.normalize(dir).replace(/\\+$/, '').toLowerCase();
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  return `\\\\.\\pipe\\security-guidance-${name}`;
}
