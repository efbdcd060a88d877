/** What is staged, what a branch changed, what a commit changed. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changesFromBase, changesOfCommit, changesStaged } from '../../../host/git/between.ts';
import { expectChanges, makeRepo, makeWorld, shown, valueOf } from './support.ts';
import type { TestRepo, World } from './support.ts';

let world: World;
let repo: TestRepo;

beforeEach(() => {
  world = makeWorld();
  repo = makeRepo(world);
  repo.write('a.txt', 'a\n');
  repo.write('b.txt', 'b\n');
  repo.commit('one');
});

afterEach(() => world.remove());

const staged = async () => valueOf(await changesStaged(repo.root, world.env)).changes;
const from = async (ref: string) =>
  valueOf(await changesFromBase(repo.root, ref, world.env)).changes;
const commit = async (ref: string) =>
  valueOf(await changesOfCommit(repo.root, ref, world.env)).changes;

it('shows what is staged, not what is in the worktree', async () => {
  repo.write('a.txt', 'staged\n');
  repo.write('n.txt', 'n\n');
  repo.git('rm', '-q', 'b.txt');
  repo.git('add', 'a.txt', 'n.txt');
  repo.write('a.txt', 'worktree\n');
  repo.write('untracked.txt', 'u\n');
  expectChanges(await staged(), [
    'modified a.txt: "a\\n" => "staged\\n"',
    'deleted b.txt: "b\\n" => -',
    'added n.txt: - => "n\\n"',
  ]);
});

it('shows what is staged before the first commit', async () => {
  const fresh = makeRepo(world, 'fresh');
  fresh.write('n.txt', 'n\n');
  fresh.git('add', '-A');
  const { changes } = valueOf(await changesStaged(fresh.root, world.env));
  expectChanges(changes, ['added n.txt: - => "n\\n"']);
});

it('says what is in conflict', async () => {
  repo.git('checkout', '-q', '-b', 'x');
  repo.write('a.txt', 'x\n');
  repo.commit();
  repo.git('checkout', '-q', 'main');
  repo.write('a.txt', 'm\n');
  repo.commit();
  expect(() => repo.git('merge', 'x')).toThrow();
  expectChanges(await staged(), [], ['a.txt: in conflict']);
});

it('compares the worktree with the commit where two branches parted', async () => {
  repo.git('checkout', '-q', '-b', 'work');
  repo.write('a.txt', 'a2\n');
  repo.commit();
  repo.git('checkout', '-q', 'main');
  repo.write('b.txt', 'main goes on\n');
  repo.commit();
  repo.git('checkout', '-q', 'work');
  repo.write('u.txt', 'u\n');
  const changes = ['modified a.txt: "a\\n" => "a2\\n"', 'added u.txt: - => "u\\n"'];
  expectChanges(await from('main'), changes);
  expectChanges(await from(repo.git('rev-parse', 'main')), changes);
});

it('shows a commit against its parent, the first against nothing', async () => {
  repo.write('a.txt', 'a2\n');
  const id = repo.commit();
  repo.write('a.txt', 'not committed\n');
  expectChanges(await commit(id), ['modified a.txt: "a\\n" => "a2\\n"']);
  expectChanges(await commit('HEAD~1'), ['added a.txt: - => "a\\n"', 'added b.txt: - => "b\\n"']);
});

it('shows of a merge what is as in none of its parents', async () => {
  repo.git('checkout', '-q', '-b', 'x');
  repo.write('a.txt', 'x\n');
  repo.write('x.txt', 'x\n');
  repo.commit();
  repo.git('checkout', '-q', 'main');
  repo.write('a.txt', 'm\nmain\n');
  repo.commit();
  expect(() => repo.git('merge', 'x')).toThrow();
  repo.write('a.txt', 'm\nmain\nevil\n');
  repo.commit('merge');
  expectChanges(await commit('HEAD'), ['modified a.txt: "m\\nmain\\n" => "m\\nmain\\nevil\\n"']);
});

it.each(['nope', '', '-x', '--help', 'HEAD:a.txt', 'a\nb', 'main..x'])(
  'refuses %j as a commit',
  async (ref) => {
    for (const ask of [changesFromBase, changesOfCommit]) {
      expect(await ask(repo.root, ref, world.env)).toMatchObject({
        kind: 'failed',
        reason: 'bad-ref',
      });
    }
  },
);

it('says that two branches have nothing in common', async () => {
  repo.git('checkout', '-q', '--orphan', 'alone');
  repo.commit();
  expect(await changesFromBase(repo.root, 'main', world.env)).toMatchObject({ reason: 'bad-ref' });
  expect(shown(await from('alone'))).toEqual([]);
});
