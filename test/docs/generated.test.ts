import { describe, expect, it } from 'vitest';
import { readDocs, readFacts } from '../../scripts/docs-facts.ts';
import { generateDocs } from '../../scripts/generate-docs.ts';
import { noticeText } from '../../scripts/notices.ts';
import { markdownTable, replaceSections } from '../../scripts/sections.ts';
import { ROOT } from './documents.ts';

describe('generated documents', async () => {
  const current = readDocs(ROOT);
  const facts = await readFacts(ROOT);
  const wanted = generateDocs(current, facts);

  it.each([
    'README.md',
    'docs/rules.md',
    'docs/rules-format.md',
    'rules.schema.json',
    'orchestrator/redact-tokens.ts',
    'NOTICE',
  ] as const)('%s is up to date', (path) => {
    expect(current[path], 'out of date: run `npm run docs`').toBe(wanted[path]);
  });

  it('have a page for each rule, up to date, and no other', () => {
    const pages = (files: object): [string, unknown][] =>
      Object.entries(files).filter(([path]) => path.startsWith('docs/rules/'));
    expect(pages(wanted).length).toBeGreaterThan(50);
    expect(Object.fromEntries(pages(current)), 'out of date: run `npm run docs`').toEqual(
      Object.fromEntries(pages(wanted)),
    );
  });

  it('come out the same when generated again', async () => {
    expect(generateDocs(wanted, await readFacts(ROOT))).toEqual(wanted);
  });

  it('name in NOTICE what the bundles contain', () => {
    const names = facts.packages.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['piscina', 'fast-glob', 'ignore', 'yaml']));
    expect(names).not.toContain('tinybench');
    for (const part of [...names, 'RE2', 'Emscripten', 're2-wasm'])
      expect(wanted.NOTICE).toContain(part);
  });
});

describe('replaceSections', () => {
  const text = 'a\n<!-- generated: x -->\nold\n<!-- /generated -->\nb';

  it('replaces what stands between the markers, and nothing else', () => {
    expect(replaceSections(text, new Map([['x', 'new']]))).toBe(
      'a\n<!-- generated: x -->\n\nnew\n\n<!-- /generated -->\nb',
    );
  });

  it.each([
    ['a part without a section', text, new Map<string, string>(), 'no section for'],
    ['a section without a part', 'a', new Map([['x', 'new']]), 'no generated part for x'],
    ['a part that is not closed', text.slice(0, 30), new Map([['x', 'new']]), 'is not closed'],
    [
      'a part inside a part',
      text.replace('old', '<!-- generated: x -->'),
      new Map([['x', 'new']]),
      'is not closed',
    ],
  ])('refuses %s', (_name, document, sections, message) => {
    expect(() => replaceSections(document, sections)).toThrow(message);
  });
});

describe('markdownTable', () => {
  it('pads columns and escapes what would end a cell', () => {
    expect(markdownTable(['A', 'B'], [['one', 'x|y']])).toBe(
      ['| A   | B    |', '| --- | ---- |', '| one | x\\|y |'].join('\n'),
    );
  });
});

describe('noticeText', () => {
  it('prints equal licence texts once, below all packages that have them', () => {
    const one = { version: '1.0.0', license: 'MIT', text: 'Some text\r\n' };
    const text = noticeText('Head', [
      { ...one, name: 'a' },
      { ...one, name: 'b', text: 'Some text' },
      { ...one, name: 'c', text: 'Other text' },
    ]);
    expect(text.match(/Some text/g)).toHaveLength(1);
    expect(text).toContain('a 1.0.0 (MIT)\nb 1.0.0 (MIT)\n\nSome text\n');
    expect(text).toContain('c 1.0.0 (MIT)\n\nOther text\n');
  });
});
