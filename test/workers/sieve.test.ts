/** What the sieve lets a worker look at. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createScanner } from '../../engine/scanner.ts';
import { createKernel } from '../../host/wasm.ts';
import { Sieve } from '../../workers/sieve.ts';
import { rule } from '../engine/scan-text.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sg-sieve-'));
  writeFileSync(join(folder, 'clean.js'), 'fine()\n');
  writeFileSync(join(folder, 'literal.js'), 'evilness\n');
  writeFileSync(join(folder, 'found.js'), 'evil(1)\n');
  writeFileSync(join(folder, 'marked.js'), '// sg-ignore: evil -- no\n');
  writeFileSync(join(folder, 'empty.js'), '');
  writeFileSync(join(folder, 'large.js'), ' '.repeat(5 << 20));
  mkdirSync(join(folder, 'folder.js'));
  symlinkSync(join(folder, 'clean.js'), join(folder, 'link.js'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each<[string, number | undefined]>([
  ['clean.js', 7],
  ['literal.js', 9],
  ['found.js', undefined],
  ['marked.js', undefined],
  ['empty.js', 0],
  ['large.js', undefined],
  ['folder.js', undefined],
  ['link.js', undefined],
  ['gone.js', undefined],
])('%s: %o', (name, expected) => {
  const scanner = createScanner({
    rules: [rule('evil', 'evil\\(')],
    kernel: createKernel(),
    wasm() {
      throw new Error('RE2 is not for the sieve');
    },
  });
  const sieve = new Sieve(() => scanner);
  expect(sieve.look({ absolute: join(folder, name), relative: name })?.bytes).toBe(expected);
});
