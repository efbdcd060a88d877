import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewNotebook } from '../../../engine/notebook/view.ts';
import { decodeText } from '../../../engine/text/decode.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function view(file: string) {
  return viewNotebook(encoder.encode(file));
}

/** The view's sources, without the blank lines between them; undefined when the text is no notebook. */
function sources(file: string): string[] | undefined {
  const made = view(file);
  return made?.parts.map(({ start }, index) => {
    const end = made.parts[index + 1]?.start;
    return decoder.decode(made.text.subarray(start, end)).replace(/\n\n$/, '');
  });
}

function notebook(...cells: readonly unknown[]): string {
  return JSON.stringify({ metadata: {}, nbformat: 4, cells });
}

const code = (source: unknown): object => ({ cell_type: 'code', source });

describe('sources of code cells', () => {
  it.each<[name: string, file: string, expected: string[]]>([
    ['one string', notebook(code('a\nb')), ['a\nb']],
    ['a list of strings', notebook(code(['a\n', 'b'])), ['a\nb']],
    ['a call that is spread over strings', notebook(code(['ev', 'al(x)'])), ['eval(x)']],
    ['several cells', notebook(code('a'), code('b')), ['a', 'b']],
    ['no other cells', notebook({ cell_type: 'markdown', source: 'a' }, code('b')), ['b']],
    ['a cell without a type', notebook({ source: 'a' }), ['a']],
    ['a type that is no string', notebook({ cell_type: null, source: 'a' }), ['a']],
    ['a type after the source', notebook({ source: 'a', cell_type: 'raw' }), []],
    ['a type in the metadata', notebook({ metadata: { cell_type: 'raw' }, source: 'a' }), ['a']],
    ['no outputs', notebook({ outputs: [{ text: 'a', source: 'b' }], ...code('c') }), ['c']],
    ['no attachments', notebook({ attachments: { cells: [code('a')] }, ...code('b') }), ['b']],
    ['anything in a list', notebook(code(['a', 1, null, { b: ['c'] }, 'd'])), ['ad']],
    ['anything for a source', notebook(code(7), code({ a: 'b' }), code('c')), ['c']],
    ['anything for a cell', notebook(7, null, [code('a')], code('b')), ['b']],
    ['format 3', `{"worksheets": [{"cells": [{"cell_type": "code", "input": "a"}]}]}`, ['a']],
    ['no cells', '{"cells": []}', []],
    ['white space', ' \n\t{ "cells" : [ { "source" : [ "a" ] } ] }\n ', ['a']],
    ['NaN', '{"a": [NaN, -Infinity, 1e5], "cells": [{"source": "b"}]}', ['b']],
  ])('%s', (_name, file, expected) => {
    expect(sources(file)).toEqual(expected);
  });

  it.each([
    ['quotation marks', 'a = "b"'],
    ['backslashes', String.raw`a = r"\d\"`],
    ['all short escapes', '\b\f\n\r\t"\\/'],
    ['characters of every length', 'aé€😀'],
    ['control characters', '\u0000\u001f'],
  ])('decoded: %s', (_name, source) => {
    const file = notebook(code(source));
    expect(sources(file)).toEqual([source]);
    const escaped = file.replaceAll(
      /[^\0-\x7f]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    expect(sources(escaped)).toEqual([source]);
  });
});

describe('hostile text hides no code', () => {
  it.each<[name: string, file: string, expected: string[]]>([
    ['an escaped letter', String.raw`{"cells": [{"source": "\u0065val(x)"}]}`, ['eval(x)']],
    ['escaped keys', String.raw`{"c\u0065lls": [{"\u0073ource": "a"}]}`, ['a']],
    ['an escaped type', String.raw`{"cells": [{"cell_type": "\u0063ode", "source": "a"}]}`, ['a']],
    [
      'a second type',
      '{"cells": [{"cell_type": "code", "cell_type": "raw", "source": "a"}]}',
      ['a'],
    ],
    [
      'a second type first',
      '{"cells": [{"cell_type": "raw", "source": "a", "cell_type": "code"}]}',
      ['a'],
    ],
    ['a second source', '{"cells": [{"source": "a", "source": ""}]}', ['a', '']],
    ['second cells', '{"cells": [{"source": "a"}], "cells": []}', ['a']],
    ['depth', `{"a": ${'['.repeat(1e5)}${']'.repeat(1e5)}, "cells": [{"source": "b"}]}`, ['b']],
    ['lone surrogates', String.raw`{"cells": [{"source": "\ud83da\ude00"}]}`, ['\ufffda\ufffd']],
    ['unknown escapes', String.raw`{"cells": [{"source": "\e\é\u00"}]}`, ['eéu00']],
    ['line breaks in a string', '{"cells": [{"source": "a\nb"}]}', ['a\nb']],
    ['commas', '{,"cells": [,{"source": ["a",,],},],}', ['a']],
    ['no closing quote', '{"cells": [{"source": "a', ['a']],
    ['nothing closed', '{"cells": [{"source": ["a"', ['a']],
    ['an error in a cell', '{"cells": [{"source": "a", b}]}', ['a', 'b}]}']],
    ['an error before a cell', '{"cells": [] + [{"source": "a"}]}', ['+ [{"source": "a"}]}']],
    ['code in place of a value', '{"cells": [], "b": eval(x)}', ['eval(x)}']],
    ['code behind', '{"cells": []}; eval(x)', ['; eval(x)']],
  ])('%s', (_name, file, expected) => {
    expect(sources(file)).toEqual(expected);
  });

  it.each([
    ['a bare cell', 'eval(x)'],
    ['nothing', ''],
    ['a list', '[]'],
    ['an object without cells', '{}'],
    ['a set', '{eval(x)}'],
    ['an object that says nothing of cells first', '{"a": eval(x), "cells": []}'],
    ['cells that are no list', '{"cells": 7}'],
  ])('no notebook: %s', (_name, file) => {
    expect(view(file)).toBeUndefined();
  });
});

describe('the way back to the file', () => {
  const file = String.raw`{"cells": [{"source": ["\u0061\n",` + '\n "é\\ud83d\\ude00"]}]}';
  const bytes = encoder.encode(file);
  const made = viewNotebook(bytes);
  const at = (text: string): number => encoder.encode(file.slice(0, file.indexOf(text))).length;

  it.each([
    ['an escape', 0, 1, '\\u0061'],
    ['a short escape', 1, 2, '\\n'],
    ['a character', 2, 4, 'é'],
    ['a pair of escapes', 4, 8, '\\ud83d\\ude00'],
    ['a range over strings', 0, 4, '\\u0061\\n",\n "é'],
  ])('%s', (_name, start, end, text) => {
    expect(made?.rawStart(start)).toBe(at(text));
    expect(made?.rawEnd(end)).toBe(at(text) + encoder.encode(text).length);
    expect(made?.fromRaw({ start: at(text), end: made.rawEnd(end) })).toEqual({ start, end });
  });

  it('has no place for what is outside of the sources', () => {
    expect(made?.fromRaw({ start: 0, end: 40 })).toBeUndefined();
    expect(made?.fromRaw({ start: at(',\n'), end: at('é') })).toBeUndefined();
    expect(made?.fromRaw({ start: at('}]}'), end: bytes.length })).toBeUndefined();
  });

  it('knows a place inside an escape', () => {
    expect(made?.fromRaw({ start: at('061'), end: at('",') })).toEqual({ start: 0, end: 2 });
  });
});

describe('any text', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 });
  const cell = fc.record({
    cell_type: fc.constantFrom('code', 'markdown', 'raw'),
    source: fc.oneof(text, fc.array(text, { maxLength: 3 })),
    outputs: fc.json(),
  });

  it('gives what a JSON parser reads', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 5 }), fc.constantFrom(0, 1), (cells, indent) => {
        const expected = cells
          .filter(({ cell_type, source }) => cell_type === 'code' && source.length >= 0)
          .filter(({ source }) => typeof source === 'string' || source.length > 0)
          .map(({ source }) => [source].flat().join(''));
        const parsed = sources(JSON.stringify({ cells }, null, indent));
        const wellFormed = expected.map((source) => decoder.decode(encoder.encode(source)));
        expect(parsed?.length).toBe(wellFormed.length);
        // Halves of a pair that two strings share are each on their own here.
        parsed?.forEach((source, index) => {
          if (!/\ufffd|[\ud800-\udfff]/.test(source))
            expect(source).toBe(wellFormed[index]?.replace(/\n\n$/, ''));
        });
      }),
    );
  });

  const PIECES =
    '{ } [ ] , : " \\ \\u00e9 \\ud83d \\n é 😀 x 1 null NaN "cells": "cells":[{ "source": "cell_type":"code" "source":["a", eval(x) \0';
  const soup = fc.array(fc.constantFrom(...PIECES.split(' '), ' ', '\n'), { maxLength: 40 });

  it('gives valid UTF-8 whose bytes come from the file, in order', () => {
    fc.assert(
      fc.property(soup, fc.boolean(), (pieces, begun) => {
        const bytes = encoder.encode((begun ? '{"cells":[{"source":["' : '{') + pieces.join(''));
        const made = viewNotebook(bytes);
        if (made === undefined) return;
        expect(decodeText(made.text)).toBe(made.text);
        let last = 0;
        for (let offset = 0; offset < made.text.length; offset++) {
          const start = made.rawStart(offset);
          expect(start).toBeGreaterThanOrEqual(last);
          expect(made.rawEnd(offset + 1)).toBeGreaterThanOrEqual(start);
          expect(made.rawEnd(offset + 1)).toBeLessThanOrEqual(bytes.length);
          last = start;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('takes time in proportion to its length', () => {
    for (const unit of [
      '[',
      '{"a":',
      '"',
      '\\',
      '{"cells":[',
      '{"source":"a"},',
      ',',
      '"\\u0061",',
    ]) {
      const time = (count: number): number => {
        const bytes = encoder.encode(`{"cells":[${unit.repeat(count)}`);
        const begin = cpuMs();
        viewNotebook(bytes);
        return cpuMs() - begin;
      };
      time(1000);
      expect(time(100_000), unit).toBeLessThan(1000);
    }
  });
});
