import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inputsOf, isUpToDate, writeStamp } from '../../scripts/up-to-date.mjs';

let dist = '';
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'sg-stamp-'));
  for (const folder of ['.claude-plugin', 'cli', 'plugin']) {
    mkdirSync(join(dist, folder));
    writeFileSync(join(dist, folder, 'a.js'), '1');
  }
});
afterEach(() => rmSync(dist, { recursive: true, force: true }));

test('a build without a stamp, or of other inputs, is none', () => {
  expect(isUpToDate(dist, 'one')).toBe(false);
  writeStamp(dist, 'one');
  expect(isUpToDate(dist, 'one')).toBe(true);
  expect(isUpToDate(dist, 'two')).toBe(false);
});

test.each<[string, () => void]>([
  ['changed', () => writeFileSync(join(dist, 'cli/a.js'), '22')],
  ['removed', () => rmSync(join(dist, 'plugin/a.js'))],
  ['added', () => writeFileSync(join(dist, 'plugin/b.js'), '')],
])('a build of which a file was %s is none', (_name, change) => {
  writeStamp(dist, 'one');
  change();
  expect(isUpToDate(dist, 'one')).toBe(false);
});

test('the inputs of the same files are the same', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  expect(inputsOf(root)).toBe(inputsOf(root));
});
