import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { dayOf } from '../../host/spend/account.ts';
import { isBuilt, useFolder } from './helpers/cli.ts';

const { root, write, sg } = useFolder();

const HOUR = 3_600_000;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

let server: Server | undefined;
afterEach(() => server?.close());

const STATUS = {
  version: '0.1.0',
  protocol: 1,
  pid: 4711,
  startedAt: '2030-01-01T00:00:00.000Z',
  uptimeMs: 7_200_000,
  rssBytes: 90 * 1024 * 1024,
  workers: 2,
  rules: 43,
  edits: { answered: 120, told: 4, incomplete: 1, refused: 0, failed: 0 },
  latencyMs: { p50: 1.234, p95: 4.5, p99: 9, max: 48.5 },
  skipped: { 'other-event': 2 },
  restarts: 1,
  background: { queued: 0, finished: 1, dropped: 0 },
  customRuleSets: 1,
  problems: ['/p/.claude/security-rules.yaml:3:1: \u001b[31mbad'],
};

/** Answers on the socket of the folder's state, as a service would. */
async function serve(body: string): Promise<void> {
  const dir = join(root(), '.claude/security/service');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  server = createServer((_request, answer) => answer.end(body));
  await new Promise<void>((ready) => {
    server?.listen(join(dir, 's'), ready);
  });
}

const HEALTH = '.claude/security/service/health.json';
const LOG = '.claude/security/log.txt';
const SPEND = '.claude/security/spend.json';

