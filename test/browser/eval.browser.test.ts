/** The report of `sg eval` as a reader sees it. `SG_SCREENSHOTS=DIR` keeps pictures of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { renderEvalPage } from '../../bench/eval/page.ts';
import type { EvalReport } from '../../bench/eval/report.ts';
import { groupCells, saidOf, scoreCells, verdictOf } from '../../bench/eval/words.ts';
import { buildReport } from '../../scripts/build-report.mjs';
import { sampleReport } from '../bench/eval/sample.ts';
import { oracleReport } from '../bench/eval/support.ts';
import { findChromium, startChromium } from './chromium.ts';

const executable = findChromium();
const reason = "no Chromium: install Debian's package chromium, or name one in SG_CHROMIUM";

const CHARTS = ['chart-funnel', 'chart-languages', 'chart-severities', 'chart-times'];
const SIZES = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

/** Pixels that are no background, and runs in the page, hence a text. */
const COUNT_PIXELS = `(id) => {
  const canvas = document.querySelector('#' + id + ' canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] === 255) count++;
  return count;
}`;

describe.skipIf(executable === undefined)(
  `the page of sg eval in a browser${executable === undefined ? ` (skipped: ${reason})` : ''}`,
  () => {
    let report: EvalReport;
    let folder = '';
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];
    const requests: string[] = [];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sg-eval-'));
      await buildReport(folder);
      report = await sampleReport();
      writeFileSync(join(folder, 'model.html'), renderEvalPage(report, folder));
      const oracle = await oracleReport('prompt-injected');
      writeFileSync(join(folder, 'oracle.html'), renderEvalPage(oracle, folder));
      browser = await startChromium(executable ?? '');
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });
    afterEach(async () => {
      await page?.close();
      complaints.length = 0;
      requests.length = 0;
    });

    async function open(
      name = 'model',
      size: keyof typeof SIZES = 'desktop',
      colorScheme: 'light' | 'dark' = 'light',
    ): Promise<void> {
      page = await browser.newPage({ colorScheme, viewport: SIZES[size] });
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    }

    function rowsOf(id: string): Promise<string[][]> {
      return page
        .locator(`#${id} tbody tr`)
        .evaluateAll((rows) =>
          rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
        );
    }

    const column = async (id: string, index: number): Promise<string[]> =>
      (await rowsOf(id)).map((cells) => cells[index] ?? '');

    it.each([
      ['model', 'desktop', 'light'],
      ['model', 'phone', 'dark'],
      ['oracle', 'desktop', 'dark'],
      ['oracle', 'phone', 'light'],
    ] as const)('is drawn without a complaint: %s, %s, %s', async (name, size, scheme) => {
      await open(name, size, scheme);
      for (const id of CHARTS)
        expect(await page.evaluate(`(${COUNT_PIXELS})('${id}')`), id).toBeGreaterThan(300);
      const pictures = process.env['SG_SCREENSHOTS'];
      if (pictures !== undefined)
        await page.screenshot({ path: join(pictures, `eval-${name}-${size}.png`), fullPage: true });
      expect(complaints).toEqual([]);
      expect(requests).toHaveLength(1);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(SIZES[size].width);
    });

    it('has every figure in a table', async () => {
      await open();
      expect(await rowsOf('table-scores')).toEqual(scoreCells(report.scores));
      for (const grouping of ['cwe', 'language', 'severity', 'trait'] as const)
        expect(await rowsOf(`table-${grouping}`)).toEqual(report.groups[grouping].map(groupCells));
      const pairs = await rowsOf('table-pairs');
      expect(pairs.map(([id, result]) => [id, result])).toEqual(
        report.pairs.map((pair) => [pair.id, verdictOf(pair)]),
      );
      const [missed] = report.pairs;
      if (missed === undefined) throw new Error('no pairs');
      expect(pairs[0]?.slice(7, 9)).toEqual(
        (['vulnerable', 'fixed'] as const).map((side) => saidOf(missed, side).join('; ')),
      );
    });

    it('orders rows by the head that is clicked, and the other way at the second click', async () => {
      await open('oracle');
      const before = await column('table-cwe', 0);
      const button = page.locator('#table-cwe thead button').first();
      await button.click();
      expect(await column('table-cwe', 0)).toEqual(before);
      await button.click();
      expect(await column('table-cwe', 0)).toEqual([...before].reverse());
      expect(await page.locator('#table-cwe [aria-sort]').count()).toBe(1);

      await page.locator('#table-language thead button').nth(1).click();
      const counts = (await column('table-language', 1)).map(Number);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      expect(counts.at(-1)).toBeGreaterThan(9);

      await page.locator('#table-pairs thead button', { hasText: 'result' }).focus();
      await page.keyboard.press('Enter');
      expect((await column('table-pairs', 1)).slice(0, 6)).toEqual([
        ...Array.from({ length: 5 }, () => 'missed'),
        'right',
      ]);
    });

    it('says of a scripted oracle that it is one, where it is seen first', async () => {
      await open('oracle');
      const label = page.locator('p.label');
      expect(await label.textContent()).toBe('scripted oracle, says nothing of a model');
      const box = await label.boundingBox();
      expect(box?.y).toBeLessThan(SIZES.desktop.height / 3);
      await page.close();
      await open('model');
      expect(await page.locator('p.label').count()).toBe(0);
    });

    it('names each chart and table for readers that do not see it', async () => {
      await open();
      for (const id of CHARTS)
        expect(await page.locator(`#${id}`).getAttribute('aria-label')).toMatch(/\w+; the table/);
      const tables = await page.locator('table[id]').count();
      expect(await page.locator('table[id] > caption').count()).toBe(tables);
    });

    it('is whole without its script, but for the charts', async () => {
      page = await browser.newPage({ javaScriptEnabled: false });
      await page.goto(pathToFileURL(join(folder, 'model.html')).href);
      expect(await page.locator('#table-pairs tbody tr').count()).toBe(report.pairs.length);
      expect(await page.locator('h1').textContent()).toBe('What the turn review finds');
    });
  },
);
