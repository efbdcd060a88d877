import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../engine/finding.ts';
import type { Rule } from '../../../engine/rule.ts';
import { createScanner } from '../../../engine/scanner.ts';
import { testRuntime } from '../../support/wasm.ts';

function rule(fields: Partial<Rule> & Pick<Rule, 'id' | 'patterns'>): Rule {
  return {
    title: fields.id,
    severity: 'high',
    confidence: 'high',
    unless: [],
    message: { what: '', why: '', fix: '' },
    references: [],
    examples: { match: [], noMatch: [] },
    origin: 'builtin',
    ...fields,
  };
}

const LANGUAGES = ['python', 'notebook'] as const;
const RULES: readonly Rule[] = [
  rule({ id: 'eval', languages: LANGUAGES, in: ['code'], patterns: ['\\beval\\s*\\('] }),
  rule({ id: 'load', languages: LANGUAGES, patterns: ['load\\("[^"]*", weights_only=False'] }),
  rule({
    id: 'shell',
    languages: LANGUAGES,
    in: ['code'],
    patterns: ['\\brun\\('],
    unless: [{ within: 'call', pattern: 'check=True' }],
  }),
  rule({ id: 'secret', patterns: ['key_[0-9]{4}'] }),
  rule({ id: 'text', in: ['string'], patterns: ['frob[a-z]+'] }),
];

const encoder = new TextEncoder();
const runtime = testRuntime();

function scan(file: string | Uint8Array, path = 'a.ipynb') {
  const scanner = createScanner({ rules: RULES, wasm: () => runtime });
  const bytes = typeof file === 'string' ? encoder.encode(file) : file;
  const result = scanner.scan(path, bytes);
  const found = result.findings.length + result.suppressed.length > 0;
  if (found) expect(scanner.couldMatch(path, bytes)).toBe(true);
  scanner.dispose();
  return result;
}

const code = (...lines: string[]): object => ({ cell_type: 'code', source: lines });
const markdown = (source: string): object => ({ cell_type: 'markdown', source });
const notebook = (...cells: object[]): string => JSON.stringify({ cells }, null, 1);

function ids(file: string | Uint8Array): string[] {
  return scan(file).findings.map(({ ruleId }) => ruleId);
}

/** The part of the file that a finding stands for. */
function matched(file: string, { start, end }: Finding): string {
  return new TextDecoder().decode(encoder.encode(file).subarray(start.offset, end.offset));
}

