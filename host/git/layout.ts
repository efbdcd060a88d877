/**
 * Finds the `.git` of a folder and makes sure that it is the folder's own.
 *
 * A `.git` can lead elsewhere: a file naming a git folder, a `commondir` file, symbolic links in place of
 * its parts. Anything that could make another repository's files look like old content of this one is
 * refused. A linked worktree and a submodule are accepted where the other side points back.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { failed, ok } from './result.ts';
import type { GitResult } from './result.ts';

export interface Layout {
  /** Real path of the working tree. */
  readonly root: string;
  /** Real path of this worktree's own git folder. */
  readonly gitDir: string;
  /** Real path of what worktrees share: objects, refs. The same as `gitDir` but for linked worktrees. */
  readonly commonDir: string;
  /** `.git` is a file whose target has no link back of its own: git must confirm it by `core.worktree`. */
  readonly needsWorktreeSetting: boolean;
}

const MAX_POINTER_BYTES = 4096;
const MAX_SYMBOLIC_REFS = 5;
/** Parts of a git folder that must be its own: content, and the names by which content is found. */
const OWN_PARTS = ['HEAD', 'index', 'config', 'config.worktree', 'logs', 'logs/HEAD'];
const COMMON_PARTS = [
  'packed-refs',
  'refs',
  'refs/heads',
  'objects',
  'objects/info',
  'objects/pack',
];

/** The repository that `folder` (absolute) is in; `exactly`: only if `folder` is its root. */
export function findLayout(folder: string, exactly = false): GitResult<Layout> {
  const nothing = failed('not-a-repo', `no .git in ${folder}${exactly ? '' : ' or above'}`);
  let root: string;
  try {
    root = realpathSync(folder);
  } catch {
    return failed('not-a-repo', `${folder} is no folder that can be read`);
  }
  for (;;) {
    const stat = statOf(join(root, '.git'));
    if (stat !== undefined) return layoutOf(root, stat);
    const parent = dirname(root);
    if (exactly || parent === root) return nothing;
    root = parent;
  }
}

function layoutOf(root: string, stat: Stats): GitResult<Layout> {
  const dotGit = join(root, '.git');
  if (stat.isSymbolicLink()) return redirected(`${dotGit} is a symbolic link`);
  const pointer = stat.isFile() ? readPointer(dotGit, 'gitdir: ') : dotGit;
  const gitDir = pointer === undefined ? undefined : realPathOf(resolve(root, pointer));
  if (gitDir === undefined) return redirected(`${dotGit} names no git folder`);
  const commonPointer = readPointer(join(gitDir, 'commondir'), '');
  const commonDir =
    commonPointer === undefined ? gitDir : realPathOf(resolve(gitDir, commonPointer));
  if (commonDir === undefined) return redirected(`${gitDir}/commondir names no folder`);
  const linked = stat.isFile() && dirname(gitDir) === join(commonDir, 'worktrees');
  if (commonPointer !== undefined && !(linked && pointsBack(gitDir, dotGit))) {
    return redirected(`${dotGit} leads to ${commonDir}, which does not know this folder`);
  }
  const foreign = foreignPart(gitDir, commonDir);
  if (foreign !== undefined) return redirected(`${foreign} is a symbolic link`);
  const needsWorktreeSetting = stat.isFile() && commonPointer === undefined;
  return ok({ root, gitDir, commonDir, needsWorktreeSetting });
}

function pointsBack(gitDir: string, dotGit: string): boolean {
  const back = readPointer(join(gitDir, 'gitdir'), '');
  return back !== undefined && realPathOf(resolve(gitDir, back)) === dotGit;
}

/** A part that is a symbolic link, or the ref that HEAD stands for if that is one. */
function foreignPart(gitDir: string, commonDir: string): string | undefined {
  const parts = [
    ...OWN_PARTS.map((part) => join(gitDir, part)),
    ...COMMON_PARTS.map((part) => join(commonDir, part)),
  ];
  return parts.find(isLink) ?? foreignRef(gitDir, commonDir);
}

function foreignRef(gitDir: string, commonDir: string): string | undefined {
  let file = join(gitDir, 'HEAD');
  for (let step = 0; step < MAX_SYMBOLIC_REFS; step++) {
    const ref = readPointer(file, 'ref: ');
    if (ref === undefined) return undefined;
    const segments = ref.split('/');
    if (segments[0] !== 'refs' || segments.includes('..')) return file;
    const folders = segments.map((_, end) => segments.slice(0, end + 1).join('/'));
    for (const base of new Set([gitDir, commonDir])) {
      const link = folders.map((part) => join(base, part)).find(isLink);
      if (link !== undefined) return link;
    }
    file = join(commonDir, ref);
  }
  return file;
}

/** The text after `prefix` in a one-line file, or undefined. Never follows a symbolic link. */
export function readPointer(path: string, prefix: string): string | undefined {
  const text = readSmallFile(path)?.toString('utf8');
  if (text === undefined || !text.startsWith(prefix)) return undefined;
  const target = text.slice(prefix.length).replace(/[\r\n]+$/, '');
  return target === '' || target.includes('\0') ? undefined : target;
}

function readSmallFile(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    if (!fstatSync(file).isFile()) return undefined;
    const bytes = Buffer.alloc(MAX_POINTER_BYTES);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function isLink(path: string): boolean {
  return statOf(path)?.isSymbolicLink() === true;
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function redirected(detail: string): GitResult<never> {
  return failed('redirected', detail);
}
