/** Folders that only the user can enter. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePrivateDir } from '../../../host/state/dir.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-dir-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

it('makes a folder and those above it for the user alone, and leaves others as they are', () => {
  const above = join(dir, 'above');
  mkdirSync(above);
  const mode = modeOf(above);
  makePrivateDir(join(above, 'one/two'));
  makePrivateDir(join(above, 'one/two'));
  expect([modeOf(above), modeOf(join(above, 'one')), modeOf(join(above, 'one/two'))]).toEqual([
    mode,
    '700',
    '700',
  ]);
});

it('says what is in the way', () => {
  writeFileSync(join(dir, 'file'), '');
  expect(() => makePrivateDir(join(dir, 'file/one'))).toThrow('ENOTDIR');
});

/** Ends with what it wrote to stderr. */
function run(program: string, ...args: string[]): Promise<string> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [program, ...args]);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => done(`${String(code)}${stderr}`));
  });
}

it('is made once by many that make it at the same time', async () => {
  const program = join(dir, 'make-dirs.mjs');
  const input = join(import.meta.dirname, 'make-dirs-program.ts');
  const build = await rolldown({ input, platform: 'node' });
  await build.write({ file: program, format: 'esm' });
  await build.close();
  const begin = String(Date.now() + 1_000);
  const ended = Array.from({ length: 4 }, () => run(program, join(dir, 'many'), '3000', begin));
  expect(await Promise.all(ended)).toEqual(['0', '0', '0', '0']);
});
