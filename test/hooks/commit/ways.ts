/** Ways to make, move and push commits, and which of them a review is about. */

export interface Way {
  readonly name: string;
  /** Done an hour before the session begins. */
  readonly setup?: string;
  /** Commands of the agent, each with the hook after it. */
  readonly steps: readonly string[];
  /** Subjects, sorted; in brackets where no model had to be asked, since nothing was new. */
  readonly reviewed: readonly string[];
  /** Beside `repo`, where the commits are. */
  readonly where?: string;
  /** Beside `repo`, where the agent is. */
  readonly cwd?: string;
  /** More of the payload of the last step. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Done after the hook of the last step, as by what goes on in the background. */
  readonly later?: string;
}

const add = (name: string): string => `echo '${name} = 1' > ${name}.py && git add -A`;
const commit = (name: string): string => `${add(name)} && git commit -qm ${name}`;
const into = (folder: string, name: string): string =>
  `(cd ${folder} && ${add(name)} && git commit -qm ${name})`;
/** Somebody else's work that the remote has. */
const UPSTREAM = `${into('../other', 'theirs')} && (cd ../other && git push -q origin main)`;
/** `topic` and main change the same line. */
const CONFLICT = `echo 'a = 2' > a.py && git commit -qam ours && git checkout -q topic && echo 'a = 3' > a.py && git commit -qam theirs`;
const SEQUENCE = (script: string): string => `GIT_SEQUENCE_EDITOR="sed -i -e '${script}'"`;

const FORMS: readonly Way[] = [
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

const PLACES: readonly Way[] = [
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

const PLUMBING: readonly Way[] = [
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

const MERGES: readonly Way[] = [
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

const REWRITES: readonly Way[] = [
  { name: 'a rebase', setup: commit('mine'), steps: ['git rebase -q main topic'], reviewed: [] },
  {
    name: 'a rebase that changes a commit',
    setup: `${CONFLICT}`,
    steps: [`git rebase -q main; echo 'a = 4' > a.py; git add -A; git rebase --continue`],
    reviewed: ['theirs'],
  },
  {
    name: 'a rebase in two commands',
    setup: `${CONFLICT}`,
    steps: ['git rebase -q main', `echo 'a = 4' > a.py; git add -A; git rebase --continue`],
    reviewed: ['theirs'],
  },
  {
    name: 'a rebase that is given up',
    setup: `${CONFLICT}`,
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

const MOVES: readonly Way[] = [
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

const PUSHES: readonly Way[] = [
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

export const WAYS: readonly (readonly [group: string, ways: readonly Way[]])[] = [
  ['a commit', FORMS],
  ['where', PLACES],
  ['without git commit', PLUMBING],
  ['what comes from elsewhere', MERGES],
  ['a rewritten history', REWRITES],
  ['no commit', MOVES],
  ['a push', PUSHES],
];
