/** Repositories that try to show a file of somebody else: no result may hold a byte of it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changesSince } from '../../../host/git/changes.ts';
import { findRepo } from '../../../host/git/repo.ts';
import type { GitFailure } from '../../../host/git/result.ts';
import { parseSnapshot, takeSnapshot } from '../../../host/git/snapshot.ts';
import { everything, makeHostileWorld, SECRET } from './hostile-world.ts';
import type { HostileWorld } from './hostile-world.ts';
import { makeRepo, valueOf } from './support.ts';
import type { TestRepo } from './support.ts';

let world: HostileWorld;
let repo: TestRepo;

beforeEach(() => {
  world = makeHostileWorld();
  repo = world.repo;
});

afterEach(() => world.remove());

/** Another repository of the user, which nobody asked about. */
function privateGit(): string {
  const other = makeRepo(world, 'private');
  other.write('secret.txt', `${SECRET}\n`);
  other.commit();
  return join(other.root, '.git');
}

const at = (path: string): string => join(repo.root, path);
const secretFile = (): string => join(world.outside, 'secret.txt');

function replace(path: string, target: string): void {
  rmSync(at(path), { recursive: true, force: true });
  symlinkSync(target, at(path));
}

/** Writes other names into the index, which git itself would not. */
function patchIndex(...names: [from: string, to: string][]): void {
  const blob = repo.git('hash-object', '-w', 'a.txt');
  for (const [from] of names)
    repo.git('update-index', '--add', '--cacheinfo', `100644,${blob},${from}`);
  let index = readFileSync(at('.git/index')).toString('latin1');
  for (const [from, to] of names) index = index.replace(from, to);
  const body = Buffer.from(index, 'latin1').subarray(0, -20);
  const sum = createHash('sha1').update(body).digest();
  writeFileSync(at('.git/index'), Buffer.concat([body, sum]));
}

function submoduleAt(path: string, gitDir: string): void {
  const head = execFileSync('git', ['--git-dir', gitDir, 'rev-parse', 'HEAD'], {
    encoding: 'utf8',
  });
  repo.git('update-index', '--add', '--cacheinfo', `160000,${head.trim()},${path}`);
}

describe('no byte of a file outside of the repository is shown', () => {
  const cases: [name: string, plant: () => void, failure?: GitFailure][] = [
    ['a link to a file', () => symlinkSync(secretFile(), at('link'))],
    ['a tracked file that became a link', () => replace('a.txt', secretFile())],
    [
      'a folder that became a link',
      () => {
        writeFileSync(join(world.outside, 'b.txt'), `${SECRET}\n`);
        replace('dir', world.outside);
      },
    ],
    [
      'a folder above that became a link',
      () => {
        repo.write('x/y/z/b.txt', 'b\n');
        repo.commit();
        mkdirSync(join(world.outside, 'y/z'), { recursive: true });
        writeFileSync(join(world.outside, 'y/z/b.txt'), `${SECRET}\n`);
        replace('x', world.outside);
      },
    ],
    ['a .gitignore that is a link', () => symlinkSync(secretFile(), at('.gitignore'))],
    ['info/exclude that is a link', () => replace('.git/info/exclude', secretFile())],
    ['core.excludesFile outside', () => world.config(`core.excludesFile=${secretFile()}`)],
    ['include.path outside', () => world.config(`include.path=${secretFile()}`)],
    ['core.worktree elsewhere', () => world.config(`core.worktree=${world.outside}`), 'redirected'],
    [
      'a .git file that leads elsewhere',
      () => {
        const git = privateGit();
        rmSync(at('.git'), { recursive: true });
        repo.write('.git', `gitdir: ${git}\n`);
      },
      'redirected',
    ],
    ['a .git link', () => replace('.git', privateGit()), 'redirected'],
    [
      'a commondir elsewhere',
      () => repo.write('.git/commondir', `${privateGit()}\n`),
      'redirected',
    ],
    [
      'a made-up linked worktree',
      () => {
        const git = privateGit();
        renameSync(at('.git'), at('fake'));
        repo.write('fake/commondir', `${git}\n`);
        repo.write('fake/gitdir', `${at('.git')}\n`);
        repo.write('.git', `gitdir: ${at('fake')}\n`);
      },
      'redirected',
    ],
    [
      'refs and objects that are links',
      () => {
        const git = privateGit();
        for (const part of ['refs', 'objects']) replace(`.git/${part}`, join(git, part));
      },
      'redirected',
    ],
    [
      'a branch that is a link, with alternates',
      () => {
        const git = privateGit();
        repo.write('.git/objects/info/alternates', `${git}/objects\n`);
        replace('.git/refs/heads/main', `${git}/refs/heads/main`);
      },
      'redirected',
    ],
    [
      'an index that is a link, with alternates',
      () => {
        const git = privateGit();
        repo.write('.git/objects/info/alternates', `${git}/objects\n`);
        replace('.git/index', `${git}/index`);
      },
      'redirected',
    ],
    [
      'HEAD that names a file above',
      () => repo.write('.git/HEAD', 'ref: refs/../../../outside/secret.txt\n'),
      'redirected',
    ],
    [
      'alternates that are no objects',
      () => repo.write('.git/objects/info/alternates', `${world.outside}\n`),
    ],
    [
      'an index with paths that lead out',
      () => {
        patchIndex(
          ['xx/outside/secret.txt', '../outside/secret.txt'],
          ['yyyy/config', '.git/config'],
          ['zoutside/secret.txt', '/outside/secret.txt'],
        );
      },
    ],
    [
      'a submodule whose .git leads elsewhere',
      () => {
        const git = privateGit();
        submoduleAt('sub', git);
        repo.write('sub/.git', `gitdir: ${git}\n`);
      },
    ],
    [
      'a submodule folder that is a link',
      () => {
        submoduleAt('sub', privateGit());
        symlinkSync(join(world.folder, 'private'), at('sub'));
      },
    ],
    [
      'a repository inside whose files are elsewhere',
      () => {
        privateGit();
        const inner = makeRepo(world, 'repo/inner');
        inner.write('i.txt', 'i\n');
        inner.commit();
        inner.git('config', 'core.worktree', join(world.folder, 'private'));
      },
    ],
  ];
  it.each(cases)('%s', async (_name, plant, failure) => {
    plant();
    expect(await everything(world, repo.root)).not.toContain(SECRET);
    const found = await findRepo(repo.root, world.env);
    expect(found.kind === 'failed' ? found.reason : undefined).toBe(failure);
  });

  it('shows the object that is there, not the one that replaces it', async () => {
    const other = repo.git('hash-object', '-w', secretFile());
    repo.git('replace', repo.git('rev-parse', 'HEAD:a.txt'), other);
    expect(await everything(world, repo.root)).not.toContain(SECRET);
  });
});

