/** One review held against its pair. */
import { describe, expect, it, test } from 'vitest';
import { trialOf } from '../../../bench/eval/trial.ts';
import type { Pair } from '../../../bench/eval/pair.ts';
import type { ReviewFinding } from '../../../orchestrator/finding.ts';
import type { Reviewed } from '../../../orchestrator/review.ts';
import type { DropReason } from '../../../orchestrator/verify.ts';

const PAIR: Pair = {
  id: 'py-one',
  title: 't',
  language: 'python',
  cwe: 'CWE-89',
  severity: 'high',
  path: 'app/one.py',
  traits: [],
  note: 'n',
  vulnerable: 'import db\n\ndef one(q):\n    sql = "a" + q\n    db.run(sql)\n    return None\n',
  fixed: 'import db\n\ndef one(q):\n    sql = "a"\n    db.run(sql, q)\n    return None\n',
  quotes: ['sql = "a" + q\ndb.run(sql)'],
};

const FINDING: ReviewFinding = {
  path: 'app/one.py',
  repo: '',
  quote: 'sql = "a" + q',
  line: 4,
  place: 'in-diff',
  category: 'sql-injection',
  cwe: 'CWE-89',
  severity: 'high',
  confidence: 'high',
  title: 't',
  attack: 'a',
  fix: 'f',
  symbol: 'one',
  key: 'k',
};

interface Said {
  readonly kept?: readonly ReviewFinding[];
  readonly told?: readonly ReviewFinding[];
  readonly dropped?: readonly (readonly [ReviewFinding, DropReason])[];
}

function reviewed({ kept = [], told = kept, dropped = [] }: Said): Reviewed {
  const coverage = { reviewed: ['app/one.py'], left: [] };
  return {
    outcome:
      told.length === 0
        ? { kind: 'clean', coverage, usage: undefined }
        : { kind: 'findings', findings: told, coverage, usage: undefined },
    verified: { kept, dropped: dropped.map(([finding, reason]) => ({ finding, reason })) },
    clean: [],
    attempts: [],
    fates: [],
    dropped: {},
  };
}

const VULNERABLE = { side: 'vulnerable', round: 1 } as const;
const OTHER = { ...FINDING, category: 'cross-site-scripting', cwe: 'CWE-79' } as const;

describe('a place is right', () => {
  test.each<[string, Partial<ReviewFinding>, boolean]>([
    ['on the first line of the quote', {}, true],
    ['on its last line', { line: 5, quote: 'db.run(sql)' }, true],
    ['from above into it', { line: 3, quote: 'def one(q):\nsql = "a" + q' }, true],
    ['above it', { line: 3, quote: 'def one(q):' }, false],
    ['below it', { line: 6, quote: 'return None' }, false],
    ['in another file', { path: 'app/two.py' }, false],
  ])('%s: %o', (_, change, expected) => {
    const trial = trialOf(PAIR, VULNERABLE, reviewed({ kept: [{ ...FINDING, ...change }] }));
    expect(trial.told[0]?.isAtPlace).toBe(expected);
  });

  it('never on the fixed side', () => {
    const trial = trialOf(PAIR, { side: 'fixed', round: 1 }, reviewed({ kept: [FINDING] }));
    expect(trial).toMatchObject({ verdict: 'flagged', told: [{ isAtPlace: false }] });
    expect(trial.reached).toBeUndefined();
  });
});

describe('a weakness is', () => {
  test.each([
    ['CWE-89', 'exact'],
    ['CWE-943', 'family'],
    ['CWE-79', 'other'],
  ])('%s: %s', (cwe, weakness) => {
    const trial = trialOf(PAIR, VULNERABLE, reviewed({ kept: [{ ...FINDING, cwe }] }));
    expect(trial.told[0]?.weakness).toBe(weakness);
  });
});

describe('a claim of the right weakness comes as far as', () => {
  test.each<[string, Said, string | undefined]>([
    ['nowhere, when nothing is said', {}, undefined],
    ['nowhere, when it is of another weakness', { kept: [OTHER] }, undefined],
    ['said', { dropped: [[FINDING, 'no-such-code']] }, 'said'],
    ['said, in a file that is not there', { dropped: [[FINDING, 'unknown-file']] }, 'said'],
    ['quoted', { dropped: [[FINDING, 'there-before']] }, 'quoted'],
    ['severe, when it was told before', { kept: [FINDING], told: [] }, 'severe'],
    ['told', { kept: [FINDING] }, 'told'],
    ['the best of them', { kept: [FINDING], dropped: [[FINDING, 'no-such-code']] }, 'told'],
  ])('%s', (_, said, expected) => {
    expect(trialOf(PAIR, VULNERABLE, reviewed(said)).reached).toBe(expected);
  });

  it('new, below the severity that is told', () => {
    const said = reviewed({ kept: [{ ...FINDING, severity: 'medium' }], told: [] });
    expect(trialOf(PAIR, VULNERABLE, said, 'high').reached).toBe('new');
  });
});

it('counts claims by what became of them', () => {
  const { claims } = trialOf(
    PAIR,
    VULNERABLE,
    reviewed({
      kept: [FINDING, { ...FINDING }, OTHER],
      told: [FINDING, OTHER],
      dropped: [
        [FINDING, 'there-before'],
        [FINDING, 'no-such-code'],
        [OTHER, 'no-such-code'],
      ],
    }),
  );
  expect(claims).toEqual({
    said: 6,
    told: 2,
    duplicate: 1,
    'unknown-file': 0,
    'no-such-code': 2,
    'there-before': 1,
  });
});

describe('there is no verdict', () => {
  test.each<[string, Reviewed['outcome'], string]>([
    [
      'when there was no review',
      { kind: 'not-reviewed', reason: 'budget', detail: 'used up', usage: undefined },
      'budget: used up',
    ],
    [
      'when the file was not looked at',
      { kind: 'clean', coverage: { reviewed: [], left: [] }, usage: undefined },
      'left out',
    ],
    [
      'when a part of it was cut',
      {
        kind: 'clean',
        coverage: {
          reviewed: ['app/one.py'],
          left: [{ path: 'app/one.py', reason: '3 of 9 lines' }],
        },
        usage: undefined,
      },
      'left out: 3 of 9 lines',
    ],
  ])('%s', (_, outcome, reason) => {
    const trial = trialOf(PAIR, VULNERABLE, { ...reviewed({}), outcome });
    expect(trial).toMatchObject({ verdict: 'not-reviewed', reason });
  });
});
