/** A deep review from claims to findings: what is kept, at which confidence, and what the record says. */
import { describe, expect, test } from 'vitest';
import { agreed } from '../../../orchestrator/earlier.ts';
import { calls, claims, fail, IN_DIFF, OFF_DIFF, outcomeOf, run, said } from './support.ts';

test('a defect across files is found, with its way through them', async () => {
  const ran = await run({
    investigate: [
      calls(['Grep', { pattern: 'def load' }], ['Read', { path: 'app/store.py' }]),
      claims(OFF_DIFF),
    ],
  });
  expect(outcomeOf(ran)).toMatchObject([
    {
      path: 'app/store.py',
      line: 3,
      place: 'off-diff',
      cwe: 'CWE-22',
      confidence: 'medium',
      verdict: 'upheld',
      trace: [
        { path: 'app/routes.py', line: 7, note: 'from the request' },
        { path: 'app/store.py', line: 2, note: 'joined' },
      ],
    },
  ]);
  expect(ran.sent.map(({ kind }) => kind)).toEqual([
    'investigate',
    'investigate',
    'investigate',
    'refute',
  ]);
  const results = ran.sent[1]?.request.turns?.at(-1);
  expect(results).toMatchObject({
    results: [
      { text: expect.stringContaining('app/store.py\n1| def load(name):'), isError: false },
      { text: expect.stringContaining('3|     return open(path).read()'), isError: false },
    ],
  });
  expect(ran.record).toMatchObject({
    commits: ['c'.repeat(40)],
    files: { reviewed: ['app/routes.py'], read: ['app/store.py'], left: [] },
    provider: 'test',
    usage: { calls: 4, inputTokens: 400 },
    tools: { calls: 2, errors: 0, byName: { Grep: 1, Read: 1 } },
    stages: [
      { name: 'investigate', in: 1, out: 1, counts: { turns: 2, toolCalls: 2 } },
      { name: 'check', in: 1, out: 1, counts: {} },
      { name: 'second-look', in: 1, out: 0 },
      { name: 'check', in: 0, out: 0 },
      { name: 'refute', in: 1, out: 1, counts: { upheld: 1 } },
      { name: 'cut', in: 1, out: 1 },
    ],
    outcome: { kind: 'findings', findings: 1 },
  });
  expect(JSON.parse(JSON.stringify(ran.record))).toEqual(ran.record);
});

describe('what does not stand is dropped', () => {
  test.each([
    ['a quote that is nowhere', { ...IN_DIFF, quote: 'eval(name)' }, 'no-such-code'],
    [
      'a quote that is nowhere in another file',
      { ...OFF_DIFF, quote: 'eval(name)' },
      'no-such-code',
    ],
    ['a file that is not there', { ...OFF_DIFF, path: 'app/nope.py' }, 'unknown-file'],
    ['a secret file', { ...OFF_DIFF, path: '.env', quote: 'CANARY_SECRET=1' }, 'unknown-file'],
    ['a path that leads out', { ...OFF_DIFF, path: '../etc/passwd' }, 'unknown-file'],
    ['old code elsewhere', { ...OFF_DIFF, trace: [] }, 'not-connected'],
    [
      'old code whose steps are not there',
      { ...OFF_DIFF, trace: [{ ...OFF_DIFF.trace[0], code: 'name = req.json()' }] },
      'not-connected',
    ],
    ['old code with old steps', { ...OFF_DIFF, trace: [OFF_DIFF.trace[1]] }, 'not-connected'],
    ['old code beside the change', { ...IN_DIFF, quote: 'return "hello"' }, 'there-before'],
  ])('%s', async (_, claim, reason) => {
    const ran = await run({ investigate: [claims(claim)] });
    expect(outcomeOf(ran)).toBe('clean');
    expect(ran.record.stages[1]).toMatchObject({
      name: 'check',
      in: 1,
      out: 0,
      counts: { [reason]: 1 },
    });
  });

  test('a step that is not there, while the finding stays', async () => {
    const trace = [
      { path: 'app/nope.py', line: 1, code: 'nothing()', note: '' },
      ...OFF_DIFF.trace,
    ];
    const ran = await run({ investigate: [claims({ ...OFF_DIFF, trace })] });
    expect(outcomeOf(ran)).toMatchObject([{ trace: [{ line: 7 }, { line: 2 }] }]);
  });

  test('and its file is not remembered as clean, where it is in the change', async () => {
    const { clean } = await run({ investigate: [claims({ ...IN_DIFF, quote: 'eval(name)' })] });
    expect(clean).toEqual([]);
    const off = await run({ investigate: [claims(OFF_DIFF)] });
    expect(off.clean).toEqual([]);
    expect((await run({ investigate: [claims()] })).clean).toHaveLength(1);
  });

  test('what was told before', async () => {
    const first = await run({ investigate: [claims(IN_DIFF)] });
    const [{ key } = { key: '' }] = first.outcome.kind === 'findings' ? first.outcome.findings : [];
    const again = await run(
      { investigate: [claims(IN_DIFF)] },
      { input: { known: new Set([key]) } },
    );
    expect(again.outcome.kind).toBe('clean');
    expect(again.sent.some(({ kind }) => kind === 'refute')).toBe(false);
  });
});

