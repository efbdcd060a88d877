/** Pairs as commits of a repository of their own, so that a reviewer sees them through git as any other work. */
import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { committedIn } from '../../host/git/between.ts';
import { findGit, GLOBAL_ARGUMENTS } from '../../host/git/program.ts';
import type { Environment } from '../../host/git/program.ts';
import type { DeepMeans } from './deep-run.ts';
import { SIDES, treeBefore, treeOf } from './pair.ts';
import type { Pair, Side } from './pair.ts';

export interface Scratch {
  readonly open: DeepMeans['open'];
  readonly dispose: () => void;
}

export type OpenScratch =
  | { readonly ok: true; readonly scratch: Scratch }
  | { readonly ok: false; readonly message: string };

/** Each side is a branch with two commits: the files before, and the change. */
export async function openScratch(
  pairs: readonly Pair[],
  env: Environment,
  temporary: string = tmpdir(),
): Promise<OpenScratch> {
  const folder = realpathSync(mkdtempSync(join(temporary, 'sg-eval-')));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  const git = findGit(env, folder);
  const run = (args: readonly string[], input: string): Promise<string | undefined> =>
    git === undefined
      ? Promise.resolve('there is no git on PATH, which the commits of --deep are made by')
      : runIn(folder, git, [...GLOBAL_ARGUMENTS, ...args], input);
  const stream = pairs.flatMap((pair) => SIDES.map((side) => branchOf(pair, side))).join('');
  const wrong =
    (await run(['init', '--quiet', '--template='], '')) ??
    (await run(['fast-import', '--quiet'], stream));
  if (wrong !== undefined) {
    dispose();
    return { ok: false, message: wrong };
  }
  const open: DeepMeans['open'] = async (pair, side) => {
    const found = await committedIn(folder, refOf(pair, side), env);
    if (found.kind === 'failed') throw new Error(`${pair.id}, ${side}: ${found.detail}`);
    return found.value;
  };
  return { ok: true, scratch: { open, dispose } };
}

function refOf({ id }: Pair, side: Side): string {
  return `refs/heads/${id}/${side}`;
}

function branchOf(pair: Pair, side: Side): string {
  const ref = refOf(pair, side);
  return commitOf(ref, treeBefore(pair, side)) + commitOf(ref, treeOf(pair, side));
}

/** A commit in the words of `git fast-import`; who made it, and when, is the same everywhere. */
function commitOf(ref: string, tree: ReadonlyMap<string, string>): string {
  const files = [...tree].map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  const who = 'committer sg <sg@localhost> 1700000000 +0000';
  return `commit ${ref}\n${who}\n${data('change')}deleteall\n${files.join('')}\n`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** What went wrong, if anything did. */
function runIn(
  cwd: string,
  { path, env }: NonNullable<ReturnType<typeof findGit>>,
  args: readonly string[],
  input: string,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(path, args, { cwd, env, stdio: ['pipe', 'ignore', 'pipe'] });
    const said: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', (error) => resolve(`git cannot be started: ${error.message}`));
    child.on('close', (code) =>
      resolve(code === 0 ? undefined : `git ${String(code)}: ${Buffer.concat(said).toString()}`),
    );
    // It may end before it has read everything, and says why by itself.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
