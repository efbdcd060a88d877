/** Refutations: which count, which are void, and what a refuter is shown. */
import { describe, expect, test } from 'vitest';
import {
  claims,
  fail,
  IN_DIFF,
  OFF_DIFF,
  outcomeOf,
  refuted,
  run,
  said,
  upheld,
} from './support.ts';

describe('refuting', () => {
  test('shows the claim, its hunk and its files, and nothing of the conversation', async () => {
    const ran = await run({ investigate: [claims(OFF_DIFF)] });
    const request = ran.sent.find(({ kind }) => kind === 'refute')?.request;
    expect(request?.tools).toBeUndefined();
    expect(request?.prompt).toMatch(/^<data m+\d+>\nThe claim:\napp\/store\.py:3 path-traversal/);
    expect(request?.prompt).toContain('+7|     name = req.args["name"]');
    expect(request?.prompt).toContain('The file app/store.py in the commit:\n1| def load(name):');
    expect(request?.prompt).toContain('The file app/routes.py in the commit:');
  });

  test.each([
    [
      'with evidence drops the finding',
      refuted('app/store.py', 'path = "/data/" + name'),
      'clean',
      'refuted',
    ],
    [
      'with numbers in the quote counts too',
      refuted('app/store.py', '2|     path = "/data/" + name'),
      'clean',
      'refuted',
    ],
    [
      'with code that is not there is void',
      refuted('app/store.py', 'name = clean(name)'),
      'low',
      'void',
    ],
    [
      'with code of a file that it did not see is void',
      refuted('app/safe.py', 'return os.path.basename(name)'),
      'low',
      'void',
    ],
    [
      'without evidence is void',
      said({ verdict: 'refuted', reason: 'no', evidence: [] }),
      'low',
      'void',
    ],
    [
      'with one quote that is there and one that is not is void',
      said({
        verdict: 'refuted',
        reason: 'no',
        evidence: [
          { path: 'app/store.py', quote: 'path = "/data/" + name' },
          { path: 'app/store.py', quote: 'assert name.isalnum()' },
        ],
      }),
      'low',
      'void',
    ],
    [
      'that is unsure leaves it unverified',
      said({ verdict: 'unsure', reason: '', evidence: [] }),
      'low',
      'unverified',
    ],
    ['that is refused leaves it unverified', fail('refusal'), 'low', 'unverified'],
    ['that fails leaves it unverified', fail('auth'), 'low', 'unverified'],
    ['that upholds', upheld, 'medium', 'upheld'],
  ])('%s', async (_, verdict, expected, counted) => {
    const ran = await run({ investigate: [claims(OFF_DIFF)], refute: [verdict] });
    const found = outcomeOf(ran);
    if (expected === 'clean') expect(found).toBe('clean');
    else
      expect(found).toMatchObject([
        { confidence: expected, verdict: counted === 'upheld' ? 'upheld' : 'unverified' },
      ]);
    expect(ran.record.stages.find(({ name }) => name === 'refute')).toMatchObject({
      counts: { [counted]: 1 },
    });
  });

  test('is done for each by itself, three at a time', async () => {
    const many = Array.from({ length: 7 }, (_, n) => ({
      ...IN_DIFF,
      category: CATEGORIES[n],
      symbol: `s${n}`,
    }));
    let running = 0;
    let most = 0;
    const ran = await run(
      { investigate: [claims(...many)] },
      {
        transport: {
          async send({ system }) {
            if (!system.startsWith('Another reviewer')) return claims(...many);
            most = Math.max(most, ++running);
            await new Promise((resolve) => setImmediate(resolve));
            running -= 1;
            return upheld;
          },
        },
      },
    );
    expect(most).toBe(3);
    expect(outcomeOf(ran)).toHaveLength(7);
    expect(ran.attempts).toHaveLength(8);
  });

  test('can be switched off', async () => {
    const ran = await run({ investigate: [claims(IN_DIFF)] }, { settings: { refute: false } });
    expect(ran.sent.some(({ kind }) => kind === 'refute')).toBe(false);
    expect(outcomeOf(ran)).toMatchObject([{ confidence: 'medium', verdict: 'unverified' }]);
  });
});

const CATEGORIES = [
  'path-traversal',
  'command-injection',
  'sql-injection',
  'open-redirect',
  'code-injection',
  'log-injection',
  'header-injection',
];
