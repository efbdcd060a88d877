/** The policy for each class of failure: how often, with what, and how it ends. */
import { describe, expect, test } from 'vitest';
import { callModel } from '../../orchestrator/call.ts';
import type { CallOptions } from '../../orchestrator/call.ts';
import type {
  FailureClass,
  ModelReply,
  ModelRequest,
  Transport,
} from '../../orchestrator/transport.ts';
import { fakeClock } from './clock.ts';

const USAGE = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0 };
const REQUEST: ModelRequest = {
  model: 'claude-opus-5-5',
  system: 's',
  prompt: 'full',
  schema: {},
  maxTokens: 1000,
  effort: 'high',
  thinking: true,
};

const ok = (text = '"fine"'): ModelReply => ({
  kind: 'answer',
  text,
  usage: USAGE,
  model: REQUEST.model,
});
const fail = (
  failure: FailureClass,
  more: { readonly retryAfterMs?: number; readonly message?: string } = {},
): ModelReply => ({
  kind: 'failure',
  failure,
  message: `it was ${failure}`,
  ...more,
});

type Script = readonly (ModelReply | 'hang')[];

async function play(scripts: readonly Script[], options: Partial<CallOptions<string>> = {}) {
  const clock = fakeClock();
  const sent: { provider: number; request: ModelRequest }[] = [];
  const holds = { made: 0, settled: 0 };
  const transports = scripts.map((script, provider): Transport => {
    let next = 0;
    return {
      provider: `p${provider}`,
      billing: 'key',
      async send(request, signal) {
        sent.push({ provider, request });
        const step = script[next++] ?? fail('bad-request', { message: 'the script is at its end' });
        if (step !== 'hang') return step;
        await clock.sleep(Infinity, signal);
        return fail('cancelled');
      },
    };
  });
  const outcome = await callModel<string>({
    makeRequest: (size) => ({ ...REQUEST, prompt: size }),
    decode: (text) =>
      text === '"fine"' ? { ok: true, value: 'fine' } : { ok: false, reason: 'no such answer' },
    transports,
    purse: {
      reserve: () => {
        holds.made += 1;
        return Promise.resolve({
          settle: () => {
            holds.settled += 1;
            return Promise.resolve();
          },
        });
      },
    },
    clock,
    makeAbort: () => new AbortController(),
    deadlineMs: 90_000,
    ...options,
  });
  expect(holds.made).toBe(holds.settled);
  expect(outcome.attempts).toHaveLength(sent.length);
  return { outcome, sent, elapsed: clock.monotonic() };
}

