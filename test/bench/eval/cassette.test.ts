/** Recording a run and playing it back. */
import { describe, expect, it, test } from 'vitest';
import { createPlayer, headOf, requestDigest } from '../../../bench/eval/cassette.ts';
import type { Cassette, Taped } from '../../../bench/eval/cassette.ts';
import { oracleFor } from '../../../bench/eval/oracles.ts';
import { readCassette } from '../../../bench/eval/read-cassette.ts';
import { reportOf } from '../../../bench/eval/report.ts';
import type { EvalRun } from '../../../bench/eval/run-eval.ts';
import type { Trial } from '../../../bench/eval/trial.ts';
import type { ModelReply, ModelRequest, Transport } from '../../../orchestrator/transport.ts';
import { fakeClock } from '../../orchestrator/clock.ts';
import { PAIRS, runWith } from './support.ts';

const MODEL = 'claude-opus-5-5';
const SOME = PAIRS.slice(0, 6);
const AT = '2026-01-02T03:04:05.678Z';
const USAGE = { inputTokens: 900, outputTokens: 80, cacheReadTokens: 5, cacheWriteTokens: 7 };
const HEAD = headOf({
  version: '1.2.3',
  at: AT,
  model: MODEL,
  providers: ['anthropic'],
  rounds: 1,
  pairs: SOME.map(({ id }) => id),
});

/** Fails in its own ways before it answers, by the pair. */
function shaky(pair: (typeof PAIRS)[number], side: Trial['side']): Transport {
  const perfect = oracleFor('perfect', pair, side);
  const failures: ModelReply[] = [
    { kind: 'failure', failure: 'overloaded', status: 529, message: 'busy', retryAfterMs: 3_000 },
    { kind: 'failure', failure: 'refusal', status: 200, message: 'no', usage: USAGE },
    { kind: 'failure', failure: 'bad-request', status: 400, message: 'effort' },
  ];
  const first = failures[SOME.indexOf(pair)];
  let calls = 0;
  return {
    provider: 'anthropic',
    billing: 'key',
    async send(request, signal) {
      calls += 1;
      if (calls === 1 && first !== undefined) return first;
      // This one never answers, and its review ends at the deadline.
      if (pair === SOME[3]) {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        return { kind: 'failure', failure: 'cancelled', message: 'aborted' };
      }
      return { ...(await perfect.send(request, signal)), usage: USAGE, model: MODEL } as ModelReply;
    },
  };
}

interface Recorded {
  readonly trials: readonly Trial[];
  readonly taped: Taped[];
}

async function record(options: Partial<EvalRun> = {}): Promise<Recorded> {
  const taped: Taped[] = [];
  const trials = await runWith(
    MODEL,
    ({ side }, pair) => ({ transports: [shaky(pair, side)], clock: fakeClock() }),
    { pairs: SOME, tape: (each) => taped.push(each), ...options },
  );
  return { trials, taped };
}

function replay(cassette: Cassette, options: Partial<EvalRun> = {}) {
  const player = createPlayer(cassette);
  const trials = runWith(MODEL, player.connect, {
    pairs: SOME,
    isStopped: () => player.missing() !== undefined,
    ...options,
  });
  return { trials, player };
}

