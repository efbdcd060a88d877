/** The page as text; test/browser looks at it as a reader does. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRuns } from '../../../bench/compare.ts';
import { formatMeasure } from '../../../bench/measure.ts';
import { escapeHtml, htmlTable, scriptJson } from '../../../bench/report/html.ts';
import { renderReport } from '../../../bench/report/render.ts';
import { recordOf } from '../../../bench/record.ts';
import { sampleRecord } from '../sample.ts';

let assets = '';
beforeAll(() => {
  assets = mkdtempSync(join(tmpdir(), 'sg-report-'));
  writeFileSync(join(assets, 'page.js'), '"use strict";');
  writeFileSync(join(assets, 'page.css'), 'body{}');
});
afterAll(() => rmSync(assets, { recursive: true, force: true }));

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the report', () => {
  const record = sampleRecord();
  const page = (): string => renderReport(record, undefined, assets);

  it('lets in its own script and style by their hashes, and nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page())?.[1];
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hashOf('"use strict";')}`,
      `style-src ${hashOf('body{}')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('loads nothing from anywhere', () => {
    const loads = /<[a-z]+\s[^>]*\b(?:src|href)=|url\(|@import|https?:\/\//.exec(page());
    expect(loads?.[0]).toBeUndefined();
  });

  it('cannot be broken out of by a name', () => {
    expect(page()).not.toContain('</script><img');
    expect(page()).toContain('edit 0 &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;');
  });

  it('holds the run as it is', () => {
    const json = /<script type="application\/json" id="record">(.*)<\/script>/.exec(page())?.[1];
    expect(JSON.parse(json ?? '')).toEqual(JSON.parse(JSON.stringify(record)));
  });

  it('lists every measure', () => {
    for (const measure of record.measures) {
      const cells = `<th scope="row">${escapeHtml(measure.name)}</th><td>${formatMeasure(measure, measure.value)}</td>`;
      expect(page()).toContain(cells);
    }
  });

  it('names the machine by its kind alone', () => {
    expect(page()).toContain('Node 20.20.2, linux x64, 2 x Made-up CPU @ 2.00GHz, 24 GB');
  });

  it('shows an earlier run beside this one', () => {
    const earlier = { ...record, version: '1.0.0' };
    const html = renderReport(record, compareRuns(earlier, record), assets);
    expect(html).toContain('id="table-comparison"');
    expect(html).toContain('the versions of sg differ: then 1.0.0, now 1.2.3.');
  });

  it('of other suites has their measures', () => {
    const measures = [{ name: 'hook/clean', value: 1.4, unit: 'x', better: 'lower' }] as const;
    const other = recordOf({ ...record, suites: ['hook'], measures, results: {} });
    const html = renderReport(other, undefined, assets);
    expect(html).toContain('<th scope="row">hook/clean</th><td>1.40x</td>');
    expect(html).not.toContain('<figure>');
  });
});

describe('HTML', () => {
  it('escapes text', () => {
    expect(escapeHtml(`<a href="b">'&amp;`)).toBe("&lt;a href=&quot;b&quot;&gt;'&amp;amp;");
    expect(htmlTable('t', 'a "b"', ['<c>'], [[{ text: '<d>', tone: 'bad' }]])).toContain(
      '<th scope="row" class="bad">&lt;d&gt;</th>',
    );
  });

  it('keeps JSON inside of its element', () => {
    const value = { text: '</script><!--' };
    expect(scriptJson(value)).not.toContain('<');
    expect(JSON.parse(scriptJson(value))).toEqual(value);
  });
});
