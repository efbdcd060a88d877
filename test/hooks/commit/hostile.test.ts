/** A repository that wants to run programs, to lead the ledger elsewhere, or to have its commits taken for reviewed. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { givenTurns } from '../turn/given.ts';
import { NOTHING } from '../turn/world.ts';
import { givenTemplate } from './template.ts';
import { Agent } from './world.ts';

const given = givenTurns();
const copyTemplate = givenTemplate();
let agent: Agent;
let git: string;

beforeEach(() => {
  agent = new Agent(given.turn, 's-1', copyTemplate);
  git = join(agent.repo.root, '.git');
});

const commit = (name: string): string =>
  `echo '${name} = 1' > ${name}.py; git add -A; git commit -qm ${name}`;

test('runs nothing that its settings name', async () => {
  const marks = join(agent.folder, 'marks');
  mkdirSync(marks);
  // Rewritten, merged and pushed, so that every question to git is asked.
  await agent.past(commit('mine'));
  await agent.prompt();
  await agent.shell(
    `${commit('one')}; git rebase -q main topic; git checkout -q main; git merge -q --no-ff -m merged topic; git push -q; echo 2 >> one.py; git commit -qa --amend -m again`,
  );
  for (const setting of [
    'filter.x.clean',
    'filter.x.smudge',
    'filter.x.process',
    'diff.x.textconv',
    'diff.x.command',
    'diff.external',
    'core.fsmonitor',
    'core.pager',
    'core.sshCommand',
    'core.editor',
    'core.alternateRefsCommand',
    'core.askPass',
    'gpg.program',
    'uploadpack.packObjectsHook',
    'credential.helper',
    'interactive.diffFilter',
  ]) {
    const program = join(agent.folder, `canary-${setting}`);
    writeFileSync(program, `#!/bin/sh\necho x > '${join(marks, setting)}'\nexec cat\n`, {
      mode: 0o755,
    });
    agent.repo.git('config', setting, program);
  }
  agent.repo.git('config', 'log.showSignature', 'true');
  writeFileSync(join(agent.repo.root, '.gitattributes'), '* filter=x diff=x\n');
  for (const hook of ['post-index-change', 'reference-transaction', 'post-checkout'])
    writeFileSync(join(git, 'hooks', hook), `#!/bin/sh\necho x > '${join(marks, hook)}'\n`, {
      mode: 0o755,
    });
  expect(await agent.after('x', 0, 5_000)).toEqual(NOTHING);
  expect(agent.logged()).not.toEqual([]);
  expect(readdirSync(marks)).toEqual([]);
});

describe('in place of the ledger', () => {
  const elsewhere = (): string => join(agent.folder, 'elsewhere');
  const own = (): string => join(git, 'security-guidance');
  const PLANTED: readonly [string, () => void][] = [
    ['a link to a folder', () => symlinkSync(elsewhere(), own())],
    ['a file', () => writeFileSync(own(), '')],
    ['a folder that anybody may write', () => mkdirSync(own(), { mode: 0o777 })],
    [
      'a link to a file',
      () => (mkdirSync(own()), symlinkSync(join(elsewhere(), 'x'), join(own(), 'commits.json'))),
    ],
    ['a pipe', () => (mkdirSync(own()), execFileSync('mkfifo', [join(own(), 'commits.json')]))],
    [
      'a lock that is a pipe',
      () => (mkdirSync(own()), execFileSync('mkfifo', [join(own(), 'commits.lock')])),
    ],
    [
      'a lock that leads to endless zeros',
      () => (mkdirSync(own()), symlinkSync('/dev/zero', join(own(), 'commits.lock'))),
    ],
    ['no JSON', () => (mkdirSync(own()), writeFileSync(join(own(), 'commits.json'), '{'))],
    [
      'another version',
      () => (
        mkdirSync(own()),
        writeFileSync(join(own(), 'commits.json'), '{"version":9,"commits":{}}')
      ),
    ],
    [
      'entries of another shape',
      () => (
        mkdirSync(own()),
        writeFileSync(
          join(own(), 'commits.json'),
          JSON.stringify({
            version: 1,
            commits: {
              __proto__: {},
              ['0'.repeat(40)]: { state: 'reviewed', by: 5 },
              '../x': { state: 'noticed' },
            },
          }),
        )
      ),
    ],
  ];
  test.each(PLANTED)('%s: commits are reviewed, and nothing else is touched', async (_, plant) => {
    mkdirSync(elsewhere());
    plant();
    await agent.prompt();
    expect(await agent.bash(commit('one'))).toEqual(NOTHING);
    expect(agent.reviewed()).toEqual(['one']);
    expect(await agent.bash('git push -q')).toEqual(NOTHING);
    expect(agent.reviewed()).toEqual(['one']);
    expect(readdirSync(elsewhere())).toEqual([]);
    const folder = lstatSync(own());
    if (folder.isDirectory()) {
      expect(folder.mode & 0o777).toBe(0o700);
      for (const name of readdirSync(own()))
        if (name === 'commits.json') expect(statSync(join(own(), name)).mode & 0o777).toBe(0o600);
    } else expect(existsSync(join(given.turn.state, 'commits'))).toBe(true);
  });
});

test('a great many refs, and one whose name is an option', async () => {
  const id = agent.repo.git('rev-parse', 'HEAD');
  const packed = Array.from({ length: 20_000 }, (_, index) => `${id} refs/remotes/r/b${index}\n`);
  writeFileSync(
    join(git, 'packed-refs'),
    `# pack-refs with: peeled fully-peeled sorted \n${packed.sort().join('')}`,
  );
  writeFileSync(join(git, 'refs/heads/--output=x'), `${id}\n`);
  await agent.prompt();
  expect(await agent.bash(commit('one'))).toEqual(NOTHING);
  expect(agent.reviewed()).toEqual(['one']);
});

test('the command of a payload runs nothing, and leads nowhere', async () => {
  const outside = join(agent.folder, 'ran');
  await agent.prompt();
  for (const command of [
    `touch ${outside}`,
    '$(touch x) `touch x`',
    '"'.repeat(60_000),
    '/proc/self/root /dev/zero -C/',
    '\\'.repeat(60_000),
  ])
    expect(await agent.after(command, 0, 1)).toEqual(NOTHING);
  expect(existsSync(outside)).toBe(false);
  expect(existsSync(join(agent.repo.root, 'x'))).toBe(false);
});
