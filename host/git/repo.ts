/** A repository that git and we agree on: where it is, and the only way to ask git about it. */
import { realpathSync } from 'node:fs';
import { findLayout } from './layout.ts';
import type { Layout } from './layout.ts';
import { findGit } from './program.ts';
import type { Environment } from './program.ts';
import { failed, ok } from './result.ts';
import type { GitResult } from './result.ts';
import { runGit } from './run.ts';
import type { GitRequest } from './run.ts';

export type ObjectFormat = 'sha1' | 'sha256';

export interface Repo {
  /** Real path of the working tree. */
  readonly root: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly format: ObjectFormat;
  /** The commit that is checked out; undefined before the first one. */
  readonly head: string | undefined;
  /** `-c` arguments with what is set here of `HARMLESS`. */
  readonly settings: readonly string[];
  /** Asks git, pinned to this repository. */
  ask(request: GitRequest): Promise<GitResult<Buffer>>;
  /** Asks git in the root about whatever `request.where` says. */
  askElsewhere(request: GitRequest): Promise<GitResult<Buffer>>;
}

/** Settings that only say what the file system is like, how text is stored and what is not to be seen. */
const HARMLESS =
  '^core\\.(filemode|symlinks|ignorecase|precomposeunicode|autocrlf|eol|checkstat|trustctime|excludesfile)$';
/** Worktree (which may hold line breaks), object format (git before 2.25 repeats the question), HEAD. */
const ANSWER = /^([^]*)\n(sha1|sha256|--show-object-format)\n(?:([0-9a-f]{40,64})\n)?$/;

/**
 * The repository that `folder` (absolute) is in. `exactly`: only if `folder` is its root.
 *
 * Git is asked first in the folder itself, so that its check of the owner applies; everything later is
 * pinned to the folders found here, whatever `core.worktree` says by then.
 */
export async function findRepo(
  folder: string,
  env: Environment,
  exactly = false,
): Promise<GitResult<Repo>> {
  const layout = findLayout(folder, exactly);
  if (layout.kind === 'failed') return layout;
  const { root, gitDir, commonDir } = layout.value;
  const git = findGit(env, root);
  if (git === undefined) {
    return failed('git-missing', `no git on an absolute part of PATH outside of ${root}`);
  }
  const args = ['--show-toplevel', '--show-object-format', '--revs-only', '-q', 'HEAD'];
  const [answer, settings, setting] = await Promise.all([
    runGit(git, root, { command: 'rev-parse', args }),
    harmlessSettings((request) => runGit(git, root, request)),
    worktreeSetting(layout.value, (request) => runGit(git, root, request)),
  ]);
  if (answer.kind === 'failed') return answer;
  if (setting !== undefined) return setting;
  const [, top = '', format, head] = ANSWER.exec(answer.value.toString('utf8')) ?? [];
  if (!isSameFolder(top, root)) {
    return failed('redirected', `the settings of ${root} say that its files are elsewhere`);
  }
  const where = ['--git-dir', gitDir, '--work-tree', root];
  return ok({
    root,
    gitDir,
    commonDir,
    format: format === 'sha256' ? 'sha256' : 'sha1',
    head,
    settings,
    ask: (request) => runGit(git, root, { ...request, where }),
    askElsewhere: (request) => runGit(git, root, request),
  });
}

/** What is set in the repository or by the user, as arguments; the last of equal names counts. */
async function harmlessSettings(
  run: (request: GitRequest) => Promise<GitResult<Buffer>>,
): Promise<readonly string[]> {
  const answer = await run({ command: 'config', args: ['-z', '--get-regexp', HARMLESS] });
  // Nothing of the kind is set, or `rev-parse` fails for the same reason.
  if (answer.kind === 'failed') return [];
  const settings = answer.value.toString('utf8').split('\0').slice(0, -1);
  return settings.flatMap((setting) => {
    const end = setting.indexOf('\n');
    // A name without a value means true.
    return ['-c', end < 0 ? setting : `${setting.slice(0, end)}=${setting.slice(end + 1)}`];
  });
}

/** A failure if a `.git` file leads to a git folder that does not name this worktree as its own. */
async function worktreeSetting(
  layout: Layout,
  run: (request: GitRequest) => Promise<GitResult<Buffer>>,
): Promise<GitResult<never> | undefined> {
  if (!layout.needsWorktreeSetting) return undefined;
  const args = ['--local', '--get', 'core.worktree'];
  const answer = await run({ command: 'config', args });
  // What it names is compared by way of `--show-toplevel`, which follows it.
  if (answer.kind === 'ok' && answer.value.length > 1) return undefined;
  return failed('redirected', `${layout.gitDir} does not name ${layout.root} as its worktree`);
}

function isSameFolder(shown: string, root: string): boolean {
  if (shown === root) return true;
  try {
    // Git writes `/` and its own case of a drive letter on Windows.
    return realpathSync(shown) === root;
  } catch {
    return false;
  }
}
