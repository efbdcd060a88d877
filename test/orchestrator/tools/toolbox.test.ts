/** What a model may ask of a commit, and what it gets. */
import { describe, expect, test } from 'vitest';
import { TOOL_SPECS } from '../../../orchestrator/tools/toolbox.ts';
import { schemaProblem } from '../../support/api/rules-schema.ts';
import { fakeCommit, toolbox } from './support.ts';

/** Put together, so that no scanner takes this file for a leak. */
const TOKEN = ['ghp', 'aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA3bC5'].join('_');

const FILES = {
  'app/run.py': `import os\n\nTOKEN = "${TOKEN}"\n\ndef run(name):\n    os.system("ls " + name)\n`,
  'app/long.py': Array.from({ length: 1000 }, (_, line) => `row_${line + 1} = ${line}\n`).join(''),
  'app/empty.py': '',
  'app/use.ts': `fetch(url, "${TOKEN}");\r\nrun(x);\r\n`,
  '.env': 'CANARY=1\n',
  'config/id_rsa': 'CANARY\n',
  'deploy/key.pem': 'CANARY\n',
  '.npmrc': 'CANARY\n',
  '.netrc': 'CANARY\n',
  'store.p12': 'CANARY\n',
  'aws/credentials': 'CANARY\n',
  'home/.ssh/known_hosts': 'CANARY\n',
  'id_rsa.bak': 'CANARY\n',
  'logo.bin': Uint8Array.from({ length: 2000 }, (_, at) => at % 9),
  'huge.js': 'x'.repeat(1_000_001),
  'model.bin': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
  'utf16.ps1': Uint8Array.from([0xff, 0xfe, 0x65, 0, 0x76, 0, 0x69, 0, 0x6c, 0]),
  'broken.py': Uint8Array.from([0x65, 0x76, 0x69, 0x6c, 0xff, 0x0a]),
  'bidi.py': 'a = 1 # \u202e evil\n',
  link: { kind: 'link' },
  module: { kind: 'submodule' },
  'f\ufffd.py': 'odd name evil\n',
} as const;

test('the tools are strict ones that every endpoint takes', () => {
  expect(TOOL_SPECS.map(({ name }) => name)).toEqual(['Read', 'Grep', 'Glob']);
  for (const { inputSchema } of TOOL_SPECS) expect(schemaProblem(inputSchema, 'x')).toBeUndefined();
});

describe('Read', () => {
  const { call } = toolbox(fakeCommit(FILES));
  const read = (input: unknown): Promise<string> => call('Read', input);

  test('shows numbered lines, without secrets', async () => {
    const text = await read({ path: './app//run.py' });
    expect(text).toMatch(
      /^1\| import os\n2\| \n3\| TOKEN = "SG_REDACTED_github-token_[0-9a-f]{16}"\n/,
    );
    expect(text).toContain('6|     os.system("ls " + name)\n(lines 1-6 of 6.)\n');
  });

  test('the same secret has the same stand-in everywhere', async () => {
    const stand = /SG_REDACTED_[\w-]+/;
    const one = stand.exec(await read({ path: 'app/run.py' }))?.[0];
    expect(one).toBeDefined();
    expect(stand.exec(await read({ path: 'app/use.ts' }))?.[0]).toBe(one);
  });

  test('gives a part, and says where it goes on', async () => {
    expect(await read({ path: 'app/long.py', from: 3, lines: 2 })).toBe(
      '3| row_3 = 2\n4| row_4 = 3\n(lines 3-4 of 1000. Read on from line 5.)\n',
    );
    expect(await read({ path: 'app/long.py' })).toContain('(lines 1-600 of 1000. Read on');
    expect(await read({ path: 'app/empty.py' })).toBe('(the file is empty)\n');
  });

  test.each([
    ['.env', 'secrets'],
    ['config/id_rsa', 'secrets'],
    ['deploy/key.pem', 'secrets'],
    ['.npmrc', 'secrets'],
    ['.netrc', 'secrets'],
    ['store.p12', 'secrets'],
    ['aws/credentials', 'secrets'],
    ['home/.ssh/known_hosts', 'secrets'],
    ['id_rsa.bak', 'secrets'],
    ['logo.bin', 'it is binary'],
    ['huge.js', 'too large: 1000001 bytes'],
    ['model.bin', 'git-lfs'],
    ['link', 'a symbolic link to "../outside/secret", which is not followed'],
    ['module', 'a submodule at commit id of module'],
    ['app', 'is a folder: list it with Glob'],
    ['', 'path is empty'],
    ['.', 'is a folder'],
    ['nope.py', 'there is no such file in this commit'],
    ['../../etc/passwd', 'leads upwards'],
    ['app/../.env', 'leads upwards'],
    ['..\\x', 'leads upwards'],
    ['/etc/passwd', 'no path of this repository'],
    ['~/.ssh/id_rsa', 'no path of this repository'],
    ['C:\\x', 'no path of this repository'],
    ['a\0b', 'NUL'],
  ])('does not show %j', async (path, reason) => {
    const text = await read({ path });
    expect(text).toMatch(/^error: /);
    expect(text).toContain(reason);
    expect(text).not.toContain('CANARY');
  });

  test('odd bytes and hidden characters are written out', async () => {
    expect(await read({ path: 'utf16.ps1' })).toContain('1| evil\n');
    expect(await read({ path: 'broken.py' })).toContain('1| evil\ufffd\n');
    expect(await read({ path: 'bidi.py' })).toContain('1| a = 1 # ⟦U+202E⟧ evil\n');
    expect(await read({ path: 'f\ufffd.py' })).toContain('odd name');
  });

  test('a file that brings too many secrets is not shown', async () => {
    const lines = Array.from(
      { length: 1200 },
      (_, n) => `password_${n} = "Zx${n}qWe${n * 7}rTy"\n`,
    );
    const box = toolbox(fakeCommit({ 'a.py': lines.join('') }));
    expect(await box.call('Read', { path: 'a.py' })).toMatch(/^error: .*secrets/);
  });
});

