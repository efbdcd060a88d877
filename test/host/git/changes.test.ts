/** What a turn changed in the worktree of one repository. */
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openContentStore } from '../../../host/git/kept.ts';
import { changesOf, expectChanges, makeRepo, makeWorld, run, snapshotOf } from './support.ts';
import type { TestRepo, World } from './support.ts';

let world: World;
let repo: TestRepo;

beforeEach(() => {
  world = makeWorld();
  repo = makeRepo(world);
  run(repo, 'a.txt <- a; b.txt <- b; commit');
});

afterEach(() => world.remove());

const A2 = 'modified a.txt: "a\\n" => "a2\\n"';
const ADDED = 'added n.txt: - => "n\\n"';
const DELETED = 'deleted a.txt: "a\\n" => -';
const LINES = 'line one\nline two\nline three\nline four';
const LFS =
  'version https://git-lfs.github.com/spec/v1\n' +
  'oid sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\nsize 5';

describe('changes of the worktree', () => {
  const cases: [
    name: string,
    before: string,
    during: string,
    files: string[],
    skipped?: string[],
  ][] = [
    ['nothing', '', '', []],
    ['an edit', '', 'a.txt <- a2', [A2]],
    ['an edit of the same size', '', 'a.txt <- x', ['modified a.txt: "a\\n" => "x\\n"']],
    ['a rewrite with equal content', '', 'a.txt <- a', []],
    ['an edit, staged', '', 'a.txt <- a2; git add -A', [A2]],
    ['staged, then edited again', '', 'a.txt <- a1; git add -A; a.txt <- a2', [A2]],
    ['staged, then taken back', '', 'a.txt <- a2; git add -A; a.txt <- a', []],
    ['a new file', '', 'n.txt <- n', [ADDED]],
    ['a new file, staged', '', 'n.txt <- n; git add -A', [ADDED]],
    ['a new file, announced', '', 'n.txt <- n; git add -N n.txt', [ADDED]],
    ['a deletion', '', 'rm a.txt', [DELETED]],
    ['a deletion, staged', '', 'git rm -q a.txt', [DELETED]],
    ['dirty before', 'a.txt <- dirty', '', []],
    ['dirty before, staged', 'a.txt <- dirty', 'git add -A', []],
    ['dirty before, committed', 'a.txt <- dirty', 'commit', []],
    ['dirty before, undone', 'a.txt <- dirty', 'a.txt <- a', []],
    ['staged before', 'a.txt <- staged; git add -A', '', []],
    [
      'staged before, edited',
      'a.txt <- s; git add -A',
      'a.txt <- t',
      ['modified a.txt: "s\\n" => "t\\n"'],
    ],
    ['announced before', 'u.txt <- u; git add -N u.txt', '', []],
    ['untracked before', 'u.txt <- u', '', []],
    ['untracked before, committed', 'u.txt <- u', 'commit', []],
    ['untracked before, written again', 'u.txt <- u', 'u.txt <- u', []],
    ['deleted before', 'rm a.txt', '', []],
    ['deleted before, committed', 'rm a.txt', 'commit', []],
    ['deleted before, back', 'rm a.txt', 'a.txt <- a', ['added a.txt: - => "a\\n"']],
    ['an ignored file', '.gitignore <- i.txt; commit', 'i.txt <- i', []],
    [
      'ignored before',
      '.gitignore <- n.txt; n.txt <- n; commit',
      'git rm -q .gitignore',
      ['deleted .gitignore: "n.txt\\n" => -', ADDED],
    ],
    [
      'not followed any more',
      '',
      'git rm -q --cached a.txt; .git/info/exclude <- a.txt',
      [],
      ['a.txt: is not followed by git any more'],
    ],
    ['removed from the index only', '', 'git rm -q --cached a.txt', []],
    ['an executable bit', '', 'chmod a.txt', ['mode a.txt 100644>100755: "a\\n" => "a\\n"']],
    ['an executable bit that means nothing', 'git config core.fileMode false', 'chmod a.txt', []],
    [
      'an exact rename',
      'o/x.ts <- some; new/y <- y; commit',
      'mv o/x.ts new/x.ts',
      ['renamed o/x.ts -> new/x.ts: "some\\n" => "some\\n"'],
    ],
    [
      'a similar rename',
      `x.ts <- ${LINES}\n4; commit`,
      `git mv x.ts y.ts; y.ts <- ${LINES}\n5`,
      [
        `renamed x.ts -> y.ts: ${JSON.stringify(`${LINES}\n4\n`)} => ${JSON.stringify(`${LINES}\n5\n`)}`,
      ],
    ],
    ['a replacement', '', 'rm a.txt; n.txt <- n', [DELETED, ADDED]],
    [
      'a moved folder',
      'd/f.txt <- f; commit',
      'mv d e',
      ['renamed d/f.txt -> e/f.txt: "f\\n" => "f\\n"'],
    ],
    ['a new link', '', 'ln /etc/hostname l', ['added l: - => "/etc/hostname"']],
    [
      'a file that became a link',
      '',
      'rm a.txt; ln b.txt a.txt',
      ['modified a.txt 100644>120000: "a\\n" => "b.txt"'],
    ],
    [
      'a folder that became a link',
      'd/f.txt <- f; commit',
      'mv d e; ln e d',
      ['added d: - => "e"', 'renamed d/f.txt -> e/f.txt: "f\\n" => "f\\n"'],
    ],
    [
      'a file that became a folder',
      '',
      'rm a.txt; a.txt/x <- x',
      [DELETED, 'added a.txt/x: - => "x\\n"'],
    ],
    ['a binary file', '', 'n.bin <- a\0b', [], ['n.bin: binary']],
    [
      'a huge file',
      '',
      `n.txt <- ${'x'.repeat(2 ** 21)}`,
      [],
      ['n.txt: larger than is read (2097153 bytes)'],
    ],
    [
      'a huge file, committed',
      '',
      `n.txt <- ${'x'.repeat(2 ** 21)}; commit`,
      [],
      ['n.txt: larger than is read (2097153 bytes)'],
    ],
    ['line ends that git converts', 'git config core.autocrlf true', 'a.txt <- a\r', []],
    ['other line ends', '', 'a.txt <- a\r', []],
    ['a name with line break, tab and quote', '', 'n\n\t"é" <- n', ['added n\n\t"é": - => "n\\n"']],
    [
      'names like options',
      '',
      '--output=x <- n; - <- n',
      ['added -: - => "n\\n"', 'added --output=x: - => "n\\n"'],
    ],
    [
      'a name that is a property of objects',
      '',
      '__proto__ <- n',
      ['added __proto__: - => "n\\n"'],
    ],
  ];
  it.each(cases)('%s', async (_name, before, during, files, skipped) => {
    run(repo, before);
    const snapshot = await snapshotOf(world, repo.root);
    run(repo, during);
    expectChanges((await changesOf(world, snapshot)).changes, files, skipped);
  });

  it('does not count a touch', async () => {
    const snapshot = await snapshotOf(world, repo.root);
    utimesSync(join(repo.root, 'a.txt'), 1, 1);
    expectChanges((await changesOf(world, snapshot)).changes, []);
  });

  it('knows a pointer of git-lfs for its own content', async () => {
    run(repo, `l.txt <- ${LFS}; commit`);
    const snapshot = await snapshotOf(world, repo.root);
    repo.write('l.txt', 'hello');
    expectChanges((await changesOf(world, snapshot)).changes, []);
  });

  it('shows a resolved conflict', async () => {
    run(repo, 'git checkout -q -b x; a.txt <- x; commit; git checkout -q main; a.txt <- m; commit');
    const snapshot = await snapshotOf(world, repo.root);
    expect(() => repo.git('merge', 'x')).toThrow();
    run(repo, 'a.txt <- merged');
    const merged = ['modified a.txt: "m\\n" => "merged\\n"'];
    expectChanges((await changesOf(world, snapshot)).changes, merged);
    repo.commit();
    expectChanges((await changesOf(world, snapshot)).changes, merged);
  });

  it('shows names and content that are not UTF-8', async () => {
    const snapshot = await snapshotOf(world, repo.root);
    const name = Buffer.from(`${repo.root}/n\xe9.txt`, 'latin1');
    writeFileSync(name, Buffer.from('a\xe9\n', 'latin1'));
    const { changes } = await changesOf(world, snapshot);
    expect(changes.files.map(({ path }) => path)).toEqual(['n\uFFFD.txt']);
    expect(changes.files[0]?.after).toEqual(Buffer.from('a\xe9\n', 'latin1'));
    repo.commit();
    expect((await changesOf(world, snapshot)).changes.files).toHaveLength(1);
    expectChanges((await changesOf(world, await snapshotOf(world, repo.root))).changes, []);
  });

  it('tells earlier content apart where it was kept, without code in the snapshot', async () => {
    run(repo, 'a.txt <- dirty; u.txt <- untracked');
    const keep = openContentStore(join(world.folder, 'kept'));
    const kept = await snapshotOf(world, repo.root, { keep });
    expect(JSON.stringify(kept)).not.toMatch(/"dirty|"untracked\\n/);
    run(repo, 'a.txt <- a2; u.txt <- u2');
    expectChanges((await changesOf(world, kept, { keep })).changes, [
      'modified a.txt: "dirty\\n" => "a2\\n"',
      'modified u.txt: "untracked\\n" => "u2\\n"',
    ]);
    expectChanges((await changesOf(world, kept)).changes, [A2, 'modified u.txt: - => "u2\\n"']);
  });

  it.each(['', 'git add -A', 'commit'])(
    'compares with nothing before the first commit: %j',
    async (act) => {
      const fresh = makeRepo(world, 'fresh');
      run(fresh, 'before.txt <- b');
      const snapshot = await snapshotOf(world, fresh.root);
      expect(snapshot.repos[0]?.head).toBeNull();
      run(fresh, act === '' ? 'n.txt <- n' : `n.txt <- n; ${act}`);
      expectChanges((await changesOf(world, snapshot)).changes, [ADDED]);
    },
  );
});
