/** Where a slice of flow may lie is told without following anything, and no part of the slice lies elsewhere. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Judged, type SlicedText, Slices } from '../../../engine/conditions/slices.ts';
import { codeLanguageOf, isTemplate, languageOf } from '../../../engine/language.ts';
import { lex } from '../../../engine/lexer/lex.ts';
import type { ByteRange } from '../../../engine/re2/instance.ts';
import { LineIndex } from '../../../engine/text/lines.ts';
import { decodeUtf8, encodeUtf8 } from '../../../engine/text/utf8.ts';
import { buildRules } from '../../../scripts/build-rules.ts';

const { rules } = buildRules(fileURLToPath(new URL('../../../rules/', import.meta.url)));

/** All languages that have rules, in pieces of all kinds. */
const EXAMPLES = rules.flatMap(({ examples }) => [...examples.match, ...examples.noMatch]);
/** Of the examples, and in each of its words. */
const EVERY = 11;

const WANTED = { within: 'flow', without: [] } as const;
const USE = { madeSafe: () => [] };

function slicedText(code: string, path: string): SlicedText {
  const text = encodeUtf8(code);
  const language = languageOf(path);
  return {
    text,
    seen: text,
    spans: lex(text, language),
    lines: new LineIndex(text),
    language: codeLanguageOf(language),
    isTemplate: isTemplate(language),
  };
}

/** Of a text: some of its words, and some ranges from one to another. */
function matchesIn(text: Uint8Array): Judged[] {
  const words = [...decodeUtf8(text).matchAll(/[A-Za-z_]\w+/g)].map(({ index, 0: word }) => ({
    start: index,
    end: index + word.length,
  }));
  const some = words.filter((_, at) => at % EVERY === 3);
  return some.flatMap((range, at) => {
    const wide = { start: range.start, end: some[at + 1]?.end ?? range.end };
    return [{ range, group: () => range }, { range }, { range: wide }];
  });
}

test('of words, and of what stands between two', () => {
  const outside: { path: string; code: string; part: ByteRange; reach: ByteRange }[] = [];
  let parts = 0;
  EXAMPLES.filter(({ code }, at) => at % EVERY === 0 && /^[\0-\x7f]*$/.test(code)).forEach(
    ({ code, path }) => {
      const text = slicedText(code, path);
      for (const match of matchesIn(text.text)) {
        for (const lines of [2, 60]) {
          const wanted = { ...WANTED, lines, of: match.group && 'value' };
          const slices = new Slices(text);
          const reach = slices.reachOfFlow(match, wanted);
          if (reach === undefined) continue;
          for (const cancels of [false, true])
            for (const part of slices.of(match, wanted, { ...USE, cancels }).parts) {
              parts++;
              const isInside = reach.start <= part.start && part.end <= reach.end;
              if (!isInside) outside.push({ path, code, part, reach });
            }
        }
      }
    },
  );
  expect(parts).toBeGreaterThan(10_000);
  expect(outside.slice(0, 3)).toEqual([]);
});
