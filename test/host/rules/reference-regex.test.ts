import { describe, expect, test } from 'vitest';
import { planLookaround } from '../../../engine/automaton/plan.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { convertRegex } from '../../../host/rules/reference-regex.ts';
import { readPythonFixture, show } from '../../engine/regex/python-fixture.ts';
import { firstSpan } from '../../engine/regex/re2-oracle.ts';

/** Without a literal these stay in RE2, where `\w`, `\d` and `\b` are not quite Unicode's. */
const NEAR = new Set(['(?a:\\d)+\\d', '\\d+', '\\D+']);

const { plain, lookaround } = readPythonFixture();

describe('a converted regex decides as Python', () => {
  test.each([...plain, ...lookaround])('$pattern', ({ pattern, texts }) => {
    const converted = convertRegex(pattern, false);
    if (!converted.ok) throw new Error(converted.error.message);
    const matches = matcherFor(converted);
    for (const [text, spans] of texts) {
      if (NEAR.has(pattern) && /[^\0-\x7f]/.test(text)) continue;
      expect(matches(text), show(pattern, text)).toBe(spans.length > 0);
    }
  });
});

test('most need RE2 alone', () => {
  const inRe2 = plain.filter(({ pattern }) => {
    const converted = convertRegex(pattern, false);
    return converted.ok && converted.field === 'patterns';
  });
  expect(inRe2.length / plain.length).toBeGreaterThan(0.85);
});

test('case is ignored where the rule says so, with lookaround too', () => {
  const look = convertRegex('secret(?!s)', true);
  expect(look).toMatchObject({ ok: true, field: 'lookaround', pattern: '(?i)secret(?!s)' });
  if (look.ok) expect(matcherFor(look)('SECRET')).toBe(true);
  expect(convertRegex('ab', true)).toMatchObject({ ok: true, pattern: '[Aa][Bb]' });
});

test.each([
  ['(a)\\1', 3, 'backreferences such as "\\1" cannot be matched in linear time'],
  [
    'key(?!(?:.{900}){900})',
    0,
    'pattern is too large: more than 5000 automaton states; lower the repeat counts',
  ],
])('%s is refused', (pattern, offset, message) => {
  expect(convertRegex(pattern, false)).toMatchObject({ ok: false, error: { offset, message } });
});

function matcherFor(converted: { field: string; pattern: string }): (text: string) => boolean {
  if (converted.field === 'patterns')
    return (text) => firstSpan(converted.pattern, text).length > 0;
  const planned = planLookaround(converted.pattern);
  if (!planned.ok) throw new Error(planned.error.message);
  const { matcher } = planned.plan;
  if (matcher === undefined) throw new Error('no matcher');
  return (text) => matcher.findAll(encodeUtf8(text), 1)?.length === 1;
}