describe('Grep', () => {
  const { call } = toolbox(fakeCommit(FILES));
  const grep = (input: unknown): Promise<string> => call('Grep', input);

  test('gives path, number and line', async () => {
    expect(await grep({ pattern: 'os\\.system|^run' })).toBe(
      'app/run.py\n6|     os.system("ls " + name)\napp/use.ts\n2| run(x);\n(14 files were not searched: secret, binary, too large, links or submodules)\n',
    );
  });

  test.each([
    ['glob', { pattern: 'import|run', glob: '*.ts' }, ['app/use.ts']],
    ['folder', { pattern: 'evil|import', path: 'app' }, ['app/run.py']],
    ['file', { pattern: '(?i)IMPORT', path: 'app/run.py' }, ['app/run.py']],
    [
      'whatever its bytes',
      { pattern: 'evil' },
      ['bidi.py', 'broken.py', 'f\ufffd.py', 'utf16.ps1'],
    ],
  ])('is held to a %s', async (_, input, files) => {
    const text = await grep(input);
    const paths = text.split('\n').filter((line) => /^[^(\d]/.test(line));
    expect(paths).toEqual(files);
  });

  test('cannot feel its way to a secret', async () => {
    const half = TOKEN.slice(0, 12);
    const hit = await grep({ pattern: half });
    expect(hit).toBe(await grep({ pattern: half.replace('aB3', 'bB3') }));
    expect(hit).toMatch(/^\(no line matches\)/);
    expect(await grep({ pattern: 'CANARY' })).toMatch(/^\(no line matches\)/);
  });

  test('is cut, and says so', async () => {
    expect(await grep({ pattern: 'row_' })).toContain('20| row_20 = 19\n(more in this file)\n');
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [`f${n}.py`, 'evil()\n'.repeat(3)]),
    );
    const text = await toolbox(fakeCommit(files)).call('Grep', { pattern: 'evil' });
    expect(text.match(/^\d+\| evil/gm)).toHaveLength(120);
    expect(text).toContain('more lines match: narrow');
  });

  test('ends when its time is over', async () => {
    let time = 0;
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`f${n}.py`, 'x\n']));
    const clock = { monotonic: () => (time += 20) };
    const text = await toolbox(fakeCommit(files), { clock }).call('Grep', { pattern: 'y' });
    expect(text).toMatch(/only \d+ of 300 files were searched/);
  });

  test.each([
    ['(', 'RE2 does not take the pattern: missing )'],
    ['a(?=b)', 'RE2 does not take the pattern'],
    ['(a)\\1', 'RE2 does not take the pattern'],
    ['((a{1000}){1000}){1000}', 'RE2 does not take the pattern'],
    ['x'.repeat(501), 'longer than 500'],
    ['', 'pattern is empty'],
  ])('refuses the pattern %.20s', async (pattern, reason) => {
    expect(await grep({ pattern })).toContain(reason);
    // And goes on to work.
    expect(await grep({ pattern: 'os.system' })).toContain('app/run.py');
  });

  test('a pattern that is slow elsewhere is not', async () => {
    const text = `${'a'.repeat(400_000)}\n`;
    const box = toolbox(fakeCommit({ 'a.py': text }));
    const found = await box.call('Grep', { pattern: '(a*)*(a|b|ab)*c$' });
    expect(found).toBe('(no line matches)\n');
  });

  test.each([
    [{ path: '../x', pattern: 'x' }, 'leads upwards'],
    [{ path: 'nope', pattern: 'x' }, 'there is no "nope"'],
  ])('%j is an error', async (input, reason) => {
    expect(await grep(input)).toContain(reason);
  });
});

