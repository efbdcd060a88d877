/** Hostile texts twice as long take about twice as long. */
import { describe, expect, test } from 'vitest';
import type { Rule, Within } from '../../engine/rule.ts';
import { createScanner } from '../../engine/scanner.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import { DEFAULT_RE2_LIMITS } from '../../engine/re2/limits.ts';
import { applySuppressions } from '../../engine/suppress/apply.ts';
import { rule, runtime, scanText } from './scan-text.ts';
import { cpuMs } from '../support/cpu-time.ts';

/** Time of the doubled text over that of the single one, the best of a few pairs. */
function growth(
  rules: readonly Rule[],
  path: string,
  make: (n: number) => string,
  n: number,
  tries = 5,
): number {
  const scanner = createScanner({
    rules,
    wasm: () => runtime,
    maxMatches: 1_000_000,
    nosec: true,
  });
  const single = encodeUtf8(make(n));
  const double = encodeUtf8(make(2 * n));
  const time = (bytes: Uint8Array): number => {
    const begun = cpuMs();
    scanner.scan(path, bytes);
    return cpuMs() - begun;
  };
  time(single);
  let best = Infinity;
  for (let i = 0; i < tries && best > 2.5; i++) best = Math.min(best, time(double) / time(single));
  scanner.dispose();
  return best;
}

const evil = rule('evil', 'evil\\(');
const unless = (within: Within): Rule =>
  rule('evil', 'evil\\(', { unless: [{ within, pattern: 'safe\\d' }] });

interface Case {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly path?: string;
  readonly make: (n: number) => string;
  readonly n: number;
}

const CASES: readonly Case[] = [
  {
    name: 'calls never closed, unless within call',
    rules: [unless('call')],
    make: (n) => 'evil( safe '.repeat(n),
    n: 5_000,
  },
  {
    name: 'matches on one line that could be longer',
    rules: [rule('evil', 'evil\\((?:.*end)?')],
    make: (n) => 'evil( '.repeat(n),
    n: 10_000,
  },
  {
    name: 'secrets on one line',
    rules: [rule('secret', 'key=(?P<token>[a-z0-9]+)', { secret: 'token' })],
    make: (n) => Array.from({ length: n }, (_, i) => `key=${i}abcdefgh `).join(''),
    n: 20_000,
  },
  {
    name: 'calls in calls, unless within call',
    rules: [unless('call')],
    make: (n) => 'evil('.repeat(n) + ' safe '.repeat(n) + ')'.repeat(n),
    n: 3_000,
  },
  { name: 'one line of many matches', rules: [evil], make: (n) => 'evil( é '.repeat(n), n: 10_000 },
  {
    name: 'one huge statement of many matches, unless within statement',
    rules: [unless('statement')],
    make: (n) => `x = [\n${'evil( safe ),\n'.repeat(n)}]`,
    n: 20_000,
  },
  {
    name: 'one line without an end, unless within statement',
    rules: [unless('statement')],
    make: (n) => 'evil(safe)+'.repeat(n),
    n: 20_000,
  },
  {
    name: 'stray closing brackets, unless within statement',
    rules: [unless('statement')],
    path: 'a.py',
    make: (n) => 'evil( safe )\n)\n'.repeat(n),
    n: 10_000,
  },
  {
    name: 'entries in entries of YAML, unless within statement',
    rules: [unless('statement')],
    path: 'a.yaml',
    make: (n) =>
      Array.from({ length: n }, (_, i) => `${' '.repeat(i % 99)}evil( safe: 1`).join('\n'),
    n: 5_000,
  },
  {
    name: 'matches on every line, unless near',
    rules: [
      rule('evil', 'evil\\(', { unless: [{ within: 'near', lines: 100, pattern: 'safe\\d' }] }),
    ],
    make: (n) => 'evil( safe\n'.repeat(n),
    n: 10_000,
  },
  {
    name: 'lines that could each be the head of a function, unless before',
    rules: [
      rule('evil', 'evil\\(', { unless: [{ within: 'before', lines: 100, pattern: 'safe\\d' }] }),
    ],
    make: (n) => `${'a:b:b ("",=> '.repeat(16)}{ evil( safe\n`.repeat(n),
    n: 5_000,
  },
  {
    name: 'branches in branches, unless before',
    rules: [
      rule('evil', 'evil\\(', { unless: [{ within: 'before', lines: 100, pattern: 'safe\\d' }] }),
    ],
    make: (n) =>
      Array.from({ length: n }, (_, i) => `${' '.repeat(i % 100)}case evil( safe:\n`).join(''),
    n: 5_000,
    path: 'a.js',
  },
  {
    name: 'lines that could each be a branch of a script, unless before',
    rules: [
      rule('evil', 'evil\\(', { unless: [{ within: 'before', lines: 100, pattern: 'safe\\d' }] }),
    ],
    make: (n) => `${'a|'.repeat(120)}evil( safe\n`.repeat(n),
    n: 5_000,
    path: 'a.sh',
  },
  {
    name: 'matches on one line that is indented far, unless before',
    rules: [
      rule('evil', 'evil\\(', { unless: [{ within: 'before', lines: 100, pattern: 'safe\\d' }] }),
    ],
    make: (n) => `${' '.repeat(20 * n)}${'evil( safe '.repeat(n)}`,
    n: 10_000,
  },
  {
    name: 'many suppressions on one line',
    rules: [evil],
    make: (n) => '/* sg-ignore: evil -- r */'.repeat(n),
    n: 10_000,
  },
  {
    name: 'many suppressions without a reason on one line',
    rules: [evil],
    make: (n) => '/* sg-ignore: evil */'.repeat(n),
    n: 10_000,
  },
  {
    name: 'stacked suppressions',
    rules: [evil],
    make: (n) => `${'// sg-ignore: evil -- r\n'.repeat(n)}evil(`,
    n: 20_000,
  },
  {
    name: 'blocks in blocks, unless within block',
    rules: [unless('block')],
    make: (n) => '{ evil( safe '.repeat(n) + '}'.repeat(n),
    n: 5_000,
  },
  {
    name: 'indented lines, unless within block',
    rules: [unless('block')],
    path: 'a.py',
    make: (n) => `if x:\n${'  evil( safe\n'.repeat(n)}`,
    n: 5_000,
  },
  {
    name: 'one long line, unless within line',
    rules: [unless('line')],
    make: (n) => 'evil( safe '.repeat(n),
    n: 20_000,
  },
  {
    name: 'matches on every line, unless within file',
    rules: [unless('file')],
    make: (n) => 'evil( safe\n'.repeat(n),
    n: 10_000,
  },
  {
    name: 'a line pattern with a missing end',
    rules: [rule('r', 'evil\\(.*end')],
    make: (n) => 'evil( '.repeat(n),
    n: 20_000,
  },
  {
    name: 'an unbounded pattern with a missing end',
    rules: [rule('r', '(?s)evil\\(.*end')],
    make: (n) => 'evil(\n'.repeat(n),
    n: 20_000,
  },
  {
    name: 'white space before a missing parenthesis',
    rules: [rule('r', 'evil\\s*\\(')],
    make: (n) => `evil${' '.repeat(40)}`.repeat(n),
    n: 5_000,
  },
  {
    name: 'openers of every kind',
    rules: [evil],
    path: 'a.tsx',
    make: (n) => '<a {`${"\'/*('.repeat(n),
    n: 10_000,
  },
  {
    name: 'findings in one block beside a #nosec',
    rules: [evil],
    path: 'a.go',
    make: (n) => `f() // #nosec\n{\n${'evil(1)\n'.repeat(n)}}`,
    n: 20_000,
  },
  {
    name: 'blocks that open with a #nosec',
    rules: [evil],
    path: 'a.go',
    make: (n) => 'f{ // #nosec G999 \nevil(1)\n'.repeat(n),
    n: 5_000,
  },
  { name: 'invalid bytes', rules: [evil], make: (n) => '\udc00evil('.repeat(n), n: 10_000 },
];

