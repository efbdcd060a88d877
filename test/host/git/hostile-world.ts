/**
 * A repository to plant traps in. A canary is a program that leaves a file behind when it runs; a secret is
 * text outside of the repository.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  changesFromBase,
  changesOfCommit,
  changesStaged,
  committedBetween,
  committedIn,
} from '../../../host/git/between.ts';
import { changesSince } from '../../../host/git/changes.ts';
import { findRepo } from '../../../host/git/repo.ts';
import { takeSnapshot } from '../../../host/git/snapshot.ts';
import { toolbox } from '../../orchestrator/tools/support.ts';
import { makeRepo, makeWorld } from './support.ts';
import type { TestRepo, World } from './support.ts';

export const SECRET = 'TOP-SECRET-OUTSIDE';

export interface HostileWorld extends World {
  readonly repo: TestRepo;
  /** A folder beside the repository with `secret.txt`. */
  readonly outside: string;
  /** Text of a program that tells when it runs, under this name. */
  canary(name: string): string;
  /** Sets `name=value` in the repository; `@name` in a value is the path of a canary. */
  config(...settings: string[]): void;
  /** Names of the canaries that ran. */
  ran(): string[];
  /** Gives every file the time of the index, so that git must compare content. */
  makeRacy(): void;
}

export function makeHostileWorld(): HostileWorld {
  const world = makeWorld();
  const repo = makeRepo(world);
  const canaries = join(world.folder, 'canaries');
  const outside = join(world.folder, 'outside');
  mkdirSync(canaries);
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.txt'), `${SECRET}\n`);
  repo.write('a.txt', 'a\n');
  repo.write('dir/b.txt', 'b\n');
  repo.commit();
  const canaryPath = (name: string): string => {
    const path = join(world.folder, `canary-${name}`);
    const mark = join(canaries, name);
    writeFileSync(path, `#!/bin/sh\necho "$0 $*" >> '${mark}'\nexec timeout 0.3 cat\n`);
    chmodSync(path, 0o755);
    return path;
  };
  return {
    ...world,
    repo,
    outside,
    canary: (name) => readFileSync(canaryPath(name), 'utf8'),
    config(...settings) {
      for (const setting of settings) {
        const [name = '', ...value] = setting.split('=');
        const text = value
          .join('=')
          .replace(/@([a-z-]+)/, (_, canary: string) => canaryPath(canary));
        repo.git('config', '--add', name, text);
      }
    },
    ran: () => readdirSync(canaries).sort(),
    makeRacy() {
      const time = new Date(Date.now() - 1000);
      for (const path of ['a.txt', 'dir/b.txt']) utimesSync(join(repo.root, path), time, time);
      repo.git('update-index', '--refresh', '-q');
      utimesSync(join(repo.root, '.git/index'), time, time);
    },
  };
}

/** Calls everything that looks at a repository and returns all that it said, as text. */
export async function everything({ env, outside }: HostileWorld, folder: string): Promise<string> {
  const results: unknown[] = [];
  const taken = await takeSnapshot(folder, { env, nowMs: Date.now(), also: [outside] });
  results.push(taken);
  if (taken.kind === 'ok') {
    stir(folder);
    results.push(await changesSince(taken.value, { env }));
    const [first] = taken.value.repos;
    // Everything is new, then only what is not in the first repository.
    const empty = { head: null, staged: [], touched: [], untracked: [] };
    const repos = taken.value.repos.map((repo) => ({ ...repo, ...empty }));
    results.push(await changesSince({ ...taken.value, takenAtMs: 0, repos }, { env }));
    if (first)
      results.push(await changesSince({ ...taken.value, takenAtMs: 0, repos: [first] }, { env }));
  }
  results.push(await changesStaged(folder, env));
  for (const ref of ['HEAD', 'main', '--output=x', '@{u}', ':/change', 'HEAD~1', ':0:a.txt']) {
    results.push(await changesFromBase(folder, ref, env), await changesOfCommit(folder, ref, env));
  }
  results.push(await underTools(folder, env));
  const found = await findRepo(folder, env);
  results.push(found.kind === 'ok' ? found.value.root : found);
  return inspect(results);
}

/** Everything that a reviewer's tools can show of two commits. */
async function underTools(folder: string, env: World['env']): Promise<readonly string[]> {
  const said: string[] = [];
  for (const found of [
    await committedIn(folder, 'HEAD', env),
    await committedBetween(folder, 'main', 'HEAD', env),
    await committedBetween(folder, ':/change', '@{u}', env),
  ]) {
    if (found.kind === 'failed') continue;
    const { box, call } = toolbox(found.value.files);
    said.push(await call('Glob', { pattern: '**' }), await call('Grep', { pattern: '.' }));
    for (const { path } of box.texts.entries) said.push(await call('Read', { path }));
    box.dispose();
  }
  return said;
}

/** A file that git must look into, and a new one. */
function stir(folder: string): void {
  const file = join(folder, 'a.txt');
  if (existsSync(file)) utimesSync(file, new Date(), new Date());
  if (existsSync(join(folder, 'dir'))) writeFileSync(join(folder, 'dir', 'new.txt'), 'new\n');
}

function inspect(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('latin1');
    if (part instanceof Map) return [...part];
    // A Buffer has been through its own toJSON by now.
    const data = typeof part === 'object' && part && 'data' in part ? part.data : undefined;
    return Array.isArray(data) ? Buffer.from(data).toString('latin1') : part;
  });
}
