/** Money: what is booked, what is refused, and what many processes at once may spend together. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createPurse, readSpend, SPEND_FILE } from '../../../host/spend/spend.ts';
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
