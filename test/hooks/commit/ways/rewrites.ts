/** Histories that are rewritten. */
import { commit, CONFLICT, SEQUENCE } from './way.ts';
import type { Way } from './way.ts';

export const REWRITES: readonly Way[] = [
  { name: 'a rebase', setup: commit('mine'), steps: ['git rebase -q main topic'], reviewed: [] },
  {
    name: 'a rebase that changes a commit',
    setup: CONFLICT,
    steps: [`git rebase -q main; echo 'a = 4' > a.py; git add -A; git rebase --continue`],
    reviewed: ['theirs'],
  },
  {
    name: 'a rebase in two commands',
    setup: CONFLICT,
    steps: ['git rebase -q main', `echo 'a = 4' > a.py; git add -A; git rebase --continue`],
    reviewed: ['theirs'],
  },
  {
    name: 'a rebase that is given up',
    setup: CONFLICT,
    steps: ['git rebase -q main', 'git rebase --abort'],
    reviewed: [],
  },
  {
    name: 'a rebase by patches',
    setup: commit('mine'),
    steps: ['git rebase -q --apply main topic'],
    reviewed: [],
  },
  {
    name: 'rebase --onto',
    setup: commit('mine'),
    steps: ['git rebase -q --onto main topic~1 topic'],
    reviewed: [],
  },
  {
    name: 'rebase -i: squash',
    setup: 'git checkout -q topic',
    steps: [`${SEQUENCE('2s/pick/squash/')} git rebase -q -i main`],
    reviewed: ['t1'],
  },
  {
    name: 'rebase -i: reword',
    setup: 'git checkout -q topic',
    steps: [
      `${SEQUENCE('1s/pick/reword/')} GIT_EDITOR='sed -i -e 1s/.*/words/' git rebase -q -i main`,
    ],
    reviewed: [],
  },
  {
    name: 'rebase -i: drop',
    setup: 'git checkout -q topic',
    steps: [`${SEQUENCE('1s/pick/drop/')} git rebase -q -i main`],
    reviewed: [],
  },
  {
    name: 'fixup and autosquash',
    setup: 'git checkout -q topic',
    steps: [
      `echo 'more = 1' >> t1.py; git commit -qa --fixup HEAD~1; GIT_SEQUENCE_EDITOR=true git rebase -q -i --autosquash main`,
    ],
    reviewed: ['t1'],
  },
  {
    name: 'a commit that is rebased at once',
    setup: 'git checkout -q topic; git checkout -q main; ' + commit('mine'),
    steps: [`git checkout -q topic; ${commit('one')}; git rebase -q main`],
    reviewed: ['one'],
  },
  {
    name: 'a reviewed commit that is rebased',
    setup: commit('mine'),
    steps: [`git checkout -q topic; ${commit('one')}`, 'git rebase -q main'],
    reviewed: ['one'],
  },
  {
    name: 'amend: what it adds',
    steps: [commit('one'), `echo 'more = 1' >> one.py; git commit -qa --amend -m again`],
    reviewed: ['again', 'one'],
  },
  {
    name: 'amend of what was there',
    steps: [`echo 'more = 1' >> b.py; git commit -qa --amend -m again`],
    reviewed: ['again'],
  },
  {
    name: 'amend of the message',
    steps: [commit('one'), 'git commit -q --amend -m again'],
    reviewed: ['one'],
  },
  {
    name: 'amend in the same command',
    steps: [`${commit('one')}; echo 2 >> one.py; git commit -qa --amend -m again`],
    reviewed: ['again'],
  },
  {
    name: 'amend, twice',
    steps: [
      commit('one'),
      `echo 2 >> one.py; git commit -qa --amend -m again; echo 3 >> one.py; git commit -qa --amend -m last`,
    ],
    reviewed: ['last', 'one'],
  },
  {
    name: 'a rebase of what was pushed',
    setup: `git push -q origin topic; ${commit('mine')}`,
    steps: ['git rebase -q main topic', 'git push -qf origin topic'],
    reviewed: ['mine', 't1', 't2'],
  },
  {
    name: 'reset --soft and commit',
    steps: ['git reset -q --soft HEAD~1; git commit -qm again'],
    reviewed: [],
  },
  {
    name: 'two commits made one',
    setup: 'git checkout -q topic',
    steps: ['git reset -q --soft main; git commit -qm again'],
    reviewed: ['again'],
  },
];
