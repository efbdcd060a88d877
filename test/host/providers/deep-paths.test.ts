/** Every way that an investigation can go, over a real connection to a stand-in that refuses what the API refuses. */
import { describe, expect, test } from 'vitest';
import type { Purse } from '../../../orchestrator/call.ts';
import { IN_DIFF, OFF_DIFF } from '../../orchestrator/deep/support.ts';
import type { Act } from '../../support/api/acts.ts';
import { claim, kinds, run, say, useDeepPaths } from './deep-world.ts';
import type { Ran } from './deep-world.ts';

useDeepPaths();

const FOUND = claim(OFF_DIFF);
const GLOB: Act = { kind: 'calls', calls: [{ name: 'Glob', input: { pattern: '**/*.py' } }] };
const REFUSAL: Act = { kind: 'message', text: '', stopReason: 'refusal', category: 'cyber' };
const HANG: Act = { kind: 'hang' };
const { trace: _, ...SINGLE } = { ...IN_DIFF, title: 'of the single call' };
const times = (count: number, act: Act): Act[] => Array.from({ length: count }, () => act);

const stage = ({ record }: Ran, wanted: string) =>
  record.stages.find(({ name }) => name === wanted);
const alone = { secondLook: false, raceDelayMs: undefined };

describe('tools', () => {
  test('that are misused: each call is answered with an error, and the review goes on', async () => {
    const misuse: Act = {
      kind: 'calls',
      thinking: 'what is there?',
      calls: [
        { name: 'Bash', input: { command: 'id' } },
        { name: 'Read', input: '{"path": broken' },
        { name: 'Read', input: { path: '../../etc/passwd' } },
        { name: 'Read', input: { path: '.env' } },
        { name: 'Grep', input: { pattern: '(' } },
        { name: 'Read', input: { path: 'app/store.py', lines: 'all' } },
      ],
    };
    const ran = await run({ investigate: [misuse, FOUND] }, { settings: alone });
    expect(ran.outcome).toMatchObject({ findings: [{ path: 'app/store.py', place: 'off-diff' }] });
    expect(ran.record.tools).toMatchObject({ calls: 6, errors: 6 });
    const results = ran.sent[1]?.json.messages.at(-1);
    expect(results).toMatchObject({
      content: Array.from({ length: 6 }, () => ({ is_error: true })),
    });
    expect(JSON.stringify(ran.sent)).not.toContain('CANARY_SECRET');
  });

  test('that are called without end: 15 calls, and then the answer', async () => {
    const scripts = { investigate: [...times(15, GLOB), FOUND] };
    const ran = await run(scripts, { settings: alone });
    expect(ran.record.tools).toMatchObject({ calls: 15, errors: 0 });
    expect(ran.outcome.kind).toBe('findings');
    const choices = ran.sent.map(({ json }) => (json['tool_choice'] as { type?: string })?.type);
    expect(choices.slice(0, 16).filter((type) => type === 'none')).toEqual(['none']);
    expect(choices[15]).toBe('none');
  });

  test('that are called instead of an answer: the single call stands in', async () => {
    const scripts = { investigate: times(40, GLOB), single: [claim(SINGLE)] };
    const ran = await run(scripts, { settings: { maxTurns: 3 } });
    expect(stage(ran, 'investigate')).toMatchObject({ failed: 'schema' });
    expect(ran.outcome).toMatchObject({ findings: [{ title: 'of the single call' }] });
  });
});

describe('answers', () => {
  test('that are refused mid-way: another model, which sees nothing of the conversation', async () => {
    const ran = await run(
      { investigate: [GLOB, REFUSAL, FOUND] },
      { settings: alone, call: { otherModel: 'claude-sonnet-5-5' } },
    );
    expect(ran.outcome.kind).toBe('findings');
    expect(ran.sent[2]?.json).toMatchObject({
      model: 'claude-sonnet-5-5',
      messages: { length: 1 },
    });
    expect(ran.attempts[1]).toMatchObject({ failure: 'refusal', usage: { outputTokens: 30 } });
  });

  test('that are cut off by their limit get twice the room', async () => {
    const cut: Act = { kind: 'message', text: '{"findings":[{"pa', stopReason: 'max_tokens' };
    const ran = await run({ investigate: [GLOB, cut, FOUND] }, { settings: alone });
    expect(ran.outcome.kind).toBe('findings');
    const [, first, second] = ran.sent.map(({ json }) => Number(json['max_tokens']));
    expect(second).toBe(2 * (first ?? 0));
    expect(ran.attempts[1]).toMatchObject({ failure: 'truncated' });
  });

  test('that stop in the middle of the stream are asked for again', async () => {
    const cut: Act = { kind: 'truncate', how: 'cut' };
    const ran = await run(
      { investigate: [GLOB, cut, FOUND] },
      { settings: alone, passes: [[2, 1_000]] },
    );
    expect(ran.outcome.kind).toBe('findings');
    expect(ran.sent[2]?.json.messages).toEqual(ran.sent[1]?.json.messages);
  });
});

