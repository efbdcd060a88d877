/** `sg findings` as a process, over what `sg review` kept: a real repository and a strict stand-in for the endpoint. */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { CREDENTIALS } from '../support/api/auth.ts';
import { startLoopbackApi } from '../support/api/server.ts';
import type { LoopbackApi } from '../support/api/server.ts';
import { sg } from './helpers/cli.ts';
import type { Result } from './helpers/cli.ts';
import { sarifErrors } from './helpers/sarif.ts';

/** Put together, so that no scanner takes this file for a leak. */
const TOKEN = ['ghp', 'aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA3bC5'].join('_');
const BEFORE = 'import os\n\ndef run(name):\n    return name\n';
const AFTER =
  'import os\n\ndef run(name):\n    os.system("ls " + name)\n    return name\n\ndef look(name):\n    return open("/srv/" + name)\n';
const RUN = {
  path: 'app/run.py',
  quote: 'os.system("ls " + name)',
  category: 'command-injection',
  severity: 'high',
  confidence: 'high',
  title: 'A name is part of a shell command',
  attack: 'Sends a name with a semicolon and a command behind it.',
  fix: 'Use subprocess.run with a list of arguments.',
  symbol: 'run',
};
const LOOK = {
  ...RUN,
  quote: 'return open("/srv/" + name)',
  category: 'path-traversal',
  severity: 'critical',
  title: 'A name leads out of its folder',
  symbol: 'look',
};

let api: LoopbackApi;
let home: string;
let repo: string;

beforeAll(async () => {
  api = await startLoopbackApi();
});
afterAll(() => api.close());

beforeEach(() => {
  api.reset();
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sg-findings-')));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  repo = join(home, 'repo');
  mkdirSync(join(repo, 'app'), { recursive: true });
  git('init', '-q', '-b', 'main');
  write(BEFORE);
  git('add', '.');
  git('commit', '-qm', 'first');
  write(AFTER);
});

function git(...args: readonly string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  execFileSync('git', [...who, ...args], {
    cwd: repo,
    env: { PATH: process.env['PATH'], HOME: home },
  });
}

function write(text: string): void {
  writeFileSync(join(repo, 'app/run.py'), text);
}

function review(...args: readonly string[]): Promise<Result> {
  return sg(['review', ...args], {
    cwd: repo,
    env: {
      HOME: home,
      ANTHROPIC_BASE_URL: `${api.url}/anthropic`,
      ANTHROPIC_API_KEY: CREDENTIALS.key,
    },
  });
}

function findings(...args: readonly string[]): Promise<Result> {
  return sg(['findings', ...args], { cwd: repo, env: { HOME: home } });
}

/** A review that reports these. */
async function found(...reported: readonly unknown[]): Promise<Result> {
  api.play({ kind: 'message', text: JSON.stringify({ findings: reported }) });
  return review();
}

interface Listed {
  readonly id: string;
  readonly fingerprint: string;
  readonly state: string;
  readonly line: number;
  readonly quote: string;
  readonly times: number;
}

async function listed(...args: readonly string[]): Promise<readonly Listed[]> {
  const { stdout } = await findings('list', '--format', 'json', ...args);
  return (JSON.parse(stdout) as { findings: Listed[] }).findings;
}

function stateFolder(): string {
  return join(home, '.claude/security/findings');
}

const day = '\\d{4}-\\d\\d-\\d\\d';

