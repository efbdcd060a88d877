import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles } from '../../../host/files/list.ts';
import type { ListOptions } from '../../../host/files/list.ts';
import { useTree } from './tree.ts';

const { root, write, git, list } = useTree();

describe('listFiles', () => {
  it('disregards .gitignore when told to, and always skips .git and node_modules', async () => {
    git('init', '-q');
    write({
      '.gitignore': '*.log\n',
      'a.log': '',
      'node_modules/m/i.js': '',
      'sub/node_modules/m.js': '',
    });
    expect((await list({ gitignore: false })).files).toEqual(['.gitignore', 'a.log']);
    expect((await list({ paths: ['node_modules'] })).files).toEqual(['node_modules/m/i.js']);
  });

  it('lists a file that is named, whatever ignores it, and a named folder that is ignored', async () => {
    git('init', '-q');
    write({
      '.gitignore': '*.log\nout/\n',
      'a.log': '',
      'out/x.py': '',
      'out/.gitignore': 'y.py',
      'out/y.py': '',
      'p.png': '',
    });
    expect((await list({ paths: ['a.log', 'p.png', 'out'] })).files).toEqual([
      'a.log',
      'out/.gitignore',
      'out/x.py',
      'p.png',
    ]);
  });

  it.each([
    ['.', ['a/b/x.py', 'a/b/y.py', 'a/c/b/x.py', 'a/z.py']],
    ['a/b', ['../c/b/x.py', '../z.py', 'x.py', 'y.py']],
    ['a/c/b', ['../../b/x.py', '../../b/y.py', '../../z.py', 'x.py']],
    ['other', ['../a/b/x.py', '../a/b/y.py', '../a/c/b/x.py', '../a/z.py']],
  ])('names the files of one folder as they are seen from %s', async (from, expected) => {
    write({ 'a/b/x.py': '', 'a/b/y.py': '', 'a/c/b/x.py': '', 'a/z.py': '' });
    mkdirSync(join(root(), 'other'));
    const { files } = await list({ cwd: join(root(), from), paths: [join(root(), 'a')] });
    expect(files.toSorted()).toEqual(expected);
  });

  it('lists alike by both of its walks', async () => {
    git('init', '-q');
    write({
      '.gitignore': '*.log\nout/\n',
      'a.log': '',
      'a.py': '',
      'p.png': '',
      'out/x.py': '',
      'sub/deep/[b] (c).py': '',
      'sub/deep/line\nbreak.py': '',
      '.hidden/d.py': '',
    });
    const plain = (await list()).files;
    expect(plain).toHaveLength(5);
    expect((await list({ exclude: ['nothing-has-this-name'] })).files).toEqual(plain);
  });

  it('lists a file once when arguments overlap', async () => {
    write({ 'src/a.py': '', 'b.py': '' });
    expect((await list({ paths: ['.', 'src', 'src/a.py', join(root(), 'b.py')] })).files).toEqual([
      'b.py',
      'src/a.py',
    ]);
  });

  it('gives each repository inside the tree its own rules', async () => {
    git('init', '-q');
    git('init', '-q', 'inner');
    write({
      '.gitignore': '*.py\n',
      'a.py': '',
      'inner/b.py': '',
      'inner/c.log': '',
      'inner/.gitignore': '*.log\n',
    });
    expect((await list()).files).toEqual(['.gitignore', 'inner/.gitignore', 'inner/b.py']);
  });

  it('never follows a symbolic link', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'sg-outside-'));
    write({ 'secret.py': '' }, outside);
    write({ 'a.py': '' });
    symlinkSync(outside, join(root(), 'folder'));
    symlinkSync(join(outside, 'secret.py'), join(root(), 'file.py'));
    symlinkSync(root(), join(root(), 'loop'));
    expect((await list()).files).toEqual(['a.py']);
    rmSync(outside, { recursive: true });
  });

  it('counts what a binary extension leaves out', async () => {
    write({ 'a.png': '', 'b.WOFF2': '', '.zip': '', 'c.py': '', 'logo.svg': '' });
    const { files, report } = await list();
    expect(files).toEqual(['.zip', 'c.py', 'logo.svg']);
    expect(report.binaries).toBe(2);
  });

  it('carries names that a glob or a string cannot', async () => {
    write({
      'line\nbreak.py': '',
      'cr\rdir\n/in.py': '',
      'back\\slash.py': '',
      ' lead.py': '',
      '-dash.py': '',
      '\uF8FF0': '',
      'ünï/é.py': '',
    });
    const bad = Buffer.concat([Buffer.from(`${root()}/caf`), Buffer.from([0xe9])]);
    mkdirSync(bad);
    writeFileSync(Buffer.concat([bad, Buffer.from('/x.py')]), 'x');
    const listing = listFiles({ cwd: root(), paths: ['.'], gitignore: true });
    const found = [];
    for await (const file of listing.files) found.push(file);
    expect(found.map((file) => file.relative).sort()).toEqual(
      [
        ' lead.py',
        '-dash.py',
        'back\\slash.py',
        'caf\\xe9/x.py',
        'cr\rdir\n/in.py',
        'line\nbreak.py',
        'ünï/é.py',
        '\uF8FF0',
      ].sort(),
    );
    expect(
      found.filter((file) => file.raw !== undefined).map((file) => file.raw?.toString('latin1')),
    ).toEqual([`${root()}/caf\xe9/x.py`]);
  });

  it('names what does not exist and goes on', async () => {
    write({ 'a.py': '' });
    const { files, report } = await list({ paths: ['gone', 'a.py/x', 'a.py'] });
    expect(files).toEqual(['a.py']);
    expect(report.problems).toEqual([
      { path: 'gone', reason: 'no such file or folder' },
      { path: 'a.py/x', reason: 'a part of the path is not a folder' },
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('names a folder that cannot be read', async () => {
    write({ 'locked/a.py': '', 'b.py': '' });
    chmodSync(join(root(), 'locked'), 0);
    const { files, report } = await list();
    chmodSync(join(root(), 'locked'), 0o700);
    expect(files).toEqual(['b.py']);
    expect(report.problems).toEqual([{ path: 'locked', reason: 'permission denied' }]);
  });

  it.each<[string, Partial<ListOptions>, string[]]>([
    ['include by extension', { include: ['*.py'] }, ['a.py', 'src/b.py', 'src/gen/c.py']],
    ['include a folder', { include: ['src/'] }, ['src/b.py', 'src/d.ts', 'src/gen/c.py']],
    ['exclude a folder', { exclude: ['gen'] }, ['a.py', 'src/b.py', 'src/d.ts']],
    [
      'exclude relative to cwd',
      { exclude: ['./src/*.ts', 'gen/c.py'] },
      ['a.py', 'src/b.py', 'src/gen/c.py'],
    ],
    ['both', { include: ['*.py'], exclude: ['src/gen/**'], paths: ['src'] }, ['src/b.py']],
  ])('%s', async (_name, options, expected) => {
    write({ 'a.py': '', 'src/b.py': '', 'src/gen/c.py': '', 'src/d.ts': '' });
    expect((await list(options)).files).toEqual(expected);
  });

  it('applies globs below a root outside cwd', async () => {
    write({ 'a/x.py': '', 'b/y.py': '', 'b/y.ts': '' });
    expect(
      (await list({ cwd: join(root(), 'a'), paths: ['../b'], include: ['*.py'] })).files,
    ).toEqual(['../b/y.py']);
  });
});
