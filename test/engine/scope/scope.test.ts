import { describe, expect, test } from 'vitest';
import type { Rule } from '../../../engine/rule.ts';
import { type LanguageId, languageOf } from '../../../engine/language.ts';
import { compileLanguages, scopeMatches } from '../../../engine/scope/scope.ts';

type Scoped = Pick<Rule, 'languages' | 'paths' | 'excludePaths' | 'globs'>;

describe('languages and paths', () => {
  const cases: readonly (readonly [name: string, rule: Scoped, path: string, expected: boolean])[] =
    [
      ['no scope', {}, 'a/b', true],
      ['language', { languages: ['python'] }, 'a/b.py', true],
      ['another language', { languages: ['python'] }, 'a/b.js', false],
      ['unknown language', { languages: ['python'] }, 'a/b', false],
      [
        'language and path',
        { languages: ['yaml'], paths: ['.github/**'] },
        '.github/w/ci.yml',
        true,
      ],
      ['language but not path', { languages: ['yaml'], paths: ['.github/**'] }, 'ci.yml', false],
      [
        'path but not language',
        { languages: ['yaml'], paths: ['.github/**'] },
        '.github/a.md',
        false,
      ],
      ['excluded', { paths: ['*.ts'], excludePaths: ['*.test.ts'] }, 'x/a.test.ts', false],
      ['not excluded', { paths: ['*.ts'], excludePaths: ['*.test.ts'] }, 'x/a.ts', true],
      ['excluded alone', { excludePaths: ['vendor/**'] }, 'vendor/a', false],
    ];
  test.each(cases)('%s', (_name, rule, path, expected) => {
    expect(scopeMatches(rule, { relative: path })).toBe(expected);
  });
});

describe('fnmatch globs are tried on every form of the path', () => {
  const absolute = '/home/u/.work/proj/src/app/a.ts';
  const relative = 'src/app/a.ts';
  test.each([
    ['**/*.ts', true],
    ['**/src/**', true],
    ['src/**', true],
    ['src/app/**/*.ts', true],
    ['a.ts', true],
    ['*.work*', true],
    ['*/src/*.ts', true],
    ['home/u/*', true],
    ['app/*.ts', false],
    ['*.js', false],
  ])('%s: %s', (glob, expected) => {
    expect(scopeMatches({ globs: 'fnmatch', paths: [glob] }, { relative, absolute })).toBe(
      expected,
    );
    expect(scopeMatches({ globs: 'fnmatch', excludePaths: [glob] }, { relative, absolute })).toBe(
      !expected,
    );
  });

  test('a leading "**/" needs no folder when only the relative path is known', () => {
    expect(scopeMatches({ globs: 'fnmatch', paths: ['**/src/*'] }, { relative })).toBe(true);
  });
});

describe('the languages that a rule is asked about', () => {
  test.each<[LanguageId, string]>([
    ['java', 'a.jsp'],
    ['csharp', 'a.aspx'],
    ['ruby', 'a.html.erb'],
    ['javascript', 'a.ejs'],
  ])('%s: templates, which are HTML also', (language, relative) => {
    const template = languageOf(relative);
    const other = language === 'java' ? 'ruby' : 'java';
    for (const [named, expected] of [
      [language, true],
      ['html', true],
      [other, false],
    ] as const) {
      expect(scopeMatches({ languages: [named] }, { relative })).toBe(expected);
      expect(compileLanguages({ languages: [named] })(template)).toBe(expected);
    }
    expect(scopeMatches({ languages: ['jsp', 'aspx', 'erb', 'ejs'] }, { relative })).toBe(true);
    expect(scopeMatches({ languages: ['jsp', 'aspx', 'erb', 'ejs'] }, { relative: 'a.html' })).toBe(
      false,
    );
  });

  test('are those of its globs, where all of them end in an extension', () => {
    const speaks = compileLanguages({ paths: ['**/.github/workflows/*.yml', '**/action.yaml'] });
    expect(speaks('yaml')).toBe(true);
    expect(speaks('go')).toBe(false);
    const both = compileLanguages({ paths: ['**/.{github,gitea}/workflows/*.{yml,yaml}'] });
    expect([both('yaml'), both('go'), both(undefined)]).toEqual([true, false, true]);
    expect(compileLanguages({ paths: ['*.{yml,unheard}'] })('go')).toBe(true);
    expect(compileLanguages({ paths: ['*.yml', 'src/**'] })('go')).toBe(true);
    expect(compileLanguages({ paths: ['*.unheard'] })('go')).toBe(true);
    expect(compileLanguages({})(undefined)).toBe(true);
  });

  const globs = [
    '*.yml',
    '**/*.env',
    '*.dockerfile',
    'a/*.py',
    '*.{py,go}',
    '{a,x}/*.{yml,yaml}',
    '**/*.{py,unheard}',
    '*.[pc]y',
    '*.PY',
    '**',
  ];
  const names = ['x.yml', '.yml', '.env', 'a.env', '.dockerfile', 'b.dockerfile', 'Dockerfile.yml'];
  const more = [
    '.env.yml',
    'x.py',
    'X.PY',
    '.py',
    'x.go',
    'py',
    'makefile',
    'Makefile.py',
    'x.{py,go}',
  ];
  const styles = ['path', 'fnmatch'] as const;
  test.each(globs.flatMap((glob) => styles.map((style) => [glob, style] as const)))(
    '%s as a %s glob: leave out no path that the glob lets through',
    (glob, style) => {
      const rule = { globs: style, paths: [glob] };
      const speaks = compileLanguages(rule);
      for (const name of [...names, ...more]) {
        for (const relative of [name, `a/${name}`, `a.yml/b.py/${name}`]) {
          const absolute = `/home/u/${relative}`;
          if (scopeMatches(rule, { relative, absolute }))
            expect(speaks(languageOf(relative)), relative).toBe(true);
        }
      }
    },
  );
});
