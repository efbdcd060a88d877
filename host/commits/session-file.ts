/** What a session saw of its repositories when it last looked, and what it must not forget until it is dealt with. */
import { join } from 'node:path';
import type { Look, NewCommit, Pushed } from '../git/look.ts';
import { makePrivateDir } from '../state/dir.ts';
import { readStateFile, replaceStateFile } from '../state/file.ts';
import { commitsFileName } from '../state/key.ts';

export interface SeenRepo {
  /** Real path of a working tree of it. */
  readonly root: string;
  readonly look: Look;
  /** Made or pushed while no command of this session is known to have run; a later hook may tell that one did. */
  readonly loose: { readonly commits: readonly NewCommit[]; readonly pushed: readonly Pushed[] };
}

export interface SessionCommits {
  /** By the real path of the git folder that its worktrees share. */
  readonly repos: Readonly<Record<string, SeenRepo>>;
  /** Since when a command may run in the background, in milliseconds since 1970; 0 when none does. */
  readonly backgroundSince: number;
  /** What the user is yet to be told, in words. */
  readonly unsaid: readonly string[];
}

export const NOTHING_SEEN: SessionCommits = { repos: {}, backgroundSince: 0, unsaid: [] };

/** The last that were looked at. */
const MAX_REPOS = 24;

export function readSession(dir: string, key: string): SessionCommits {
  const file = readStateFile(join(dir, commitsFileName(key)));
  return file.kind === 'value' && isSession(file.value) ? file.value : NOTHING_SEEN;
}

/** Throws as `node:fs` does. */
export function writeSession(dir: string, key: string, session: SessionCommits): void {
  makePrivateDir(dir);
  const newest = Object.entries(session.repos)
    .sort(([, a], [, b]) => b.look.at - a.look.at)
    .slice(0, MAX_REPOS);
  const repos = Object.fromEntries(newest);
  replaceStateFile(join(dir, commitsFileName(key)), { version: 1, ...session, repos });
}

/** The file is private and written in one step: its parts are looked at, not every field. */
function isSession(value: unknown): value is SessionCommits {
  if (!isRecord(value)) return false;
  const { version, repos, backgroundSince, unsaid } = value;
  return (
    version === 1 &&
    typeof backgroundSince === 'number' &&
    Array.isArray(unsaid) &&
    unsaid.every((each) => typeof each === 'string') &&
    isRecord(repos) &&
    Object.values(repos).every(isSeen)
  );
}

function isSeen(value: unknown): value is SeenRepo {
  if (!isRecord(value)) return false;
  const { root, look, loose } = value;
  return (
    typeof root === 'string' &&
    isRecord(look) &&
    typeof look['at'] === 'number' &&
    typeof look['stamp'] === 'string' &&
    isRecord(look['refs']) &&
    isRecord(look['logs']) &&
    isRecord(loose) &&
    Array.isArray(loose['commits']) &&
    Array.isArray(loose['pushed'])
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
