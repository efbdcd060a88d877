/** What following values takes: counted, and in proportion to the text. */
import { expect, test } from 'vitest';
import { FlowSlices } from '../../../engine/flow/slice.ts';
import { tokensOf } from '../../../engine/flow/tokens.ts';
import { ALL_CODE } from '../../../engine/lexer/spans.ts';
import { statementsOf } from '../../../engine/statement/statements.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { rule, scanText } from '../scan-text.ts';

interface Done {
  /** As it is charged. */
  readonly spent: number;
  /** Bytes that were read as words. */
  readonly read: number;
  /** Statements that were passed. */
  readonly passed: number;
}

/** Follows what stands behind each `run ` of some lines. */
function follow(lines: readonly string[]): Done {
  const content = lines.join('\n');
  const bytes = encodeUtf8(content);
  const statements = statementsOf(bytes, ALL_CODE, 'python');
  const done = { read: 0, passed: 0 };
  const lineOf = (offset: number): number => content.lastIndexOf('\n', offset - 1) + 1;
  const slices = new FlowSlices({
    language: 'python',
    end: bytes.length,
    hasOneOf: (words) => words.some((word) => content.includes(word)),
    tokens: (range) => {
      done.read += range.end - range.start;
      return tokensOf({ bytes, spans: ALL_CODE, language: 'python' }, range);
    },
    *upwards(from, to) {
      for (const statement of statements.upwards(from, to)) {
        done.passed++;
        yield statement;
      }
    },
    around: (range) => statements.around(range.start, range.end) ?? range,
    placesOf: (word, most) => {
      const places = [...content.matchAll(new RegExp(`\\b${word}\\b`, 'g'))];
      return places.length > most ? undefined : places.map(({ index }) => index);
    },
    types: () => new Map(),
    blockBelow: ({ end }) => {
      const next = /\n(?=\S)/.exec(content.slice(end + 1));
      return { start: end, end: next === null ? content.length : end + 1 + next.index };
    },
    mayAssign: () => true,
    isOneLine: (from, to) => lineOf(from) === lineOf(to),
    indentation: (offset) => content.slice(lineOf(offset)).search(/\S/),
  });
  for (const { index } of content.matchAll(/\brun \w/g)) {
    const from = Math.max(0, content.lastIndexOf('\ndef', index) + 1);
    slices.of({ start: index + 4, end: lineEnd(content, index) }, from);
  }
  return { spent: slices.work.spent, ...done };
}

function lineEnd(content: string, from: number): number {
  const end = content.indexOf('\n', from);
  return end < 0 ? content.length : end;
}

const repeat = (count: number, lines: (i: number) => readonly string[]): string[] =>
  Array.from({ length: count }, (_, i) => lines(i)).flat();

const SHAPES: Record<string, (count: number) => string[]> = {
  'functions that call each other': (count) =>
    repeat(count, (i) => [
      `def f${i}(a):`,
      `    return f${i + 1}(a) + f${i + 2}(a)`,
      `def g${i}(b):`,
      `    run f${i}(b)`,
    ]),
  'calls of one function': (count) => [
    'def f(a):',
    '    return "x"',
    ...repeat(count, (i) => [`def g${i}(b):`, '    run f(b)']),
  ],
  'functions that use a name of nowhere': (count) =>
    repeat(count, (i) => [`def f${i}():`, '    run a']),
  'functions below constants': (count) => [
    ...repeat(200, (i) => [`k${i} = "x"`]),
    ...repeat(count, (i) => [`def f${i}():`, `    run k${i % 200}`]),
  ],
  'long expressions': (count) =>
    repeat(count, (i) => [
      `def f${i}():`,
      `    a = ${Array.from({ length: 300 }, (_, j) => `x.y${j}`).join('+')}`,
      '    run a',
    ]),
  chains: (count) =>
    repeat(count, (i) => [
      `def f${i}(p):`,
      '    a0 = p',
      ...repeat(30, (j) => [`    a${j + 1} = a${j} + "x"`]),
      '    run a30',
    ]),
};

test.each(Object.keys(SHAPES))('%s take work in proportion', (name) => {
  const shape = SHAPES[name] ?? (() => []);
  const [once, twice] = [follow(shape(200)), follow(shape(400))];
  for (const key of ['spent', 'read', 'passed'] as const)
    expect(twice[key]).toBeLessThan(2.2 * once[key] + 100);
  // All that is read is charged, at more than a search costs.
  expect(once.spent).toBeGreaterThan(8 * once.read - 1);
  expect(once.passed).toBeLessThan(8 * once.read);
});

test('the file around many functions is passed once', () => {
  const { passed } = follow(SHAPES['functions that use a name of nowhere']?.(1000) ?? []);
  expect(passed).toBeLessThan(4 * 2000);
});

test('choices in choices are followed as far as one value may take', () => {
  const { spent } = follow(['def f(b):', `    ${'a = when (b) {; '.repeat(250)}`, '    run a']);
  expect(spent).toBeLessThan(1 << 21);
});

test('callbacks in callbacks are asked about once', () => {
  const nested = (count: number) =>
    follow(['def f(b):', `    run ${'b.map(c => '.repeat(count)}c${')'.repeat(count)}`]);
  const [once, twice] = [nested(150), nested(300)];
  expect(twice.spent).toBeLessThan(4.4 * once.spent);
});

test.each<[string, string]>([
  ['one statement with many', `x = [${'run(a + b),\n'.repeat(600)}];\n`],
  [
    'calls in calls',
    `x = ${'format(\n'.repeat(500)}${'run(a + b),\n'.repeat(300)}${')'.repeat(500)};\n`,
  ],
])('%s values: each of these is charged', (_, unit) => {
  const requires = [{ within: 'flow' as const, lines: 40, is: 'variable' as const, pattern: '' }];
  const by = rule('r', 'run\\([a-z]', { requires });
  const { incomplete } = scanText([by], 'a.js', unit.repeat(40));
  expect(incomplete).not.toEqual([]);
});