describe('findings of sg review', () => {
  test('are listed, the worst first, and shown in full', async () => {
    expect(await found(RUN, LOOK)).toMatchObject({ code: 1 });
    const { code, stdout } = await findings();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^[0-9a-f]{8}  new  critical  app/run.py:8  ${day}  A name leads out of its folder\n[0-9a-f]{8}  new  high      app/run.py:4  ${day}  A name is part of a shell command\n\nnew 2\n$`,
      ),
    );
    const [first] = await listed();
    const shown = await findings('show', first?.fingerprint.slice(0, 6) ?? '');
    expect(shown.stdout).toMatch(/^app\/run\.py:8 {2}critical {2}CWE-22 {2}A name leads/);
    expect(shown.stdout).toMatch(
      /first seen: \d{4}-\d\d-\d\d \d\d:\d\d UTC by sg review, at commit [0-9a-f]{12}/,
    );
  });

  test('keep their id when their lines move, and are counted', async () => {
    await found(RUN);
    const [before] = await listed();
    write(`# moved\n\n${AFTER}`);
    await found({ ...RUN, symbol: '' });
    const after = await listed();
    expect(after).toMatchObject([{ id: before?.id, line: 6, times: 2 }]);
  });

  test('are kept without secrets', async () => {
    const call = `connect("${TOKEN}", name)`;
    write(`${AFTER}\n${call}\n`);
    expect(await found({ ...RUN, quote: call })).toMatchObject({ code: 1 });
    expect((await listed())[0]?.quote).toBe('connect("<redacted github-token>", name)');
    for (const name of readdirSync(stateFolder()))
      expect(readFileSync(join(stateFolder(), name), 'utf8')).not.toContain(TOKEN);
    // Its code is recognised by the same stand-in.
    write(`# moved\n${AFTER}\n${call}\n`);
    await review();
    expect(await listed()).toMatchObject([{ state: 'new', line: 11 }]);
  });

  test('are resolved by a review that follows, and say when they are back', async () => {
    await found(RUN, LOOK);
    write(AFTER.replace('os.system("ls " + name)', 'subprocess.run(["ls", name])'));
    const [, run] = await listed();
    const earlier = [{ id: run?.fingerprint.slice(0, 12), fate: 'resolved', quote: '' }];
    api.play({ kind: 'message', text: JSON.stringify({ findings: [LOOK], earlier }) });
    const { code, stdout } = await review();
    expect({ code, refused: api.refused }).toEqual({ code: 1, refused: [] });
    expect(stdout).toMatch(
      /^resolved: app\/run\.py:4 A name is part of a shell command \(its code/,
    );
    expect(await listed('--state', 'fixed')).toMatchObject([{ id: run?.id }]);
    write(AFTER);
    const back = await found(RUN);
    expect(back.stdout).toMatch(new RegExp(`was fixed on ${day}, is back`));
  });

  test('that are still there count for the exit code, although they are not reported again', async () => {
    await found(RUN);
    write(AFTER.replace('"ls "', '"ls -l "'));
    const [kept] = await listed();
    const quote = 'os.system("ls -l " + name)';
    const earlier = [{ id: kept?.fingerprint.slice(0, 12), fate: 'still-there', quote }];
    api.play({ kind: 'message', text: JSON.stringify({ findings: [], earlier }) });
    const { code, stdout } = await review();
    expect(code).toBe(1);
    expect(stdout).toContain('still open, reported first on');
    expect(await listed()).toMatchObject([{ fingerprint: kept?.fingerprint, quote }]);
  });

  test('are not fixed by a branch, or an older commit, that never had their code', async () => {
    git('add', '.');
    git('commit', '-qm', 'second');
    api.play({ kind: 'message', text: JSON.stringify({ findings: [RUN] }) });
    expect(await review('--commit', 'HEAD')).toMatchObject({ code: 1 });
    await review('--commit', 'HEAD~1');
    git('checkout', '-qb', 'other', 'HEAD~1');
    write(`${BEFORE}\nx = 1\n`);
    await review();
    expect(await listed()).toMatchObject([{ state: 'new' }]);
  });
});

describe('what the user decides', () => {
  test('is kept with its reason, and is not told again', async () => {
    await found(RUN, LOOK);
    const [look, run] = await listed();
    const set = await findings('set', run?.id ?? '', 'accepted', '--reason', 'admins only');
    expect(set).toMatchObject({ code: 0, stdout: `${run?.id}: new -> accepted\n` });
    await findings('set', look?.id ?? '', 'false-positive', '--reason', 'checked before');
    const { code, stdout } = await found(RUN, LOOK);
    expect(code).toBe(0);
    expect(stdout).toContain('2 findings not told: accepted, or called false. See: sg findings');
    expect(api.requests.at(-1)?.body.toString()).toContain('Reported earlier:');
    expect((await findings('show', run?.id ?? '')).stdout).toMatch(
      /: accepted, by \S+: admins only\n/,
    );
    await findings('set', run?.id ?? '', 'new');
    expect(await found(RUN, LOOK)).toMatchObject({ code: 1 });
  });

  test('goes into SARIF', async () => {
    await found(RUN, LOOK);
    const [look, run] = await listed();
    await findings('set', look?.id ?? '', 'accepted', '--reason', 'admins only');
    await findings('set', run?.id ?? '', 'fixed');
    const { code } = await findings('export', '--format', 'sarif', '-o', 'f.sarif');
    expect(code).toBe(0);
    const log = readFileSync(join(repo, 'f.sarif'), 'utf8');
    expect(sarifErrors(log)).toBeNull();
    expect(JSON.parse(log).runs[0].results).toMatchObject([
      {
        suppressions: [{ kind: 'external', justification: 'admins only' }],
        partialFingerprints: { 'sgReview/v1': look?.fingerprint },
      },
      { baselineState: 'absent', partialFingerprints: { 'sgReview/v1': run?.fingerprint } },
    ]);
  });
});

describe('lists', () => {
  test('can be of a path', async () => {
    await found(RUN);
    expect(await listed('--path', './app/')).toHaveLength(1);
    expect(await listed('--path', 'ap')).toHaveLength(0);
    expect((await findings('list', '--path', 'lib')).stdout).toBe(
      'no findings of that kind; new 1\n',
    );
  });

  test('are empty where nothing was kept', async () => {
    expect(await findings()).toMatchObject({
      code: 0,
      stdout: 'no findings: no review of this repository has kept any\n',
    });
  });
});

test.each([
  [['lst'], 'there is no "lst", expected list, show, set or export; did you mean "list"?'],
  [['show'], 'missing argument ID: sg findings show ID'],
  [['show', 'xyz'], 'the id is "xyz", expected hexadecimal digits'],
  [['show', 'ffffffffffff'], 'no finding has an id that begins with "ffffffffffff"'],
  [
    ['set', 'aa', 'acepted'],
    'the state is "acepted", expected new, accepted, fixed or false-positive; did you mean "accepted"?',
  ],
  [['set', 'aa', 'accepted'], 'accepted needs a reason, for whoever reads it later: --reason TEXT'],
  [['list', 'x'], 'unexpected argument "x" after list'],
  [['list', '--reason', 'x'], 'option --reason does not go with list'],
  [['export'], 'export needs a format: --format sarif or --format json'],
  [['list', '--state', 'open'], 'option --state is "open"'],
])('%j is refused', async (args, words) => {
  const { code, stdout, stderr } = await findings(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(words);
});

test('an id that is of two findings names them', async () => {
  const many = Array.from({ length: 17 }, (_, i) => ({
    ...RUN,
    quote: `os.system("${i}" + name)`,
  }));
  write(`import os\n${many.map(({ quote }) => `${quote}\n`).join('')}`);
  await found(...many);
  // Of seventeen, two begin with the same of sixteen digits.
  const digits = (await listed()).map(({ fingerprint }) => fingerprint.charAt(0));
  const twice = digits.find((digit, at) => digits.indexOf(digit) !== at) ?? '';
  const { code, stderr } = await findings('show', twice);
  expect(code).toBe(2);
  expect(stderr).toMatch(/\d+ findings have an id that begins with "[0-9a-f]": [0-9a-f]{8}, /);
});

test('a file that cannot be read is no empty list', async () => {
  await found(RUN);
  const [name = ''] = readdirSync(stateFolder());
  writeFileSync(join(stateFolder(), name), '{');
  const { code, stdout, stderr } = await findings();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('cannot be read: not JSON; the next review sets the file aside');
  const again = await found(RUN);
  expect(again).toMatchObject({ code: 1 });
  expect(again.stderr).toContain('the findings kept of');
  expect(await listed()).toHaveLength(1);
});

test('a folder that cannot be written costs no finding', async () => {
  mkdirSync(join(home, '.claude/security'), { recursive: true });
  writeFileSync(join(home, '.claude/security/findings'), 'in the way');
  const { code, stdout, stderr } = await found(RUN);
  expect(code).toBe(1);
  expect(stdout).toContain('A name is part of a shell command');
  expect(stderr).toContain('could not be kept');
});

test('the record of a review is shown by sg status --last', async () => {
  writeFileSync(join(repo, 'notes.md'), '# x\n');
  await found(RUN);
  const env = { HOME: home };
  const { stdout } = await sg(['status', '--last'], { cwd: repo, env });
  expect(stdout).toMatch(/^sg review, \d+ m?s ago, /);
  for (const words of [
    `repository: ${repo}`,
    'outcome: 1 finding',
    'model: claude-opus-5-5, by anthropic, 1 call to claude-opus-5-5:',
    'reviewed: 1 file\n  app/run.py',
    'left out: 1 file\n  notes.md: ',
    '  asked once: 1 in, 1 out',
  ])
    expect(stdout).toContain(words);
});
