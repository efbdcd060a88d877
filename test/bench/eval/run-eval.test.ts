/** How pairs are asked about. */
import { describe, expect, it } from 'vitest';
import { oracleFor } from '../../../bench/eval/oracles.ts';
import { SIDES } from '../../../bench/eval/pair.ts';
import type { Pair } from '../../../bench/eval/pair.ts';
import { estimateOf } from '../../../bench/eval/run-eval.ts';
import { scoresOf } from '../../../bench/eval/scores.ts';
import { createVirtualClock } from '../../../bench/eval/virtual-clock.ts';
import { boundOf, costOf } from '../../../orchestrator/money.ts';
import type { ModelRequest, Transport } from '../../../orchestrator/transport.ts';
import { PAIRS, questions, runWith } from './support.ts';

const MODEL = 'claude-opus-5-5';

async function asked(pairs: readonly Pair[] = PAIRS): Promise<ModelRequest[]> {
  const requests: ModelRequest[] = [];
  await runWith(
    MODEL,
    (id, pair) => {
      const silent = oracleFor('silent', pair, id.side);
      const send: Transport['send'] = (request, signal) => {
        requests.push(request);
        return silent.send(request, signal);
      };
      return { transports: [{ ...silent, send }], clock: createVirtualClock() };
    },
    { pairs },
  );
  return requests;
}

const [first, second, ...rest] = PAIRS;
if (first === undefined || second === undefined) throw new Error('no pairs');

describe('the questions', () => {
  it('are one a side, the same in every run and whatever else is asked', async () => {
    const requests = await asked();
    expect(requests).toHaveLength(2 * PAIRS.length);
    expect(await asked()).toEqual(requests);
    expect(await asked([second])).toEqual(requests.slice(2, 4));
    expect(rest.length).toBeGreaterThan(0);
  });

  it('show what the pair is about, and nothing of what is expected', async () => {
    const requests = await asked();
    for (const [index, pair] of PAIRS.entries()) {
      for (const [offset, side] of SIDES.entries()) {
        const prompt = requests[2 * index + offset]?.prompt ?? '';
        expect(prompt, `${pair.id} ${side}`).toContain(`file: ${pair.path}\n`);
        for (const text of [pair.id, pair.title, pair.note, pair.cwe])
          expect(prompt, `${pair.id} ${side}`).not.toContain(text);
      }
    }
  });

  it('show what is injected, on both sides', async () => {
    const injected = PAIRS.filter((pair) => pair.injected !== undefined);
    const requests = await asked(injected);
    for (const [index, pair] of injected.entries())
      for (const request of requests.slice(2 * index, 2 * index + 2))
        expect(request.prompt).toContain(pair.injected);
  });
});

describe('a run', () => {
  it('counts what has no verdict apart', async () => {
    const trials = await runWith(
      MODEL,
      ({ side }, pair) => {
        const perfect = oracleFor('perfect', pair, side);
        const down: Transport['send'] = () =>
          Promise.resolve({ kind: 'failure', failure: 'auth', status: 401, message: 'no' });
        const transport = pair === first ? { ...perfect, send: down } : perfect;
        return { transports: [transport], clock: createVirtualClock() };
      },
      { pairs: [first, second] },
    );
    const { by, notReviewed, pairs } = scoresOf(trials, 1);
    expect(notReviewed).toEqual({ vulnerable: 1, fixed: 1 });
    expect(by.any).toMatchObject({ found: 1, missed: 0, alarmed: 0, silent: 1 });
    expect(pairs).toMatchObject({ right: 1, unknown: 1 });
    expect(trials.map(({ reason }) => reason)).toEqual([
      'auth: no',
      'auth: no',
      undefined,
      undefined,
    ]);
  });

  it('counts what no review looks at apart, too', async () => {
    const pair = { ...first, path: 'yarn.lock' };
    const trials = await runWith(
      MODEL,
      () => ({ transports: [oracleFor('perfect', pair, 'fixed')], clock: createVirtualClock() }),
      { pairs: [pair] },
    );
    expect(trials.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['not-reviewed', 'left out: a lock file'],
      ['not-reviewed', 'left out: a lock file'],
    ]);
  });

  it('has as many at work as it is told, and gives them back in order', async () => {
    let now = 0;
    let most = 0;
    const trials = await runWith(
      MODEL,
      ({ side }, pair) => {
        const silent = oracleFor('silent', pair, side);
        const send: Transport['send'] = async (request, signal) => {
          now += 1;
          most = Math.max(most, now);
          await new Promise(setImmediate);
          now -= 1;
          return silent.send(request, signal);
        };
        // A clock that stands still: this one waits for real.
        const clock = { ...createVirtualClock(), sleep: () => new Promise<void>(() => undefined) };
        return { transports: [{ ...silent, send }], clock };
      },
      { jobs: 3 },
    );
    expect(most).toBe(3);
    expect(trials.map(({ pair, side }) => `${pair} ${side}`)).toEqual(
      PAIRS.flatMap(({ id }) => SIDES.map((side) => `${id} ${side}`)),
    );
  });

  it('ends early when it is stopped', async () => {
    let done = 0;
    const trials = await runWith(
      MODEL,
      ({ side }, pair) => ({
        transports: [oracleFor('silent', pair, side)],
        clock: createVirtualClock(),
      }),
      { onTrial: () => (done += 1), isStopped: () => done >= 5 },
    );
    expect(trials).toHaveLength(5);
  });
});

describe('the estimate', () => {
  it('is the sum of what the questions can cost at most', async () => {
    const requests = await asked();
    const usd = requests.reduce(
      (sum, request) => sum + (costOf(MODEL, boundOf(request)) ?? Number.NaN),
      0,
    );
    const estimate = estimateOf(PAIRS, 1, questions(MODEL));
    expect(estimate.reviews).toBe(requests.length);
    expect(estimate.usdAtMost).toBeCloseTo(usd, 9);
    expect(estimateOf(PAIRS, 3, questions(MODEL)).usdAtMost).toBeCloseTo(3 * usd, 9);
    expect(estimateOf(PAIRS, 1, questions('own')).usdAtMost).toBeUndefined();
  });
});
