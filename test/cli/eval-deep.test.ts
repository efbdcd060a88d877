/** `sg eval --deep` as a process: commits of a scratch repository, and a strict stand-in that holds conversations. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Act } from '../support/api/acts.ts';
import { CREDENTIALS } from '../support/api/auth.ts';
import type { RecordedRequest } from '../support/api/record.ts';
import { startLoopbackApi } from '../support/api/server.ts';
import type { LoopbackApi } from '../support/api/server.ts';
import { sg } from './helpers/cli.ts';
import type { Result } from './helpers/cli.ts';
import { message } from './helpers/deep-world.ts';

const PAIRS = fileURLToPath(new URL('../../bench/eval/deep-pairs', import.meta.url));
const ID = 'js-files-cache-tenant';
const CODE = 'return JSON.stringify([path, sorted]);';
const FINDING = {
  path: 'cache/key.mjs',
  quote: CODE,
  category: 'insecure-direct-object-reference',
  severity: 'high',
  confidence: 'high',
  title: 'The key of the cache lacks the company',
  attack: 'Asks for the year that another company asked for before.',
  fix: 'Put the company into the key.',
  symbol: 'keyOf',
  trace: [
    {
      path: 'reports/yearly.mjs',
      line: 7,
      code: 'return remember(cache, keyOf(request), () => books.sum(request.company, year));',
      note: 'cached',
    },
  ],
};

let api: LoopbackApi;
let home: string;
let temporary: string;
beforeAll(async () => {
  api = await startLoopbackApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.reset();
  home = mkdtempSync(join(tmpdir(), 'sg-eval-deep-'));
  temporary = join(home, 'tmp');
  mkdirSync(temporary);
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
});

const evaluate = (args: readonly string[], env: Record<string, string>): Promise<Result> =>
  sg(['eval', ...args], { cwd: home, env: { HOME: home, TMPDIR: temporary, ...env } });
const offline = (...args: readonly string[]): Promise<Result> => evaluate(args, {});
const online = (...args: readonly string[]): Promise<Result> =>
  evaluate(args, {
    ANTHROPIC_BASE_URL: `${api.url}/anthropic`,
    ANTHROPIC_API_KEY: CREDENTIALS.key,
  });

/** Reads the two files, says the same of either side, and upholds it. */
function investigator({ json = {} }: RecordedRequest): Act {
  const { tools, messages } = json as { tools?: unknown; messages: readonly unknown[] };
  if (tools === undefined)
    return message({ verdict: 'upheld', reason: 'as it says', evidence: [] });
  if (messages.length > 3) return message({ findings: [] });
  if (messages.length > 1) return message({ findings: [FINDING] });
  const paths = ['reports/yearly.mjs', 'cache/key.mjs'];
  const calls = paths.map((path) => ({ name: 'Read', input: { path } }));
  return { kind: 'calls', thinking: 'what is the key?', calls };
}

describe('a model', () => {
  test('is recorded in conversations, which play back to the byte without a network', async () => {
    api.playBy(investigator);
    const args = ['--deep', '--yes', '--ids', ID, '--record', 'run.jsonl', '--format', 'json'];
    const live = await online(...args);
    expect({ code: live.code, refused: api.refused }).toEqual({ code: 0, refused: [] });
    const report = JSON.parse(live.stdout);
    expect(report).toMatchObject({
      set: { pairs: 1 },
      scores: { by: { both: { found: 1, missed: 0, alarmed: 0, silent: 1 } } },
      claims: { vulnerable: { said: 1, told: 1 }, fixed: { said: 1, 'no-such-code': 1 } },
      deep: {
        recall: { investigate: { hits: 1, of: 1 }, final: { hits: 1, of: 1 } },
        alarms: { investigate: { hits: 1, of: 1 }, verify: { hits: 0, of: 1 } },
        precision: { 'second-look': { hits: 1, of: 2 }, final: { hits: 1, of: 1 } },
        toolCalls: 4,
      },
      spending: [{ model: 'claude-opus-5-5' }],
    });
    // Two turns and, where the claim stood, a second look and a refuter.
    expect(report.spending[0].calls).toBe(6);
    const recording = readFileSync(join(home, 'run.jsonl'), 'utf8');
    for (const secret of [CREDENTIALS.key, 'Bearer', api.host])
      expect(recording).not.toContain(secret);
    const asked = api.requests.length;
    const replay = await offline('--replay', 'run.jsonl', '--format', 'json');
    expect(replay).toEqual({ ...live, stderr: '' });
    const page = await offline('--replay', 'run.jsonl', '--report', 'run.html');
    expect(page.stdout).toMatch(/second look +100 % \S+ +50 % /);
    expect(readFileSync(join(home, 'run.html'), 'utf8')).toContain('quotes and steps checked');
    expect(api.requests).toHaveLength(asked);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('is not asked before the user has seen what is sure to be spent', async () => {
    const { code, stdout, stderr } = await online('--deep', '--ids', ID);
    expect({ code, stdout, sent: api.requests.length }).toEqual({ code: 2, stdout: '', sent: 0 });
    expect(stderr).toMatch(
      /^sg eval: 2 investigations by claude-[a-z0-9-]+: about \d+ tokens in at their first turns, at least \d+\.\d\d USD\. .+\nNothing was asked\./,
    );
  });

  test('is asked within the limit, which no verdict hides', async () => {
    api.playBy(investigator);
    const { code, stdout } = await online('--deep', '--ids', ID, '--limit-usd', '0.01');
    expect(code).toBe(2);
    expect(stdout).toContain('which could pass --limit-usd 0.01');
    expect(stdout).toContain('not reviewed: budget');
  });
});

describe('a recording', () => {
  test('of a file that the change leaves alone is refused by name once that has changed', async () => {
    mkdirSync(join(home, 'own'));
    const file = join(home, 'own', `${ID}.yaml`);
    cpSync(join(PAIRS, `${ID}.yaml`), file);
    const own = ['--deep', '--pairs', 'own'];
    const recorded = await offline(...own, '--oracle', 'perfect', '--record', 'run.jsonl');
    expect(recorded).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(file, readFileSync(file, 'utf8').replace('most = 500', 'most = 50'));
    expect(await offline('--pairs', 'own', '--replay', 'run.jsonl')).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: expect.stringMatching(
        /^sg eval: not recorded: pair js-files-cache-tenant, side (?:vulnerable|fixed): the prompts, the rules or the pair changed since; record again\n$/,
      ),
    });
  });

  test('of single calls is not taken for investigations', async () => {
    await offline('--oracle', 'silent', '--ids', 'js-redos-tags', '--record', 'run.jsonl');
    const { code, stderr } = await offline('--deep', '--replay', 'run.jsonl');
    expect(code).toBe(2);
    expect(stderr).toContain('option --deep: "run.jsonl" holds no investigations');
  });
});

test('pairs of one file can be investigated as well', async () => {
  cpSync(join(PAIRS, '../pairs/js-redos-tags.yaml'), join(home, 'own/js-redos-tags.yaml'));
  const { code, stdout } = await offline('--deep', '--pairs', 'own', '--oracle', 'perfect');
  expect(code).toBe(0);
  expect(stdout).toContain('pairs: 1 right');
});

test('without git nothing is asked', async () => {
  const { code, stderr } = await evaluate(['--deep', '--oracle', 'perfect'], { PATH: '/nowhere' });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'sg eval: there is no git on PATH, which the commits of --deep are made by\n',
  });
});
