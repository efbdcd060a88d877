/** What the rules for secrets find of made-up secrets in the places where real ones stand, and what not. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createScanner } from '../../../engine/scanner.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { buildRules } from '../../../scripts/build-rules.ts';
import { runtime } from '../../engine/scan-text.ts';
import { FORMATS, POSITIONS } from './formats.ts';
import { LEAKS, PASSWORDS, SECRETS } from './generic.ts';
import { LOOKALIKES } from './lookalikes.ts';
import { pick, randomOf, secretOf } from './random.ts';

const { rules } = buildRules(fileURLToPath(new URL('../../../rules/', import.meta.url)));
const scanner = createScanner({
  rules: rules.filter(({ id }) => id.startsWith('secret-')),
  wasm: () => runtime,
});

function found(path: string, text: string): string[] {
  return scanner.scan(path, encodeUtf8(text)).findings.map(({ ruleId }) => ruleId);
}

const filled = (text: string, mark: string, value: string): string => text.split(mark).join(value);

describe('a token of a documented format is found wherever it stands', () => {
  test.each(FORMATS)('%s', (rule, ...formats) => {
    const random = randomOf(7);
    const missed = formats.flatMap((format) =>
      POSITIONS.flatMap(([path, text]) => {
        const sample = filled(text, '%', secretOf(format, random));
        return found(path, sample).includes(`secret-${rule}`) ? [] : [`${path}: ${sample}`];
      }),
    );
    expect(missed).toEqual([]);
  });
});

test('secrets of no known format: at least 19 of 20 are found', () => {
  const random = randomOf(11);
  const samples = LEAKS.flatMap(([path, text]) =>
    [1, 2, 3, 4].map(() => {
      const secret = secretOf(pick(random, SECRETS), random);
      return [path, filled(filled(text, '{p}', pick(random, PASSWORDS)), '{s}', secret)] as const;
    }),
  );
  const missed = samples.filter(([path, text]) => found(path, text).length === 0);
  expect(missed.length / samples.length).toBeLessThanOrEqual(0.05);
});

test.each(LOOKALIKES)('no secret: %s %s', (path, text) => {
  expect(found(path, text)).toEqual([]);
});
