/** The redactor hides every token that the rules for secrets know by its own letters. */
import { describe, expect, test } from 'vitest';
import { FORMATS } from '../rules/secrets/formats.ts';
import { randomOf, secretOf } from '../rules/secrets/random.ts';
import { newRedactor, redactText } from './pack-support.ts';

const AROUND: readonly (readonly [before: string, after: string])[] = [
  ['connect("', '")'],
  ['', ''],
  ['- ', '\n'],
  ['é«', '»é'],
];

describe('a token of a documented format is hidden wherever it stands', () => {
  test.each(FORMATS)('%s', (_rule, ...formats) => {
    const random = randomOf(19);
    const shown = formats.flatMap((format) =>
      AROUND.flatMap(([before, after]) => {
        const token = secretOf(format, random);
        const redactor = newRedactor();
        const text = before + token + after;
        const redacted = redactText(redactor, text);
        expect(redactor.restore(redacted)).toBe(text);
        return redacted.includes(token) ? [`${format}: ${redacted}`] : [];
      }),
    );
    expect(shown).toEqual([]);
  });
});

test.each(['', '\n', '\r\n'])(
  'one that ends in a sign at the end of a line is hidden whole: %j',
  (end) => {
    const token = secretOf('fm2_ A62 /', randomOf(19));
    const redacted = redactText(newRedactor(), `token ${token}${end}`);
    expect(redacted).toMatch(/^token SG_REDACTED_[a-z-]+_[0-9a-f]{16}(?:\r?\n)?$/);
  },
);

test.each([
  ['SNYK_TOKEN=', '7b1e04c2-5d3f-4a86-9c0e-2f8d61a7b935'],
  ['  .dockerconfigjson: ', `eyJhdXRocyI6${secretOf('A62', randomOf(19))}==`],
])('what stands before a token is left: %s', (before, token) => {
  const redacted = redactText(newRedactor(), `${before}${token}\n`);
  expect(redacted).toMatch(
    /^(?:SNYK_TOKEN=| {2}\.dockerconfigjson: )SG_REDACTED_[a-z-]+_[0-9a-f]{16}\n$/,
  );
});
