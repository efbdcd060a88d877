/** What is pushed. */
import { commit, UPSTREAM } from './way.ts';
import type { Way } from './way.ts';

export const PUSHES: readonly Way[] = [
  { name: 'commit and push', steps: [`${commit('one')} && git push -q`], reviewed: ['one'] },
  { name: 'commit, then push', steps: [commit('one'), 'git push -q'], reviewed: ['one'] },
  {
    name: 'what was there before',
    setup: commit('mine'),
    steps: ['git push -q'],
    reviewed: ['mine'],
  },
  {
    name: 'the rest of a branch',
    setup: commit('mine'),
    steps: [commit('one'), 'git push -q'],
    reviewed: ['mine', 'one'],
  },
  { name: 'a new branch', steps: ['git push -q -u origin topic'], reviewed: ['t1', 't2'] },
  {
    name: 'by another name',
    setup: 'git checkout -q topic',
    steps: ['git push -q origin HEAD:refs/heads/x'],
    reviewed: ['t1', 't2'],
  },
  {
    name: 'two branches',
    setup: commit('mine'),
    steps: ['git push -q origin main topic'],
    reviewed: ['mine', 't1', 't2'],
  },
  {
    name: 'the same twice',
    steps: ['git push -q origin topic', 'git push -q origin topic:other'],
    reviewed: ['t1', 't2'],
  },
  {
    name: 'refused',
    setup: `${UPSTREAM}; ${commit('mine')}`,
    steps: ['git push -q'],
    reviewed: [],
  },
  { name: 'dry', setup: commit('mine'), steps: ['git push -q --dry-run'], reviewed: [] },
  { name: 'tags', setup: 'git tag one', steps: ['git push -q --tags'], reviewed: [] },
  {
    name: 'a branch away',
    setup: 'git push -q origin topic',
    steps: ['git push -q origin :topic'],
    reviewed: [],
  },
  {
    name: 'by force, after an amend',
    steps: [
      `${commit('one')}; git push -q`,
      'echo 2 >> one.py; git commit -qa --amend -m again',
      'git push -qf',
    ],
    reviewed: ['again', 'one'],
  },
  { name: 'by force, back', steps: ['git push -qf origin HEAD~1:main'], reviewed: [] },
  {
    name: 'to an address',
    setup: commit('mine'),
    steps: ['git push -q ../origin.git main'],
    reviewed: [],
  },
  {
    name: 'of a worktree',
    setup: `git worktree add -q ../linked topic`,
    steps: ['cd ../linked && git push -q origin topic'],
    reviewed: ['t1', 't2'],
  },
];