describe('odd worktrees', () => {
  const snapshot = async () =>
    valueOf(await takeSnapshot(repo.root, { env: world.env, nowMs: Date.now() }));

  it('is no repository: a bare one by itself, a plain folder, nothing', async () => {
    const bare = makeRepo(world, 'bare.git', '--bare');
    for (const folder of [bare.root, world.outside, join(world.folder, 'none')]) {
      expect(await findRepo(folder, world.env)).toMatchObject({ reason: 'not-a-repo' });
    }
  });

  it('says that git is missing', async () => {
    const found = await findRepo(repo.root, { PATH: `bin:${repo.root}` });
    expect(found).toMatchObject({ reason: 'git-missing' });
  });

  it('says that there are too many untracked files', async () => {
    for (let i = 0; i < 5100; i++) repo.write(`many/f${i}`, '');
    const taken = await snapshot();
    expect(taken.repos[0]?.untracked).toHaveLength(5000);
    const later = { ...taken, takenAtMs: taken.takenAtMs + 10_000 };
    const { changes } = valueOf(await changesSince(later, { env: world.env }));
    expect(changes.files).toEqual([]);
    expect(changes.skipped.map(({ reason }) => reason)).toEqual([
      'too many untracked files: only those that changed by themselves were looked at',
    ]);
  });

  it('does not wait for a pipe in the place of a file', async () => {
    rmSync(at('a.txt'));
    execFileSync('mkfifo', [at('a.txt'), at('new-pipe')]);
    expect((await snapshot()).repos[0]?.touched).toEqual([['a.txt', '', '', 0, 0, 0, 0]]);
  });

  it('sees what git is told not to look at', async () => {
    repo.git('update-index', '--assume-unchanged', 'a.txt');
    repo.git('update-index', '--skip-worktree', 'dir/b.txt');
    const taken = await snapshot();
    repo.write('a.txt', 'hidden 1\n');
    repo.write('dir/b.txt', 'hidden 2\n');
    const { changes } = valueOf(await changesSince(taken, { env: world.env }));
    expect(changes.files.map(({ path }) => path)).toEqual(['a.txt', 'dir/b.txt']);
  });

  it('bounds the time and the output of git', async () => {
    const asked = valueOf(await findRepo(repo.root, world.env));
    const listing = { command: 'ls-files', args: ['-z'] } as const;
    expect(await asked.ask({ ...listing, timeLimitMs: 0 })).toMatchObject({ reason: 'timeout' });
    expect(await asked.ask({ ...listing, maxBytes: 3 })).toMatchObject({ reason: 'too-large' });
    expect(await asked.ask({ ...listing, args: ['--no-such'] })).toMatchObject({ reason: 'exit' });
  });

  it('reads back only what is a snapshot', async () => {
    const taken: unknown = JSON.parse(JSON.stringify(await snapshot()));
    expect(parseSnapshot(taken)).toEqual(taken);
    const repos = [{ label: '', root: '/', head: 1 }];
    for (const other of [
      null,
      [],
      {},
      { ...Object(taken), version: 2 },
      { ...Object(taken), repos },
    ]) {
      expect(parseSnapshot(other)).toBeUndefined();
    }
  });

  it('leaves the repository as it was', async () => {
    const copy = join(world.folder, 'copy');
    execFileSync('cp', ['-a', repo.root, copy]);
    await everything(world, repo.root);
    rmSync(at('dir/new.txt'));
    expect(execFileSync('diff', ['-r', repo.root, copy], { encoding: 'utf8' })).toBe('');
  });
});
