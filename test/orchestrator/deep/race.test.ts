/** The single call beside the investigation: when it joins, and who wins. */
import { describe, expect, test } from 'vitest';
import type { FailureClass } from '../../../orchestrator/transport.ts';
import { calls, claims, fail, IN_DIFF, run, said } from './support.ts';
import type { Ran } from './support.ts';

const { trace: _, ...SINGLE } = IN_DIFF;
const single = said({ findings: [{ ...SINGLE, title: 'of the single call' }] });
const titles = ({ outcome }: Ran): readonly string[] =>
  outcome.kind === 'findings' ? outcome.findings.map(({ title }) => title) : [outcome.kind];
const kinds = ({ sent }: Ran): readonly string[] =>
  sent.map(({ kind, at }) => `${kind} ${at / 1000}`);
const settings = { secondLook: false };

test('an investigation in time runs alone', async () => {
  const ran = await run({ investigate: [claims(IN_DIFF)], single: [single] }, { settings });
  expect(kinds(ran)).toEqual(['investigate 0', 'refute 0']);
});

describe('an investigation that is late', () => {
  test('is joined after 180 s, and loses to an answer', async () => {
    const ran = await run({ investigate: ['hang'], single: [single] }, { settings });
    expect(kinds(ran)).toEqual(['investigate 0', 'single 180', 'refute 180']);
    expect(titles(ran)).toEqual(['of the single call']);
    expect(ran.record.stages).toMatchObject([
      { name: 'investigate', failed: 'cancelled' },
      { name: 'single-call', in: 1, out: 1 },
      { name: 'refute', in: 1, out: 1 },
      { name: 'cut' },
    ]);
    expect(ran.record.usage?.calls).toBe(3);
  });

  test('wins against a single call that fails', async () => {
    const ran = await run(
      { investigate: ['hang', claims(IN_DIFF)], single: [fail('refusal')] },
      { settings },
    );
    expect(kinds(ran)).toEqual(['investigate 0', 'single 180', 'investigate 300', 'refute 300']);
    expect(titles(ran)).toEqual([IN_DIFF.title]);
  });

  test('wins when it is done first', async () => {
    const ran = await run(
      { investigate: ['hang', claims(IN_DIFF)], single: ['hang'] },
      { settings, call: { deadlineMs: 420_000 } },
    );
    // 90 s are all that the single call has, from 180 s on; the answer comes at 210 s.
    expect(kinds(ran)).toEqual(['investigate 0', 'single 180', 'investigate 210', 'refute 210']);
    expect(titles(ran)).toEqual([IN_DIFF.title]);
    expect(ran.record.stages[1]).toMatchObject({ name: 'check' });
    expect(ran.record.stages[2]).toMatchObject({ name: 'single-call', failed: 'cancelled' });
  });

  test('is joined when the user says, or never', async () => {
    const soon = await run(
      { investigate: ['hang'], single: [single] },
      { settings: { ...settings, raceDelayMs: 5_000 } },
    );
    expect(kinds(soon)[1]).toBe('single 5');
    const never = await run(
      { investigate: ['hang', 'hang'] },
      { settings: { ...settings, raceDelayMs: undefined } },
    );
    expect(kinds(never)).toEqual(['investigate 0', 'investigate 300']);
    expect(never.outcome).toMatchObject({ kind: 'not-reviewed', reason: 'timed-out' });
  });
});

describe('an investigation that fails', () => {
  test.each<[FailureClass, number]>([
    ['refusal', 1],
    ['not-json', 1],
    ['server', 3],
    ['bad-request', 3],
  ])('by %s is replaced at once', async (failure, sends) => {
    const ran = await run(
      { investigate: Array.from({ length: 9 }, () => fail(failure)), single: [single] },
      { settings },
    );
    expect(ran.sent.filter(({ kind }) => kind === 'investigate')).toHaveLength(sends);
    expect(titles(ran)).toEqual(['of the single call']);
    expect(ran.elapsed).toBeLessThan(10_000);
  });

  test('after it looked around is replaced too', async () => {
    const ran = await run(
      { investigate: [calls(['Glob', { pattern: '*' }]), fail('refusal')], single: [single] },
      { settings },
    );
    expect(titles(ran)).toEqual(['of the single call']);
  });

  test.each(['auth', 'unknown-model', 'cancelled'] as const)(
    'by %s is not, since the other one would as well',
    async (failure) => {
      const ran = await run({ investigate: [fail(failure)], single: [single] }, { settings });
      expect(kinds(ran)).toEqual(['investigate 0']);
      expect(ran.outcome.kind).toBe('not-reviewed');
    },
  );

  test('and a single call that fails are no verdict, for the reason of the first', async () => {
    const ran = await run(
      { investigate: [fail('refusal')], single: [fail('not-json')] },
      { settings },
    );
    expect(ran.outcome).toMatchObject({
      kind: 'not-reviewed',
      reason: 'refused',
      usage: { calls: 2 },
    });
    expect(ran.clean).toEqual([]);
  });

  test('and everything that hangs ends at the deadline', async () => {
    const ran = await run({ investigate: ['hang', 'hang'], single: ['hang'] }, { settings });
    expect(ran.outcome).toMatchObject({ kind: 'not-reviewed', reason: 'timed-out' });
    expect(ran.elapsed).toBe(400_000);
  });
});
