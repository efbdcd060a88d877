/** `sg eval` as a process, with a strict stand-in for the model's endpoint. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { CREDENTIALS } from '../support/api/auth.ts';
import { startLoopbackApi } from '../support/api/server.ts';
import type { LoopbackApi } from '../support/api/server.ts';
import { sg } from './helpers/cli.ts';
import type { Result } from './helpers/cli.ts';

const PAIRS = fileURLToPath(new URL('../../bench/eval/pairs', import.meta.url));
const ID = 'python-template-from-member';
const TEN = readdirSync(PAIRS)
  .slice(0, 10)
  .map((name) => basename(name, '.yaml'))
  .join(',');
const FINDING = {
  path: 'newsletter/greeting.py',
  quote: 'return environment.from_string(greeting).render(name=reader.name)',
  category: 'template-injection',
  severity: 'high',
  confidence: 'high',
  title: 'Text of a member is compiled',
  attack: 'Writes an expression into the greeting.',
  fix: 'Replace the one word.',
  symbol: 'greeting_line',
};
const LABEL = 'scripted oracle, says nothing of a model';

let api: LoopbackApi;
let home: string;

beforeAll(async () => {
  api = await startLoopbackApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.reset();
  home = mkdtempSync(join(tmpdir(), 'sg-eval-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
});

/** Without credentials. */
function offline(...args: readonly string[]): Promise<Result> {
  return sg(['eval', ...args], { cwd: home, env: { HOME: home, PATH: '/nowhere' } });
}

function online(args: readonly string[], env: Record<string, string> = {}): Promise<Result> {
  return sg(['eval', ...args], {
    cwd: home,
    env: {
      HOME: home,
      ANTHROPIC_BASE_URL: `${api.url}/anthropic`,
      ANTHROPIC_API_KEY: CREDENTIALS.key,
      ...env,
    },
  });
}

/** Both sides get it; on the fixed one the quote is not there. */
function answerBoth(): void {
  const message = { kind: 'message', text: JSON.stringify({ findings: [FINDING] }) } as const;
  api.play(message, message);
}

const sent = (): number => api.requests.filter(({ url }) => url.includes('messages')).length;

