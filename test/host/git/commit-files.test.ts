/** The tools of a reviewer over real commits: what is committed, and nothing else. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { committedBetween, committedIn } from '../../../host/git/between.ts';
import type { Committed } from '../../../host/git/between.ts';
import { toolbox } from '../../orchestrator/tools/support.ts';
import { makeRepo, makeWorld, shown, valueOf } from './support.ts';
import type { TestRepo, World } from './support.ts';

let world: World;
let repo: TestRepo;

beforeEach(() => {
  world = makeWorld();
  repo = makeRepo(world);
  repo.write('a.py', 'first\n');
  repo.commit('one');
});
afterEach(() => world.remove());

const at = async (ref = 'HEAD'): Promise<Committed> =>
  valueOf(await committedIn(repo.root, ref, world.env));

test('what is committed is read, not what lies in the worktree', async () => {
  repo.write('a.py', 'second\n');
  const id = repo.commit('two');
  repo.write('a.py', 'third\n');
  repo.write('new.py', 'untracked\n');
  const committed = await at();
  expect(committed.commits).toEqual([id]);
  expect(shown(committed.changes)).toEqual(['modified a.py: "first\\n" => "second\\n"']);
  const { call } = toolbox(committed.files);
  expect(await call('Read', { path: 'a.py' })).toContain('1| second\n');
  expect(await call('Glob', { pattern: '**' })).toBe('a.py\n');
  expect(await call('Grep', { pattern: 'third|untracked' })).toBe('(no line matches)\n');
  const before = toolbox((await at('HEAD~1')).files);
  expect(await before.call('Read', { path: 'a.py' })).toContain('1| first\n');
});

test('links, submodules, large and odd files', async () => {
  const outside = join(world.folder, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.txt'), 'CANARY\n');
  symlinkSync(join(outside, 'secret.txt'), join(repo.root, 'to-file'));
  symlinkSync(outside, join(repo.root, 'to-folder'));
  symlinkSync('.git/config', join(repo.root, 'to-git'));
  const inner = makeRepo(world, 'inner');
  inner.write('i.py', 'CANARY\n');
  inner.commit();
  repo.git('submodule', '--quiet', 'add', inner.root, 'sub');
  repo.write('big.js', 'x'.repeat(1_000_001));
  writeFileSync(
    Buffer.concat([Buffer.from(`${repo.root}/n`), Buffer.from([0xff]), Buffer.from('.py')]),
    'odd\n',
  );
  writeFileSync(
    Buffer.concat([Buffer.from(`${repo.root}/n`), Buffer.from([0xfe]), Buffer.from('.py')]),
    'other\n',
  );
  repo.commit('two');
  const { files } = await at();
  expect(files.left).toEqual([
    { path: 'n\ufffd.py', reason: 'another file has the same name in UTF-8' },
  ]);
  const { call } = toolbox(files);
  const texts = await Promise.all(
    [
      'to-file',
      'to-folder',
      'to-folder/secret.txt',
      'to-git',
      'sub',
      'sub/i.py',
      'big.js',
      '.git/config',
    ].map((path) => call('Read', { path })),
  );
  for (const text of texts) expect(text).toMatch(/^error: /);
  expect(texts.join('')).not.toMatch(/CANARY|\[core\]/);
  expect(texts[0]).toContain('symbolic link');
  expect(texts[4]).toMatch(/a submodule at commit [0-9a-f]{40}/);
  expect(texts[6]).toContain('too large: 1000001 bytes');
  expect(await call('Read', { path: 'n\ufffd.py' })).toContain('1| other\n');
  expect(await call('Grep', { pattern: 'CANARY|core' })).toMatch(/^\(no line matches\)/);
});

test('a tree that no git would make leads nowhere', async () => {
  const blob = repo.git('rev-parse', 'HEAD:a.py');
  const raw = (name: string): Buffer =>
    Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex')]);
  const tree = execFileSync('git', ['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], {
    cwd: repo.root,
    env: world.env,
    input: Buffer.concat(['..', '.git', '/etc/x', 'ok.py'].map(raw)),
  });
  const commit = repo.git('commit-tree', '-m', 'x', tree.toString().trim());
  const { files } = await at(commit);
  expect(files.entries.map(({ path }) => path)).toEqual(['ok.py']);
  expect(files.left.map(({ path }) => path)).toEqual(['..', '.git', '/etc/x']);
});

test('a blob that is not in the clone is said to be missing', async () => {
  repo.write('lost.py', 'lost\n');
  repo.commit();
  const blob = repo.git('rev-parse', 'HEAD:lost.py');
  rmSync(join(repo.root, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
  const { call } = toolbox((await at()).files);
  expect(await call('Read', { path: 'lost.py' })).toContain('its content is not in this clone');
  expect(await call('Grep', { pattern: 'first' })).toContain('a.py\n1| first');
});

test('many files, with a reader that asks again', async () => {
  for (let n = 0; n < 300; n++) repo.write(`d${n % 7}/f${n}.py`, `def f${n}(): pass\n`);
  repo.commit();
  const { call } = toolbox((await at()).files);
  for (let again = 0; again < 2; again++)
    expect(await call('Grep', { pattern: 'f(17|299)\\b' })).toBe(
      'd3/f17.py\n1| def f17(): pass\nd5/f299.py\n1| def f299(): pass\n',
    );
});

describe('a range', () => {
  test('is what the commits since the base changed, the worktree left out', async () => {
    repo.git('checkout', '-q', '-b', 'work');
    repo.write('b.py', 'b\n');
    const one = repo.commit('two');
    repo.write('a.py', 'work\n');
    const two = repo.commit('three');
    repo.git('checkout', '-q', 'main');
    repo.write('c.py', 'main goes on\n');
    repo.commit();
    repo.git('checkout', '-q', 'work');
    repo.write('u.py', 'not committed\n');
    const range = valueOf(await committedBetween(repo.root, 'main', 'HEAD', world.env));
    expect(range.commits).toEqual([two, one]);
    expect(range.files.commit).toBe(two);
    expect(shown(range.changes)).toEqual([
      'modified a.py: "first\\n" => "work\\n"',
      'added b.py: - => "b\\n"',
    ]);
  });

  test('may end at any commit', async () => {
    repo.write('a.py', 'second\n');
    const second = repo.commit('two');
    repo.write('a.py', 'third\n');
    repo.commit('three');
    const range = valueOf(await committedBetween(repo.root, 'HEAD~2', 'HEAD~1', world.env));
    expect(range.commits).toEqual([second]);
    expect(shown(range.changes)).toEqual(['modified a.py: "first\\n" => "second\\n"']);
    const { call } = toolbox(range.files);
    expect(await call('Read', { path: 'a.py' })).toContain('1| second\n');
    for (const tip of ['nope', '--all', 'HEAD:a.py'])
      expect(await committedBetween(repo.root, 'HEAD~2', tip, world.env)).toMatchObject({
        reason: 'bad-ref',
      });
  });

  test('of nothing has no commits, and of what is unknown no changes', async () => {
    const none = valueOf(await committedBetween(repo.root, 'HEAD', 'HEAD', world.env));
    expect(none).toMatchObject({ commits: [], changes: { files: [] } });
    expect(await committedBetween(repo.root, 'nope', 'HEAD', world.env)).toMatchObject({
      reason: 'bad-ref',
    });
    const fresh = makeRepo(world, 'fresh');
    expect(await committedBetween(fresh.root, 'HEAD', 'HEAD', world.env)).toMatchObject({
      reason: 'bad-ref',
    });
  });
});

test('nothing is written into the repository', async () => {
  const before = readdirSync(join(repo.root, '.git')).sort();
  const { call } = toolbox((await at()).files);
  await call('Grep', { pattern: 'first' });
  expect(readdirSync(join(repo.root, '.git')).sort()).toEqual(before);
});
