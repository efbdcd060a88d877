/** `sg review` as a process: a real repository, and a strict stand-in for the model's endpoint. */
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Act } from '../support/api/acts.ts';
import { CREDENTIALS } from '../support/api/auth.ts';
import { startLoopbackApi } from '../support/api/server.ts';
import type { LoopbackApi } from '../support/api/server.ts';
import { CLI, sg } from './helpers/cli.ts';
import type { Result } from './helpers/cli.ts';
import { PROGRAM } from '../host/providers/fake-cli.ts';
import { sarifErrors } from './helpers/sarif.ts';

/** Put together, so that no scanner takes this file for a leak. */
const TOKEN = ['ghp', 'aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA3bC5'].join('_');
const BEFORE = 'import os\n\ndef run(name):\n    return name\n';
const AFTER = `import os\n\nTOKEN = "${TOKEN}"\n\ndef run(name):\n    os.system("ls " + name)\n    return name\n`;
const FINDING = {
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

let api: LoopbackApi;
let home: string;
let repo: string;

beforeAll(async () => {
  api = await startLoopbackApi();
});
afterAll(() => api.close());

beforeEach(() => {
  api.reset();
  home = mkdtempSync(join(tmpdir(), 'sg-review-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  repo = join(home, 'repo');
  mkdirSync(join(repo, 'app'), { recursive: true });
  git('init', '-q', '-b', 'main');
  writeFileSync(join(repo, 'app/run.py'), BEFORE);
  git('add', '.');
  git('commit', '-qm', 'first');
  writeFileSync(join(repo, 'app/run.py'), AFTER);
});

function git(...args: readonly string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  execFileSync('git', [...who, ...args], {
    cwd: repo,
    env: { PATH: process.env['PATH'], HOME: home },
  });
}

function review(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Result> {
  return sg(['review', ...args], {
    cwd: repo,
    env: { HOME: home, ...endpoint(), ...env },
  });
}

function endpoint(): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: `${api.url}/anthropic`,
    ANTHROPIC_API_KEY: CREDENTIALS.key,
  };
}

const answer = (...findings: readonly unknown[]) =>
  api.play({ kind: 'message', text: JSON.stringify({ findings }) });

const wire = (): string => api.requests.map(({ body }) => body.toString()).join('\n');

describe('a finding', () => {
  test('is shown at its line, with what it cost, and exits with 1', async () => {
    answer(FINDING);
    const { code, stdout, stderr } = await review();
    expect({ code, stderr, refused: api.refused }).toEqual({ code: 1, stderr: '', refused: [] });
    expect(stdout).toContain('app/run.py:6  high  CWE-78  A name is part of a shell command');
    expect(stdout).toMatch(
      /1 finding, 1 call to claude-opus-5-5: \d+ tokens in, \d+ out, \d\.\d{4} USD/,
    );
  });

  test('that quotes what is not there is no finding', async () => {
    answer({ ...FINDING, quote: 'os.popen(name)' });
    expect(await review()).toMatchObject({ code: 0 });
  });

  test('is JSON for machines', async () => {
    answer(FINDING);
    const { stdout } = await review(['--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'findings',
      findings: [{ line: 6, place: 'in-diff', cwe: 'CWE-78' }],
      coverage: { reviewed: ['app/run.py'], left: [] },
      usage: { calls: 1 },
    });
  });
});

describe('SARIF', () => {
  test('has the findings, in the file that was asked for', async () => {
    answer(FINDING);
    const { code, stdout, stderr } = await review(['--format', 'sarif', '-o', 'r.sarif']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^1 finding, 1 call to claude-opus-5-5: .* USD\n$/);
    const log = readFileSync(join(repo, 'r.sarif'), 'utf8');
    expect(sarifErrors(log)).toBeNull();
    const [run] = JSON.parse(log).runs;
    expect(run.results).toMatchObject([
      {
        ruleId: 'review-cwe-78',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'app/run.py', uriBaseId: 'SRCROOT' },
              region: { startLine: 6, endLine: 6, snippet: { text: FINDING.quote } },
            },
          },
        ],
        partialFingerprints: { 'sgReview/v1': expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
    expect(run.originalUriBaseIds.SRCROOT.uri).toBe(pathToFileURL(`${realpathSync(repo)}/`).href);
  });

  test('of a review that failed is no clean one', async () => {
    api.play({ kind: 'error', status: 401, type: 'authentication_error' });
    const { code, stdout } = await review(['--format', 'sarif']);
    expect(code).toBe(2);
    expect(sarifErrors(stdout)).toBeNull();
    const [run] = JSON.parse(stdout).runs;
    expect(run).not.toHaveProperty('results');
    expect(run.invocations).toMatchObject([{ executionSuccessful: false }]);
  });
});

test.each([
  ['medium', 1],
  ['high', 1],
  ['critical', 0],
] as const)('--fail-on %s exits with %d for a high one', async (severity, code) => {
  answer(FINDING);
  expect(await review(['--fail-on', severity])).toMatchObject({ code });
});

test.each([
  [['--dry-run', '--format', 'sarif'], 'option --dry-run finds nothing that SARIF could hold'],
  [['-o', 'no/file'], 'there is no folder'],
  [['--fail-on', 'low'], 'option --fail-on is "low"'],
])('%j is refused before anything is sent', async (args, words) => {
  const { code, stderr } = await review(args);
  expect({ code, requests: api.requests }).toEqual({ code: 2, requests: [] });
  expect(stderr).toContain(words);
});

test.skipIf(!existsSync('/usr/bin/script'))('a terminal is told who is asked', async () => {
  answer(FINDING);
  const command = `"${process.execPath}" "${CLI}" review`;
  const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
    cwd: repo,
    env: { PATH: process.env['PATH'], HOME: home, TERM: 'xterm', ...endpoint() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
  expect(shown).toMatch(/ANTHROPIC_API_KEY is set; .*claude-opus-5-5 is the newest Opus/);
  // The line is taken away again before the report.
  const lines = shown.split('\r\u001b[2K');
  expect(lines.at(-2)).toMatch(/^asking claude-opus-5-5, \d+ s$/);
  expect(lines.at(-1)).toContain('app/run.py:6');
});

describe('what is reviewed', () => {
  test('is what was asked for', async () => {
    git('add', '.');
    git('commit', '-qm', 'second');
    expect((await review()).stdout).toContain('no model was asked');
    answer(FINDING);
    expect(await review(['--commit', 'HEAD'])).toMatchObject({ code: 1 });
    answer(FINDING);
    expect(await review(['--base', 'HEAD~1'])).toMatchObject({ code: 1 });
    writeFileSync(join(repo, 'app/b.py'), 'x = 1\n');
    git('add', 'app/b.py');
    await review(['--staged']);
    expect(api.requests.at(-1)?.body.toString()).toContain('app/b.py');
    expect(api.requests.at(-1)?.body.toString()).not.toContain('app/run.py');
  });

  test('leaves the machine without its secrets, and a dry run sends nothing', async () => {
    writeFileSync(join(repo, '.env'), 'PASSWORD=hunter2-and-more\n');
    const dry = await review(['--dry-run']);
    expect(dry.code).toBe(0);
    expect(api.requests).toEqual([]);
    expect(dry.stdout).toContain('SG_REDACTED_github-token_');
    await review();
    for (const text of [dry.stdout, wire()]) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain('hunter2');
    }
    expect(wire()).toContain('os.system');
  });
});

describe('no verdict', () => {
  test.each<[string, readonly Act[], string]>([
    [
      '401',
      [{ kind: 'error', status: 401, type: 'authentication_error' }],
      'refused the credentials',
    ],
    ['a refusal', [{ kind: 'message', text: '', stopReason: 'refusal' }], 'refused to review'],
    ['a page', [{ kind: 'page', status: 200 }], 'could not be used'],
  ])('%s is said, and exits with 2', async (_, acts, words) => {
    api.play(...acts);
    const { code, stdout } = await review();
    expect(code).toBe(2);
    expect(stdout).toMatch(/^not reviewed: /);
    expect(stdout).toContain(words);
    expect(stdout).not.toContain('rules were applied');
  });

  test('without credentials', async () => {
    const { code, stdout } = await review([], {
      ANTHROPIC_API_KEY: '',
      ANTHROPIC_BASE_URL: '',
      PATH: '/nowhere:/usr/bin:/bin',
    });
    expect(code).toBe(2);
    expect(stdout).toContain('no credentials for a model were found');
  });

  test('a subscription needs no price and has no limit in money', async () => {
    const play = {
      stdout: JSON.stringify({
        type: 'result',
        subtype: 'success',
        structured_output: { findings: [FINDING] },
        usage: { input_tokens: 5, output_tokens: 6 },
      }),
    };
    const { code, stdout } = await review([], {
      SG_PROVIDER: 'subscription',
      SG_AGENTIC_CLI_PATH: PROGRAM,
      SG_TEST_PLAY: JSON.stringify(play),
    });
    expect({ code, asked: api.requests }).toEqual({ code: 1, asked: [] });
    expect(stdout).toContain('1 finding, 1 call to opus');
  });

  test('over budget', async () => {
    const { code, stdout } = await review([], { SG_BUDGET_USD_DAY: '0.0001' });
    expect({
      code,
      sent: api.requests.filter(({ url }) => url.includes('messages')).length,
    }).toEqual({ code: 2, sent: 0 });
    expect(stdout).toContain('SG_BUDGET_USD_DAY');
  });

  test('outside of a repository', async () => {
    rmSync(join(repo, '.git'), { recursive: true });
    expect(await review()).toMatchObject({ code: 2, stdout: '' });
  });
});

test('what it cost is kept', async () => {
  await review();
  const spend: unknown = JSON.parse(
    readFileSync(join(home, '.claude/security/spend.json'), 'utf8'),
  );
  expect(Object.values((spend as { days: Record<string, unknown> }).days)).toMatchObject([
    { terminal: { calls: 1 } },
  ]);
  const { stdout } = await sg(['status'], { cwd: repo, env: { HOME: home } });
  expect(stdout).toMatch(/terminal: last sent \d+ m?s ago to anthropic, for claude-opus-5-5\n/);
  expect(stdout).toMatch(
    /today, terminal: 1 call, 570 tokens in \(70 % read from the cache, 9 % written/,
  );
});
