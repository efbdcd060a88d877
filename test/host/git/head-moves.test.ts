/** Whose work it is when HEAD moved during the turn. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changesOf, makeRepo, makeWorld, nextSecond, run, shown, snapshotOf } from './support.ts';
import type { TestRepo, World } from './support.ts';

let world: World;
let repo: TestRepo;

beforeEach(async () => {
  world = makeWorld();
  repo = makeRepo(world);
  run(repo, 'a.txt <- a; b.txt <- b; commit');
  run(repo, 'git checkout -q -b other; b.txt <- other; o.txt <- o; commit; git checkout -q main');
  await nextSecond();
});

afterEach(() => world.remove());

const edited = 'modified a.txt: "a\\n" => "a2\\n"';
const picked = ['modified b.txt: "b\\n" => "other\\n"', 'added o.txt: - => "o\\n"'];
const noLog = 'git config core.logAllRefUpdates false; rm .git/logs';

const cases: [name: string, during: string, files: string[]][] = [
  ['by a commit', 'a.txt <- a2; commit', [edited]],
  [
    'by two commits',
    'a.txt <- a2; commit; c.txt <- c; commit',
    [edited, 'added c.txt: - => "c\\n"'],
  ],
  ['by an amended commit', 'a.txt <- a2; git commit -q --amend -a -m x', [edited]],
  ['by a checkout', 'git checkout -q other', []],
  [
    'by a checkout, then an edit',
    'git checkout -q other; b.txt <- mine',
    ['modified b.txt: "b\\n" => "mine\\n"'],
  ],
  [
    'by a checkout, then more of it',
    'git checkout -q other; b.txt <- other\nmine',
    ['modified b.txt: "other\\n" => "other\\nmine\\n"'],
  ],
  ['by a commit, then a checkout', 'a.txt <- a2; commit; git checkout -q other', []],
  ['by a new branch and a commit', 'git checkout -q -b n; a.txt <- a2; commit', [edited]],
  ['by a fast-forward', 'git merge -q --ff-only other', []],
  ['by a merge', 'a.txt <- a2; commit; git merge -q --no-edit other', [edited]],
  ['by a rebase', 'a.txt <- a2; commit; git rebase -q other', [edited]],
  ['by a cherry-pick', 'git cherry-pick other', picked],
  ['by a hard reset', 'a.txt <- a2; commit; git reset -q --hard HEAD~1', []],
  ['by a soft reset', 'git reset -q --hard other; git reset -q --soft main', []],
  ['without a log, by a commit', `${noLog}; a.txt <- a2; commit`, [edited]],
  ['without a log, by a checkout', `${noLog}; git checkout -q other`, []],
  ['to a branch without a past', 'git checkout -q --orphan n; a.txt <- a2; commit', [edited]],
];

it.each(cases)('%s', async (_name, during, files) => {
  const snapshot = await snapshotOf(world, repo.root);
  run(repo, during);
  expect(shown((await changesOf(world, snapshot)).changes)).toEqual(files);
});

it.each([
  ['update-ref', 'refs/heads/main'],
  ['reset', '-q', '--hard'],
])('by a commit that no commit command made: %s', async (...how) => {
  const snapshot = await snapshotOf(world, repo.root);
  run(repo, 'a.txt <- a2; git add -A');
  repo.git(...how, repo.git('commit-tree', '-p', 'HEAD', '-m', 'x', repo.git('write-tree')));
  expect(shown((await changesOf(world, snapshot)).changes)).toEqual([edited]);
});
