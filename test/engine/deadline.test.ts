/** A scan whose time is over says so, and is silent about what it is not sure of. */
import { describe, expect, test } from 'vitest';
import { createScanner } from '../../engine/scanner.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import { rule, runtime } from './scan-text.ts';

const RULES = [
  rule('first', 'first\\(\\)'),
  rule('second', 'second\\(\\)'),
  { ...rule('guarded', 'guarded\\(\\)'), unless: [{ within: 'file' as const, pattern: 'safe' }] },
];

/** Says "over" from the `calls`th time on. */
function overAfter(calls: number): () => boolean {
  let asked = 0;
  return () => ++asked > calls;
}

function scan(text: string, isOverdue?: () => boolean) {
  const scanner = createScanner({ rules: RULES, wasm: () => runtime });
  const { findings, incomplete } = scanner.scan('a.js', encodeUtf8(text), undefined, isOverdue);
  return {
    found: findings.map(({ ruleId }) => ruleId),
    cut: incomplete.filter(({ overdue }) => overdue).map(({ ruleId }) => ruleId),
    again: scanner.scan('a.js', encodeUtf8(text)).findings.length,
  };
}

describe('a deadline', () => {
  test('that is not reached changes nothing', () => {
    expect(scan('first() second()', () => false)).toMatchObject({
      found: ['first', 'second'],
      cut: [],
    });
  });

  test('that is over at once cuts every rule whose literal occurs, and no other', () => {
    expect(scan('first() second()', () => true)).toMatchObject({
      found: [],
      cut: ['first', 'second'],
    });
    expect(scan('nothing', () => true)).toMatchObject({ found: [], cut: [] });
  });

  test('that passes in between keeps what was found before', () => {
    const { found, cut } = scan('first() second()', overAfter(3));
    expect(found).toEqual(['first']);
    expect(cut).toEqual(['second']);
  });

  test('that passes before "unless" is decided reports the rule as cut, not its match', () => {
    for (let calls = 0; calls < 12; calls++) {
      const { found, cut } = scan('guarded() // safe\n const safe = 1;', overAfter(calls));
      expect(found).toEqual([]);
      expect(cut.length).toBeLessThan(2);
    }
    expect(scan('guarded()', overAfter(1)).cut).toEqual(['guarded']);
  });

  test('holds for its own scan only', () => {
    expect(scan('first() second()', () => true).again).toBe(2);
  });
});
