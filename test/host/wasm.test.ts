import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lazyWasm } from '../../host/wasm.ts';

const BUILT = join(import.meta.dirname, '../../dist/cli/re2.wasm');

test('lazyWasm compiles when it is first asked, and once', () => {
  const dir = mkdtempSync(join(tmpdir(), 'sg-wasm-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 're2.wasm');
  const wasm = lazyWasm(file);
  expect(wasm).toThrow('ENOENT');
  copyFileSync(BUILT, file);
  const runtime = wasm();
  rmSync(file);
  expect(wasm()).toBe(runtime);
});
