/** Money: what is booked, what is refused, and what many processes at once may spend together. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { lastHour } from '../../../host/spend/account.ts';
import { createPurse, readAccount, readSpend, SPEND_FILE } from '../../../host/spend/spend.ts';
import type { SpendOptions } from '../../../host/spend/spend.ts';
import type { Hold } from '../../../orchestrator/call.ts';

const HOUR = 60 * 60 * 1000;
/** Noon, so that an hour is on the same day wherever this runs. */
const NOON = new Date(2026, 5, 15, 12).getTime();
const NO_LIMITS = {
  usdDay: undefined,
  usdHour: undefined,
  tokensDay: undefined,
  tokensSession: undefined,
};

let dir: string;
let time: number;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-spend-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  time = NOON;
});

function purse(limits: Partial<SpendOptions['limits']> = {}, more: Partial<SpendOptions> = {}) {
  return createPurse({
    dir,
    limits: { ...NO_LIMITS, ...limits },
    layer: 'turn',
    session: 's1',
    log: { write: () => undefined },
    now: () => time,
    ...more,
  });
}

/** At most 1,000 tokens out and none in: 0.02 USD at the price of Opus 5.5. */
const REQUEST = {
  model: 'claude-opus-5-5',
  system: '',
  prompt: '',
  schema: {},
  maxTokens: 1000,
} as const;

const used = (outputTokens: number) => ({
  inputTokens: 0,
  outputTokens,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
});

async function spend(tokens: number | undefined, ...options: Parameters<typeof purse>) {
  const hold = await purse(...options).reserve(REQUEST);
  if ('refused' in hold) return hold.refused;
  await hold.settle(tokens === undefined ? undefined : used(tokens), REQUEST.model);
  return 'spent';
}

describe('what was used', () => {
  test('is booked by day, layer and session, 0600', async () => {
    await spend(500);
    await spend(300, {}, { layer: 'commit' });
    await spend(200, {}, { session: 's2' });
    const { days, sessions, held } = readSpend(dir);
    expect(held).toEqual([]);
    expect(days['2026-06-15']).toMatchObject({
      turn: { calls: 2, tokens: 700, output: 700, unpriced: 0 },
      commit: { calls: 1, tokens: 300 },
    });
    expect(days['2026-06-15']?.['turn']?.usd).toBeCloseTo(0.014, 9);
    expect(sessions['s1']?.totals).toMatchObject({ calls: 2, tokens: 800 });
    expect(statSync(join(dir, SPEND_FILE)).mode & 0o777).toBe(0o600);
  });

  test('of the last hour is booked by layer, and an hour later is not', async () => {
    await spend(500);
    time += HOUR / 2;
    await spend(300, {}, { layer: 'commit' });
    await spend(200, {}, { layer: 'commit' });
    expect(lastHour(readSpend(dir), time)).toMatchObject({
      turn: { calls: 1, output: 500 },
      commit: { calls: 2, output: 500 },
    });
    time += HOUR / 2;
    expect(Object.keys(lastHour(readSpend(dir), time))).toEqual(['commit']);
  });

  test('is kept with the time, the model and the provider of what was sent last', async () => {
    const sent = time;
    const hold = await purse().reserve(REQUEST, { provider: 'bedrock', billing: 'cloud' });
    time += 60_000;
    // Sent, whatever comes of it.
    expect(readSpend(dir).last).toEqual({
      turn: { at: sent, model: REQUEST.model, provider: 'bedrock' },
    });
    await (hold as Hold).settle(used(1), REQUEST.model);
    await spend(1, {}, { layer: 'terminal' });
    expect(readSpend(dir).last).toMatchObject({
      turn: { at: sent },
      terminal: { at: time, provider: undefined },
    });
    expect(await spend(1, { tokensDay: 1 }, { layer: 'commit' })).not.toBe('spent');
    expect(readSpend(dir).last).not.toHaveProperty('commit');
  });

  test('of a subscription is no money, and needs no price', async () => {
    const payer = { provider: 'claude-cli', billing: 'subscription' } as const;
    const request = { ...REQUEST, model: 'opus' };
    const hold = await purse({ usdDay: 0.0001 }).reserve(request, payer);
    expect(readSpend(dir).held).toMatchObject([{ usd: 0, tokens: 1000 }]);
    await (hold as Hold).settle(used(10), 'claude-opus-5-5');
    expect(readSpend(dir).sessions['s1']?.totals).toMatchObject({
      usd: 0,
      unpriced: 0,
      tokens: 10,
    });
    expect(await purse({ tokensDay: 20 }).reserve(request, payer)).toHaveProperty('refused');
  });

  test('is what was held where the endpoint does not tell', async () => {
    await spend(undefined);
    expect(readSpend(dir).sessions['s1']?.totals.tokens).toBe(1000);
  });

  test('of a model without a price counts as such', async () => {
    const hold = (await purse().reserve({ ...REQUEST, model: 'new' })) as Hold;
    await hold.settle(used(10), 'new');
    expect(readSpend(dir).sessions['s1']?.totals).toMatchObject({
      usd: 0,
      unpriced: 1,
      tokens: 10,
    });
  });
});

