/** What a hostile repository may hold, in pieces that take more than a setting. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostileWorld } from './hostile-world.ts';
import { makeRepo, openTestRepo } from './support.ts';

const HOOKS =
  'applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg ' +
  'post-commit pre-rebase post-checkout post-merge pre-push pre-receive update proc-receive post-receive ' +
  'post-update reference-transaction push-to-checkout pre-auto-gc post-rewrite p4-changelist ' +
  'sendemail-validate fsmonitor-watchman post-index-change';

export function attributes(world: HostileWorld, line: string): void {
  world.repo.write('.gitattributes', `${line}\n`);
  world.repo.commit();
  world.makeRacy();
}

export function hooksIn(world: HostileWorld, folder: string): void {
  for (const hook of HOOKS.split(' '))
    world.repo.write(`${folder}/${hook}`, world.canary(`hook-${hook}`), 0o755);
}

/** Misses a blob and says where it would come from. */
export function partialClone(world: HostileWorld, url: string, ...settings: string[]): void {
  const { repo } = world;
  repo.write('lost.txt', 'lost content\n');
  repo.commit();
  const blob = repo.git('rev-parse', 'HEAD:lost.txt');
  rmSync(join(repo.root, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
  repo.git('config', 'core.repositoryformatversion', '1');
  world.config('extensions.partialClone=origin', 'remote.origin.promisor=true');
  world.config(
    `remote.origin.url=${url}`,
    'remote.origin.partialclonefilter=blob:none',
    ...settings,
  );
  repo.write('lost.txt', 'changed\n');
}

export function submodule(world: HostileWorld): void {
  const inner = makeRepo(world, 'inner');
  inner.write('i.txt', 'i\n');
  inner.commit();
  world.repo.git('submodule', '--quiet', 'add', inner.root, 'sub');
  world.repo.commit();
  world.config('submodule.sub.update=!@sub-update', 'submodule.recurse=true');
  world.config('status.submoduleSummary=true', 'diff.submodule=log', 'diff.ignoreSubmodules=none');
  const sub = openTestRepo(world, join(world.repo.root, 'sub'));
  sub.write('.gitattributes', '* filter=x\n');
  sub.write('i.txt', 'j\n');
  for (const part of ['filter.x.clean', 'core.fsmonitor']) {
    sub.git('config', part, join(world.folder, 'canary-sub'));
  }
  writeFileSync(join(world.folder, 'canary-sub'), world.canary('sub'), { mode: 0o755 });
}

export function embedded(world: HostileWorld): void {
  const inner = makeRepo(world, 'repo/inner');
  inner.write('.gitattributes', '* filter=x\n');
  inner.write('i.txt', 'i\n');
  inner.commit();
  writeFileSync(join(world.folder, 'canary-in'), world.canary('in'), { mode: 0o755 });
  inner.git('config', 'filter.x.clean', join(world.folder, 'canary-in'));
  inner.git('config', 'core.fsmonitor', join(world.folder, 'canary-in'));
}

export function included(world: HostileWorld): void {
  const extra = join(world.folder, 'extra.config');
  writeFileSync(join(world.folder, 'canary-in'), world.canary('in'), { mode: 0o755 });
  const program = join(world.folder, 'canary-in');
  writeFileSync(extra, `[core]\n\tfsmonitor = ${program}\n[filter "x"]\n\tclean = ${program}\n`);
  world.config(`include.path=${extra}`, `includeIf.gitdir:${world.repo.root}/.path=${extra}`);
}

export function withEnv(world: HostileWorld, more: Record<string, string>): void {
  Object.assign(world.env, more);
}
