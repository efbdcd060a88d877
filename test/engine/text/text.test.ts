/** Bytes to text and back, and offsets to lines and columns. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText, isUtf16 } from '../../../engine/text/decode.ts';
import { LineIndex } from '../../../engine/text/lines.ts';
import { decodeUtf8, encodeUtf8 } from '../../../engine/text/utf8.ts';

const odd = fc.string({
  unit: fc.constantFrom('a', '\n', 'é', '日', '😀', '\ud83d', '\udc00', '\0', '\ufeff', '\ufffd'),
});
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(fc.constantFrom(0x61, 0x80, 0xbf, 0xc3, 0xa9, 0xe2, 0x82, 0xed, 0xa0, 0xf0, 0x9f, 0xf5))
    .map((bytes) => Uint8Array.from(bytes)),
);

describe('UTF-8 is what the platform makes of it', () => {
  test('encoding', () => {
    fc.assert(
      fc.property(odd, (text) => {
        expect(Buffer.from(encodeUtf8(text))).toEqual(Buffer.from(text, 'utf8'));
      }),
      { numRuns: 2_000 },
    );
  });

  test('decoding', () => {
    fc.assert(
      fc.property(odd, (text) => {
        const bytes = encodeUtf8(text);
        expect(decodeUtf8(bytes)).toBe(Buffer.from(bytes).toString('utf8'));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('decodeText', () => {
  test('any bytes become valid UTF-8, a replacement character for each invalid byte', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        fc.pre(!isUtf16(bytes));
        const decoded = decodeText(bytes);
        const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
        expect(() => strict.decode(decoded)).not.toThrow();
        // Valid parts stay: every ASCII byte is there still, in order.
        const ascii = (all: Uint8Array): number[] => [...all].filter((byte) => byte < 0x80);
        expect(ascii(decoded)).toEqual(ascii(bytes));
      }),
      { numRuns: 3_000 },
    );
  });

  test('valid text comes back as it is, not as a copy', () => {
    const bytes = encodeUtf8('über 日本 😀');
    expect(decodeText(bytes)).toBe(bytes);
  });

  test.each<[string, number[], string]>([
    ['a UTF-8 byte order mark', [0xef, 0xbb, 0xbf, 0x61], 'a'],
    ['UTF-16 little endian', [0xff, 0xfe, 0x61, 0, 0x3d, 0xd8, 0, 0xde], 'a😀'],
    ['UTF-16 big endian', [0xfe, 0xff, 0, 0x61, 0xd8, 0x3d, 0xde, 0], 'a😀'],
    ['half a surrogate pair', [0xff, 0xfe, 0x3d, 0xd8, 0x61, 0], '\ufffda'],
    ['half a unit', [0xff, 0xfe, 0x61, 0, 0x62], 'a\ufffd'],
    ['a stray continuation', [0x61, 0x80, 0x62], 'a\ufffdb'],
    ['a sequence cut short', [0xe6, 0x97, 0x61], '\ufffd\ufffda'],
    ['an overlong slash', [0xc0, 0xaf], '\ufffd\ufffd'],
    ['an encoded surrogate', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80], '\ufffd\ufffd\ufffd\ufffd'],
    ['a NUL', [0x61, 0, 0x62], 'a\0b'],
    ['nothing', [], ''],
    ['a lone UTF-16 mark', [0xff, 0xfe], ''],
  ])('%s', (_, bytes, expected) => {
    expect(decodeUtf8(decodeText(Uint8Array.from(bytes)))).toBe(expected);
  });
});

describe('LineIndex', () => {
  test.each<[string, string, number, number, number]>([
    ['the beginning', 'abc', 0, 1, 1],
    ['the end', 'abc', 3, 1, 4],
    ['behind a line feed', 'a\nb', 2, 2, 1],
    ['a line feed itself', 'a\nb', 1, 1, 2],
    ['behind CRLF', 'a\r\nb', 3, 2, 1],
    ['a lone carriage return', 'a\rb', 2, 2, 1],
    ['behind a tab', '\tb', 1, 1, 2],
    ['behind an accent', 'éb', 2, 1, 2],
    ['behind an emoji', '😀b', 4, 1, 3],
    ['behind an emoji of several code points', '👩‍💻b', 11, 1, 6],
    ['an empty text', '', 0, 1, 1],
    ['the empty last line', 'a\n', 2, 2, 1],
  ])('%s', (_, text, offset, line, column) => {
    expect(new LineIndex(encodeUtf8(text)).position(offset)).toEqual({ line, column, offset });
  });

  test('positions are those of JavaScript, asked in any order', () => {
    fc.assert(
      fc.property(odd, fc.array(fc.nat(60), { minLength: 1 }), (text, picks) => {
        const characters = Array.from(text);
        const lines = new LineIndex(encodeUtf8(text));
        for (const pick of picks) {
          const before = characters.slice(0, pick % (characters.length + 1)).join('');
          const lineStart = before.lastIndexOf('\n') + 1;
          const line = before.split('\n').length;
          const offset = Buffer.byteLength(before);
          const column = before.length - lineStart + 1;
          expect(lines.position(offset)).toEqual({ line, column, offset });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test.each<[string, number, number, number]>([
    ['ab\ncd', 1, 0, 2],
    ['ab\r\ncd', 1, 0, 2],
    ['ab\r\ncd', 2, 4, 6],
    ['\n\n', 2, 1, 1],
    ['\r\n', 1, 0, 0],
    ['ab', 2, 2, 2],
  ])('the bounds of a line of %j', (text, line, start, end) => {
    const lines = new LineIndex(encodeUtf8(text));
    expect([lines.startOf(line), lines.endOf(line)]).toEqual([start, end]);
  });
});