describe.skipIf(!isBuilt)('sg status', () => {
  it('before anything ran', async () => {
    const { code, stdout, stderr } = await sg(['status']);
    expect(stdout.replaceAll(root(), '~').replace(/\d+\.\d+\.\d+/, 'N')).toMatchInlineSnapshot(`
      "security-guidance N: edits are checked, state in ~/.claude/security

      Service
        not running (no socket)
        hooks check edits in their own process; the next session or edit starts the service

      Starts
        none yet

      Log
        ~/.claude/security/log.txt: not written yet

      Reviews
        nothing was sent to a model yet
        today: no calls
        last hour: no calls
        limit: 10.0000 left of 10 USD a day (SG_BUDGET_USD_DAY)
        prices of 2026-11-01: model list in the types of @anthropic-ai/sdk 1.11
      "
    `);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('shows the service, without the controls that it repeats', async () => {
    await serve(JSON.stringify(STATUS));
    const { stdout } = await sg(['status']);
    expect(stdout.slice(stdout.indexOf('Service'), stdout.indexOf('Starts')))
      .toMatchInlineSnapshot(`
      "Service
        running: version 0.1.0, process 4711 since 2030-01-01T00:00:00.000Z (2 h)
        43 rules, custom rules of 1 project, 2 workers, 1 replaced, 90.0 MiB of memory
        edits: answered 120, told 4, incomplete 1, refused 0, failed 0
        time in the service, ms: p50 1.23, p95 4.5, p99 9, max 48.5
        skipped: other-event 2
        background: queued 0, finished 1, dropped 0
        rule file: /p/.claude/security-rules.yaml:3:1: \\x1b[31mbad

      "
    `);
  });

  it('shows starts and the log', async () => {
    const version = '0.1.0';
    const attempts = [
      { at: ago(3 * HOUR), outcome: 'started', version, durationMs: 90 },
      {
        at: ago(2 * HOUR),
        outcome: 'failed',
        version,
        durationMs: 1500,
        phase: 'wasm',
        code: 9,
        exceptionType: 'RangeError',
        exitCode: 1,
      },
      { at: ago(HOUR + 1000), outcome: 'failed', version, durationMs: 40, phase: 'x', code: 4711 },
      { at: ago(HOUR), outcome: 'already-running', version, lastAt: ago(5 * 60_000), times: 12 },
    ];
    const entry = (ms: number, event: string, reason?: string): string =>
      `${JSON.stringify({ time: ago(ms), event, ...(reason === undefined ? {} : { reason }) })}\n`;
    write({
      [HEALTH]: JSON.stringify({ version: 1, attempts, cooldown: null }),
      [LOG]: `${entry(30 * HOUR, 'told')}${entry(HOUR, 'told')}no entry\n{"x":\n${entry(HOUR, 'told')}${entry(3 * HOUR, 'failed', 'Error: \u001b[2J')}`,
    });
    const { stdout } = await sg(['status']);
    expect(
      stdout
        .slice(stdout.indexOf('Starts'))
        .replaceAll(root(), '~')
        .replace(/: \d+ B/, ': N B'),
    ).toMatchInlineSnapshot(`
      "Starts
        5 min ago: already-running, 12 times in a row
        1 h ago: failed after 40 ms: a failure that a newer version knows [phase x, code 4711 unknown]
        2 h ago: failed after 1 s: there was not enough memory [phase wasm, code 9 out-of-memory, RangeError, exit 1]
        3 h ago: started

      Log
        ~/.claude/security/log.txt: N B
        last 24 hours: told 2, failed 1
        last error 3 h ago: failed: Error: \\x1b[2J

      Reviews
        nothing was sent to a model yet
        today: no calls
        last hour: no calls
        limit: 10.0000 left of 10 USD a day (SG_BUDGET_USD_DAY)
        prices of 2026-11-01: model list in the types of @anthropic-ai/sdk 1.11
      "
    `);
  });

  it('says that starts rest after one was killed', async () => {
    const { stdout } = await sg(['--version']);
    const version = stdout.trim();
    const cooldown = { since: ago(HOUR / 2), version, signal: 'SIGKILL' };
    write({ [HEALTH]: JSON.stringify({ version: 1, attempts: [], cooldown }) });
    expect((await sg(['status'])).stdout).toMatch(
      /resting: a start was killed \(SIGKILL\) at \S+; next try in (29|30) min, or now by "sg doctor --probe"/,
    );
    const json: unknown = JSON.parse((await sg(['status', '--format', 'json'])).stdout);
    expect(json).toMatchObject({ cooldown: { since: cooldown.since, signal: 'SIGKILL' } });
  });

  it('shows what reviews sent and cost, and what the limits leave', async () => {
    const now = Date.now();
    const call = { at: now - 60_000, calls: 1, tokens: 600, input: 120, output: 30, usd: 0.0123 };
    const totals = { ...call, cacheRead: 400, cacheWrite: 50, unpriced: 0 };
    const spend = {
      days: { [dayOf(now)]: { turn: { ...totals, calls: 2 }, commit: { ...totals, unpriced: 1 } } },
      sessions: {},
      lastHour: [{ ...totals, layer: 'commit' }],
      held: [{ id: 'x', at: now, session: 's', usd: 0.5, tokens: 1000 }],
      last: {
        turn: { at: now - 3 * HOUR, model: 'us.anthropic.claude-opus-5-5', provider: 'bedrock' },
        commit: { at: now - 60_000, model: 'x\u001b[2J', provider: 'anthropic' },
      },
    };
    write({ [SPEND]: JSON.stringify(spend) });
    const env = { SG_BUDGET_TOKENS_DAY: '5000', SG_BUDGET_TOKENS_SESSION: '900' };
    const { stdout } = await sg(['status'], { env });
    expect(stdout.slice(stdout.indexOf('Reviews'))).toMatchInlineSnapshot(`
      "Reviews
        turn: last sent 3 h ago to bedrock, for us.anthropic.claude-opus-5-5
        commit: last sent 1 min ago to anthropic, for x [2J
        today, turn: 2 calls, 570 tokens in (70 % read from the cache, 9 % written to it), 30 out, 0.0123 USD
        today, commit: 1 call, 570 tokens in (70 % read from the cache, 9 % written to it), 30 out, 0.0123 USD and 1 call of unknown price
        last hour, commit: 1 call, 570 tokens in (70 % read from the cache, 9 % written to it), 30 out, 0.0123 USD
        1 call under way
        limit: 9.4754 left of 10 USD a day, 0.5000 held for calls under way (SG_BUDGET_USD_DAY)
        limit: 2800 left of 5000 tokens a day, 1000 held for calls under way (SG_BUDGET_TOKENS_DAY)
        limit: 900 tokens a session (SG_BUDGET_TOKENS_SESSION)
        prices of 2026-11-01: model list in the types of @anthropic-ai/sdk 1.11
      "
    `);
    const json: unknown = JSON.parse((await sg(['status', '--format', 'json'], { env })).stdout);
    expect(json).toMatchObject({
      reviews: {
        problem: null,
        today: { turn: { calls: 2, usd: 0.0123 } },
        lastHour: { commit: { calls: 1, cacheRead: 400 } },
        underWay: 1,
        limits: [
          { name: 'SG_BUDGET_USD_DAY', limit: 10, held: 0.5, left: expect.closeTo(9.4754, 4) },
          { name: 'SG_BUDGET_TOKENS_DAY', limit: 5000, spent: 1200, left: 2800 },
          { name: 'SG_BUDGET_TOKENS_SESSION', limit: 900, left: null },
        ],
        last: { turn: { at: new Date(now - 3 * HOUR).toISOString(), provider: 'bedrock' } },
        prices: { date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
      },
    });
  });

  it.each([
    ['{{{', {}, 'the account cannot be read (not JSON); the next review sets it aside'],
    ['{}', { SG_BUDGET_USD_DAY: '0' }, 'no limit is set'],
  ])('an account with %s in it', async (text, env, words) => {
    write({ [SPEND]: text });
    expect((await sg(['status'], { env })).stdout).toContain(words);
  });

  it.each<[string, Record<string, string>, string]>([
    ['the service off', { SG_SERVICE: '0' }, 'switched off by SG_SERVICE=0'],
    ['everything off', { SECURITY_GUIDANCE_DISABLE: '1' }, 'switched off: edits are not checked'],
  ])('%s', async (_name, env, text) => {
    expect((await sg(['status'], { env })).stdout).toContain(text);
  });

  it.each([
    ['garbage', 'hello'],
    ['another JSON', '[1]'],
  ])('what answers %s is no service', async (_name, body) => {
    await serve(body);
    expect((await sg(['status'])).stdout).toContain('what answers is no service of ours');
  });

  it('writes JSON', async () => {
    await serve(JSON.stringify(STATUS));
    mkdirSync(join(root(), LOG), { recursive: true });
    writeFileSync(join(root(), HEALTH), '{{{');
    const { code, stdout } = await sg(['status', '--format', 'json']);
    const { protocol: _protocol, ...shown } = STATUS;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      checking: true,
      service: { state: 'running', ...shown },
      cooldown: null,
      attempts: [],
      log: { problem: 'it is no file', events: {} },
    });
  });

  it('refuses what it does not know', async () => {
    expect((await sg(['status', 'now'])).code).toBe(2);
  });
});
