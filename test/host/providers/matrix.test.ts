/** Every failure on every wire is the reply that it should be, and names no credential. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTransport } from '../../../host/providers/open.ts';
import { selectProviders } from '../../../host/providers/select.ts';
import type { ModelReply, Transport } from '../../../orchestrator/transport.ts';
import { CREDENTIALS } from '../../support/api/auth.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { FAILURES } from './failures.ts';
import type { FailureCase } from './failures.ts';
import { useLoopbackGoogle } from './google.ts';
import { WAYS, closedUrl, fakeTiming, requestFor, until } from './world.ts';
import type { FakeTiming } from './world.ts';

let api: LoopbackApi;
beforeAll(async () => {
  api = await startLoopbackApi();
  useLoopbackGoogle(api);
});
afterAll(() => api.close());
beforeEach(() => api.reset());

const USAGE = { inputTokens: 120, outputTokens: 30, cacheReadTokens: 400, cacheWriteTokens: 50 };
const NONE = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

function expected({ failure, status, retryAfterMs, usage }: FailureCase): ModelReply {
  return {
    kind: 'failure',
    failure,
    message: expect.stringMatching(/\S/),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(usage === undefined ? {} : { usage: usage === 'all' ? USAGE : NONE }),
  };
}

/** Every value that opens something. */
const SECRETS = Object.values(CREDENTIALS).flatMap((value) =>
  typeof value === 'string' ? [value] : Object.values(value),
);

describe.each(WAYS)('$name', ({ provider, env: envOf }) => {
  let transport: Transport;
  let timing: FakeTiming;
  const open = async (url: string): Promise<Transport> => {
    const env = envOf(url);
    const selection = selectProviders(env, undefined);
    if (selection.kind !== 'chosen') throw new Error(selection.why);
    return openTransport(selection.choices[0], { env, timing, claude: undefined, untrusted: [] });
  };
  const send = (signal: AbortSignal = new AbortController().signal): Promise<ModelReply> =>
    transport.send(requestFor(provider, envOf(api.url)), signal);
  beforeEach(async () => {
    timing = fakeTiming();
    transport = await open(api.url);
  });

  test.each(FAILURES)('$name: $failure', async (failed) => {
    api.play(failed.act(provider));
    const reply = await send();
    expect(reply).toEqual(expected(failed));
    expect(api.requests).toHaveLength(1);
    expect(api.refused).toEqual([]);
    expect(timing.pending()).toEqual([]);
  });

  test('nothing before the headers: timeout after 60 s', async () => {
    api.play({ kind: 'hang' });
    const reply = send();
    await until(() => api.requests.length === 1, 'the request');
    expect(timing.pending()).toEqual([60_000]);
    timing.elapse();
    expect(await reply).toEqual({
      kind: 'failure',
      failure: 'timeout',
      message: 'no answer for 60 s',
    });
  });

  test.each(['half', 'head'] as const)('silence after the %s: stall after 20 s', async (after) => {
    api.play({ kind: 'stall', after });
    const reply = send();
    await until(() => timing.pending()[0] === 20_000, 'the first event');
    timing.elapse();
    expect(await reply).toEqual({
      kind: 'failure',
      failure: 'stall',
      message: 'no event of the stream for 20 s',
    });
    expect(timing.pending()).toEqual([]);
  });

  test('a slow answer is an answer', async () => {
    api.play({ kind: 'drip', text: '{"findings":[]}', bytes: 200, ms: 5 });
    expect(await send()).toMatchObject({ kind: 'answer', text: '{"findings":[]}', usage: USAGE });
  });

  test('a stream that is no stream of events: not-json or, inside frames, network', async () => {
    api.play({ kind: 'garbage' });
    const reply = await send();
    // The frames of a binary stream have checksums: nothing in them is ever read.
    const failure = provider === 'bedrock' ? 'network' : 'not-json';
    expect(reply).toMatchObject({ kind: 'failure', failure });
  });

  test('a caller that gives up', async () => {
    const cancelled = {
      kind: 'failure',
      failure: 'cancelled',
      message: 'the request was cancelled',
    };
    expect(await send(AbortSignal.abort())).toEqual(cancelled);
    api.play({ kind: 'stall' });
    const controller = new AbortController();
    const reply = send(controller.signal);
    await until(() => timing.pending()[0] === 20_000, 'the first event');
    controller.abort();
    expect(await reply).toEqual(cancelled);
    expect(timing.pending()).toEqual([]);
  });

  test('nobody listens', async () => {
    transport = await open(await closedUrl());
    const reply = await send();
    expect(reply).toMatchObject({ kind: 'failure', failure: 'network', usage: NONE });
    expect(reply).toHaveProperty('message', expect.stringContaining('ECONNREFUSED'));
  });

  test('an endpoint that quotes credentials', async () => {
    const message = `rejected: ${SECRETS.join(' ')}`;
    const mine = Object.values(envOf(api.url)).flatMap((value) =>
      SECRETS.filter(
        (secret) => value?.includes(secret) === true && secret !== CREDENTIALS.workspace,
      ),
    );
    for (const status of [400, 401, 500]) {
      api.play({ kind: 'error', status, type: 'api_error', message });
      const reply = JSON.stringify(await send());
      expect(mine.filter((secret) => reply.includes(secret))).toEqual([]);
    }
  });
});
