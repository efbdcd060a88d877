import { array, assert, constantFrom, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../../engine/language.ts';
import type { LanguageId } from '../../../engine/language.ts';
import { lex } from '../../../engine/lexer/lex.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const TOKENS = (
  '\' " ` \'\'\' """ # // /* */ <!-- --> -- { } ( ) [ ] < > </a> <a> /> ${ #{ {{ }} $( \\( \\ @" @\' $" $@" ' +
  'r#" "# R"x( )x" %q( %w[ <<A <<~A <<<A <<-\'A\' A <# #> =begin =end ? ?> <?php <script> </script> <style> ' +
  '</style> </script / a if return 1 = , ; : f" rb\'\'\' "cell_type" "source": "code" "cells" | __END__ é \0'
)
  .split(' ')
  .concat(['\n', '\n', ' ', '\t', '\r\n', '\n"@']);

function check(bytes: Uint8Array, language: LanguageId): void {
  const { starts, ends, regions } = lex(bytes, language);
  expect(ends.length).toBe(starts.length);
  expect(regions.length).toBe(starts.length);
  let last = 0;
  let region = '';
  starts.forEach((start, index) => {
    const end = ends[index] ?? -1;
    const apart = start > last || (start === last && (region !== regions[index] || index === 0));
    if (!apart || end <= start || end > bytes.length) {
      throw new Error(`${language}: span ${start}-${end} after ${last} of ${bytes.length}`);
    }
    last = end;
    region = regions[index] ?? '';
  });
}

describe('any bytes give sorted, disjoint spans within the text', () => {
  test.each(LANGUAGES)('%s', (language) => {
    assert(
      property(uint8Array({ maxLength: 200 }), (bytes) => check(bytes, language)),
      { numRuns: 100 },
    );
    const soup = array(constantFrom(...TOKENS), { maxLength: 60 });
    const encoder = new TextEncoder();
    assert(
      property(soup, (tokens) => check(encoder.encode(tokens.join('')), language)),
      { numRuns: 400 },
    );
  });
});

const REPEATED = [
  '{', '}', '(', '"`${', "'", '"', '`', '/*', '*/', '/**/', '<<A', '<<A\n', '<<A\nB\n', '<<~A\n', '<!--', '-->',
  '"""', "'''", '"""\n', '`;', '#', '${', '"${', '`${', 'f"{', '"#{', '"$(', '"\\(', '%q(', '%q(\n', 'r#"', '#"',
  'R"a(', 'R"a(b)', '/[', '/[ ', '/', ' /', '<a', '<a ', '<a>', '<a b=', "<a b='", '<script>', '<style>x', '<?php ',
  '<? ?>', '?>', '\\', '\\\n', '@"', '$"{', '$$"""{{', '""""', '(/', ')/', '{/', '}/', '/**/ /', '\n', ' ', '    \n', '=begin\n',
  '"source":[', '"source":"', '"cell_type"', '<![CDATA[', '@"\n', '((', '$((1<<', '?', "'a", "'\\", '--', '|', 'a', '=', 'é',
]; // prettier-ignore

/** Best of a few runs, in milliseconds; one that is fast enough is not repeated. */
function time(run: () => void): number {
  let best = Infinity;
  for (let round = 0; round < 3 && best > FAST; round += 1) {
    const start = cpuMs();
    run();
    best = Math.min(best, cpuMs() - start);
  }
  return best;
}

/** Quadratic work on 64 KiB takes seconds; below this many milliseconds noise would decide. */
const FAST = 40;
const SIZE = 64 * 1024;

describe('time grows with the text', () => {
  test.each(LANGUAGES)('%s', { timeout: 60_000 }, (language) => {
    const encoder = new TextEncoder();
    const slow: string[] = [];
    for (const token of REPEATED) {
      const large = encoder.encode(token.repeat(Math.ceil(SIZE / token.length)));
      const small = large.subarray(0, large.length >> 2);
      const spent = time(() => lex(large, language));
      if (spent > FAST && spent > 12 * time(() => lex(small, language))) {
        slow.push(`${JSON.stringify(token)}: ${spent} ms`);
      }
    }
    expect(slow).toEqual([]);
  });
});