test.each(CASES)('$name', ({ rules, path = 'a.js', make, n }) => {
  expect(growth(rules, path, make, n)).toBeLessThan(3.5);
});

describe('work that could grow with the square', () => {
  // Steps are counted, not time.
  test('findings and suppressions of another rule on one line', () => {
    const steps = (n: number): number => {
      let reads = 0;
      const suppressions = Array.from({ length: n }, (_, i) => ({
        get ruleIds(): string[] {
          reads++;
          return ['other'];
        },
        reason: 'r',
        start: i,
        end: i,
        line: 1,
        from: 1,
        to: 1,
      }));
      const { findings } = scanText([evil], 'a.js', 'evil( '.repeat(n));
      applySuppressions(findings, suppressions, {
        path: 'a.js',
        ran: () => false,
        position: (offset) => ({ line: 1, column: 1, offset }),
        snippet: () => '',
      });
      return reads;
    };
    expect(steps(400) / steps(200)).toBeLessThan(3);
  });

  // RE2 reads to the end of the line for each match, to see whether the longer branch matches there.
  const READS_ON = 'evil\\((?:.*end)?';

  test('matches with an open branch that never ends are all found', () => {
    const result = scanText([rule('r', READS_ON)], 'a.js', 'evil( '.repeat(10_000));
    expect(result.incomplete).toEqual([]);
    expect(result.findings.length).toBe(10_000);
  });

  test('and have their groups', () => {
    const pattern = rule('r', 'evil\\((?P<id>[a-z]+)(?:.*end)?', {
      where: [{ group: 'id', stopWords: ['drop'] }],
    });
    const result = scanText([pattern], 'a.js', 'evil(drop) evil(keep) '.repeat(5_000));
    expect(result.incomplete).toEqual([]);
    expect(result.findings.length).toBe(5_000);
  });

  test('those that only RE2 finds are cut, and said to be', () => {
    const pattern = rule('r', 'evil\\((?:.*\\p{Greek}end)?');
    const re2Limits = { ...DEFAULT_RE2_LIMITS, maxRereadBytes: 40_000_000 };
    const result = scanText([pattern], 'a.js', 'evil( '.repeat(5_000), { re2Limits });
    expect(result.findings.length).toBeGreaterThan(1_000);
    expect(result.findings.length).toBeLessThan(5_000);
    expect(result.incomplete.map(({ reason }) => reason)).toEqual([
      `only the first ${result.findings.length} matches of one pattern were looked at`,
    ]);
  });
});
