/** The reports as text; test/browser looks at the page as a reader does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderEvalPage } from '../../../bench/eval/page.ts';
import { reportText } from '../../../bench/eval/print.ts';
import { sampleReport, HOSTILE } from './sample.ts';

let assets = '';
beforeAll(() => {
  assets = mkdtempSync(join(tmpdir(), 'sg-eval-'));
  writeFileSync(join(assets, 'page.js'), '"use strict";');
  writeFileSync(join(assets, 'page.css'), 'body{}');
});
afterAll(() => rmSync(assets, { recursive: true, force: true }));

describe('the page', () => {
  it('loads nothing from anywhere, and holds the report as it is', async () => {
    const report = await sampleReport();
    const page = renderEvalPage(report, assets);
    const loads = /<[a-z]+\s[^>]*\b(?:src|href)=|url\(|@import/.exec(page);
    expect(loads?.[0]).toBeUndefined();
    const json = /<script type="application\/json" id="record">(.*)<\/script>/.exec(page)?.[1];
    expect(JSON.parse(json ?? '')).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it('cannot be broken out of by what a model says', async () => {
    const page = renderEvalPage(await sampleReport(), assets);
    expect(page).not.toContain(HOSTILE);
  });

  it('has no label where a model answered', async () => {
    expect(renderEvalPage(await sampleReport(), assets)).not.toContain('class="label"');
  });
});

describe('the text', () => {
  it('says what was found, what was not, and what has no verdict', async () => {
    const text = reportText(await sampleReport());
    expect(text).toContain('claude-opus-5-5 (anthropic), asked 2 times on 2026-01-02; 12 pairs, ');
    expect(text).not.toContain('!!');
    expect(text).toMatch(
      /\n {2}any finding +82 % \(\d+-\d+\) +82 % \(\d+-\d+\) +0\.82 +73 % \(\d+-\d+\) +18 +4 +0 +4 +20\n/,
    );
    expect(text).toContain(
      'pairs: 16 right, 2 both sides flagged, 2 both silent, 2 the wrong way round, 2 without a verdict (2 sides not reviewed)',
    );
    expect(text).toMatch(/\n {2}claude-opus-5-5 +48 +2 auth /);
  });
});
