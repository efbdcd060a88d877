/** The ledger's file: a repository may bring along one of its own, so that nothing in it is believed unseen. */
import type { Owner } from '../state/owner.ts';

export interface CommitEntry {
  readonly state: 'noticed' | 'reviewed' | 'left';
  /** Of the session that noticed it, a hash. */
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Reviews that failed. */
  readonly tries: number;
  /** See `NewCommit`. */
  readonly amends?: string;
  readonly copies?: string;
  /** Who reviews it, since when. */
  readonly owner?: Owner & { readonly at: number };
}

/** By full id. */
export type Commits = ReadonlyMap<string, CommitEntry>;

const ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const HASH = /^[0-9a-f]{16}$/;
const STATES = ['noticed', 'reviewed', 'left'] as const;
const MAX_ENTRIES = 10_000;

/** Undefined for what is no ledger; entries of another shape are left out. */
export function decodeLedger(value: unknown): Commits | undefined {
  if (!isFields(value) || value['version'] !== 1 || !isFields(value['commits'])) return undefined;
  const entries = Object.entries(value['commits']).slice(0, MAX_ENTRIES);
  return new Map(
    entries.flatMap(([id, fields]) => {
      const entry = ID.test(id) && isFields(fields) ? decodeEntry(fields) : undefined;
      return entry === undefined ? [] : [[id, entry] as const];
    }),
  );
}

type Fields = Readonly<Record<string, unknown>>;

function decodeEntry(fields: Fields): CommitEntry | undefined {
  const { by, at, tries, amends, copies, owner } = fields;
  const state = STATES.find((each) => each === fields['state']);
  if (state === undefined || typeof by !== 'string' || !HASH.test(by)) return undefined;
  if (!isCount(at) || !isCount(tries)) return undefined;
  const held = decodeOwner(owner);
  return {
    state,
    by,
    at,
    tries,
    ...(isId(amends) ? { amends } : {}),
    ...(isId(copies) ? { copies } : {}),
    ...(held === undefined ? {} : { owner: held }),
  };
}

function decodeOwner(value: unknown): CommitEntry['owner'] {
  if (!isFields(value)) return undefined;
  const { pid, start, at } = value;
  const isPid = isCount(pid) && Number.isSafeInteger(pid) && pid > 0 && pid < 2 ** 31;
  if (!isPid || !isCount(at) || typeof start !== 'string' || !/^\d{0,20}$/.test(start))
    return undefined;
  return { pid, start, at };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
