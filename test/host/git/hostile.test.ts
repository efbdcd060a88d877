/** Repositories that try to run a program, against every function that looks at a repository. */
import { appendFileSync, chownSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRepo } from '../../../host/git/repo.ts';
import { takeSnapshot } from '../../../host/git/snapshot.ts';
import { everything, makeHostileWorld, SECRET } from './hostile-world.ts';
import type { HostileWorld } from './hostile-world.ts';
import { makeRepo, valueOf } from './support.ts';
import {
  attributes,
  embedded,
  hooksIn,
  included,
  partialClone,
  submodule,
  withEnv,
} from './traps.ts';

let world: HostileWorld;

beforeEach(() => {
  world = makeHostileWorld();
});

afterEach(() => world.remove());

const COMMANDS = [
  'rev-parse',
  'merge-base',
  'rev-list',
  'config',
  'ls-files',
  'ls-tree',
  'cat-file',
  'status',
  'diff-index',
  'diff-tree',
];

/** What somebody would type who does not know. Shows that a trap works. */
const CARELESS = [
  ['status'],
  ['diff'],
  ['show', 'HEAD:lost.txt'],
  ['submodule', 'update', '--force', '--recursive'],
  ['add', '-A'],
  ['commit', '-q', '-m', 'x'],
  ['log', '-1'],
];

const ODD = [
  '--upload-pack=x',
  '-c',
  '--exec=x',
  'a\nb',
  'a\tb',
  '"q"',
  '$(touch x)',
  '`touch x`',
  ';touch x',
  ':!a',
  '*',
];

/** A repository with a trap; `works`: some careless command springs it. */
function trap(name: string, works: boolean, plant: () => void): void {
  it(name, async () => {
    plant();
    rmSync(join(world.folder, 'canaries', 'monitor'), { force: true });
    const said = await everything(world, world.repo.root);
    expect(world.ran()).toEqual([]);
    expect(said).not.toContain(SECRET);
    expect(said).toContain('new.txt');
    // Nothing was locked, and no file made that a name asks for.
    expect(existsSync(join(world.repo.root, '.git/index.lock'))).toBe(false);
    expect(readdirSync(world.repo.root).filter((name) => ['x', 'y'].includes(name))).toEqual([]);
    for (const args of works ? CARELESS : []) {
      // One is enough, and a canary that is asked for a protocol is waited for.
      if (world.ran().length > 0) break;
      try {
        world.repo.git(...args);
      } catch {
        // Only what it starts matters.
      }
    }
    expect(world.ran().length > 0).toBe(works);
  });
}

