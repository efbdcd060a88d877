/** Where a commit is made. */
import { add, commit, into } from './way.ts';
import type { Way } from './way.ts';

export const PLACES: readonly Way[] = [
  {
    name: 'in a folder of the repository',
    cwd: 'repo/sub',
    steps: [commit('one')],
    reviewed: ['one'],
  },
  { name: 'cd elsewhere', steps: [into('../second', 'one')], where: 'second', reviewed: ['one'] },
  {
    name: 'git -C elsewhere',
    steps: ['echo 1 > ../second/x.py; git -C ../second add -A; git -C ../second commit -qm one'],
    where: 'second',
    reviewed: ['one'],
  },
  {
    name: '--git-dir and --work-tree',
    steps: [
      'echo 1 > ../second/x.py; git --git-dir=../second/.git --work-tree=../second add -A; git --git-dir=../second/.git --work-tree=../second commit -qm one',
    ],
    where: 'second',
    reviewed: ['one'],
  },
  {
    name: 'GIT_DIR',
    steps: [
      'export GIT_DIR=$PWD/../second/.git GIT_WORK_TREE=$PWD/../second; echo 1 > ../second/x.py; git add -A; git commit -qm one',
    ],
    where: 'second',
    reviewed: ['one'],
  },
  {
    name: 'pushd',
    steps: [
      `bash -c 'pushd ../second; ${add('one').replaceAll("'", '"')}; git commit -qm one; popd'`,
    ],
    where: 'second',
    reviewed: ['one'],
  },
  {
    name: 'cd step by step',
    steps: [`cd .. && cd second && ${commit('one')}`],
    where: 'second',
    reviewed: ['one'],
  },
  {
    name: 'a folder with a space',
    setup: 'mv ../second "../a repo"',
    steps: [into('"../a repo"', 'one')],
    where: 'a repo',
    reviewed: ['one'],
  },
  {
    name: 'a space behind a backslash',
    setup: 'mv ../second "../a repo"',
    steps: [into('../a\\ repo', 'one')],
    where: 'a repo',
    reviewed: ['one'],
  },
  {
    name: 'from no repository',
    cwd: '.',
    steps: [`cd second && ${commit('one')}`],
    where: 'second',
    reviewed: ['one'],
  },
  {
    name: 'a detached HEAD',
    steps: [`git checkout -q --detach; ${commit('one')}`],
    reviewed: ['one'],
  },
  { name: 'a new branch', steps: [`git checkout -qb new; ${commit('one')}`], reviewed: ['one'] },
  {
    name: 'a branch that is left again',
    steps: [`git checkout -qb new; ${commit('one')}; git checkout -q main`],
    reviewed: ['one'],
  },
  {
    name: 'an orphan branch',
    steps: ['git checkout -q --orphan new; git commit -qm root'],
    reviewed: ['root'],
  },
  {
    name: 'a new repository',
    steps: [`git init -qb main ../new; cd ../new; ${commit('one')}; ${commit('two')}`],
    where: 'new',
    reviewed: ['one', 'two'],
  },
  {
    name: 'a clone',
    steps: ['git clone -q ../origin.git ../copy; cd ../copy'],
    where: 'copy',
    reviewed: [],
  },
  {
    name: 'a commit in a clone',
    steps: [`git clone -q ../origin.git ../copy; cd ../copy; ${commit('one')}`],
    where: 'copy',
    reviewed: ['one'],
  },
  {
    name: 'a linked worktree',
    setup: 'git worktree add -q ../linked',
    steps: [into('../linked', 'one')],
    reviewed: ['one'],
  },
  {
    name: 'a detached worktree',
    setup: 'git worktree add -q --detach ../linked',
    steps: [into('../linked', 'one')],
    reviewed: ['one'],
  },
  {
    name: 'a worktree that is made for it',
    steps: [`git worktree add -q ../linked -b new; cd ../linked; ${commit('one')}`],
    reviewed: ['one'],
  },
  {
    name: 'a submodule',
    setup: 'git submodule add -q ../origin.git mod; git commit -qm mod',
    steps: [into('mod', 'one')],
    where: 'repo/mod',
    reviewed: ['one'],
  },
  {
    name: 'submodule foreach',
    setup: 'git submodule add -q ../origin.git mod; git commit -qm mod',
    steps: [`git submodule foreach 'echo 1 > x.py; git add -A; git commit -qm one'`],
    where: 'repo/mod',
    reviewed: ['one'],
  },
  {
    name: 'a repository inside of another',
    setup: 'git clone -q ../origin.git nested',
    steps: [into('nested', 'one')],
    where: 'repo/nested',
    reviewed: ['one'],
  },
];
