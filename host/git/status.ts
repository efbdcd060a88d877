/**
 * What `git status` knows, from a git folder of our own.
 *
 * In the repository's own git folder `status` would run the clean filters and the file system monitor that
 * its settings name. Here it sees a git folder that is made for one call: HEAD, a copy of `info/exclude`,
 * and no settings but a few harmless ones. Index, objects and worktree are the repository's. The user's own
 * settings are left out as well, since the repository's attributes could choose a filter from among them.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BytePath } from './path.ts';
import { splitZ } from './path.ts';
import type { Identity, RawChange } from './raw-diff.ts';
import type { Repo } from './repo.ts';
import { failed, ok } from './result.ts';
import type { GitResult } from './result.ts';

export interface Status {
  /** Where HEAD and the index differ. */
  readonly staged: ReadonlyMap<BytePath, RawChange>;
  /** Tracked files whose content in the worktree may differ from the index, or that are not there. */
  readonly touched: readonly BytePath[];
  /** Undefined when git could not list them: too many, or too slow. */
  readonly untracked: readonly BytePath[] | undefined;
  /** Untracked folders with a repository of their own. */
  readonly embedded: readonly BytePath[];
}

const MAX_EXCLUDE_BYTES = 1024 * 1024;

const SHA256_CONFIG = '[core]\nrepositoryformatversion = 1\n[extensions]\nobjectformat = sha256\n';

const OPTIONS = ['--porcelain=v2', '-z', '--no-renames', '--ignore-submodules=dirty'];

/** Compares HEAD, index and worktree. */
export async function readStatus(repo: Repo): Promise<GitResult<Status>> {
  let gitDir: string;
  try {
    gitDir = makeGitDir(repo);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return failed('exit', `no temporary git folder could be made: ${reason}`);
  }
  try {
    const where = ['--git-dir', gitDir, '--work-tree', repo.root, ...repo.settings];
    const env = {
      GIT_INDEX_FILE: join(repo.gitDir, 'index'),
      GIT_OBJECT_DIRECTORY: join(repo.commonDir, 'objects'),
      GIT_CONFIG_GLOBAL: devNull,
      GIT_CONFIG_NOSYSTEM: '1',
    };
    const ask = (untracked: string): Promise<GitResult<Buffer>> =>
      repo.askElsewhere({ command: 'status', args: [...OPTIONS, untracked], where, env });
    const all = await ask('--untracked-files=all');
    if (all.kind === 'ok') return ok(parseStatus(all.value, true));
    if (all.reason !== 'too-large' && all.reason !== 'timeout') return all;
    const tracked = await ask('--untracked-files=no');
    return tracked.kind === 'ok' ? ok(parseStatus(tracked.value, false)) : tracked;
  } finally {
    rmSync(gitDir, { recursive: true, force: true });
  }
}

function makeGitDir(repo: Repo): string {
  const gitDir = mkdtempSync(join(tmpdir(), 'sg-git-'));
  try {
    mkdirSync(join(gitDir, 'refs'));
    writeFileSync(join(gitDir, 'HEAD'), `${repo.head ?? 'ref: refs/heads/none'}\n`);
    if (repo.format === 'sha256') writeFileSync(join(gitDir, 'config'), SHA256_CONFIG);
    const exclude = readExclude(join(repo.commonDir, 'info', 'exclude'));
    // The one that git makes holds comments only.
    if (exclude !== undefined && /^[^#\r\n]/m.test(exclude.toString('latin1'))) {
      mkdirSync(join(gitDir, 'info'));
      writeFileSync(join(gitDir, 'info', 'exclude'), exclude);
    }
    // A split index looks for its other part in the git folder.
    for (const name of readdirSync(repo.gitDir)) {
      if (!/^sharedindex\.[0-9a-f]+$/.test(name)) continue;
      copyFileSync(join(repo.gitDir, name), join(gitDir, name));
    }
    return gitDir;
  } catch (error) {
    rmSync(gitDir, { recursive: true, force: true });
    throw error;
  }
}

function readExclude(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    file = openSync(path, flags);
    const stat = fstatSync(file);
    return stat.isFile() && stat.size <= MAX_EXCLUDE_BYTES ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const CHANGED = /^1 (.)(.) \S+ (\d+) (\d+) \d+ ([0-9a-f]+) ([0-9a-f]+) ([^]*)$/;
const UNMERGED = /^u \S+ \S+ \d+ (\d+) \d+ \d+ [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+ ([^]*)$/;

function parseStatus(output: Buffer, withUntracked: boolean): Status {
  const staged = new Map<BytePath, RawChange>();
  const touched: BytePath[] = [];
  const untracked: BytePath[] = [];
  const embedded: BytePath[] = [];
  for (const line of splitZ(output)) {
    if (line.startsWith('? ')) {
      if (line.endsWith('/')) embedded.push(line.slice(2, -1));
      else untracked.push(line.slice(2));
      continue;
    }
    const [, inIndex, inWorktree, mode = '', newMode = '', oid = '', newOid = '', path = ''] =
      CHANGED.exec(line) ?? [];
    if (inIndex !== undefined && inIndex !== '.') {
      const after = identity(newMode, newOid);
      staged.set(path, { before: identity(mode, oid), after, unmerged: false });
    }
    if (inWorktree !== undefined && inWorktree !== '.') touched.push(path);
    const [, ours = '', oursOid = '', conflict] = UNMERGED.exec(line) ?? [];
    if (conflict !== undefined) {
      // The second side of a conflict is HEAD's.
      staged.set(conflict, { before: identity(ours, oursOid), after: undefined, unmerged: true });
      touched.push(conflict);
    }
  }
  return { staged, touched, untracked: withUntracked ? untracked : undefined, embedded };
}

function identity(mode: string, oid: string): Identity | undefined {
  return mode === '000000' ? undefined : { mode, oid };
}
