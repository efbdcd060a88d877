import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findRuleFiles } from '../../../host/rules/files.ts';
import { loadUserRules, loadUserRulesIfAny, type LoadedRules } from '../../../host/rules/load.ts';
import { parseRuleDocument } from '../../../host/rules/yaml-document.ts';

let top: string;
let configDir: string;
let projectDir: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'sg-rules-')));
  configDir = join(top, 'home', '.claude');
  projectDir = join(top, 'project');
  mkdirSync(projectDir, { recursive: true });
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const full = join(top, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

function reference(...names: string[]): string {
  return JSON.stringify({
    patterns: names.map((name) => ({ rule_name: name, regex: 'abc', reminder: 'r' })),
  });
}

const native = (id: string): string => `id: ${id}\npatterns: [abc]\nmessage: m\n`;

function load(options: Partial<Parameters<typeof loadUserRules>[0]> = {}): LoadedRules {
  return loadUserRules({ configDir, projectDir, parse: parseRuleDocument, ...options });
}

const ids = (loaded: LoadedRules): string[] =>
  loaded.rules.map(({ id, origin }) => `${origin}/${id}`);

describe('locations', () => {
  test('user, project, project-local, in both formats', () => {
    write('home/.claude/security-patterns.yaml', reference('u'));
    write('home/.claude/security-rules/b.yaml', native('u-b'));
    write('home/.claude/security-rules/a.yml', native('u-a'));
    write('home/.claude/security-rules/c/d.yaml', native('u-d'));
    write('home/.claude/security-rules/notes.txt', 'x');
    write('project/.claude/security-patterns.json', reference('p'));
    write('project/.claude/security-patterns.local.yml', reference('l'));
    write('project/.claude/security-rules.yaml', native('p-n'));
    write('project/.claude/security-rules.local.yaml', native('l-n'));
    const loaded = load();
    expect(loaded.problems).toEqual([]);
    expect(ids(loaded)).toEqual([
      'user/user:u',
      'user/u-a',
      'user/u-b',
      'user/u-d',
      'project/user:p',
      'project/p-n',
      'local/user:l',
      'local/l-n',
    ]);
  });

  test('the first extension wins', () => {
    write('project/.claude/security-patterns.json', reference('json'));
    write('project/.claude/security-patterns.yml', reference('yml'));
    expect(ids(load())).toEqual(['project/user:yml']);
    write('project/.claude/security-patterns.yaml', reference('yaml'));
    expect(ids(load())).toEqual(['project/user:yaml']);
  });

  test('a project that is the home folder is not read twice', () => {
    write('home/.claude/security-patterns.yaml', reference('u'));
    expect(ids(load({ projectDir: join(top, 'home') }))).toEqual(['user/user:u']);
  });

  test('the same name in two files', () => {
    write('home/.claude/security-patterns.yaml', reference('x'));
    write('project/.claude/security-patterns.yaml', reference('x'));
    expect(ids(load())).toEqual(['user/user:x', 'project/user:x-2']);
  });

  test('ids of built-in rules are not to be taken', () => {
    write('project/.claude/security-rules.yaml', native('built-in'));
    const loaded = load({ reservedIds: ['built-in'] });
    expect(loaded.rules).toEqual([]);
    expect(loaded.problems[0]?.reason).toBe(
      'id "built-in" is in use by another rule; expected one of its own',
    );
  });

  test('no files', async () => {
    expect(findRuleFiles({ configDir, projectDir })).toEqual([]);
    expect(findRuleFiles({})).toEqual([]);
    const parse = (): never => expect.fail('parsed');
    expect(loadUserRules({ configDir, projectDir, parse })).toEqual({
      rules: [],
      problems: [],
      files: [],
    });
    expect(await loadUserRulesIfAny({ configDir, projectDir })).toEqual({
      rules: [],
      problems: [],
      files: [],
    });
  });

  test('the parser is loaded when there is a file', async () => {
    const path = write('project/.claude/security-patterns.yaml', reference('x'));
    const loaded = await loadUserRulesIfAny({ configDir, projectDir });
    expect(ids(loaded)).toEqual(['project/user:x']);
    expect(loaded.files).toEqual([path]);
  });
});

describe('caps', () => {
  test('500 rules, the first ones', () => {
    write(
      'home/.claude/security-patterns.yaml',
      reference(...Array.from({ length: 300 }, (_, i) => `u${i}`)),
    );
    write(
      'project/.claude/security-patterns.yaml',
      reference(...Array.from({ length: 300 }, (_, i) => `p${i}`)),
    );
    const loaded = load();
    expect(loaded.rules).toHaveLength(500);
    expect(loaded.rules.filter(({ origin }) => origin === 'user')).toHaveLength(300);
    expect(loaded.problems).toMatchObject([
      { level: 'error', action: 'the last 100 of this file are left out' },
    ]);
  });

  test('files above 1 MiB', () => {
    const path = write('project/.claude/security-patterns.yaml', `#${'x'.repeat(1024 * 1024)}`);
    expect(load().problems).toEqual([
      {
        level: 'error',
        file: path,
        reason: 'it has 1048577 bytes; at most 1048576 are read',
        action: 'nothing is loaded from it',
      },
    ]);
  });
});

describe('hostile files', () => {
  const good = (): string => write('home/.claude/security-patterns.yaml', reference('good'));

  test.each([
    ['broken YAML', 'patterns: [\n  {rule_name: "x\n', /not YAML/],
    ['a tab', 'patterns:\n\t- x\n', /not YAML/],
    ['two documents', 'patterns: []\n---\npatterns: []\n', /not YAML/],
    [
      'an alias bomb',
      `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join()}]`).join('\n')}\npatterns: *a9\n`,
      /alias/,
    ],
    ['bottomless nesting', '['.repeat(200_000), /not YAML/],
  ])('%s costs no other file', (_name, text, reason) => {
    good();
    write('project/.claude/security-patterns.yaml', text);
    const loaded = load();
    expect(ids(loaded)).toEqual(['user/user:good']);
    expect(loaded.problems).toHaveLength(1);
    expect(loaded.problems[0]?.reason).toMatch(reason);
  });

  test('broken JSON has its place', () => {
    write('project/.claude/security-patterns.json', '{\n  "patterns": [}\n}');
    expect(load().problems).toMatchObject([{ level: 'error', line: 2 }]);
  });

  test('a byte order mark and strange bytes', () => {
    const path = write('project/.claude/security-patterns.json', '');
    writeFileSync(
      path,
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(reference('x'))]),
    );
    expect(ids(load())).toEqual(['project/user:x']);
    writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00, 0x80]));
    expect(load()).toMatchObject({ rules: [], problems: [{ level: 'error' }] });
  });

  test.skipIf(process.platform === 'win32')('links out of the project', () => {
    write('outside.yaml', reference('secret'));
    mkdirSync(join(projectDir, '.claude'));
    symlinkSync(join(top, 'outside.yaml'), join(projectDir, '.claude', 'security-patterns.yaml'));
    const loaded = load();
    expect(loaded.rules).toEqual([]);
    expect(loaded.problems[0]?.reason).toMatch(/outside of the project/);
  });

  test.skipIf(process.platform === 'win32')('a linked folder out of the project', () => {
    write('elsewhere/security-patterns.yaml', reference('secret'));
    symlinkSync(join(top, 'elsewhere'), join(projectDir, '.claude'));
    expect(load()).toMatchObject({
      rules: [],
      problems: [{ reason: expect.stringMatching(/outside/) }],
    });
  });

  test.skipIf(process.platform === 'win32')(
    "links within the project, and the user's own links, are followed",
    () => {
      write('project/shared/rules.yaml', reference('shared'));
      mkdirSync(join(projectDir, '.claude'));
      symlinkSync('../shared/rules.yaml', join(projectDir, '.claude', 'security-patterns.yaml'));
      write('dotfiles/p.yaml', reference('dot'));
      mkdirSync(configDir, { recursive: true });
      symlinkSync(join(top, 'dotfiles', 'p.yaml'), join(configDir, 'security-patterns.yaml'));
      expect(ids(load())).toEqual(['user/user:dot', 'project/user:shared']);
    },
  );

  test.skipIf(process.platform === 'win32')('a pipe is not waited for, a folder is no file', () => {
    mkdirSync(join(projectDir, '.claude', 'security-rules.yaml'), { recursive: true });
    execFileSync('mkfifo', [join(projectDir, '.claude', 'security-patterns.yaml')]);
    const loaded = load();
    expect(loaded.rules).toEqual([]);
    expect(loaded.problems.map(({ reason }) => reason)).toEqual([
      'it is no regular file',
      'it is no regular file',
    ]);
  });
});
