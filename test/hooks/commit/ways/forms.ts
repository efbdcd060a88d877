/** How a commit is made. */
import { add, commit } from './way.ts';
import type { Way } from './way.ts';

export const FORMS: readonly Way[] = [
  { name: 'git commit', steps: [commit('one')], reviewed: ['one'] },
  {
    name: 'two in one command',
    steps: [`${commit('one')}; ${commit('two')}`],
    reviewed: ['one', 'two'],
  },
  { name: 'one after the other', steps: [commit('one'), commit('two')], reviewed: ['one', 'two'] },
  { name: 'git -C .', steps: [`${add('one')}; git -C . commit -qm one`], reviewed: ['one'] },
  {
    name: 'git -c k=v',
    steps: [`${add('one')}; git -c core.abbrev=9 commit -qm one`],
    reviewed: ['one'],
  },
  { name: 'sh -c', steps: [`${add('one')}; sh -c "git commit -qm one"`], reviewed: ['one'] },
  { name: 'timeout', steps: [`${add('one')}; timeout 5 git commit -qm one`], reviewed: ['one'] },
  { name: 'env', steps: [`${add('one')}; env A=1 git commit -qm one`], reviewed: ['one'] },
  {
    name: 'a full path',
    steps: [`${add('one')}; "$(command -v git)" commit -qm one`],
    reviewed: ['one'],
  },
  {
    name: 'an alias',
    steps: [`git config alias.ci 'commit -q'; ${add('one')}; git ci -m one`],
    reviewed: ['one'],
  },
  {
    name: 'an alias of the shell',
    steps: [`git config alias.save '!git add -A; git commit -q -m one #'; echo 1 > x.py; git save`],
    reviewed: ['one'],
  },
  {
    name: 'a script',
    setup: `printf 'echo 1 > x.py; git add -A; git commit -qm one' > ../save.sh`,
    steps: ['sh ../save.sh'],
    reviewed: ['one'],
  },
  { name: 'a failing command behind it', steps: [`${commit('one')} && false`], reviewed: ['one'] },
  { name: 'without a word', steps: [`(${commit('one')}) >/dev/null 2>&1`], reviewed: ['one'] },
  { name: 'commit -a', steps: [`echo 'a = 9' > a.py; git commit -qam one`], reviewed: ['one'] },
  {
    name: 'a message from stdin',
    steps: [`${add('one')}; echo one | git commit -q -F -`],
    reviewed: ['one'],
  },
  {
    name: 'an empty commit',
    steps: ['git commit -q --allow-empty -m nothing'],
    reviewed: ['(nothing)'],
  },
  {
    name: 'a hook that refuses',
    setup: `printf '#!/bin/sh\\nexit 1' > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit`,
    steps: [commit('one')],
    reviewed: [],
  },
  {
    name: 'an index that is locked',
    setup: 'touch .git/index.lock',
    steps: [commit('one')],
    reviewed: [],
  },
  {
    name: 'a date of long ago',
    steps: [`${add('one')}; GIT_COMMITTER_DATE=2020-01-01T00:00:00Z git commit -qm one`],
    reviewed: ['one'],
  },
  {
    name: 'without logs of refs',
    setup: 'git config core.logAllRefUpdates false; rm -rf .git/logs',
    steps: [commit('one')],
    reviewed: ['one'],
  },
  {
    name: 'in the background',
    steps: ['sleep 1000'],
    payload: {
      tool_input: { command: 'x', run_in_background: true },
      tool_response: { backgroundTaskId: 'b1' },
    },
    later: commit('one'),
    reviewed: ['one'],
  },
  {
    name: 'left behind by a command',
    steps: ['true & true'],
    later: commit('one'),
    reviewed: ['one'],
  },
];

export const PLUMBING: readonly Way[] = [
  {
    name: 'commit-tree and update-ref',
    steps: [
      `${add('one')}; git update-ref HEAD "$(git commit-tree -p HEAD -m one "$(git write-tree)")"`,
    ],
    reviewed: ['one'],
  },
  {
    name: 'fast-import',
    steps: [
      `printf 'commit refs/heads/fast\\ncommitter A <a@example.com> now\\ndata 3\\none\\nfrom refs/heads/main\\nM 644 inline x.py\\ndata 2\\n1\\n\\n' | git fast-import --quiet --date-format=now`,
    ],
    reviewed: ['one'],
  },
  {
    name: 'git am',
    setup: 'git format-patch -q -1 topic -o ..',
    steps: ['git am -q ../0001-t2.patch'],
    reviewed: ['t2'],
  },
  { name: 'cherry-pick', steps: ['git cherry-pick topic'], reviewed: ['t2'] },
  {
    name: 'cherry-pick of a range',
    steps: ['git cherry-pick main..topic'],
    reviewed: ['t1', 't2'],
  },
  { name: 'revert', steps: ['git revert --no-edit HEAD'], reviewed: ['Revert "second"'] },
  {
    name: 'filter-branch of messages',
    steps: [
      `FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --msg-filter 'sed s/second/other/' main`,
    ],
    reviewed: [],
  },
  {
    name: 'filter-branch of files',
    steps: [
      `FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --tree-filter 'test -f b.py && echo 2 >> b.py || true' main`,
    ],
    reviewed: ['second'],
  },
];