describe('findings of a notebook', () => {
  it.each<[name: string, file: string, expected: string[]]>([
    ['quotation marks', notebook(code('load("x", weights_only=False)')), ['load']],
    ['an escaped letter', String.raw`{"cells": [{"source": "\u0065val(x)"}]}`, ['eval']],
    ['a call over two strings', notebook(code('ev', 'al(x)')), ['eval']],
    ['code in a Python string', notebook(code('a = "eval(x)"')), []],
    ['code in a comment', notebook(code('a  # eval(x)')), []],
    ['a markdown cell', notebook(markdown('eval(x)')), []],
    ['an unless in the call', notebook(code('run(\n', '  a,\n', '  check=True)')), []],
    ['no unless in the call', notebook(code('run(\n', '  a)\n', 'check=True')), ['shell']],
    ['a string open in the cell before', notebook(code('"""'), code('eval(x)\n', '"""')), ['eval']],
    ['a bare cell', 'eval("x")', ['eval']],
    ['a bare cell that begins with a brace', '{**eval("x")}', ['eval']],
    ['code behind the notebook', '{"cells": []}\neval(x)', ['eval']],
    ['an output, for a rule of any language', notebook({ outputs: ['key_1234'] }), ['secret']],
    ['a markdown cell, for a rule of any language', notebook(markdown('key_1234')), ['secret']],
    ['code, for a rule of any language', notebook(code('a = key_1234')), ['secret']],
    [
      'escaped code, for a rule of any language',
      String.raw`{"cells": [{"source": "\u006bey_1234"}]}`,
      ['secret'],
    ],
    [
      'JSON text, for a rule of any region',
      String.raw`{"cells": [{"source": "a\nkey_1234"}]}`,
      ['secret'],
    ],
    ['a region of the code', notebook(code('frobnicate')), []],
    ['a string of the code', notebook(code('"frobnicate"')), ['text']],
    ['a string of the JSON', notebook(markdown('frobnicate')), ['text']],
  ])('%s', (_name, file, expected) => {
    expect(ids(file)).toEqual(expected);
  });

  it('are found in UTF-16, behind a byte order mark and in text that is no UTF-8', () => {
    const file = notebook(code('é = eval("x")'));
    expect(ids(Buffer.from(`\ufeff${file}`, 'utf16le'))).toEqual(['eval']);
    expect(ids(`\ufeff${file}`)).toEqual(['eval']);
    expect(ids(Buffer.from(file, 'latin1'))).toEqual(['eval']);
  });

  it('stand where the file has them', () => {
    const file = notebook(
      markdown('a'),
      code('import b\n', 'é = "😀"; load("c", weights_only=False)'),
    );
    const [finding] = scan(file).findings;
    if (finding === undefined) throw new Error('nothing found');
    const text = String.raw`load(\"c\", weights_only=False`;
    expect(matched(file, finding)).toBe(text);
    const before = file.slice(0, file.indexOf(text)).split('\n');
    expect(finding.start).toMatchObject({
      line: before.length,
      column: (before.at(-1) ?? '').length + 1,
    });
    expect(finding.end.column - finding.start.column).toBe(text.length);
    expect(finding.snippet).toBe('é = "😀"; load("c", weights_only=False)');
  });

  it('have a place each when the source is one string', () => {
    const file = JSON.stringify({ cells: [{ cell_type: 'code', source: 'eval(1)\neval(2)' }] });
    const { findings } = scan(file);
    expect(findings.map((finding) => matched(file, finding))).toEqual(['eval(', 'eval(']);
    expect(findings.map(({ start }) => start.offset)).toEqual([
      file.indexOf('eval(1'),
      file.indexOf('eval(2'),
    ]);
    expect(new Set(findings.map(({ key }) => key)).size).toBe(2);
  });

  it('come in the order of the file, code and the rest', () => {
    const file = notebook(code('eval(x)'), markdown('key_1234'), code('eval(x)'));
    expect(ids(file)).toEqual(['eval', 'secret', 'eval']);
  });
});

describe('suppressions in a notebook', () => {
  const REASON = 'sg-ignore: eval -- trusted';

  it.each<[name: string, cells: object[], shown: string[], hidden: number]>([
    ['on the line', [code(`eval(x)  # ${REASON}`)], [], 1],
    ['on the line above', [code(`# ${REASON}\n`, 'eval(x)')], [], 1],
    [
      'at the end of the cell before',
      [code('a\n', `# ${REASON}`), code('eval(x)')],
      ['unused-suppression', 'eval'],
      0,
    ],
    ['in a string', [code(`"${REASON}"; eval(x)`)], ['eval'], 0],
    ['in markdown', [markdown(REASON), code('eval(x)')], ['eval'], 0],
    [
      'without a reason',
      [code('eval(x)  # sg-ignore: eval')],
      ['eval', 'suppression-without-reason'],
      0,
    ],
    ['of nothing', [code(`a  # ${REASON}`)], ['unused-suppression'], 0],
    ['of a rule of any language', [code('key_1234  # sg-ignore: secret -- an example')], [], 1],
  ])('%s', (_name, cells, shown, hidden) => {
    const { findings, suppressed } = scan(notebook(...cells));
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(shown);
    expect(suppressed).toHaveLength(hidden);
  });

  it('are told by their line in the file', () => {
    const file = notebook(markdown('a'), code('b\n', `# ${REASON}\n`, 'eval(x)'));
    const lines = file.split('\n');
    const [suppressed] = scan(file).suppressed;
    expect(lines[(suppressed?.line ?? 0) - 1]).toContain(REASON);
    expect(lines[(suppressed?.finding.start.line ?? 0) - 1]).toContain('eval(x)');
  });
});

it('couldMatch looks at the code and, for rules of any language, at the whole file', () => {
  const scanner = createScanner({ rules: RULES, wasm: () => runtime });
  const could = (file: string): boolean => scanner.couldMatch('a.ipynb', encoder.encode(file));
  expect(could(String.raw`{"cells": [{"source": "\u0065val(x)"}]}`)).toBe(true);
  expect(could(notebook(markdown('key_1234')))).toBe(true);
  expect(could(notebook(markdown('eval(x)')))).toBe(false);
  expect(could(notebook(code('a = 1')))).toBe(false);
  expect(could(String.raw`{"cells": [{"source": "a # \u0073g-ignore: b -- c"}]}`)).toBe(true);
});
