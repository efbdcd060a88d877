/**
 * Where a session's turn stands: how it began, whether it was reviewed, what was found. Shared by the hooks of a
 * session, which are processes of their own; each change is made under a lock and written in one step.
 */
import { join } from 'node:path';
import { CLOSED } from '../../orchestrator/breaker.ts';
import type { BreakerState } from '../../orchestrator/breaker.ts';
import { collectDaily } from './collect.ts';
import { makePrivateDir } from './dir.ts';
import { readStateFile, replaceStateFile, setAside } from './file.ts';
import { turnFileName } from './key.ts';
import { acquireLock } from './lock.ts';

/** A finding that the session was told. */
export interface ToldFinding {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly path: string;
  readonly category: string;
  readonly title: string;
}

export interface TurnState {
  /** Raised by each prompt, so that a review knows whether the turn went on without it. */
  readonly round: number;
  /** Of `host/git/snapshot.ts`, to be parsed by it; undefined when there is none. */
  readonly snapshot: unknown;
  /** Why there is no snapshot; empty when there is one, or was no turn yet. */
  readonly noSnapshot: string;
  /** Whether everything since the snapshot has a verdict, or will never have one. */
  readonly settled: boolean;
  /** Wakes in a row. */
  readonly firings: number;
  /** When wakes were first held back, in milliseconds since 1970; 0 when they are not. */
  readonly heldSince: number;
  readonly breaker: BreakerState;
  readonly told: readonly ToldFinding[];
  /** Identities of hunks that were reviewed clean, the newest last. */
  readonly clean: readonly string[];
  /** Notices that are yet to be shown to the user. */
  readonly notices: readonly string[];
  /** Key of the stand-ins for secrets, and marker of the policy in requests. */
  readonly key: string;
  readonly policy: string;
}

export type TurnRead =
  | { readonly kind: 'absent' }
  | { readonly kind: 'state'; readonly state: TurnState }
  | { readonly kind: 'corrupt'; readonly reason: string };

export interface TurnStore {
  /** Without a lock: what was written last. */
  read(): TurnRead;
  /** Resolves with the state as it is now, or why it could not be written. Never rejects. */
  change(make: (state: TurnState) => TurnState): Promise<TurnWritten>;
}

export type TurnWritten =
  | { readonly kind: 'written'; readonly state: TurnState }
  | { readonly kind: 'failed'; readonly reason: string };

const MAX_TOLD = 200;
const MAX_CLEAN = 2_000;
const MAX_NOTICES = 10;
/** Holders change one small file. */
const WAIT_MS = 2_000;

/** `dir` undefined: nothing is remembered. `key` is as `sessionKey` makes it; `now` gives milliseconds since 1970. */
export function openTurnStore(dir: string | undefined, key: string, now: () => number): TurnStore {
  if (dir === undefined)
    return {
      read: () => ({ kind: 'absent' }),
      change: () => Promise.resolve({ kind: 'failed', reason: 'there is no state folder' }),
    };
  const path = join(dir, turnFileName(key));
  const read = (): TurnRead => {
    const file = readStateFile(path);
    if (file.kind !== 'value') return file;
    const state = decode(file.value);
    return state === undefined
      ? { kind: 'corrupt', reason: 'of another shape' }
      : { kind: 'state', state };
  };
  return {
    read,
    async change(make) {
      try {
        makePrivateDir(dir);
        const lock = await acquireLock(path.replace(/json$/, 'lock'), { waitMs: WAIT_MS });
        if (lock.kind !== 'held')
          return { kind: 'failed', reason: lock.kind === 'busy' ? 'it is locked' : lock.reason };
        try {
          const before = read();
          if (before.kind === 'corrupt') setAside(path);
          const state = bounded(make(before.kind === 'state' ? before.state : newState()));
          replaceStateFile(path, state);
          if (before.kind === 'absent') collectDaily(dir, now());
          return { kind: 'written', state };
        } finally {
          lock.release();
        }
      } catch (error) {
        return { kind: 'failed', reason: error instanceof Error ? error.message : 'unknown' };
      }
    },
  };
}

function newState(): TurnState {
  return {
    round: 0,
    snapshot: undefined,
    noSnapshot: '',
    settled: true,
    firings: 0,
    heldSince: 0,
    breaker: CLOSED,
    told: [],
    clean: [],
    notices: [],
    key: randomHex(),
    policy: randomHex(),
  };
}

/** 128 bits. Not by `node:crypto`, which takes a fifth of a short process's time to load. */
function randomHex(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
}

function bounded(state: TurnState): TurnState {
  return {
    ...state,
    told: state.told.slice(-MAX_TOLD),
    clean: [...new Set(state.clean)].slice(-MAX_CLEAN),
    notices: state.notices.slice(-MAX_NOTICES),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Undefined without the parts that requests are made of; other parts begin anew where they are of another shape. */
function decode(value: unknown): TurnState | undefined {
  if (!isFields(value)) return undefined;
  const { key, policy, breaker } = value;
  if (!isHex(key) || !isHex(policy)) return undefined;
  return {
    round: number(value['round']),
    snapshot: value['snapshot'],
    noSnapshot: text(value['noSnapshot']),
    settled: value['settled'] === true,
    firings: number(value['firings']),
    heldSince: number(value['heldSince']),
    breaker: { failures: number(isFields(breaker) ? breaker['failures'] : 0) },
    told: list(value['told'])
      .filter(isFields)
      .map((each) => ({
        key: text(each['key']),
        at: number(each['at']),
        path: text(each['path']),
        category: text(each['category']),
        title: text(each['title']),
      })),
    clean: list(value['clean']).filter((each) => typeof each === 'string'),
    notices: list(value['notices']).filter((each) => typeof each === 'string'),
    key,
    policy,
  };
}

function isHex(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
