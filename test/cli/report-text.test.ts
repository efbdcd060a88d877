import { describe, expect, it } from 'vitest';
import { textWriter } from '../../cli/report/text.ts';
import type { TextOptions } from '../../cli/report/text.ts';
import type { Finding } from '../../engine/finding.ts';
import { createStyle } from '../../cli/style.ts';
import { FINDINGS, finding, HOSTILE, TROUBLE, written } from './helpers/report.ts';

const LINES: Readonly<Record<string, string>> = {
  'src/a.py:3': '    eval(x)  # \u001b[31mred\u202e',
  'src/a.py:20': `\t\t\t\teval(y)`,
  'b\n\u001b]0;x\u0007.py:1': '    eval(z)',
};
const lineOf = (path: string, line: number): string | undefined => LINES[`${path}:${line}`];
const plain = createStyle(false);

const format = (
  findings: readonly Finding[],
  options: TextOptions,
  more?: Parameters<typeof written>[2],
): string => written(() => textWriter(options), findings, more);

describe('textWriter', () => {
  it('groups by file, aligns, and escapes what could steer a terminal', () => {
    const text = format(
      FINDINGS,
      { style: plain, showSuppressed: true, lineOf },
      { suppressed: HOSTILE, binaries: 3, ...TROUBLE },
    );
    expect(text).toMatchInlineSnapshot(`
      "b\\n\\x1b]0;x\\x07.py
        1:5  critical  py-eval  eval of text
             eval(z)
             ^^^^^
             fix: Use ast.literal_eval.

      src/a.py
         3:5  critical  py-eval  eval of text
              eval(x)  # \\x1b[31mred\\u202e
              ^^^^^
              fix: Use ast.literal_eval.
        20:5  low       no todo  A rule of a project
              eval(y)
              ^^^^^

      src/gone.py
        7:5  critical  py-eval  eval of text
             eval(gone)
             fix: Use ast.literal_eval.

      Suppressed
        src/a.py:9:5  py-eval  line 8: tested \\x1b[2J\\u2028input

      4 findings in 3 files, 12 files scanned, 1 suppressed, 3 binary files skipped, 1 not scanned, 1 scanned in part, 1.2 s
      "
    `);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it('says that nothing was found', () => {
    expect(format([], { style: plain, showSuppressed: false, lineOf })).toBe(
      'no findings, 12 files scanned, 1.2 s\n',
    );
  });

  it('shows the part of a long line that has the match', () => {
    const line = `${'a'.repeat(500)}eval(${'b'.repeat(500)}`;
    const found = {
      ...finding('m.js', 1, 'eval('),
      start: { line: 1, column: 501, offset: 500 },
      end: { line: 1, column: 506, offset: 505 },
    };
    const shown = format([found], {
      style: plain,
      showSuppressed: false,
      lineOf: () => line,
    }).split('\n');
    const source = shown[2] ?? '';
    const caret = shown[3] ?? '';
    expect(source.length).toBeLessThan(140);
    expect(source.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('eval(');
  });

  it('colors only where it is told to', () => {
    const text = format(FINDINGS, {
      style: createStyle(true),
      showSuppressed: false,
      lineOf,
    });
    expect(text).toContain('\u001b[1;31mcritical\u001b[0m');
  });
});