describe('a second look', () => {
  test('goes on in the same conversation, and adds', async () => {
    const other = { ...IN_DIFF, category: 'missing-authorization' };
    const ran = await run({ investigate: [claims(IN_DIFF), claims(other)] });
    expect(outcomeOf(ran)).toHaveLength(2);
    const { turns } = ran.sent[1]?.request ?? {};
    expect(turns).toMatchObject([
      { role: 'assistant' },
      { role: 'user', text: expect.stringContaining('Look again') },
    ]);
  });

  test('that fails takes nothing away', async () => {
    const ran = await run({ investigate: [claims(IN_DIFF), fail('refusal')] });
    expect(outcomeOf(ran)).toHaveLength(1);
    expect(ran.record.stages[2]).toMatchObject({ name: 'second-look', failed: 'refusal' });
  });

  test.each([
    ['nothing was found', [claims()], {}],
    ['only a fabricated finding was', [claims({ ...IN_DIFF, quote: 'eval(name)' })], {}],
    [
      'three were',
      [
        claims(
          IN_DIFF,
          { ...IN_DIFF, category: 'other' },
          { ...IN_DIFF, category: 'supply-chain' },
        ),
      ],
      {},
    ],
    ['it is switched off', [claims(IN_DIFF)], { secondLook: false }],
    ['there is one turn', [claims(IN_DIFF)], { maxTurns: 1 }],
    ['there are no calls left', [claims(IN_DIFF)], { maxToolCalls: 0 }],
  ])('is not taken when %s', async (_, investigate, settings) => {
    const ran = await run({ investigate }, { settings });
    expect(ran.record.stages.some(({ name }) => name === 'second-look')).toBe(false);
    expect(ran.sent.filter(({ kind }) => kind === 'investigate')).toHaveLength(1);
  });
});

test('the cut is ours: a doubtful medium is dropped, and all of them where the user says so', async () => {
  const medium = { ...IN_DIFF, severity: 'medium' };
  expect(outcomeOf(await run({ investigate: [claims({ ...medium, confidence: 'low' })] }))).toBe(
    'clean',
  );
  expect(outcomeOf(await run({ investigate: [claims(medium)] }))).toHaveLength(1);
  const settings = { excludeMedium: true };
  expect(outcomeOf(await run({ investigate: [claims(medium)] }, { settings }))).toBe('clean');
  expect(outcomeOf(await run({ investigate: [claims(IN_DIFF)] }, { settings }))).toHaveLength(1);
});

test('a change of nothing that is reviewed asks nobody', async () => {
  const ran = await run(
    {},
    { input: { changes: { files: [], skipped: [{ path: 'a.png', reason: 'binary' }] } } },
  );
  expect(ran).toMatchObject({
    outcome: { kind: 'clean' },
    sent: [],
    record: { stages: [], files: { left: [{ path: 'a.png' }] } },
  });
});

test('the beginning of every request is the same, byte for byte, and the policy is in it', async () => {
  const ran = await run({ investigate: [calls(['Glob', { pattern: '*' }]), claims(IN_DIFF)] });
  const [one, two] = ran.sent.map(({ request }) => request);
  for (const part of ['system', 'prompt', 'tools', 'schema'] as const)
    expect(two?.[part]).toEqual(one?.[part]);
  expect(one?.prompt).toMatch(/^<policy p{32}>\nfrom the project:\nLook for SSRF/);
});

describe('findings of earlier reviews', () => {
  const OPEN = {
    id: 'ab12',
    path: 'app/store.py',
    files: ['app/store.py', 'app/routes.py'],
    symbol: 'load',
    category: 'path-traversal',
    title: 'A name is a path',
    quote: 'path = "/data/" + name',
  };

  test('are asked about in the same investigation, when one of their files is shown', async () => {
    const answer = { findings: [], earlier: [{ id: 'ab12', fate: 'resolved', quote: '' }] };
    const ran = await run(
      { investigate: [said(answer)] },
      { input: { open: [OPEN, { ...OPEN, id: 'cd34', files: ['app/safe.py'] }] } },
    );
    expect(ran.fates).toEqual(answer.earlier);
    expect(ran.sent).toHaveLength(1);
    expect(ran.wire).toContain('[ab12] app/store.py in load, path-traversal: A name is a path');
    expect(ran.wire).not.toContain('cd34');
  });

  test('leave the beginning of the request as it is', async () => {
    const [without, asked] = await Promise.all(
      [[], [OPEN]].map(async (open) => (await run({}, { input: { open } })).sent[0]?.request),
    );
    expect(asked?.system).toBe(without?.system);
    expect(asked?.schema).toEqual(without?.schema);
    const end = without?.prompt.indexOf('<data ') ?? 0;
    expect(end).toBeGreaterThan(0);
    expect(asked?.prompt.slice(0, end)).toBe(without?.prompt.slice(0, end));
  });

  test('of which one look finds a thing and the other does not are there', () => {
    const quote = 'eval(x)';
    const there = { id: 'a', fate: 'still-there', quote } as const;
    const gone = { id: 'a', fate: 'resolved', quote: '' } as const;
    expect(agreed([gone, there]).get('a')).toBe(there);
    expect(agreed([there, gone]).get('a')).toBe(there);
  });
});