function written(taped: readonly Taped[]): string {
  return [HEAD, ...taped].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function read(text: string): Cassette {
  const result = readCassette('run.jsonl', text);
  if (!result.ok) throw new Error(result.message);
  return result.cassette;
}

const documentOf = (trials: readonly Trial[]): string =>
  JSON.stringify(reportOf({ ...HEAD, pairs: SOME, trials, rounds: 1, providers: ['anthropic'] }));

describe('a recording that is played back', () => {
  it('gives the same document each time, and that of the run itself', async () => {
    const { trials, taped } = await record();
    const cassette = read(written(taped));
    const first = documentOf(await replay(cassette).trials);
    expect(documentOf(await replay(cassette, { jobs: 4 }).trials)).toBe(first);
    expect(first).toBe(documentOf(trials));
    const kinds = trials.map(({ verdict }) => verdict);
    expect(new Set(kinds)).toEqual(new Set(['flagged', 'silent', 'not-reviewed']));
    expect(trials.flatMap(({ reason }) => reason ?? [])).toEqual([
      'refused: no',
      'refused: no',
      'timed-out: aborted',
      'timed-out: aborted',
    ]);
  });

  it('waits for nothing', async () => {
    const { taped } = await record();
    const late = taped.map((each) => ({ ...each, milliseconds: 20_000 }));
    const trials = await replay(read(written(late))).trials;
    // Four minutes of a recorded run, which the test does not have.
    expect(trials[0]?.attempts[0]?.milliseconds).toBe(20_000);
  });

  it('plays each round its own answers', async () => {
    const { trials, taped } = await record({ rounds: 2, pairs: SOME.slice(4) });
    const cassette = { head: { ...HEAD, rounds: 2 }, taped };
    const again = await replay(cassette, { rounds: 2, pairs: SOME.slice(4) }).trials;
    expect(again).toEqual(trials);
    expect(new Set(taped.map(({ round }) => round))).toEqual(new Set([1, 2]));
  });
});

describe('what was not recorded is said', () => {
  test.each<[string, (taped: readonly Taped[]) => readonly Taped[], string]>([
    [
      'a changed request',
      (taped) => taped.map((each) => ({ ...each, request: '0'.repeat(64) })),
      `not recorded: pair ${SOME[0]?.id ?? ''}, side vulnerable: the prompts, the rules or the pair changed since; record again`,
    ],
    [
      'a side that was not asked',
      (taped) => taped.filter(({ side }) => side === 'vulnerable'),
      `not recorded: pair ${SOME[0]?.id ?? ''}, side fixed: it was no part of that run; record again`,
    ],
    [
      'a call that is not there',
      (taped) => taped.slice(0, 1),
      `not recorded: pair ${SOME[0]?.id ?? ''}, side vulnerable: the prompts, the rules or the pair changed since; record again`,
    ],
  ])('%s', async (_, change, message) => {
    const { taped } = await record();
    const { trials, player } = replay({ head: HEAD, taped: change(taped) });
    expect((await trials).length).toBeLessThan(2 * SOME.length);
    expect(player.missing()).toBe(message);
  });
});

describe('requestDigest', () => {
  const request: ModelRequest = {
    model: 'm',
    system: 's',
    prompt: 'p',
    schema: {},
    maxTokens: 1,
  };
  test.each<[string, Partial<ModelRequest>]>([
    ['model', { model: 'n' }],
    ['system', { system: 't' }],
    ['prompt', { prompt: 'q' }],
    ['schema', { schema: { a: 1 } }],
    ['maxTokens', { maxTokens: 2 }],
    ['effort', { effort: 'high' }],
    ['thinking', { thinking: true }],
  ])('depends on %s', (_, change) => {
    expect(requestDigest({ ...request, ...change })).not.toBe(requestDigest(request));
    expect(requestDigest({ ...request })).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('readCassette', () => {
  const line = {
    pair: 'a',
    side: 'fixed',
    round: 1,
    request: 'x',
    provider: 'p',
    milliseconds: 3,
    reply: { kind: 'answer', text: '{}', usage: USAGE, model: 'm' },
  };
  const file = (...lines: readonly unknown[]): string =>
    lines.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n');

  it('reads what was written', () => {
    expect(read(file(HEAD, line, ''))).toEqual({ head: HEAD, taped: [line] });
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'run.jsonl:1: "" is no JSON'],
    ['another file', file({ kind: 'x' }), 'run.jsonl:1: kind is "x", expected sg-eval-cassette'],
    ['a newer file', file({ ...HEAD, format: 2 }), 'run.jsonl:1: format is 2, expected 1'],
    ['a cut line', file(HEAD, line, '{"pair":'), 'run.jsonl:3: "{\\"pair\\":" is no JSON'],
    ['a list', file(HEAD, []), 'run.jsonl:2: the line is [], expected an object'],
    [
      'a side that is none',
      file(HEAD, { ...line, side: 'left' }),
      'run.jsonl:2: side is "left", expected vulnerable, fixed',
    ],
    [
      'a failure that is none',
      file(HEAD, { ...line, reply: { kind: 'failure', failure: 'odd', message: '' } }),
      'run.jsonl:2: failure is "odd", expected auth, ',
    ],
    [
      'usage that is none',
      file(HEAD, { ...line, reply: { ...line.reply, usage: { inputTokens: -1 } } }),
      'run.jsonl:2: inputTokens is -1, expected a number from 0 up',
    ],
  ])('refuses %s', (_, text, message) => {
    const result = readCassette('run.jsonl', text);
    expect(result.ok ? '' : result.message.slice(0, message.length)).toBe(message);
  });
});