describe('a limit', () => {
  test.each([
    ['usdDay', 0.05, 'SG_BUDGET_USD_DAY'],
    ['usdHour', 0.05, 'SG_BUDGET_USD_HOUR'],
    ['tokensDay', 2500, 'SG_BUDGET_TOKENS_DAY'],
    ['tokensSession', 2500, 'SG_BUDGET_TOKENS_SESSION'],
  ])(
    '%s refuses the call that could pass it, and says which one it was',
    async (name, limit, variable) => {
      expect(await spend(1000, { [name]: limit })).toBe('spent');
      expect(await spend(1000, { [name]: limit })).toBe('spent');
      expect(await spend(1000, { [name]: limit })).toContain(variable);
      expect(readSpend(dir).sessions['s1']?.totals.calls).toBe(2);
    },
  );

  test('of an hour and of a day begin anew', async () => {
    const limits = { usdHour: 0.02 };
    expect(await spend(1000, limits)).toBe('spent');
    expect(await spend(1000, limits)).not.toBe('spent');
    time += HOUR + 1;
    expect(await spend(1000, limits)).toBe('spent');
    expect(await spend(1000, { usdDay: 0.05 })).not.toBe('spent');
    time += 24 * HOUR;
    expect(await spend(1000, { usdDay: 0.05 })).toBe('spent');
  });

  test('of a session is of that session', async () => {
    const limits = { tokensSession: 1000 };
    expect(await spend(1000, limits)).toBe('spent');
    expect(await spend(1000, limits)).not.toBe('spent');
    expect(await spend(1000, limits, { session: 's2' })).toBe('spent');
  });

  test('in money cannot be kept for a model without a price', async () => {
    const answer = await purse({ usdDay: 100 }).reserve({ ...REQUEST, model: 'new' });
    expect(answer).toMatchObject({ refused: expect.stringContaining('price of new is not known') });
  });

  test('counts calls under way, of which no more begin than it allows', async () => {
    const holds = await Promise.all(
      Array.from({ length: 10 }, () => purse({ usdDay: 0.0601 }).reserve(REQUEST)),
    );
    expect(holds.filter((hold) => 'settle' in hold)).toHaveLength(3);
  });

  test('forgets the hold of a process that died', async () => {
    await purse().reserve(REQUEST);
    const limits = { usdDay: 0.03 };
    expect(await spend(1000, limits)).not.toBe('spent');
    time += 11 * 60 * 1000;
    expect(await spend(1000, limits)).toBe('spent');
  });
});

describe('where no account can be kept nothing is spent', () => {
  test('no folder', async () => {
    expect(await spend(1, {}, { dir: undefined })).toContain('no folder');
  });

  test('a folder that cannot be made', async () => {
    writeFileSync(join(dir, 'file'), '');
    expect(await spend(1, {}, { dir: join(dir, 'file/state') })).toContain('cannot be written');
  });

  test('a lock that another process holds', async () => {
    writeFileSync(join(dir, `${SPEND_FILE}.lock`), `${process.pid} other`);
    expect(await spend(1, {}, { lock: { waitMs: 20 } })).toContain('locked');
  });
});

test.each(['', '[]', '{"days": 3, "held": [7]}', '{"sessions": {"s1": {"totals": "x"}}}'])(
  'a file with %j in it is set aside or read as far as it goes',
  async (text) => {
    writeFileSync(join(dir, SPEND_FILE), text);
    expect(await spend(5)).toBe('spent');
    expect(JSON.parse(readFileSync(join(dir, SPEND_FILE), 'utf8'))).toMatchObject({
      sessions: { s1: { totals: { tokens: 5 } } },
    });
  },
);

test('a file of an older version has what it had, and no layer for the last hour', async () => {
  const totals = { calls: 2, tokens: 700, input: 600, output: 100, usd: 0.5, unpriced: 0 };
  const old = {
    days: { '2026-06-15': { terminal: totals } },
    sessions: { s1: { at: NOON, totals } },
    lastHour: [{ at: NOON, usd: 0.5, tokens: 700 }],
    held: [{ id: 'x', at: NOON, session: 's1', usd: 0.1, tokens: 10 }],
  };
  writeFileSync(join(dir, SPEND_FILE), JSON.stringify(old));
  const { spend: read, problem } = readAccount(dir);
  expect(problem).toBeUndefined();
  expect(read).toMatchObject({ ...old, last: {} });
  expect(lastHour(read, NOON)).toMatchObject({ unknown: { calls: 1, tokens: 700, usd: 0.5 } });
  expect(await spend(1000, { usdHour: 0.61 })).toContain('SG_BUDGET_USD_HOUR');
  expect(await spend(1000, { usdHour: 0.63 })).toBe('spent');
});

test.each([
  ['', 'not JSON'],
  ['[]', 'it is no account'],
])('an account with %j in it says what is wrong', (text, problem) => {
  writeFileSync(join(dir, SPEND_FILE), text);
  expect(readAccount(dir)).toMatchObject({ problem, spend: { days: {} } });
});