describe('nothing that a repository configures is run', () => {
  trap('clean and smudge filters', true, () => {
    attributes(world, '* filter=x');
    world.config('filter.x.clean=@clean', 'filter.x.smudge=@smudge', 'filter.x.required=true');
  });
  trap('filter processes', true, () => {
    attributes(world, '* filter=x');
    world.config('filter.x.process=@process', 'filter.x.required=true');
  });
  trap("the user's own filter, chosen by attributes", true, () => {
    attributes(world, '* filter=x');
    writeFileSync(join(world.folder, 'own'), world.canary('own'), { mode: 0o755 });
    world.repo.git('config', '--global', 'filter.x.clean', join(world.folder, 'own'));
  });
  trap('filters chosen elsewhere', true, () => {
    world.repo.write('.git/info/attributes', '* filter=x diff=x\n');
    world.repo.write('.git/attributes', '* filter=x diff=x\n');
    world.makeRacy();
    world.config('filter.x.clean=@clean', `core.attributesFile=${world.repo.root}/.git/attributes`);
  });
  trap('every attribute at once', true, () => {
    attributes(
      world,
      '* filter=x diff=x merge=x ident text eol=crlf working-tree-encoding=ISO-8859-1 export-subst',
    );
    world.config('filter.x.clean=@clean', 'diff.x.textconv=@text', 'merge.x.driver=@merge');
  });
  trap('text conversion and diff commands', true, () => {
    attributes(world, '* diff=x');
    world.config('diff.x.textconv=@text', 'diff.x.command=@command', 'diff.external=@external');
    world.config('difftool.x.cmd=@difftool', 'interactive.diffFilter=@filter', 'diff.tool=x');
    world.repo.write('a.txt', 'changed\n');
  });
  trap('a monitor', true, () => world.config('core.fsmonitor=@monitor'));
  trap('a monitor known to the index', true, () => {
    world.repo.git('update-index', '--untracked-cache');
    world.repo.git('update-index', '--fsmonitor');
    world.config(
      'core.fsmonitor=@monitor',
      'core.fsmonitorHookVersion=2',
      'core.untrackedCache=true',
    );
  });
  trap('hooks', true, () => hooksIn(world, '.git/hooks'));
  trap('hooks in another folder', true, () => {
    hooksIn(world, 'hooks');
    world.config(`core.hooksPath=${world.repo.root}/hooks`);
  });
  trap('pagers, editors, askpass', false, () => {
    world.config(...COMMANDS.map((name) => `pager.${name}=@pager`), 'core.pager=@pager');
    world.config('core.editor=@editor', 'sequence.editor=@editor', 'core.askPass=@askpass');
  });
  trap('aliases', false, () => world.config(...COMMANDS.map((name) => `alias.${name}=!@alias`)));
  trap('included settings', true, () => {
    attributes(world, '* filter=x');
    included(world);
  });
  trap('settings of a worktree', true, () => {
    world.config('extensions.worktreeConfig=true', 'core.fsmonitor=@monitor');
    world.repo.git('config', '--worktree', 'core.fsmonitor', join(world.folder, 'canary-monitor'));
    world.repo.git('config', '--local', '--unset', 'core.fsmonitor');
    rmSync(join(world.folder, 'canaries', 'monitor'), { force: true });
  });
  trap('ssh, proxies, credentials, gpg', true, () => {
    world.config('core.sshCommand=@ssh', 'core.gitProxy=@proxy', 'credential.helper=!@credential');
    world.config('gpg.program=@gpg', 'gpg.ssh.program=@gpg', 'gpg.ssh.defaultKeyCommand=@key');
    world.config(
      'log.showSignature=true',
      'commit.gpgSign=true',
      'core.alternateRefsCommand=@refs',
    );
    world.config('uploadpack.packObjectsHook=@pack', 'gc.recentObjectsHook=@gc', 'gc.auto=1');
  });
  trap('a partial clone: ext', true, () => {
    partialClone(world, 'ext::@ext %S', 'protocol.allow=always', 'protocol.ext.allow=always');
  });
  trap('a partial clone: ssh', true, () => {
    partialClone(
      world,
      'ssh://host.invalid/x',
      'protocol.ssh.allow=always',
      'core.sshCommand=@ssh',
    );
  });
  trap('a partial clone: upload-pack', true, () => {
    partialClone(
      world,
      world.outside,
      'protocol.file.allow=always',
      'remote.origin.uploadpack=@pack',
    );
  });
  trap('submodules', true, () => submodule(world));
  trap('a repository inside', false, () => embedded(world));
  trap('a git on PATH', true, () => {
    world.repo.write('bin/git', world.canary('git'), 0o755);
    withEnv(world, {
      PATH: ['bin', '.', `${world.repo.root}/bin`, world.env['PATH']].join(':'),
    });
  });
  trap('variables', true, () => {
    const trace = join(world.folder, 'canaries', 'trace');
    const program = join(world.folder, 'canary-own');
    writeFileSync(program, world.canary('own'), { mode: 0o755 });
    withEnv(world, {
      GIT_TRACE: trace,
      GIT_TRACE2: trace,
      GIT_EXTERNAL_DIFF: program,
      GIT_PAGER: program,
    });
    withEnv(world, {
      GIT_SSH_COMMAND: program,
      GIT_EDITOR: program,
      GIT_EXEC_PATH: world.outside,
    });
    withEnv(world, {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.fsmonitor',
      GIT_CONFIG_VALUE_0: program,
    });
    withEnv(world, {
      GIT_DIR: world.outside,
      GIT_WORK_TREE: world.outside,
      GIT_INDEX_FILE: trace,
    });
  });
  trap('settings of output', false, () => {
    world.config(
      'color.ui=always',
      'column.ui=always',
      'diff.noprefix=true',
      'diff.mnemonicPrefix=true',
    );
    world.config('status.showUntrackedFiles=no', 'core.quotePath=true', 'diff.renames=copies');
    world.config(
      `trace2.normalTarget=${world.folder}/canaries/trace`,
      `diff.orderFile=${world.outside}/secret.txt`,
    );
  });
  trap('names like options and commands', false, () => {
    for (const name of ODD) world.repo.write(`odd/${name}`, 'x\n');
    world.repo.write('--output=y', 'x\n');
    world.repo.commit();
    for (const name of ODD) world.repo.write(`odd/${name}`, 'y\n');
  });

  it('sees the worktree around a bare repository, not the bare one', async () => {
    const bare = makeRepo(world, 'repo/bare.git', '--bare');
    writeFileSync(join(world.folder, 'canary-in'), world.canary('in'), { mode: 0o755 });
    const program = join(world.folder, 'canary-in');
    appendFileSync(
      join(bare.root, 'config'),
      `\tfsmonitor = ${program}\n[alias]\n\tx = !${program}\n`,
    );
    expect(valueOf(await findRepo(bare.root, world.env)).root).toBe(world.repo.root);
    await everything(world, bare.root);
    expect(world.ran()).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('does not trust the folder of another user', async () => {
    const { repo, env } = world;
    world.config('safe.directory=*', 'core.fsmonitor=@monitor');
    chownSync(repo.root, 12345, 12345);
    chownSync(join(repo.root, '.git'), 12345, 12345);
    expect(await everything(world, repo.root)).not.toContain('"kind":"ok"');
    const refused = await takeSnapshot(repo.root, { env, nowMs: 0 });
    expect(refused).toMatchObject({ reason: 'dubious-ownership' });
    writeFileSync(join(world.folder, 'home/.gitconfig'), `[safe]\n\tdirectory = ${repo.root}\n`);
    expect(await takeSnapshot(repo.root, { env, nowMs: 0 })).toMatchObject({ kind: 'ok' });
    expect(world.ran()).toEqual([]);
  });
});
