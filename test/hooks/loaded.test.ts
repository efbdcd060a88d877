/** What the hook's own process loads: each module that it does not need is a part of every edit's wait. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { payload } from './payloads.ts';

const HOOK = resolve(import.meta.dirname, '../../dist/plugin/hooks/post-tool-use.js');
const scratch = mkdtempSync(join(tmpdir(), 'sg-loaded-'));
const list = join(scratch, 'loaded.json');
const watcher = join(scratch, 'watch.cjs');
writeFileSync(
  watcher,
  `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)},
     JSON.stringify({ own: Object.keys(require.cache), node: process.moduleLoadList })));`,
);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function loadedFor(content: string): { readonly own: string[]; readonly node: string[] } {
  const sent = payload(
    'Write',
    { file_path: join(scratch, 'a.ts'), content },
    { type: 'create', originalFile: null },
    { cwd: scratch },
  );
  const { status, stderr } = spawnSync(process.execPath, ['--require', watcher, HOOK], {
    input: JSON.stringify(sent),
    env: { HOME: scratch, SECURITY_WARNINGS_STATE_DIR: join(scratch, 'state'), SG_SERVICE: '0' },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  const { own, node } = JSON.parse(readFileSync(list, 'utf8'));
  return { own: own.map((path: string) => basename(path)), node };
}

test('an edit without a literal loads one file, and nothing of Node.js that takes long', () => {
  const { own, node } = loadedFor('export const sum = (a: number, b: number): number => a + b;\n');
  expect(own).toEqual(['watch.cjs', 'post-tool-use.js']);
  for (const slow of ['crypto', 'perf_hooks', 'worker_threads', 'child_process', 'net'])
    expect(node).not.toContain(`NativeModule ${slow}`);
});

test('a bad edit loads the scanner', () => {
  const { own, node } = loadedFor('export const run = (code: string): unknown => eval(code);\n');
  expect(own.join(' ')).toContain('full-scanner');
  expect(node).not.toContain('NativeModule crypto');
});
