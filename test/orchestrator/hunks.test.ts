/** The difference of two texts: right for every input, and bounded. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffLines } from '../../orchestrator/hunks-diff.ts';
import { splitLines } from '../../orchestrator/hunks-lines.ts';
import { findMoves } from '../../orchestrator/hunks-moves.ts';
import { type Hunk, hunksOf } from '../../orchestrator/hunks.ts';
import { cpuMs } from '../support/cpu-time.ts';

function hunks(before: readonly string[], after: readonly string[], context = 3): Hunk[] {
  return hunksOf(before, after, diffLines(before, after), context);
}

/** The text after, from the text before and the hunks alone. */
function apply(before: readonly string[], changes: readonly Hunk[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const { lines } of changes)
    for (const line of lines) {
      if (line.sign !== '+') {
        while (at < line.before - 1) result.push(before[at++] ?? '');
        expect(before[at]).toBe(line.text);
        at++;
      }
      if (line.sign === '-') continue;
      // Lines between hunks that are equal on both sides.
      while (result.length < line.after - 1) result.push(before[at++] ?? '');
      result.push(line.text);
    }
  return [...result, ...before.slice(at)];
}

function shown(list: readonly Hunk[]): string[] {
  return list.map(({ heading, lines }) =>
    [`@ ${heading}`, ...lines.map(({ sign, text }) => sign + text)].join('\n'),
  );
}

describe('lines', () => {
  test.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\r\nb\rc\n\nd', ['a', 'b', 'c', '', 'd']],
    ['\n', ['']],
  ])('%j', (text, lines) => {
    expect(splitLines(text)).toEqual(lines);
  });
});

describe('hunks', () => {
  const file = Array.from({ length: 30 }, (_, i) =>
    i % 10 === 0 ? `def f${i}():` : `    line ${i}`,
  );

  test('hold the change, three lines around it, and what it is inside', () => {
    expect(shown(hunks(file, file.with(15, '    new')))).toEqual([
      [
        '@ def f10():',
        '     line 12',
        '     line 13',
        '     line 14',
        '-    line 15',
        '+    new',
        '     line 16',
        '     line 17',
        '     line 18',
      ].join('\n'),
    ]);
  });

  test('context is configurable, near changes go together, far ones do not', () => {
    const after = file.with(5, 'x').with(12, 'y').with(25, 'z');
    expect(hunks(file, after)).toHaveLength(2);
    expect(hunks(file, after, 0)).toHaveLength(3);
    expect(hunks(file, file.with(3, 'x').with(14, 'y'), 5)).toHaveLength(1);
  });

  test('line numbers are those of each side', () => {
    const [hunk] = hunks(['a', 'b', 'c'], ['x', 'a', 'c'], 1);
    expect(hunk?.lines.map(({ sign, before, after }) => `${sign}${before}:${after}`)).toEqual([
      '+0:1',
      ' 1:2',
      '-2:0',
      ' 3:3',
    ]);
  });

  test('a new file comes in pieces, and an insertion at its top leaves most of them as they were', () => {
    const long = Array.from({ length: 900 }, (_, i) =>
      i % 6 === 0 ? `def name_${i}_${'x'.repeat(i % 11)}():` : `    call_${i}()`,
    );
    const bodies = (lines: readonly string[]) =>
      hunks([], lines).map((hunk) => hunk.lines.map(({ text }) => text).join('\n'));
    const first = bodies(long);
    const again = bodies(['import os', 'import sys', ...long]);
    expect(first.length).toBeGreaterThan(5);
    expect(again.filter((body) => !first.includes(body)).length).toBeLessThanOrEqual(2);
  });

  test('reproduce the text after', () => {
    const line = fc.constantFrom('a', 'b', 'c', '}', '', '  x', 'def f():', 'unique1', 'unique2');
    const text = fc.array(line, { maxLength: 60 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 4 }), (before, after, context) => {
        expect(apply(before, hunks(before, after, context))).toEqual(after);
      }),
      { numRuns: 2000 },
    );
  });

  test('an edit of a long text stays small', () => {
    const long = Array.from({ length: 400 }, (_, i) => `line ${i % 40}`);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 399 }), fc.boolean(), (at, remove) => {
        const after = remove ? long.toSpliced(at, 1) : long.toSpliced(at, 0, 'new');
        const list = hunks(long, after, 0);
        expect(list.flatMap(({ lines }) => lines)).toHaveLength(1);
        expect(apply(long, list)).toEqual(after);
      }),
    );
  });
});

describe('hostile sizes', () => {
  const cases: readonly (readonly [string, string[], string[]])[] = [
    [
      'nothing in common',
      Array.from({ length: 60_000 }, (_, i) => `a${i}`),
      Array.from({ length: 60_000 }, (_, i) => `b${i}`),
    ],
    [
      'two lines in a different rhythm',
      Array.from({ length: 100_000 }, (_, i) => (i % 2 ? 'x' : 'y')),
      Array.from({ length: 100_000 }, (_, i) => (i % 3 ? 'x' : 'y')),
    ],
    [
      'reversed',
      Array.from({ length: 60_000 }, (_, i) => `${i}`),
      Array.from({ length: 60_000 }, (_, i) => `${60_000 - i}`),
    ],
    [
      'interleaved anchors',
      Array.from({ length: 60_000 }, (_, i) => (i % 2 ? `k${i}` : 'x')),
      Array.from({ length: 60_000 }, (_, i) => (i % 2 ? `k${60_000 - i}` : 'y')),
    ],
  ];
  test.each(cases)('%s', (_name, before, after) => {
    const start = cpuMs();
    const list = hunks(before, after);
    expect(cpuMs() - start).toBeLessThan(3_000);
    expect(apply(before, list)).toEqual(after);
    findMoves([list]);
    expect(cpuMs() - start).toBeLessThan(6_000);
  });
});

describe('moved code', () => {
  const body = [
    '    rows = db.query(sql)',
    '    for row in rows:',
    '        handle(row)',
    '    return rows',
  ];

  test('is found in another file and under another indentation', () => {
    const from = hunks(['def old():', ...body, 'end'], ['def old():', 'end']);
    const to = hunks(
      ['class A:'],
      ['class A:', '    def new():', ...body.map((line) => `    ${line}`)],
    );
    expect(findMoves([from, to])).toEqual([
      { from: { file: 0, line: 2 }, to: { file: 1, line: 3 }, lines: 4 },
    ]);
    // It stays visible as added.
    expect(to[0]?.lines.filter(({ sign }) => sign === '+')).toHaveLength(5);
  });

  test.each([
    ['two lines are too few', body.slice(0, 2)],
    ['brackets say nothing', ['}', '}', '}', ')', ']']],
  ])('%s', (_name, lines) => {
    expect(findMoves([hunks(lines, []), hunks([], lines)])).toEqual([]);
  });
});