describe('an oracle', () => {
  // One over all pairs: what they have to say of each is asked in test/bench/eval.
  const few = ['--ids', `${ID},js-redos-tags`];
  test.each([
    ['perfect', []],
    ['silent', few],
    ['noisy', few],
    ['lazy', few],
    ['prompt-injected', few],
  ])('%s is said to be one in every report', async (name, pairs) => {
    const text = await offline('--oracle', name, ...pairs, '--report', 'out.html');
    expect({ code: text.code, stderr: text.stderr }).toEqual({ code: 0, stderr: '' });
    expect(text.stdout).toContain(`!! ${LABEL}`);
    expect(readFileSync(join(home, 'out.html'), 'utf8')).toContain(
      `<p class="label" role="note">${LABEL}</p>`,
    );
    const json = await offline('--oracle', name, ...pairs, '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ label: LABEL, model: `oracle-${name}` });
  });

  test('is asked about the pairs that are named', async () => {
    const { stdout } = await offline('--oracle', 'perfect', '--ids', `${ID},js-redos-tags`);
    expect(stdout).toContain('2 pairs, 2 CWEs, 2 languages');
    expect(stdout).toContain('pairs: 2 right');
  });
});

describe('a model', () => {
  test('is not asked before the user has seen what it costs', async () => {
    const { code, stdout, stderr } = await online([]);
    expect({ code, stdout, sent: api.requests.length }).toEqual({ code: 2, stdout: '', sent: 0 });
    expect(stderr).toMatch(
      /^sg eval: \d+ reviews by claude-[a-z0-9-]+: about \d+ tokens in, at most \d+ out, at most \d+\.\d\d USD\.\nNothing was asked\. Say --yes to ask, or --limit-usd N to ask and stop in time\.\n$/,
    );
  });

  test('is recorded, and the recording plays back to the byte without a network', async () => {
    answerBoth();
    const json = ['--format', 'json'];
    const live = await online(['--yes', '--ids', ID, '--record', 'run.jsonl', ...json]);
    expect({ code: live.code, refused: api.refused, sent: sent() }).toEqual({
      code: 0,
      refused: [],
      sent: 2,
    });
    expect(JSON.parse(live.stdout)).toMatchObject({
      model: 'claude-opus-5-5',
      scores: { by: { both: { found: 1, missed: 0, alarmed: 0, silent: 1 } } },
      claims: { fixed: { said: 1, 'no-such-code': 1 } },
      spending: [{ model: 'claude-opus-5-5', calls: 2 }],
    });
    const file = join(home, 'run.jsonl');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const recording = readFileSync(file, 'utf8');
    for (const secret of [CREDENTIALS.key, 'Bearer', api.host])
      expect(recording).not.toContain(secret);
    const replays = [await offline('--replay', 'run.jsonl', ...json)];
    replays.push(await offline('--replay', 'run.jsonl', ...json));
    for (const { code, stdout } of replays)
      expect({ code, stdout }).toEqual({ code: 0, stdout: live.stdout });
    expect(sent()).toBe(2);
  });

  test('that answers nothing of use is not asked for ever, and never counts as clean', async () => {
    api.play(
      ...Array.from(
        { length: 40 },
        () => ({ kind: 'error', status: 401, type: 'authentication_error' }) as const,
      ),
    );
    const { code, stdout } = await online(['--yes', '--ids', TEN, '--format', 'json']);
    expect(code).toBe(2);
    expect(sent()).toBeGreaterThanOrEqual(5);
    expect(sent()).toBeLessThanOrEqual(8);
    const { scores, set } = JSON.parse(stdout) as {
      scores: { by: { any: object }; notReviewed: object };
      set: { pairs: number };
    };
    expect(set.pairs).toBe(10);
    expect(scores.notReviewed).toEqual({ vulnerable: set.pairs, fixed: set.pairs });
    expect(scores.by.any).toMatchObject({ found: 0, missed: 0, alarmed: 0, silent: 0 });
    expect(stdout).toContain('no more was asked after 5 reviews in a row without a verdict');
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ['--limit-usd', ['--limit-usd', '0.01'], {}, 'which could pass --limit-usd 0.01'],
    ['the limits of every review', ['--yes'], { SG_BUDGET_USD_DAY: '0.01' }, 'SG_BUDGET_USD_DAY'],
    [
      '--limit-usd, without a known price',
      ['--limit-usd', '5', '--model', 'our-own'],
      {},
      'the price of our-own is not known',
    ],
  ])('is not asked beyond %s', async (_, args, env, words) => {
    const { code, stdout } = await online([...args, '--ids', ID], env);
    expect({ code, sent: sent() }).toEqual({ code: 2, sent: 0 });
    expect(stdout).toContain('not reviewed: budget');
    expect(stdout).toContain(words);
  });

  test('counts in the account of what was spent', async () => {
    await online(['--limit-usd', '5', '--ids', ID]);
    const file = join(home, '.claude/security/spend.json');
    const spend = JSON.parse(readFileSync(file, 'utf8')) as { days: Record<string, unknown> };
    expect(Object.values(spend.days)).toMatchObject([{ terminal: { calls: 2 } }]);
  });

  test('has to be there', async () => {
    const { code, stderr } = await offline('--yes');
    expect({ code, stderr: stderr.slice(0, 9) }).toEqual({ code: 2, stderr: 'sg eval: ' });
  });
});

describe('a recording', () => {
  function ownPairs(): string {
    mkdirSync(join(home, 'own'));
    const file = join(home, 'own', `${ID}.yaml`);
    cpSync(join(PAIRS, `${ID}.yaml`), file);
    return file;
  }

  test('of a pair that has changed is refused by name', async () => {
    const file = ownPairs();
    const record = await offline('--pairs', 'own', '--oracle', 'perfect', '--record', 'run.jsonl');
    expect(record.code).toBe(0);
    const replay = ['--pairs', 'own', '--replay', 'run.jsonl'];
    expect(await offline(...replay)).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('DEFAULT', 'USUAL'));
    expect(await offline(...replay)).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: `sg eval: not recorded: pair ${ID}, side vulnerable: the prompts, the rules or the pair changed since; record again\n`,
    });
  });

  test('keeps its label when an oracle answered', async () => {
    await offline('--oracle', 'noisy', '--ids', ID, '--record', 'run.jsonl');
    expect((await offline('--replay', 'run.jsonl')).stdout).toContain(`!! ${LABEL}`);
  });

  test('is written over nothing', async () => {
    writeFileSync(join(home, 'run.jsonl'), 'mine');
    expect(await offline('--oracle', 'silent', '--record', 'run.jsonl')).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'sg eval: cannot record to run.jsonl: it is there already; name another file, or remove it first\n',
    });
    expect(readFileSync(join(home, 'run.jsonl'), 'utf8')).toBe('mine');
  });

  test('is not begun by an estimate', async () => {
    await online(['--ids', ID, '--record', 'run.jsonl']);
    expect(existsSync(join(home, 'run.jsonl'))).toBe(false);
  });
});

describe('what is refused', () => {
  test.each<[string, string[], string]>([
    [
      'two sources',
      ['--replay', 'a', '--oracle', 'silent'],
      'options --replay and --oracle exclude each other',
    ],
    ['a limit for an oracle', ['--oracle', 'silent', '--limit-usd', '1'], 'exclude each other'],
    [
      'an amount that is none',
      ['--limit-usd', 'much'],
      'option --limit-usd is "much", expected an',
    ],
    [
      'a pair that is none',
      ['--oracle', 'silent', '--ids', 'js-redos-tag'],
      'did you mean "js-redos-tags"?',
    ],
    [
      'an oracle that is none',
      ['--oracle', 'quiet'],
      'option --oracle is "quiet", expected perfect',
    ],
    ['a recording that is not there', ['--replay', 'none.jsonl'], 'sg eval: ENOENT'],
    [
      'a recording that is none',
      ['--replay', 'bad.jsonl'],
      'sg eval: bad.jsonl:1: "no" is no JSON',
    ],
    ['a folder that is not there', ['--pairs', 'none', '--oracle', 'silent'], 'sg eval: ENOENT'],
    ['a folder without pairs', ['--pairs', '.', '--oracle', 'silent'], 'no pairs (*.yaml) in "."'],
    [
      'a pair with a mistake',
      ['--pairs', 'bad', '--oracle', 'silent'],
      'sg eval: bad/a.yaml:1: unknown key "idd"; did you mean "id"?',
    ],
    [
      'a page that cannot be written',
      ['--oracle', 'silent', '--ids', ID, '--report', 'none/out.html'],
      'sg eval: ENOENT',
    ],
  ])('%s', async (_, args, message) => {
    writeFileSync(join(home, 'bad.jsonl'), 'no');
    mkdirSync(join(home, 'bad'));
    writeFileSync(join(home, 'bad/a.yaml'), 'idd: a\n');
    const { code, stderr } = await offline(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
