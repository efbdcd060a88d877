import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRequestBody, encodeRequestBody } from '../../../host/service/request-body.ts';

const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/);
const value = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''));

test('what was encoded is decoded, whatever the values and the payload hold', () => {
  fc.assert(
    fc.property(
      fc.dictionary(name, value, { maxKeys: 20 }),
      fc.uint8Array({ maxLength: 200 }),
      (settings, payload) => {
        const decoded = decodeRequestBody(encodeRequestBody(settings, payload));
        if (decoded.kind !== 'edit') throw new Error(decoded.reason);
        expect({ ...decoded.settings }).toEqual(settings);
        expect([...decoded.payload]).toEqual([...payload]);
      },
    ),
  );
});

describe('a body that no client of ours sends', () => {
  test.each([
    ['nothing', ''],
    ['no end of the settings', 'HOME=/a\0'],
    ['no equals sign', 'HOME\0\0{}'],
    ['no name', '=x\0\0{}'],
    ['a name of a prototype', '__proto__=x\0\0{}'],
    ['a name in lower case', 'home=x\0\0{}'],
    ['too many settings', `${'A=b\0'.repeat(100)}\0{}`],
    ['settings without end', `A=${'x'.repeat(200_000)}\0\0{}`],
  ])('%s', (_, text) => {
    expect(decodeRequestBody(Buffer.from(text)).kind).toBe('malformed');
  });
});