describe('claims', () => {
  test.each([
    ['a quote that is made up', { ...OFF_DIFF, quote: 'eval(name)' }, 'no-such-code'],
    [
      'a quote of a secret file',
      { ...OFF_DIFF, path: '.env', quote: 'CANARY_SECRET=1' },
      'unknown-file',
    ],
    ['old code that nothing new leads to', { ...OFF_DIFF, trace: [] }, 'not-connected'],
  ])('%s is dropped, and nobody is paid to refute it', async (_, finding, end) => {
    const ran = await run({ investigate: [claim(finding)] });
    expect(ran.outcome.kind).toBe('clean');
    expect(kinds(ran)).toBe('investigate');
    expect(ran.claims).toMatchObject([{ look: 'investigate', end }]);
    expect(stage(ran, 'check')).toMatchObject({ in: 1, out: 0, counts: { [end]: 1 } });
  });

  test('outside of the change, with a step in it, stand', async () => {
    const ran = await run({ investigate: [FOUND] }, { settings: alone });
    expect(ran.outcome).toMatchObject({
      findings: [{ place: 'off-diff', confidence: 'medium', trace: [{ line: 7 }, { line: 2 }] }],
    });
    expect(ran.claims).toMatchObject([{ look: 'investigate', end: 'told' }]);
  });

  test('of a second look are added, in the same conversation', async () => {
    const ran = await run({ investigate: [GLOB, FOUND, claim(IN_DIFF, OFF_DIFF)] });
    expect(kinds(ran)).toBe('investigate investigate investigate refute refute');
    expect(ran.sent[2]?.json.messages).toHaveLength(5);
    expect(ran.sent[2]?.json.messages.slice(0, 2)).toEqual(ran.sent[1]?.json.messages.slice(0, 2));
    expect(ran.outcome).toMatchObject({ findings: { length: 2 } });
    expect(ran.claims.map(({ look, end }) => `${look} ${end}`).toSorted()).toEqual([
      'investigate told',
      'second-look repeated',
      'second-look told',
    ]);
  });
});

describe('refutations', () => {
  const refuted = (quote: string): Act =>
    say({ verdict: 'refuted', reason: 'no', evidence: [{ path: 'app/store.py', quote }] });

  test.each([
    ['with code that is there', 'path = "/data/" + name', 'clean', 'refuted', 'refuted'],
    ['with code that is made up', 'name = clean(name)', 'findings', 'void', 'told'],
  ])('%s', async (_, quote, kind, counted, end) => {
    const ran = await run({ investigate: [FOUND], refute: [refuted(quote)] }, { settings: alone });
    expect(ran.outcome.kind).toBe(kind);
    expect(stage(ran, 'refute')).toMatchObject({ counts: { [counted]: 1 } });
    expect(ran.claims).toMatchObject([{ end }]);
    if (ran.outcome.kind === 'findings')
      expect(ran.outcome.findings).toMatchObject([{ verdict: 'unverified', confidence: 'low' }]);
  });
});

describe('time', () => {
  const settings = { secondLook: false };

  test('an investigation that is late loses to the single call, and its connection is cut', async () => {
    const ran = await run(
      { investigate: [HANG], single: [claim(SINGLE)] },
      { settings, passes: [[1, 180_000]] },
    );
    expect(kinds(ran)).toBe('investigate single refute');
    expect(ran.outcome).toMatchObject({ findings: [{ title: 'of the single call' }] });
    expect(stage(ran, 'investigate')).toMatchObject({ failed: 'cancelled' });
    expect(ran.claims).toMatchObject([{ look: 'single-call', end: 'told' }]);
  });

  test('and wins when it answers first', async () => {
    const ran = await run(
      { investigate: [HANG, claim(IN_DIFF)], single: [HANG] },
      {
        settings,
        call: { deadlineMs: 420_000 },
        passes: [
          [1, 180_000],
          [2, 30_000],
        ],
      },
    );
    expect(kinds(ran)).toBe('investigate single investigate refute');
    expect(ran.outcome).toMatchObject({ findings: [{ title: IN_DIFF.title }] });
    expect(stage(ran, 'single-call')).toMatchObject({ failed: 'cancelled' });
  });

  test('where everything hangs it ends at the deadline, without a verdict', async () => {
    const ran = await run(
      { investigate: [HANG, HANG], single: [HANG] },
      {
        settings,
        passes: [
          [1, 180_000],
          [2, 120_000],
          [3, 100_000],
        ],
      },
    );
    expect(ran.outcome).toMatchObject({ kind: 'not-reviewed', reason: 'timed-out' });
    expect({ elapsed: ran.elapsed, clean: ran.clean }).toEqual({ elapsed: 400_000, clean: [] });
  });

  test('a refuter that hangs leaves the finding, less sure', async () => {
    const ran = await run(
      { investigate: [FOUND], refute: [HANG] },
      { settings, passes: [[2, 600_000]] },
    );
    expect(ran.outcome).toMatchObject({ findings: [{ verdict: 'unverified', confidence: 'low' }] });
  });
});

test('money that ends mid-way: nothing more is sent, and nothing is called clean', async () => {
  let left = 2;
  const purse: Purse = {
    reserve: () =>
      Promise.resolve(left-- > 0 ? { settle: () => Promise.resolve() } : { refused: 'the day' }),
  };
  const ran = await run({ investigate: [GLOB, GLOB, FOUND] }, { settings: alone, call: { purse } });
  expect(ran.outcome).toMatchObject({ kind: 'not-reviewed', reason: 'budget', detail: 'the day' });
  expect({ sent: kinds(ran), clean: ran.clean }).toEqual({
    sent: 'investigate investigate',
    clean: [],
  });
});
