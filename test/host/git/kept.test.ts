import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { collectContent } from '../../../host/git/kept.ts';

test('content that was kept long ago is removed, newer content stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sg-kept-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const old = 'a'.repeat(64);
  const fresh = 'b'.repeat(64);
  for (const name of [old, fresh]) writeFileSync(join(folder, name), 'x');
  utimesSync(join(folder, old), 0, 0);
  collectContent(folder, Date.now() - 1000);
  expect(readdirSync(folder)).toEqual([fresh]);
  collectContent(join(folder, 'none'), Date.now());
});
