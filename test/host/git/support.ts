/** Real repositories in temporary folders, made by the real git with none of the machine's settings. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { ChangedFile, ChangeSet } from '../../../orchestrator/change.ts';
import { changesSince, isUnchangedSince } from '../../../host/git/changes.ts';
import type { ChangesOptions, RepoChanges } from '../../../host/git/changes.ts';
import type { GitResult } from '../../../host/git/result.ts';
import { parseSnapshot, takeSnapshot } from '../../../host/git/snapshot.ts';
import type { Snapshot, SnapshotOptions } from '../../../host/git/snapshot.ts';

export interface World {
  /** Real path of a folder of this test's own. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

export function makeWorld(): World {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sg-git-')));
  const home = join(folder, 'home');
  mkdirSync(home);
  const env = { PATH: process.env['PATH'] ?? '', HOME: home };
  return { folder, env, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A repository under test; every method takes paths relative to its root. */
export interface TestRepo {
  readonly root: string;
  /** Runs git in the root and returns what it printed. */
  git(...args: string[]): string;
  write(path: string, content: string | Uint8Array, mode?: number): void;
  commit(message?: string): string;
}

/** Commits made by `commit` are an hour old unless `now` is called for. */
export function makeRepo(world: World, name = 'repo', ...initArgs: string[]): TestRepo {
  const root = join(world.folder, name);
  mkdirSync(root, { recursive: true });
  const repo = openTestRepo(world, root);
  repo.git('init', '-q', '-b', 'main', ...initArgs);
  return repo;
}

export function openTestRepo(world: World, root: string): TestRepo {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
      cwd: root,
      encoding: 'utf8',
      timeout: 60_000,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...world.env, ...AUTHOR },
    }).trim();
  return {
    root,
    git,
    write(path, content, mode) {
      const full = join(root, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, content);
      if (mode !== undefined) chmodSync(full, mode);
    },
    commit(message = 'change') {
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
  };
}

const AUTHOR = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
  GIT_CONFIG_NOSYSTEM: '1',
};

export function valueOf<T>(result: GitResult<T>): T {
  if (result.kind === 'failed') throw new Error(`${result.reason}: ${result.detail}`);
  return result.value;
}

/** A snapshot that has been through JSON, as it is between two hooks. */
export async function snapshotOf(
  world: World,
  folder: string,
  options: Partial<SnapshotOptions> = {},
): Promise<Snapshot> {
  const taken = await takeSnapshot(folder, { env: world.env, nowMs: Date.now(), ...options });
  const parsed = parseSnapshot(JSON.parse(JSON.stringify(valueOf(taken))));
  if (parsed === undefined) throw new Error('a snapshot is not read back');
  return parsed;
}

export async function changesOf(
  world: World,
  snapshot: Snapshot,
  options: Partial<ChangesOptions> = {},
): Promise<RepoChanges> {
  const isUnchanged = await isUnchangedSince(snapshot, { env: world.env, ...options });
  const found = valueOf(await changesSince(snapshot, { env: world.env, ...options }));
  if (isUnchanged) expect(found.changes).toEqual({ files: [], skipped: [] });
  return found;
}

/** One line a file: status, path, modes where they differ, content before and after. */
export function shown({ files }: ChangeSet): string[] {
  return files.map(showFile);
}

function showFile(file: ChangedFile): string {
  const path = file.repo === '' ? file.path : `${file.repo}:${file.path}`;
  const from = file.oldPath === undefined ? '' : `${file.oldPath} -> `;
  const modes = [file.beforeMode, file.afterMode];
  const mode =
    modes.every((m) => m !== undefined) && modes[0] !== modes[1] ? ` ${modes.join('>')}` : '';
  return `${file.status} ${from}${path}${mode}: ${text(file.before)} => ${text(file.after)}`;
}

function text(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '-' : JSON.stringify(Buffer.from(bytes).toString('utf8'));
}

/** What was changed and what was left out, at once. */
export function expectChanges(changes: ChangeSet, files: string[], skipped: string[] = []): void {
  expect(shown(changes)).toEqual(files);
  expect(changes.skipped.map(({ path, reason }) => `${path}: ${reason}`)).toEqual(skipped);
}

/** Time must pass between a commit and a snapshot for the one to be older than the other. */
export async function nextSecond(): Promise<void> {
  const left = 1000 - (Date.now() % 1000);
  await new Promise((resolve) => setTimeout(resolve, left + 60));
}

/**
 * Does steps, separated by `; `: `path <- line` writes a file of one line, `rm path` deletes, `git …` runs
 * git, `chmod path` makes executable, `ln target path` links.
 */
export function run(repo: TestRepo, steps: string): void {
  for (const step of steps === '' ? [] : steps.split('; ')) {
    const [path = '', content] = step.split(' <- ');
    const [verb = '', ...words] = step.split(' ');
    const [first = '', second = ''] = words;
    if (content !== undefined) repo.write(path, `${content}\n`);
    else if (verb === 'rm') rmSync(join(repo.root, first), { recursive: true });
    else if (verb === 'chmod') chmodSync(join(repo.root, first), 0o755);
    else if (verb === 'ln') symlinkSync(first, join(repo.root, second));
    else if (verb === 'mv') renameSync(join(repo.root, first), join(repo.root, second));
    else if (verb === 'commit') repo.commit();
    else repo.git(...words);
  }
}