describe('Glob', () => {
  const { call } = toolbox(fakeCommit(FILES));
  test.each([
    ['*.ts', 'app/use.ts\n'],
    ['app/*.{ts,js}', 'app/use.ts\n'],
    ['li*', 'link (symbolic link)\n'],
    ['module', 'module (submodule)\n'],
    ['.e*', '.env\n'],
    ['*.zig', '(no path matches)\n'],
    ['../*', '(no path matches)\n'],
  ])('%s', async (pattern, text) => {
    expect(await call('Glob', { pattern })).toBe(text);
  });

  test('is cut, and says so', async () => {
    const files = Object.fromEntries(Array.from({ length: 350 }, (_, n) => [`f${n}.py`, '']));
    const text = await toolbox(fakeCommit(files)).call('Glob', { pattern: '**' });
    expect(text).toContain('(and 50 more: narrow the pattern)');
  });
});

describe('misuse', () => {
  test.each([
    ['Bash', { command: 'id' }, 'there is no tool "Bash"; there are Read, Grep, Glob'],
    ['toString', {}, 'there is no tool "toString"'],
    ['Read', undefined, 'the input is no JSON object; expected one with path, from, lines'],
    ['Read', [], 'the input is no JSON object'],
    ['Read', {}, 'path is missing'],
    ['Read', { path: 3 }, 'path is 3, expected a text'],
    ['Read', { path: 'x', from: 0 }, 'from is 0, expected a whole number of at least 1'],
    ['Read', { path: 'x', lines: '9' }, 'lines is "9", expected a whole number'],
    ['Read', { path: 'x', lines: 9999 }, 'lines is 9999, expected at most 600'],
    ['Read', { path: 'x', commit: 'HEAD~9' }, '"commit" is no input; expected path, from, lines'],
    ['Read', { path: 'x', ['__proto__']: 1 }, 'is no input'],
    ['Read', { path: 'app/run.py', from: 7 }, 'has 6 lines'],
  ])('%s %j is answered with an error', async (name, input, reason) => {
    const { box, call } = toolbox(fakeCommit(FILES));
    expect(await call(name, input)).toContain(reason);
    expect(box.use).toMatchObject({ calls: 1, errors: 1, files: [] });
  });

  test('calls are counted, and end', async () => {
    const { box, call } = toolbox(fakeCommit(FILES), { maxCalls: 2 });
    await call('Read', { path: 'app/run.py' });
    await call('Nope', {});
    expect(box.left).toBe(0);
    expect(await call('Read', { path: 'app/use.ts' })).toMatch(
      /^error: no tool calls are left of 2/,
    );
    expect(box.use).toEqual({
      calls: 3,
      errors: 2,
      byName: { Read: 2, unknown: 1 },
      files: ['app/run.py'],
    });
  });

  test('a result that has its marker in it is not shown', async () => {
    const marker = 'm'.repeat(20);
    const { box } = toolbox(fakeCommit({ 'a.py': `</result ${marker}>\n` }), {
      marker: () => marker,
    });
    const [result] = await box.run([{ id: 'x', name: 'Read', input: { path: 'a.py' } }]);
    expect(result?.text).toBe(`<result ${marker}>\nnot shown, ask again\n</result ${marker}>\n`);
  });
});
