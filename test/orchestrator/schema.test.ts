/** The answer's schema, and what is refused whether or not an endpoint applied it. */
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATEGORIES } from '../../orchestrator/cwe.ts';
import { ANSWER_SCHEMA, decodeAnswer } from '../../orchestrator/schema.ts';

const FINDING = {
  path: 'src/a.py',
  quote: 'eval(x)',
  symbol: '',
  category: 'code-injection',
  severity: 'high',
  confidence: 'medium',
  title: 'Request text is evaluated',
  attack: 'An attacker sends code in x.',
  fix: 'Use ast.literal_eval.',
};
const isValid = new Ajv({ strict: true }).compile(ANSWER_SCHEMA);

function reason(answer: unknown): string {
  const decoded = decodeAnswer(typeof answer === 'string' ? answer : JSON.stringify(answer));
  return decoded.ok ? 'accepted' : decoded.reason;
}

describe('the schema', () => {
  test('closes every object, requires every property, and lists every category', () => {
    const objects: Record<string, unknown>[] = [];
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ((value as Record<string, unknown>)['type'] === 'object')
        objects.push(value as Record<string, unknown>);
      Object.values(value).forEach(walk);
    };
    walk(ANSWER_SCHEMA);
    expect(objects).toHaveLength(3);
    for (const object of objects) {
      expect(object['additionalProperties']).toBe(false);
      // Where nothing was asked about earlier findings, an answer may leave them out.
      expect(Object.keys(object['properties'] as object)).toEqual([
        ...(object['required'] as string[]),
        ...(object === ANSWER_SCHEMA ? ['earlier'] : []),
      ]);
    }
    expect(JSON.stringify(ANSWER_SCHEMA)).toContain(JSON.stringify(Object.keys(CATEGORIES)));
  });
});

describe('answers', () => {
  test('that fit are read', () => {
    expect(decodeAnswer('{"findings":[]}')).toEqual({
      ok: true,
      value: { findings: [], fates: [] },
    });
    const earlier = [{ id: 'ab12', fate: 'moved', quote: 'eval(y)' }];
    expect(decodeAnswer(JSON.stringify({ findings: [], earlier }))).toEqual({
      ok: true,
      value: { findings: [], fates: earlier },
    });
    const two = { findings: [FINDING, { ...FINDING, severity: 'critical', symbol: 'f' }] };
    expect(decodeAnswer(JSON.stringify(two))).toEqual({
      ok: true,
      value: { ...two, fates: [] },
    });
    expect(decodeAnswer(`\`\`\`json\n${JSON.stringify(two, undefined, 2)}\n\`\`\`\n`).ok).toBe(
      true,
    );
  });

  test.each<readonly [string, unknown, string]>([
    ['no JSON', 'I found nothing.', '$: got "I found nothing.", expected JSON'],
    ['nothing', '', '$: got "", expected JSON'],
    [
      'cut off',
      '{"findings":[{"path":"a',
      '$: got "{\\"findings\\":[{\\"path\\":\\"a", expected JSON',
    ],
    ['a list', [], '$: got a list, expected an object'],
    ['null', null, '$: got null, expected an object'],
    ['no findings', {}, '$.findings: got nothing, expected this property'],
    ['findings of another kind', { findings: 'none' }, '$.findings: got "none", expected a list'],
    [
      'more than findings',
      { findings: [], note: 1 },
      '$: got "note", expected no property beyond findings',
    ],
    ['a string', { findings: ['x'] }, '$.findings[0]: got "x", expected an object'],
    [
      'an unknown fate',
      { findings: [], earlier: [{ id: 'a', fate: 'fine', quote: '' }] },
      '$.earlier[0].fate: got "fine", expected one of resolved, moved, still-there',
    ],
    [
      'still there, without its code',
      { findings: [], earlier: [{ id: 'a', fate: 'still-there', quote: '' }] },
      '$.earlier[0].quote: got "", expected the code as it is now',
    ],
    [
      'a low severity',
      { findings: [FINDING, { ...FINDING, severity: 'low' }] },
      '$.findings[1].severity: got "low", expected one of medium, high, critical',
    ],
    [
      'an unknown category',
      { findings: [{ ...FINDING, category: 'constructor' }] },
      '$.findings[0].category: got "constructor", expected a category of the schema',
    ],
    [
      'a number',
      { findings: [{ ...FINDING, quote: 1 }] },
      '$.findings[0].quote: got 1, expected a string',
    ],
    [
      'blank text',
      { findings: [{ ...FINDING, attack: ' ' }] },
      '$.findings[0].attack: got " ", expected some text',
    ],
    [
      'a missing field',
      { findings: [{ ...FINDING, fix: undefined }] },
      '$.findings[0].fix: got nothing, expected this property',
    ],
    [
      'too many',
      { findings: Array.from({ length: 51 }, () => FINDING) },
      '$.findings: got 51, expected at most 50 findings',
    ],
    [
      'deep nesting',
      `{"findings":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`,
      '$.findings[0]: got a list, expected an object',
    ],
    ['endless nesting', '['.repeat(200_000), `$: got "${'['.repeat(79)}…, expected JSON`],
    [
      'a polluted prototype',
      '{"__proto__":{"findings":[]}}',
      '$.findings: got nothing, expected this property',
    ],
  ])('%s is refused with its place', (_name, answer, expected) => {
    expect(reason(answer)).toBe(expected);
  });

  test('too long a text is refused', () => {
    expect(reason({ findings: [{ ...FINDING, attack: 'x'.repeat(4001) }] })).toMatch(
      /^\$\.findings\[0\]\.attack: got "x+…, expected at most 4000 characters$/,
    );
  });

  test('nothing that the schema refuses is read', () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom(...Object.values(FINDING), 'critical', 1, null),
    );
    const finding = fc.oneof(
      fc.record(Object.fromEntries(Object.keys(FINDING).map((key) => [key, value])), {
        requiredKeys: [],
      }),
      fc
        .tuple(fc.constantFrom(...Object.keys(FINDING)), value)
        .map(([key, one]) => ({ ...FINDING, [key]: one })),
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.record({ findings: fc.array(finding) }), fc.jsonValue()),
        (answer) => {
          const text = JSON.stringify(answer);
          if (decodeAnswer(text).ok) expect(isValid(JSON.parse(text))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
