/**
 * What a session was already told. The file is shared with other processes and with older versions of
 * the plugin: keys that this module does not know are kept as they are.
 */
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { collectDaily } from './collect.ts';
import { makePrivateDir } from './dir.ts';
import { readStateFile, setAside } from './file.ts';
import { stateFileName } from './key.ts';
import { acquireLock } from './lock.ts';
import type { LockOptions } from './lock.ts';

/** What is told at most once a session: findings by file and rule, and notices by name. */
const TELLINGS = ['shown_warnings', 'shown_notices'] as const;
type Telling = (typeof TELLINGS)[number];

export interface Ledger {
  /**
   * Those of `keys` that the session was not told yet, in order, and records them as told. Where the
   * state cannot be read or written all of them count as new: saying a thing twice beats not saying it.
   * Never rejects.
   *
   * `by` names the tool call on whose behalf this is: what it claimed before is new to it again, so that
   * an answer which never arrived can be given once more by another process.
   */
  claim(telling: Telling, keys: readonly string[], by?: string): Promise<string[]>;
}

/** What a session was told, oldest first; nothing where that cannot be read. */
export function readTold(dir: string, key: string, telling: Telling): readonly string[] {
  const file = readStateFile(join(dir, stateFileName(key)));
  return file.kind === 'value' ? strings(stateOf(file.value)?.[telling]) : [];
}

export interface LedgerOptions {
  /** Undefined: nothing is remembered. */
  readonly dir: string | undefined;
  /** As `sessionKey` makes it. */
  readonly key: string;
  readonly log: Log;
  readonly now: () => number;
  readonly lock?: LockOptions;
}

type State = Record<string, unknown>;

/** Newest told keys kept a session; a session that passes it may hear the oldest again. */
const MAX_KEYS = 10_000;
/** Tool calls whose claims are kept; an answer is given again within seconds or not at all. */
const MAX_CLAIMS = 50;

/** What one tool call claimed. */
interface Claim {
  readonly by: string;
  readonly telling: Telling;
  readonly keys: readonly string[];
}

export function createLedger(options: LedgerOptions): Ledger {
  const { dir, key, log, now } = options;
  return {
    async claim(telling, keys, by) {
      if (keys.length === 0 || dir === undefined) return [...keys];
      const path = join(dir, stateFileName(key));
      try {
        makePrivateDir(dir);
      } catch (error) {
        log.write('state-unavailable', { reason: messageOf(error) });
        return [...keys];
      }
      const lock = await acquireLock(lockPath(path), options.lock);
      const before = load(path, log);
      const told = new Set(strings(before.state[telling]));
      const claims = claimsOf(before.state['claims']);
      const own = new Set(
        claims.flatMap((each) => (each.by === by && each.telling === telling ? each.keys : [])),
      );
      const fresh = [...new Set(keys)].filter((each) => !told.has(each) || own.has(each));
      if (lock.kind !== 'held') {
        // Without the lock another process's write could be undone; not remembering costs less.
        log.write('state-not-locked', { outcome: lock.kind });
        return fresh;
      }
      try {
        if (before.isCorrupt) setAside(path);
        if (fresh.every((each) => told.has(each))) return fresh;
        const list = [...new Set([...told, ...fresh])].slice(-MAX_KEYS);
        const claimed =
          by === undefined
            ? {}
            : { claims: [...claims, { by, telling, keys: fresh }].slice(-MAX_CLAIMS) };
        lock.become(path, JSON.stringify({ ...before.state, [telling]: list, ...claimed }));
        if (before.isNew) collectDaily(dir, now());
      } catch (error) {
        log.write('state-not-written', { reason: messageOf(error) });
      } finally {
        lock.release();
      }
      return fresh;
    },
  };
}

function lockPath(statePath: string): string {
  return statePath.replace(/json$/, 'lock');
}

interface Loaded {
  readonly state: State;
  readonly isNew: boolean;
  readonly isCorrupt: boolean;
}

function load(path: string, log: Log): Loaded {
  const file = readStateFile(path);
  if (file.kind === 'absent') return { state: {}, isNew: true, isCorrupt: false };
  const state = file.kind === 'value' ? stateOf(file.value) : undefined;
  if (state !== undefined) return { state, isNew: false, isCorrupt: false };
  log.write('state-corrupt', { reason: file.kind === 'corrupt' ? file.reason : 'not an object' });
  return { state: {}, isNew: false, isCorrupt: true };
}

/** The oldest versions wrote the list alone. */
function stateOf(value: unknown): State | undefined {
  if (Array.isArray(value)) return { shown_warnings: strings(value) };
  return isState(value) ? value : undefined;
}

function isState(value: unknown): value is State {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function claimsOf(value: unknown): Claim[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    if (!isState(each) || typeof each['by'] !== 'string') return [];
    const telling = TELLINGS.find((name) => name === each['telling']);
    return telling === undefined ? [] : [{ by: each['by'], telling, keys: strings(each['keys']) }];
  });
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
