/** The triage page of `sg test --corpus` as its reader uses it, made by the real program from hostile files. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RULE, sg } from '../cli/helpers/cli.ts';
import { findChromium, startChromium } from './chromium.ts';

const executable = findChromium();
const reason = "no Chromium: install Debian's package chromium, or name one in SG_CHROMIUM";

const FILES: Readonly<Record<string, string>> = {
  'rules/no-evil.yaml': RULE,
  'rules/no-worse.yaml': RULE.replaceAll('evil', 'worse').replace('cwe: CWE-78', 'cwe: CWE-94'),
  'code/one/a.py': 'x = 1\nevil(x)\ny = 2\n',
  'code/one/b.py':
    '"</pre><script>window.bad = 1</script>"; evil(1) # \u202e <img src=x onerror=bad()>\n',
  'code/two/<i>.py': 'worse(1)\n',
  'code/two/long.py': `${'a = 1; '.repeat(5000)}evil(2); ${'b = 2; '.repeat(5000)}\n`,
};

describe.skipIf(executable === undefined)(
  `the triage page in a browser${executable === undefined ? ` (skipped: ${reason})` : ''}`,
  () => {
    let folder = '';
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];
    const requests: string[] = [];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sg-triage-'));
      for (const [path, text] of Object.entries(FILES)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      const args = ['test', '--corpus', 'code', 'rules', '--report', 'out.html'];
      const { code, stderr } = await sg(args, { cwd: folder });
      expect(stderr).toBe('');
      expect(code).toBe(0);
      browser = await startChromium(executable ?? '');
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });
    beforeEach(async () => {
      page = await browser.newPage({ acceptDownloads: true });
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(join(folder, 'out.html')).href);
    });
    afterEach(async () => {
      expect(complaints.splice(0)).toEqual([]);
      expect(requests.splice(0).filter((url) => !url.startsWith('blob:'))).toHaveLength(1);
      const pictures = process.env['SG_SCREENSHOTS'];
      if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'triage.png') });
      await page.close();
    });

    const progress = (): Promise<string | null> => page.locator('#progress-text').textContent();
    const shown = (): Promise<number> => page.locator('.hit:visible').count();
    async function press(keys: string): Promise<void> {
      for (const key of keys) await page.keyboard.press(key);
    }

    it('groups hits by rule, with their lines', async () => {
      expect(await page.locator('section.rule h2').allTextContents()).toEqual([
        'no-evil Call of evil · 3 hits',
        'no-worse Call of worse · 1 hit',
      ]);
      expect(await page.locator('.place code').allTextContents()).toEqual([
        'code/one/a.py:2',
        'code/one/b.py:1',
        'code/two/long.py:1',
        'code/two/<i>.py:1',
      ]);
      expect(await page.locator('#hit-0 pre').textContent()).toBe(
        '     1  x = 1     2  evil(x)     3  y = 2     4  ',
      );
      expect(await page.locator('#hit-2 .match').textContent()).toMatch(
        /^ {5}1 {2}….*evil\(2\);.*…$/,
      );
    });

    it('shows hostile text as text', async () => {
      expect(await page.evaluate('window.bad')).toBeUndefined();
      expect(await page.locator('main img, main i, main script').count()).toBe(0);
      expect(await page.locator('#hit-1 .match').textContent()).toContain(
        String.raw`</pre><script>window.bad = 1</script>"; evil(1) # \u202e <img src=x onerror=bad()>`,
      );
      const html = readFileSync(join(folder, 'out.html'), 'utf8');
      expect(html).toMatch(/Content-Security-Policy" content="default-src 'none';/);
    });

    it('filters by rule, file and text', async () => {
      await press('/');
      await page.keyboard.type('worse');
      expect(await shown()).toBe(1);
      expect(await page.locator('#shown').textContent()).toBe('1 shown');
      await page.locator('#filter').fill('one evil(x');
      expect(await shown()).toBe(1);
      await page.locator('#filter').fill('nothing like it');
      expect(await shown()).toBe(0);
      await page.locator('#filter').fill('');
      expect(await shown()).toBe(4);
    });

    it('is worked through by keys, keeps the marks, and exports them as labels', async () => {
      expect(await progress()).toBe('0 of 4 marked: 0 true, 0 false');
      await press('jt');
      expect(await page.locator('#hit-1').getAttribute('class')).toContain('current');
      await press('fjkjt');
      expect(await progress()).toBe('3 of 4 marked: 2 true, 1 false');
      await press('kku');
      expect(await progress()).toBe('2 of 4 marked: 2 true, 0 false');
      await page.reload();
      requests.pop();
      expect(await progress()).toBe('2 of 4 marked: 2 true, 0 false');
      await page.locator('#hit-1 button', { hasText: 'false' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('#save').click(),
      ]);
      expect(download.suggestedFilename()).toBe('labels.jsonl');
      const path = join(folder, 'code/labels.jsonl');
      await download.saveAs(path);
      const labels = readFileSync(path, 'utf8').trimEnd().split('\n');
      expect(labels.map((line): unknown => JSON.parse(line))).toContainEqual({
        file: 'one/a.py',
        line: [2, 2],
        class: 'CWE-78',
        cwe: 'CWE-78',
        rule: 'no-evil',
        label: 'vulnerable',
      });
      expect(labels).toHaveLength(3);
      const { stdout } = await sg(['test', '--corpus', 'code', 'rules'], { cwd: folder });
      expect(stdout).toMatch(/no-evil +3 .* 50\.0 % of 2 +100\.0 % of 1\n/);
    });
  },
);
