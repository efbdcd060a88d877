/** The report of `sg bench` as a reader sees it. `SG_SCREENSHOTS=DIR` keeps pictures of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatMeasure, formatNumber } from '../../bench/measure.ts';
import { renderReport } from '../../bench/report/render.ts';
import { buildReport } from '../../scripts/build-report.mjs';
import { sampleRecord } from '../bench/sample.ts';
import { findChromium, startChromium } from './chromium.ts';

const executable = findChromium();
const reason = "no Chromium: install Debian's package chromium, or name one in SG_CHROMIUM";

const CHARTS = ['chart-processes', 'chart-sessions', 'chart-size', 'chart-rules'];
const SCHEMES = ['light', 'dark'] as const;
const SIZES = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

/** Runs in the page, hence a text. */
const COUNT_COLORS = `(id) => {
  const canvas = document.querySelector('#' + id + ' canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const counts = new Map();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] !== 255) continue;
    const color = data.slice(at, at + 3).join();
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return [...counts];
}`;

describe.skipIf(executable === undefined)(
  `the report in a browser${executable === undefined ? ` (skipped: ${reason})` : ''}`,
  () => {
    const record = sampleRecord();
    const { latency } = record.results;
    let folder = '';
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];
    const requests: string[] = [];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sg-report-'));
      await buildReport(folder);
      writeFileSync(join(folder, 'out.html'), renderReport(record, undefined, folder));
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
      scheme: (typeof SCHEMES)[number] = 'light',
      size: keyof typeof SIZES = 'desktop',
    ): Promise<void> {
      page = await browser.newPage({ colorScheme: scheme, viewport: SIZES[size] });
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(join(folder, 'out.html')).href);
    }

    /** Colours on a chart's canvas other than nothing, by how many pixels have them. */
    function colorsOf(id: string): Promise<[string, number][]> {
      return page.evaluate<[string, number][]>(`(${COUNT_COLORS})(${JSON.stringify(id)})`);
    }

    /** Text of a table's body, row by row. */
    function rowsOf(id: string): Promise<string[][]> {
      return page
        .locator(`#${id} tbody tr`)
        .evaluateAll((rows) =>
          rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
        );
    }

    it.each(
      SCHEMES.flatMap((scheme) =>
        (['desktop', 'phone'] as const).map((size) => [scheme, size] as const),
      ),
    )('is drawn without a complaint: %s, %s', async (scheme, size) => {
      await open(scheme, size);
      for (const id of CHARTS) {
        const colors = await colorsOf(id);
        const drawn = colors.filter(([, pixels]) => pixels > 40);
        expect(drawn.length, id).toBeGreaterThanOrEqual(3);
      }
      const pictures = process.env['SG_SCREENSHOTS'];
      if (pictures !== undefined)
        await page.screenshot({ path: join(pictures, `${scheme}-${size}.png`), fullPage: true });
      expect(complaints).toEqual([]);
      expect(requests).toHaveLength(1);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(SIZES[size].width);
    });

    it('is drawn anew when the colour scheme changes', async () => {
      await open('light');
      const light = await colorsOf('chart-size');
      await page.emulateMedia({ colorScheme: 'dark' });
      await expect.poll(() => colorsOf('chart-size')).not.toEqual(light);
      const [light0, dark0] = ['42,111,214', '110,168,255'];
      expect(light.map(([color]) => color)).toContain(light0);
      expect((await colorsOf('chart-size')).map(([color]) => color)).toContain(dark0);
      expect(await page.locator('#chart-size canvas').count()).toBe(1);
    });

    it('fits the window when that changes', async () => {
      await open('light', 'desktop');
      await page.setViewportSize(SIZES.phone);
      const width = (): Promise<number | undefined> =>
        page
          .locator('#chart-processes canvas')
          .boundingBox()
          .then((box) => box?.width);
      await expect.poll(width).toBeLessThanOrEqual(SIZES.phone.width);
    });

    it('has every figure in a table', async () => {
      await open();
      expect(await rowsOf('table-measures')).toEqual(
        record.measures.map((measure) => [measure.name, formatMeasure(measure, measure.value)]),
      );
      for (const [id, rows] of [
        ['table-processes', latency?.processes ?? []],
        ['table-sessions', latency?.sessions.rows ?? []],
      ] as const) {
        expect(await rowsOf(id)).toEqual(
          rows.map(({ name, role, ratio, ms, cut }) => [
            name,
            ...[ratio.p50, ratio.p95, ratio.p99].map((each) => `${formatNumber(each)}x`),
            ...[ms.p50, ms.p95, ms.p99].map(formatNumber),
            String(ms.count),
            role === 'warm' ? String(cut) : '',
          ]),
        );
      }
      const requestRows = await rowsOf('table-requests');
      expect(requestRows.map((cells) => cells.slice(1, 4))).toEqual(
        latency?.requests.map(({ rules, ratio, ms }) => [
          String(rules),
          `${formatNumber(ratio)}x`,
          formatNumber(ms.p50),
        ]),
      );
      expect((await rowsOf('table-hostile')).map((cells) => cells.at(-1))).toEqual(
        latency?.hostile.map(({ outcome }) => outcome),
      );
      expect(await rowsOf('table-memory')).toHaveLength(latency?.memory.length ?? 0);
    });

    it('names each chart and table for readers that do not see it', async () => {
      await open();
      for (const id of CHARTS)
        expect(await page.locator(`#${id}`).getAttribute('aria-label')).toMatch(/\w+; the table/);
      const tables = await page.locator('table[id]').count();
      expect(await page.locator('table[id] > caption').count()).toBe(tables);
      expect(
        await page
          .locator('th:not([scope])')
          .evaluateAll(
            (cells) => cells.filter((cell) => cell.closest('.u-legend') === null).length,
          ),
      ).toBe(0);
    });

    it('is whole without its script, but for the charts', async () => {
      page = await browser.newPage({ javaScriptEnabled: false });
      await page.goto(pathToFileURL(join(folder, 'out.html')).href);
      expect(await page.locator('#table-processes tbody tr').count()).toBe(7);
      expect(await page.locator('h1').textContent()).toBe('How long an edit waits');
    });
  },
);
