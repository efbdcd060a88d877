/** `sg review --deep` as a process: a real repository, a strict stand-in, and what leaves the machine. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Act } from '../support/api/acts.ts';
import { CLI } from './helpers/cli.ts';
import {
  FINDING,
  FOUND,
  LOOK,
  message,
  NONE,
  STORE,
  TOKEN,
  UPHELD,
  useDeepWorld,
} from './helpers/deep-world.ts';
import { sarifErrors } from './helpers/sarif.ts';

const { api, deep, environment, git, repo, wire, write } = useDeepWorld();

test('finds a defect across files, shows its way, and nothing else leaves the machine', async () => {
  api().play(LOOK, FOUND, NONE, UPHELD);
  const { code, stdout, stderr } = await deep();
  expect({ code, stderr, refused: api().refused }).toEqual({ code: 1, stderr: '', refused: [] });
  expect(stdout).toContain('app/store.py:4  high  CWE-22  A name from the request is a path');
  expect(stdout).toContain('by way of app/routes.py:4  from the request');
  expect(stdout).toContain('medium confidence, outside of the change itself');
  expect(stdout).toMatch(/1 finding, 4 calls to claude-opus-5-5: \d+ tokens in/);
  expect(stdout).toMatch(
    /Stages \(7 tool calls, 2 files read\):\n  investigated: 1 in, 1 out, turns 2, toolCalls 7/,
  );
  expect(wire()).toContain('SG_REDACTED_github-token_');
  expect(wire()).toContain('Already reviewed');
  for (const secret of [TOKEN, 'CANARY', 'NOT-COMMITTED', 'hunter2'])
    expect(wire()).not.toContain(secret);
});

test('is JSON with its record', async () => {
  api().play(LOOK, FOUND, NONE, UPHELD);
  const { stdout } = await deep(['--commit', 'HEAD', '--format', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'findings',
    findings: [{ verdict: 'upheld', trace: [{ path: 'app/routes.py', line: 4 }, {}] }],
    record: {
      commits: [git('rev-parse', 'HEAD')],
      files: { reviewed: ['app/routes.py'], read: ['app/store.py', 'CLAUDE.md'] },
      model: 'claude-opus-5-5',
      provider: 'anthropic',
      tools: { calls: 7, errors: 3 },
      stages: [
        { name: 'investigate' },
        { name: 'check' },
        { name: 'second-look' },
        { name: 'check' },
        { name: 'refute' },
        { name: 'cut' },
      ],
      outcome: { kind: 'findings', findings: 1 },
    },
  });
});

test('SARIF has the way as a code flow', async () => {
  api().play(LOOK, FOUND, NONE, UPHELD);
  const { stdout } = await deep(['--commit', 'HEAD', '--format', 'sarif']);
  expect(sarifErrors(stdout)).toBeNull();
  const [run] = JSON.parse(stdout).runs;
  const [flow] = run.results[0].codeFlows[0].threadFlows;
  expect(flow.locations).toMatchObject([
    {
      location: {
        physicalLocation: { artifactLocation: { uri: 'app/routes.py' }, region: { startLine: 4 } },
      },
    },
    {
      location: {
        physicalLocation: { artifactLocation: { uri: 'app/store.py' }, region: { startLine: 3 } },
      },
    },
  ]);
});

test('reviews a range of commits', async () => {
  write('app/store.py', STORE);
  write('app/new.py', 'x = 1\n');
  git('add', '-A');
  git('commit', '-qm', 'third');
  const { code, stdout } = await deep(['--base', 'HEAD~2', '--format', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).record).toMatchObject({
    commits: [git('rev-parse', 'HEAD'), git('rev-parse', 'HEAD~1')],
    files: { reviewed: ['app/routes.py', 'app/new.py'] },
  });
});

test.each([
  [[], 'option --deep reviews commits, expected --commit REF or --base REF with it'],
  [['--staged'], 'option --deep reviews commits'],
  [['--base', 'nope'], '"nope" is no commit here'],
])('%j is refused before anything is sent', async (args, words) => {
  const { code, stderr } = await deep(args);
  expect({ code, sent: api().requests }).toEqual({ code: 2, sent: [] });
  expect(stderr).toContain(words);
});

test('a dry run shows the first request and sends nothing', async () => {
  const text = await deep(['--commit', 'HEAD', '--dry-run']);
  expect(text).toMatchObject({ code: 0 });
  expect(text.stdout).toContain('--- tool Grep\n');
  expect(text.stdout).toContain('first request of an investigation');
  const json = await deep(['--commit', 'HEAD', '--dry-run', '--format', 'json']);
  expect(JSON.parse(json.stdout).request.tools).toHaveLength(3);
  expect(api().requests).toEqual([]);
});

describe('settings', () => {
  const messages = () => api().requests.filter(({ url }) => url.endsWith('/messages'));

  test('name the model, which is not that of other reviews', async () => {
    await deep(undefined, {
      SECURITY_REVIEW_MODEL: 'claude-haiku-5-5',
      SG_AGENTIC_MODEL: 'claude-sonnet-5-5',
    });
    await deep(['--commit', 'HEAD', '--model', 'claude-haiku-5-5'], {
      SG_AGENTIC_MODEL: 'claude-sonnet-5-5',
    });
    await deep(undefined, { SECURITY_REVIEW_MODEL: 'claude-haiku-5-5' });
    expect(messages().map(({ json }) => json?.['model'])).toEqual([
      'claude-sonnet-5-5',
      'claude-haiku-5-5',
      'claude-opus-5-5',
    ]);
  });

  test.each([
    [{ SG_AGENTIC_MAX_TURNS: '2' }, [LOOK, FOUND, UPHELD], 1, 3],
    [{ SG_AGENTIC_ITER2: '0' }, [LOOK, FOUND, UPHELD], 1, 3],
    [{ SG_AGENTIC_FILTER: 'none' }, [LOOK, FOUND, NONE], 1, 3],
    [{ SG_AGENTIC_NO_ADJUDICATE: '1' }, [LOOK, FOUND, NONE], 1, 3],
    [
      { SG_AGENTIC_EXCLUDE_MEDIUM: '1' },
      [message({ findings: [{ ...FINDING, severity: 'medium' }] }), NONE, UPHELD],
      0,
      3,
    ],
    [{ SG_AGENTIC_NO_RACE: '1' }, [{ kind: 'message', text: '', stopReason: 'refusal' }], 2, 1],
    [{}, [{ kind: 'message', text: '', stopReason: 'refusal' }, NONE], 0, 2],
  ] satisfies [Record<string, string>, Act[], number, number][])(
    '%j',
    async (env, acts, code, sent) => {
      api().play(...acts);
      const got = await deep(undefined, env);
      expect({ code: got.code, sent: messages().length, refused: api().refused }).toEqual({
        code,
        sent,
        refused: [],
      });
    },
  );

  test('a slow investigation is joined after as many seconds as they say', async () => {
    api().play({ kind: 'hang' }, NONE);
    const { code, stdout } = await deep(undefined, { SG_AGENTIC_RACE_DELAY_S: '0.5' });
    expect({ code, sent: messages().length }).toEqual({ code: 0, sent: 2 });
    expect(stdout).toContain('investigated: 1 in, 0 out, no answer: cancelled');
    expect(stdout).toContain('asked once: 1 in, 0 out');
  });
});

test.skipIf(!existsSync('/usr/bin/script'))('a terminal is told what goes on', async () => {
  api().play(LOOK, { kind: 'drip', text: '{"findings":[]}', bytes: 60, ms: 150 });
  const command = `"${process.execPath}" "${CLI}" review --deep --commit HEAD`;
  const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
    cwd: repo(),
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...environment() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  expect(shown).toMatch(/asking claude-opus-5-5, investigating, turn 2, 7 tool calls, \d+ s/);
});