describe('what is tried again', () => {
  const transient = ['rate-limit', 'overloaded', 'server', 'network', 'stall', 'timeout'] as const;

  test.each(transient)('%s: twice, with pauses', async (failure) => {
    const good = await play([[fail(failure), fail(failure), ok()]]);
    expect(good.outcome).toMatchObject({ kind: 'answer', value: 'fine' });
    expect(good.elapsed).toBe(5_000);
    const bad = await play([[fail(failure), fail(failure), fail(failure), ok()]]);
    expect(bad.outcome).toMatchObject({ kind: 'failed', failure });
    expect(bad.sent).toHaveLength(3);
  });

  test('after the time that the endpoint asks for, where it fits', async () => {
    const fits = await play([[fail('rate-limit', { retryAfterMs: 30_000 }), ok()]]);
    expect(fits.outcome.kind).toBe('answer');
    expect(fits.elapsed).toBe(30_000);
    const late = await play([[fail('rate-limit', { retryAfterMs: 3_600_000 }), ok()]]);
    expect(late.outcome).toMatchObject({ kind: 'failed', failure: 'rate-limit' });
    expect(late).toMatchObject({ elapsed: 0, sent: { length: 1 } });
  });

  test('bad-request: once without effort, then once without thinking', async () => {
    const { sent, outcome } = await play([[fail('bad-request'), fail('bad-request'), ok()]]);
    expect(outcome.kind).toBe('answer');
    expect(sent.map(({ request: { effort, thinking } }) => [effort, thinking])).toEqual([
      ['high', true],
      [undefined, true],
      [undefined, undefined],
    ]);
    const bad = await play([Array<ModelReply>(9).fill(fail('bad-request'))]);
    expect(bad.outcome).toMatchObject({ kind: 'failed', failure: 'bad-request' });
    expect(bad.sent).toHaveLength(3);
  });

  test('too-large: once at half the size', async () => {
    const { sent, outcome } = await play([[fail('too-large'), ok()]]);
    expect(outcome.kind).toBe('answer');
    expect(sent.map(({ request }) => request.prompt)).toEqual(['full', 'half']);
    expect((await play([[fail('too-large'), fail('too-large'), ok()]])).sent).toHaveLength(2);
    const whole = await play([[fail('too-large'), ok()]], {
      makeRequest: (size) => (size === 'full' ? REQUEST : undefined),
    });
    expect(whole.outcome).toMatchObject({ kind: 'failed', failure: 'too-large' });
  });

  test('refusal: once by another model, where there is one', async () => {
    const { sent, outcome } = await play([[fail('refusal'), ok()]], { otherModel: 'claude-x' });
    expect(outcome.kind).toBe('answer');
    expect(sent.map(({ request }) => request.model)).toEqual(['claude-opus-5-5', 'claude-x']);
    const two = await play([[fail('refusal'), fail('refusal'), ok()]], { otherModel: 'claude-x' });
    expect(two.outcome).toMatchObject({ kind: 'failed', failure: 'refusal' });
    expect((await play([[fail('refusal'), ok()]])).sent).toHaveLength(1);
  });

  test.each<[string, ModelReply]>([
    ['truncated', fail('truncated')],
    ['an answer of another shape', ok('"else"')],
  ])('%s: once with room for more', async (_, reply) => {
    const { sent, outcome } = await play([[reply, ok()]]);
    expect(outcome.kind).toBe('answer');
    expect(sent.map(({ request }) => request.maxTokens)).toEqual([1000, 2000]);
    expect((await play([[reply, reply, ok()]])).outcome.kind).toBe('failed');
  });

  test('auth: the next credential, once', async () => {
    const { sent, outcome } = await play([[fail('auth')], [ok()]]);
    expect(outcome.kind).toBe('answer');
    expect(sent.map(({ provider }) => provider)).toEqual([0, 1]);
    const three = await play([[fail('auth')], [fail('auth')], [ok()]]);
    expect(three.outcome).toMatchObject({ kind: 'failed', failure: 'auth' });
    expect(three.sent).toHaveLength(2);
  });
});

describe('what is not', () => {
  test.each(['unknown-model', 'not-json', 'cancelled'] as const)('%s', async (failure) => {
    const { sent, outcome } = await play([[fail(failure), ok()]]);
    expect(outcome).toMatchObject({ kind: 'failed', failure, detail: `it was ${failure}` });
    expect(sent).toHaveLength(1);
  });

  test('anything, without money', async () => {
    const { sent, outcome } = await play([[ok()]], {
      purse: { reserve: () => Promise.resolve({ refused: 'the day is over' }) },
    });
    expect(outcome).toMatchObject({ failure: 'budget', detail: 'the day is over' });
    expect(sent).toHaveLength(0);
  });
});

describe('the deadline', () => {
  test('ends a call that hangs', async () => {
    const { outcome, elapsed } = await play([['hang']]);
    expect(outcome).toMatchObject({ kind: 'failed', failure: 'deadline' });
    expect(elapsed).toBe(90_000);
  });

  test('leaves no time for a pause that would pass it', async () => {
    const { outcome, sent } = await play([[fail('server'), ok()]], { deadlineMs: 2_500 });
    expect(outcome).toMatchObject({ kind: 'failed', failure: 'server' });
    expect(sent).toHaveLength(1);
  });

  test('the caller can end it sooner', async () => {
    const caller = new AbortController();
    const playing = play([['hang']], { signal: caller.signal });
    caller.abort();
    expect((await playing).outcome).toMatchObject({ kind: 'failed', failure: 'cancelled' });
  });
});
