import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLog } from '../../host/log.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-log-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const now = (): number => Date.UTC(2030, 0, 2, 3, 4, 5);

it('writes one JSON object a line, in a file of the user alone', () => {
  const path = join(dir, 'new', 'log.txt');
  const log = createLog({ path, now });
  log.write('told', { file: 'a\nb.py', count: 2 });
  log.write('skipped');
  expect(readFileSync(path, 'utf8')).toBe(
    '{"time":"2030-01-02T03:04:05.000Z","event":"told","file":"a\\nb.py","count":2}\n' +
      '{"time":"2030-01-02T03:04:05.000Z","event":"skipped"}\n',
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, 'new')).mode & 0o777).toBe(0o700);
});

it('cuts long strings', () => {
  const path = join(dir, 'log.txt');
  createLog({ path, now }).write('x', { reason: 'r'.repeat(5000) });
  expect(readFileSync(path, 'utf8').length).toBeLessThan(400);
});

it('turns over above the limit and keeps one generation', () => {
  const path = join(dir, 'log.txt');
  const log = createLog({ path, now, maxBytes: 200 });
  writeFileSync(path, `${'-'.repeat(300)}\n`);
  log.write('first');
  expect(existsSync(path)).toBe(false);
  log.write('second');
  expect(readFileSync(`${path}.1`, 'utf8')).toContain('"first"');
  expect(readFileSync(path, 'utf8')).toContain('"second"');
});

it.each([
  ['no path', () => undefined],
  ['a folder in its place', () => dir],
  ['a file where a folder should be', () => join(dir, 'file', 'log.txt')],
  ['a path with a NUL', () => `${dir}/a\0b`],
])('never throws: %s', (_name, path) => {
  writeFileSync(join(dir, 'file'), '');
  expect(() => createLog({ path: path(), now }).write('x')).not.toThrow();
});
