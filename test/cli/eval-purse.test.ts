/** What a run of `sg eval` may spend. */
import { describe, expect, it } from 'vitest';
import { FREE, guarded, limited } from '../../cli/eval/purse.ts';
import type { Purse } from '../../orchestrator/call.ts';
import { boundOf, costOf } from '../../orchestrator/money.ts';
import type { ModelRequest } from '../../orchestrator/transport.ts';

const REQUEST: ModelRequest = {
  model: 'claude-opus-5-5',
  system: '',
  prompt: 'x'.repeat(3_000),
  schema: {},
  maxTokens: 1_000,
};
/** 1000 tokens in at 4 and 1000 out at 20 USD a million. */
const MOST = 0.024;
const NOTHING = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

async function hold(purse: Purse) {
  const held = await purse.reserve(REQUEST);
  if ('refused' in held) throw new Error(held.refused);
  return held;
}

describe('limited', () => {
  it('holds what a call may cost at most', async () => {
    expect(costOf(REQUEST.model, boundOf(REQUEST))).toBeCloseTo(MOST, 12);
    const purse = limited(FREE, 2.5 * MOST);
    await hold(purse);
    await hold(purse);
    expect(await purse.reserve(REQUEST)).toMatchObject({ refused: expect.any(String) as string });
  });

  it('frees what was not used, and keeps what nobody knows', async () => {
    const purse = limited(FREE, 1.5 * MOST);
    await (await hold(purse)).settle(NOTHING, REQUEST.model);
    await (await hold(purse)).settle(undefined, REQUEST.model);
    expect(await purse.reserve(REQUEST)).toMatchObject({ refused: expect.any(String) as string });
  });

  it('holds nothing for what another limit refuses', async () => {
    let refuses = true;
    const other: Purse = {
      reserve: (request) => (refuses ? Promise.resolve({ refused: 'no' }) : FREE.reserve(request)),
    };
    const purse = limited(other, 1.5 * MOST);
    expect(await purse.reserve(REQUEST)).toEqual({ refused: 'no' });
    refuses = false;
    await hold(purse);
  });
});

describe('guarded', () => {
  it('refuses after five reviews in a row without a verdict, and one verdict begins anew', async () => {
    const { purse, after } = guarded(FREE);
    for (const hasVerdict of [false, false, false, false, true, false, false, false, false])
      after(hasVerdict);
    await hold(purse);
    after(false);
    expect(await purse.reserve(REQUEST)).toEqual({
      refused: 'no more was asked after 5 reviews in a row without a verdict',
    });
  });
});
