/** What comes from elsewhere, and what makes no commit. */
import { commit, UPSTREAM, CONFLICT } from './way.ts';
import type { Way } from './way.ts';

export const MERGES: readonly Way[] = [
  { name: 'a fast-forward', steps: ['git merge -q topic'], reviewed: [] },
  { name: 'a merge', steps: ['git merge -q --no-ff -m merged topic'], reviewed: ['(merged)'] },
  {
    name: 'a merge that is made by hand',
    setup: `${CONFLICT}; git checkout -q main`,
    steps: [`git merge -q topic; echo 'a = 4' > a.py; git add -A; git commit -qm merged`],
    reviewed: ['merged'],
  },
  {
    name: 'a merge that brings more',
    steps: [`git merge -q --no-ff --no-commit topic; ${commit('merged')}`],
    reviewed: ['merged'],
  },
  {
    name: 'an octopus',
    setup:
      'git branch third HEAD; git checkout -q third; echo 3 > third.py; git add -A; git commit -qm third; git checkout -q main',
    steps: ['git merge -q -m merged topic third'],
    reviewed: ['(merged)'],
  },
  {
    name: 'a squashed merge',
    steps: ['git merge -q --squash topic; git commit -qm squashed'],
    reviewed: ['squashed'],
  },
  {
    name: 'a branch that is made and merged',
    steps: [
      `git checkout -qb new; ${commit('one')}; git checkout -q main; git merge -q --no-ff -m merged new`,
    ],
    reviewed: ['(merged)', 'one'],
  },
  { name: 'fetch', setup: UPSTREAM, steps: ['git fetch -q'], reviewed: [] },
  { name: 'pull', setup: UPSTREAM, steps: ['git pull -q'], reviewed: [] },
  {
    name: 'pull with a merge',
    setup: `${UPSTREAM}; ${commit('mine')}`,
    steps: ['git pull -q --no-rebase --no-edit'],
    reviewed: ["(Merge branch 'main' of ../origin)"],
  },
  {
    name: 'pull --rebase',
    setup: `${UPSTREAM}; ${commit('mine')}`,
    steps: ['git pull -q --rebase'],
    reviewed: [],
  },
  {
    name: 'pull from an address',
    setup: UPSTREAM,
    steps: ['git pull -q ../other main'],
    reviewed: [],
  },
  {
    name: 'fetch from an address to a branch',
    setup: UPSTREAM,
    steps: ['git fetch -q ../other main:copy'],
    reviewed: [],
  },
  {
    name: 'merge of FETCH_HEAD',
    setup: `${UPSTREAM}; ${commit('mine')}`,
    steps: ['git fetch -q ../other main; git merge -q -m merged FETCH_HEAD'],
    reviewed: ['(merged)'],
  },
  {
    name: 'checkout of what was fetched',
    setup: UPSTREAM,
    steps: ['git fetch -q; git checkout -qb new origin/main'],
    reviewed: [],
  },
];

export const MOVES: readonly Way[] = [
  { name: 'nothing', steps: ['ls', 'git status', 'git log -1'], reviewed: [] },
  { name: 'reset --hard', steps: ['git reset -q --hard HEAD~1'], reviewed: [] },
  {
    name: 'reset, and back',
    steps: ['git reset -q --hard HEAD~1', 'git reset -q --hard ORIG_HEAD'],
    reviewed: [],
  },
  { name: 'checkout', steps: ['git checkout -q topic', 'git checkout -q -'], reviewed: [] },
  {
    name: 'a commit that nothing leads to, again',
    setup:
      'git checkout -q topic; git rev-parse HEAD > ../id; git checkout -q main; git branch -qD topic',
    steps: ['git checkout -q "$(cat ../id)"; git branch found'],
    reviewed: [],
  },
  {
    name: 'stash',
    setup: 'echo 5 > a.py',
    steps: ['git stash -q', 'git stash pop -q'],
    reviewed: [],
  },
  { name: 'bisect', steps: ['git bisect start HEAD HEAD~1', 'git bisect reset'], reviewed: [] },
  { name: 'tags', steps: ['git tag one; git tag -a -m two two'], reviewed: [] },
  { name: 'notes', steps: ['git notes add -m note'], reviewed: [] },
  { name: 'gc', steps: ['git gc -q', 'git pack-refs --all'], reviewed: [] },
  { name: 'a worktree', steps: ['git worktree add -q ../linked'], reviewed: [] },
  {
    name: 'branches',
    steps: ['git branch new; git branch -f new topic; git branch -m new newer'],
    reviewed: [],
  },
];
