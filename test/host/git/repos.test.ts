/** Several repositories at once: submodules, repositories inside others, linked worktrees, other folders. */
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { attribute } from '../../../host/git/attribution.ts';
import { findRepo } from '../../../host/git/repo.ts';
import {
  changesOf,
  expectChanges,
  makeRepo,
  makeWorld,
  nextSecond,
  openTestRepo,
  snapshotOf,
  valueOf,
} from './support.ts';
import type { TestRepo, World } from './support.ts';

let world: World;
let repo: TestRepo;

beforeEach(() => {
  world = makeWorld();
  repo = makeRepo(world);
  repo.write('a.txt', 'a\n');
  repo.commit();
});

afterEach(() => world.remove());

it('follows a submodule and its commit', async () => {
  const inner = makeRepo(world, 'inner');
  inner.write('i.txt', 'i\n');
  inner.commit();
  repo.git('submodule', '--quiet', 'add', inner.root, 'sub');
  repo.commit();
  const snapshot = await snapshotOf(world, repo.root);
  expect(snapshot.repos.map(({ label }) => label)).toEqual(['', 'sub']);
  const sub = openTestRepo(world, join(repo.root, 'sub'));
  sub.write('i.txt', 'i2\n');
  expectChanges((await changesOf(world, snapshot)).changes, [
    'modified sub:i.txt: "i\\n" => "i2\\n"',
  ]);
  const before = sub.git('rev-parse', 'HEAD');
  const after = sub.commit();
  const changed = [
    `modified sub: "${before}" => "${after}"`,
    'modified sub:i.txt: "i\\n" => "i2\\n"',
  ];
  expectChanges((await changesOf(world, snapshot)).changes, changed);
  repo.commit();
  expectChanges((await changesOf(world, snapshot)).changes, changed);
});

it('follows a repository inside, and one that came during the turn', async () => {
  const inner = makeRepo(world, 'repo/inner');
  inner.write('i.txt', 'i\n');
  inner.commit();
  await nextSecond();
  const snapshot = await snapshotOf(world, repo.root);
  inner.write('n.txt', 'n\n');
  const later = makeRepo(world, 'repo/later');
  later.write('l.txt', 'l\n');
  later.commit();
  repo.git('clone', '-q', inner.root, 'cloned');
  expectChanges((await changesOf(world, snapshot)).changes, [
    'added inner:n.txt: - => "n\\n"',
    'added later:l.txt: - => "l\\n"',
  ]);
});

it('says that a repository inside is gone', async () => {
  makeRepo(world, 'repo/inner').commit();
  const snapshot = await snapshotOf(world, repo.root);
  rmSync(join(repo.root, 'inner'), { recursive: true });
  expectChanges(
    (await changesOf(world, snapshot)).changes,
    [],
    ['inner: was a repository and is none any more'],
  );
});

it('keeps linked worktrees apart', async () => {
  const linked = join(world.folder, 'linked');
  repo.git('worktree', 'add', '-q', linked);
  const other = openTestRepo(world, linked);
  const found = valueOf(await findRepo(linked, world.env));
  expect([found.root, found.commonDir]).toEqual([linked, join(repo.root, '.git')]);
  const snapshot = await snapshotOf(world, linked);
  repo.write('a.txt', 'main\n');
  other.write('a.txt', 'linked\n');
  const change = ['modified a.txt: "a\\n" => "linked\\n"'];
  expectChanges((await changesOf(world, snapshot)).changes, change);
  other.commit();
  expectChanges((await changesOf(world, snapshot)).changes, change);
});

it('takes in other folders, at the snapshot or only later', async () => {
  const second = makeRepo(world, 'second');
  second.write('s.txt', 's\n');
  second.commit();
  const third = makeRepo(world, 'third');
  third.write('t.txt', 't\n');
  third.write('old.txt', 'old\n');
  third.commit();
  third.write('old.txt', 'older work\n');
  await nextSecond();
  const snapshot = await snapshotOf(world, repo.root, { also: [second.root, world.folder] });
  second.write('s.txt', 's2\n');
  third.write('t.txt', 't2\n');
  third.commit();
  const changes = await changesOf(world, snapshot, { also: [third.root] });
  expectChanges(changes.changes, [
    `modified ${second.root}:s.txt: "s\\n" => "s2\\n"`,
    `modified ${third.root}:old.txt: "old\\n" => "older work\\n"`,
    `modified ${third.root}:t.txt: "t\\n" => "t2\\n"`,
  ]);
  expect(changes.roots.get('')).toBe(repo.root);
});

it('works with SHA-256, a split index, and index version 4', async () => {
  for (const [name, format, ...change] of [
    ['sha256', '--object-format=sha256', 'status'],
    ['split', '--object-format=sha1', 'update-index', '--split-index'],
    ['v4', '--object-format=sha1', 'update-index', '--index-version', '4'],
  ] as const) {
    const odd = makeRepo(world, name, format);
    for (const path of ['a.txt', 'ab.txt', 'd/x.txt', 'd/y.txt']) odd.write(path, `${path}\n`);
    odd.commit();
    odd.git(...change);
    odd.write('ab.txt', 'dirty\n');
    const snapshot = await snapshotOf(world, odd.root);
    expect(snapshot.repos[0]?.touched.map(([path]) => path)).toEqual(['ab.txt']);
    odd.write('d/y.txt', 'new\n');
    odd.git('add', 'd');
    expectChanges((await changesOf(world, snapshot)).changes, [
      'modified d/y.txt: "d/y.txt\\n" => "new\\n"',
    ]);
  }
});

it('leaves out what only another session did', async () => {
  for (const path of ['mine', 'theirs', 'both', 'nobodys']) repo.write(path, 'x\n');
  repo.commit();
  const snapshot = await snapshotOf(world, repo.root);
  for (const path of ['mine', 'theirs', 'both', 'nobodys']) repo.write(path, 'y\n');
  const changes = await changesOf(world, snapshot);
  const at = (path: string): string => join(repo.root, path);
  const edits = { mine: [at('mine'), at('both')], others: [at('theirs'), at('both')] };
  const kept = (ranCommands: boolean): string[] =>
    attribute(changes, { ...edits, ranCommands }).files.map(({ path }) => path);
  expect(kept(true)).toEqual(['both', 'mine', 'nobodys']);
  expect(kept(false)).toEqual(['both', 'mine']);
  expect(attribute(changes, { ...edits, ranCommands: true }).skipped).toEqual([
    { path: 'theirs', reason: 'changed by another session' },
  ]);
});
