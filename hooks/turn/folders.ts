/** Which repositories a turn is about, told by looking at folders alone. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Config } from '../../host/config.ts';
import { findLayout } from '../../host/git/layout.ts';
import type { Snapshot } from '../../host/git/snapshot.ts';

/** Repositories beside the project's own that count. */
const MAX_OTHERS = 10;

/** Roots (real paths) of the repositories of `folders`, each once, in order. */
export function rootsOf(folders: readonly (string | undefined)[]): readonly string[] {
  const roots = new Set<string>();
  for (const folder of new Set(folders)) {
    if (folder === undefined || roots.size > MAX_OTHERS) continue;
    const layout = findLayout(folder);
    if (layout.kind === 'ok') roots.add(layout.value.root);
    // Git says what is wrong with it.
    else if (layout.reason !== 'not-a-repo') roots.add(folder);
  }
  return [...roots];
}

/** The project first, then where the agent is. */
export function turnFolders(
  { projectDir }: Pick<Config, 'projectDir'>,
  cwd: string | undefined,
): readonly string[] {
  return [projectDir, cwd].filter((folder) => folder !== undefined);
}

/** Roots beside those of `snapshot` that count by now: of the turn's folders, and of files that were edited. */
export function newRoots(
  { repos }: Snapshot,
  folders: readonly string[],
  edited: readonly string[],
): readonly string[] {
  const known = new Set(repos.map(({ root }) => root));
  const roots = rootsOf([...folders, ...edited.map((path) => dirname(path))]);
  return roots.filter((root) => !known.has(root));
}

/** `path` with the links in its folders followed, so that it compares with what git says. */
export function realFile(path: string): string {
  return join(realPath(dirname(path)), basename(path));
}

/** A file of a repository by the path that an edit of it has: through the project's own name for its folder. */
export function editedPath(
  root: string,
  path: string,
  { projectDir }: Pick<Config, 'projectDir'>,
): string {
  const absolute = resolve(root, path);
  if (projectDir === undefined) return absolute;
  const way = relative(realPath(projectDir), absolute);
  return way === '' || way.startsWith('..') ? absolute : join(projectDir, way);
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
