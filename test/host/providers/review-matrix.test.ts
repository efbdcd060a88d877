/** A review on every wire, with every failure: its outcome, its requests, its time. None is clean. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { modelForm } from '../../../host/providers/model-form.ts';
import { CREDENTIALS } from '../../support/api/auth.ts';
import type { Act } from '../../support/api/acts.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import type { VirtualTime } from '../../support/virtual-time.ts';
import { FAILURES } from './failures.ts';
import { useLoopbackGoogle } from './google.ts';
import { DEADLINE_MS, ENDS, endsAfter, expectEnd, runReview } from './review-world.ts';
import type { Ran, ReviewRun } from './review-world.ts';
import { WAYS, closedUrl } from './world.ts';

let api: LoopbackApi;
let dir: string;
beforeAll(async () => {
  api = await startLoopbackApi();
  useLoopbackGoogle(api);
});
afterAll(() => api.close());
beforeEach(() => {
  api.reset();
  dir = mkdtempSync(join(tmpdir(), 'sg-matrix-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
});

/** More than any review asks. */
const ALWAYS = 9;
const always = (act: Act): void => api.play(...Array<Act>(ALWAYS).fill(act));

/** Lets the wait of `ms` pass as soon as the request is there. */
const silentFor =
  (ms: number) =>
  (time: VirtualTime, sends: number): void => {
    if (api.requests.length === sends && time.pending().includes(ms)) time.step();
  };

/** One way of authentication for each provider. */
const EACH = WAYS.filter(
  ({ provider }, index) => WAYS.findIndex((way) => way.provider === provider) === index,
);

test('every provider is in the matrix', () => {
  expect(EACH.map(({ provider }) => provider).sort()).toEqual([
    'anthropic',
    'anthropic-aws',
    'bedrock',
    'foundry',
    'mantle',
    'vertex',
  ]);
});

describe.each(EACH)('$provider', ({ provider, env }) => {
  const run = (options: ReviewRun = {}): Promise<Ran> => runReview(env(api.url), dir, options);

  test('without a failure it is reviewed', async () => {
    const { reviewed, sends, elapsed, booked } = await run();
    expect(reviewed.outcome).toMatchObject({
      kind: 'clean',
      coverage: { reviewed: ['app/table.py', 'app/run.py'] },
    });
    expect({ sends, elapsed, booked, asked: api.requests.length, refused: api.refused }).toEqual({
      sends: 1,
      elapsed: 0,
      booked: 1,
      asked: 1,
      refused: [],
    });
  });

  test.each(FAILURES)('$name: $failure', async ({ act, failure, retryAfterMs }) => {
    always(act(provider));
    const ran = await run();
    expectEnd(ran, endsAfter(failure, retryAfterMs));
    expect({ asked: api.requests.length, refused: api.refused }).toEqual({
      asked: ran.sends,
      refused: [],
    });
  });

  test('an answer of another shape', async () => {
    always({ kind: 'message', text: '{"finding":[]}' });
    expectEnd(await run(), ENDS.schema);
  });

  test('a stream that is no stream of events', async () => {
    always({ kind: 'garbage' });
    // The frames of a binary stream have checksums: nothing in them is ever read.
    expectEnd(await run(), ENDS[provider === 'bedrock' ? 'network' : 'not-json']);
  });

  test('a refusal is put to the other model, once', async () => {
    always({ kind: 'message', text: '', stopReason: 'refusal' });
    const otherModel = modelForm(provider, env(api.url)).replace('opus', 'sonnet');
    expectEnd(await run({ otherModel }), { ...ENDS.refusal, requests: 2 });
    expect(api.requests.map(({ url, body }) => `${url} ${body.toString()}`)[1]).toContain(
      otherModel,
    );
    expect(api.refused).toEqual([]);
  });

  test('silence before the headers, until the deadline', async () => {
    always({ kind: 'hang' });
    const end = { reason: 'timed-out', requests: 2, pauses: DEADLINE_MS } as const;
    expectEnd(await run({ onWait: silentFor(60_000) }), end);
  });

  test.each(['half', 'head'] as const)('silence after the %s', async (after) => {
    always({ kind: 'stall', after });
    const end = { ...ENDS.stall, pauses: 3 * 20_000 + ENDS.stall.pauses };
    expectEnd(await run({ onWait: silentFor(20_000) }), end);
  });

  test('an answer that never comes to its end, until the deadline', async () => {
    always({ kind: 'drip', text: `{"findings":[],"x":"${'x'.repeat(9_000)}"}`, bytes: 300, ms: 3 });
    let seen = 0;
    const onWait = (time: VirtualTime): void => {
      // The first is the wait for the headers.
      if (time.armed() < 2 || time.armed() === seen) return;
      seen = time.armed();
      time.advance(15_000);
    };
    const end = { reason: 'timed-out', requests: 1, pauses: DEADLINE_MS } as const;
    expectEnd(await run({ onWait }), end);
  });

  test('a caller that gives up', async () => {
    always({ kind: 'hang' });
    const caller = new AbortController();
    const onWait = (): void => {
      if (api.requests.length === 1) caller.abort();
    };
    expectEnd(await run({ onWait, signal: caller.signal }), ENDS.cancelled);
  });

  test('nobody listens', async () => {
    const ran = await runReview(env(await closedUrl()), dir);
    expectEnd(ran, ENDS.network);
  });

  test('no money: nothing is sent', async () => {
    const ran = await run({ limits: { usdDay: 0.0001 } });
    expectEnd(ran, { reason: 'budget', requests: 0, pauses: 0 });
    expect(api.requests).toEqual([]);
  });
});

test('a second credential is tried when the first one is refused, and no third time', async () => {
  always({ kind: 'error', status: 401, type: 'authentication_error' });
  const env = {
    ANTHROPIC_BASE_URL: `${api.url}/anthropic`,
    ANTHROPIC_AUTH_TOKEN: CREDENTIALS.token,
    ANTHROPIC_API_KEY: CREDENTIALS.key,
  };
  expectEnd(await runReview(env, dir), { ...ENDS.auth, requests: 2 });
});
