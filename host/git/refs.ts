/** Where the branches, the remote-tracking refs and the worktrees' HEADs of a repository stand. */
import { lstatSync, readdirSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { readPointer } from './layout.ts';
import type { Layout } from './layout.ts';
import { readRefLog } from './ref-log.ts';
import type { RefLog } from './ref-log.ts';
import type { Repo } from './repo.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';

/** Names are `refs/…`, and `HEAD` or `worktrees/NAME/HEAD` for HEADs; values are full ids. */
export type Refs = Readonly<Record<string, string>>;

/** Refs that are looked at: branches come first. */
const MAX_REFS = 5_000;
const MAX_WORKTREES = 50;
/** Folders and entries of `refs` that are looked at by their times. */
const MAX_ENTRIES = 10_000;
/** A symbolic ref has its target in between, and stands for nothing of its own. */
const LINE = /^([0-9a-f]{40,64}) {2}(refs\/(?:heads|remotes)\/.+)$/;

type Places = Pick<Layout, 'commonDir'>;

export async function readRefs(repo: Repo): Promise<GitResult<Refs>> {
  const format = '--format=%(objectname) %(symref) %(refname)';
  const args = [format, `--count=${MAX_REFS}`, 'refs/heads/', 'refs/remotes/'];
  const answer = await repo.ask({ command: 'for-each-ref', args });
  if (answer.kind === 'failed') return answer;
  const refs: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of answer.value.toString('utf8').split('\n')) {
    const [, id, name] = LINE.exec(line) ?? [];
    if (id !== undefined && name !== undefined) refs[name] = id;
  }
  for (const name of headNames(repo)) {
    const path = join(repo.commonDir, name);
    const branch = readPointer(path, 'ref: ');
    const id = branch === undefined ? readPointer(path, '') : refs[branch];
    if (id !== undefined && /^[0-9a-f]{40,64}$/.test(id)) refs[name] = id;
  }
  return ok(refs);
}

export function isRemote(name: string): boolean {
  return name.startsWith('refs/remotes/');
}

/** `HEAD`, and those of linked worktrees, relative to the common folder. */
export function headNames({ commonDir }: Places): readonly string[] {
  const linked = entriesOf(join(commonDir, 'worktrees'))
    .filter((entry) => entry.isDirectory())
    .slice(0, MAX_WORKTREES)
    .map(({ name }) => `worktrees/${name}/HEAD`);
  return ['HEAD', ...linked];
}

/** The log of the ref of that name. */
export function logOf({ commonDir }: Places, name: string, fromByte = 0): RefLog {
  const path =
    name.endsWith('/HEAD') && name.startsWith('worktrees/')
      ? join(commonDir, name.slice(0, -'HEAD'.length), 'logs', 'HEAD')
      : join(commonDir, 'logs', name);
  return readRefLog(path, fromByte);
}

export interface RefStamp {
  /** The same as long as no ref moved; not the same is not certain. */
  readonly text: string;
  /** When any of them was last written, in milliseconds since 1970. */
  readonly newestMs: number;
}

/** Tells by file times alone whether refs may have moved: git replaces a ref's file, which dates its folder. */
export function refStamp(places: Places): RefStamp {
  const { commonDir } = places;
  const parts: string[] = [];
  let newestMs = 0;
  const add = (path: string): void => {
    const stat = statOf(path);
    if (stat === undefined) return;
    newestMs = Math.max(newestMs, stat.mtimeMs);
    parts.push(`${stat.ino}.${stat.size}.${stat.mtimeMs}`);
  };
  for (const head of headNames(places)) {
    const folder = join(commonDir, head.slice(0, -'HEAD'.length));
    add(join(folder, 'HEAD'));
    add(join(folder, 'logs', 'HEAD'));
  }
  for (const name of ['packed-refs', 'reftable/tables.list']) add(join(commonDir, name));
  const folders = ['refs/heads', 'refs/remotes'].map((name) => join(commonDir, name));
  let left = MAX_ENTRIES;
  for (let folder = folders.pop(); folder !== undefined && left > 0; folder = folders.pop()) {
    add(folder);
    const inside = entriesOf(folder);
    left -= inside.length + 1;
    for (const entry of inside) if (entry.isDirectory()) folders.push(join(folder, entry.name));
  }
  return { text: parts.join(' '), newestMs };
}

/** Nothing for what is no folder, or a link to one. */
function entriesOf(folder: string): readonly { name: string; isDirectory(): boolean }[] {
  try {
    return statOf(folder)?.isDirectory() === true
      ? readdirSync(folder, { withFileTypes: true })
      : [];
  } catch {
    return [];
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
