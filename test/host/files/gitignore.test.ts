import { join } from 'node:path';
import { array, assert as assertProperty, asyncProperty, constantFrom } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useTree } from './tree.ts';

const { root, write, git, gitFiles, list } = useTree();

const SOME_FILES = {
  'a.py': '',
  'a.log': '',
  'build/out.py': '',
  'src/build/out.py': '',
  'src/keep.log': '',
  'src/a.log': '',
  'src/x/y.d/f.txt': '',
  'src/x/y.d/g.log': '',
  'src/[odd] name/z.py': '',
  'src/[odd] name/tmp/z.py': '',
  'docs/#hash': '',
  'docs/!bang': '',
  'docs/sp ': '',
  'deep/a/b/c/d.tmp': '',
  'deep/a/b/c/d.py': '',
};

describe('listFiles agrees with git ls-files', () => {
  it.each<[string, Record<string, string>]>([
    ['no ignore file', {}],
    ['extension and folder', { '.gitignore': '*.log\nbuild/\n' }],
    ['anchored folder', { '.gitignore': '/build\n' }],
    ['negation', { '.gitignore': '*.log\n!keep.log\n' }],
    ['negation below an ignored folder has no effect', { '.gitignore': 'src/\n!src/keep.log\n' }],
    ['nested file', { 'src/.gitignore': 'build\n*.log\n!keep.log\n' }],
    [
      'nested file brings back what the root() ignores',
      { '.gitignore': '*.log\n', 'src/.gitignore': '!*.log\n' },
    ],
    ['nested file brings back a folder', { '.gitignore': '*.d\n', 'src/x/.gitignore': '!y.d\n' }],
    ['nested file in a folder with special characters', { 'src/[odd] name/.gitignore': 'tmp\n' }],
    ['nested anchored', { 'src/.gitignore': '/x/y.d/*.log\n/build\n' }],
    ['double star', { '.gitignore': 'deep/**/*.tmp\n**/x/**\n' }],
    ['nested double star', { 'deep/.gitignore': '**/d.tmp\n**\n!a/\n' }],
    [
      'comment, escapes, trailing blank, CRLF',
      { '.gitignore': '# x\r\n\\#hash\r\n\\!bang\r\nsp\\ \r\n*.tmp  \r\n' },
    ],
    ['byte order mark', { '.gitignore': '\uFEFF*.log\n' }],
    ['bare slash, star and bang', { '.gitignore': '/\n!\n', 'src/.gitignore': '*\n!.gitignore\n' }],
    ['bracket expressions', { '.gitignore': '[a-b].py\nd.[!p]*\n' }],
    [
      'info/exclude, weaker than .gitignore',
      { '.git/info/exclude': '*.log\n', 'src/.gitignore': '!keep.log\n' },
    ],
  ])('%s', async (_name, ignoreFiles) => {
    git('init', '-q');
    write(SOME_FILES);
    write(ignoreFiles);
    const { files, report } = await list();
    expect(files).toEqual(gitFiles());
    expect(report.problems).toEqual([]);
  });

  it('for a folder below the root, with the parents of the listing counted', async () => {
    git('init', '-q');
    write({ ...SOME_FILES, '.gitignore': '*.log\n', 'src/.gitignore': '/x/y.d/f.txt\n' });
    const { files } = await list({ paths: ['src/x'] });
    expect(files).toEqual(gitFiles().filter((path) => path.startsWith('src/x/')));
    expect((await list({ cwd: join(root(), 'src') })).files.map((path) => `src/${path}`)).toEqual(
      gitFiles().filter((path) => path.startsWith('src/')),
    );
  });

  it('in a linked work tree, with the exclude file of the repository', async () => {
    git('init', '-q');
    write({ '.git/info/exclude': '*.secret\n', 'a.py': '' });
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'x');
    git('worktree', 'add', '-q', 'linked');
    write({ 'linked/b.secret': '', 'linked/c.py': '' });
    expect((await list({ cwd: join(root(), 'linked') })).files).toEqual(['a.py', 'c.py']);
  });

  it('for generated patterns', async () => {
    git('init', '-q');
    const names = ['a', 'b', 'ab', 'a.b', 'x y', '[a]', 'b*'];
    const tree: Record<string, string> = {};
    for (const one of names) {
      tree[one] = '';
      for (const two of names) tree[`d${one}/${two}`] = tree[`d${one}/e/${two}`] = '';
    }
    write(tree);
    const atom = constantFrom(
      'a',
      'b',
      'da',
      'dab',
      'e',
      '.',
      '*',
      '**',
      '?',
      '/',
      '!',
      '[ab]',
      '[!a]',
      '\\',
      ' ',
      'x y',
      '#',
    );
    const line = array(atom, { minLength: 1, maxLength: 6 }).map((atoms) => atoms.join(''));
    const lines = array(line, { maxLength: 4 }).map((all) => all.join('\n'));
    await assertProperty(
      asyncProperty(lines, lines, async (top, nested) => {
        write({ '.gitignore': top, 'da/.gitignore': nested });
        expect((await list()).files).toEqual(gitFiles());
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
