/** Becoming the one service of a folder, noticing when that ends, and leaving without a trace. */
import { chmodSync, lstatSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from 'node:http';
import { askService } from '../../host/service/client.ts';
import { ping } from '../../host/service/health/ping.ts';
import { StartError } from '../../host/service/health/start-error.ts';
import { isOlder } from '../../host/service/health/version.ts';
import { PROTOCOL, SERVICE_FILE, serviceAddress, SOCKET_NAME } from '../../host/service/paths.ts';
import { acquireLock } from '../../host/state/lock.ts';
import { replaceStateFile } from '../../host/state/file.ts';

const PING_MS = 1_000;
const LOCK_WAIT_MS = 5_000;
const LOCK_STALE_MS = 30_000;
const RETIRE_MS = 3_000;

export interface ServiceIdentity {
  readonly version: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** A listening socket that is ours as long as `isMine` says so. */
export interface HeldAddress {
  isMine(): boolean;
  /** Removes the socket when it is still ours. Never throws. */
  leave(): void;
}

export type HoldOutcome =
  | { readonly kind: 'held'; readonly address: HeldAddress }
  /** The same version or a newer one serves already. */
  | { readonly kind: 'served' };

/**
 * Makes `server` listen for `dir`, which is the current folder, replacing an older version and what a dead
 * one left. Throws a StartError.
 */
export async function holdAddress(
  dir: string,
  server: Server,
  identity: ServiceIdentity,
): Promise<HoldOutcome> {
  const lock = await acquireLock(join(dir, 'service.lock'), {
    waitMs: LOCK_WAIT_MS,
    staleMs: LOCK_STALE_MS,
  });
  if (lock.kind === 'busy') throw new StartError('lock', 'lock-held', 'another start takes long');
  if (lock.kind === 'unavailable')
    throw new StartError(
      'lock',
      'permission',
      Object.assign(new Error(`the lock cannot be made: ${lock.reason}`), { code: lock.reason }),
    );
  try {
    const pong = await ping(dir, PING_MS);
    if (pong.kind === 'version') {
      if (!isOlder(pong.version, identity.version)) return { kind: 'served' };
      await retire(dir);
    }
    if (process.platform !== 'win32') removeStale(dir);
    await listen(server, process.platform === 'win32' ? serviceAddress(dir) : SOCKET_NAME);
    replaceStateFile(join(dir, SERVICE_FILE), { ...identity, protocol: PROTOCOL });
    return { kind: 'held', address: held(dir) };
  } finally {
    lock.release();
  }
}

/** Resolves when the older service has let go of the socket, or has had its time to. */
async function retire(dir: string): Promise<void> {
  await askService(dir, { method: 'POST', path: `/${PROTOCOL}/retire`, timeoutMs: PING_MS });
  const until = performance.now() + RETIRE_MS;
  while (performance.now() < until) {
    if ((await ping(dir, PING_MS)).kind === 'none') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The folder is ours alone: whatever is in the socket's place is of a service that does not answer. */
function removeStale(dir: string): void {
  try {
    unlinkSync(join(dir, SOCKET_NAME));
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT') throw new StartError('listen', 'stale-socket', error);
  }
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The name is relative: a path from the root may be longer than a socket's may be.
    server.listen(address, () => {
      server.off('error', reject);
      if (process.platform !== 'win32') chmodSync(SOCKET_NAME, 0o600);
      resolve();
    });
  });
}

function held(dir: string): HeldAddress {
  if (process.platform === 'win32') return { isMine: () => true, leave: () => undefined };
  const path = join(dir, SOCKET_NAME);
  const own = lstatSync(path);
  const folder = statSync(dir);
  const isMine = (): boolean => {
    try {
      const now = lstatSync(path);
      const there = statSync(dir);
      return (
        now.ino === own.ino &&
        now.dev === own.dev &&
        there.ino === folder.ino &&
        there.dev === folder.dev
      );
    } catch {
      return false;
    }
  };
  return {
    isMine,
    leave() {
      if (!isMine()) return;
      try {
        unlinkSync(path);
        unlinkSync(join(dir, SERVICE_FILE));
      } catch {
        // Gone with its folder.
      }
    },
  };
}
