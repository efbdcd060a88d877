/** A lock's file becomes what the lock was for, and is never somebody else's. */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acquireLock } from '../../../host/state/lock.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-lock-'));
  writeFileSync(join(dir, 'x.json'), '{"old":1}');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const path = (name: string): string => join(dir, name);
const text = (name: string): string => readFileSync(path(name), 'utf8');

async function held() {
  const lock = await acquireLock(path('x.lock'), { waitMs: 0 });
  if (lock.kind !== 'held') throw new Error(lock.kind);
  return lock;
}

it('becomes the file that it was for, and is free', async () => {
  const lock = await held();
  const long = JSON.stringify({ new: 'é'.repeat(100_000) });
  lock.become(path('x.json'), long);
  lock.release();
  expect(text('x.json')).toBe(long);
  expect(readdirSync(dir)).toEqual(['x.json']);
  (await held()).release();
  expect(readdirSync(dir)).toEqual(['x.json']);
});

it('replaces nothing where another has taken it over, and leaves the lock of that one', async () => {
  const lock = await held();
  unlinkSync(path('x.lock'));
  const other = await held();
  expect(() => lock.become(path('x.json'), '{}')).toThrow('the lock was taken over');
  lock.release();
  expect(text('x.json')).toBe('{"old":1}');
  expect(existsSync(path('x.lock'))).toBe(true);
  other.release();
  expect(existsSync(path('x.lock'))).toBe(false);
});

it('is free again where the file cannot be replaced', async () => {
  const lock = await held();
  expect(() => lock.become(path('missing/x.json'), '{}')).toThrow('ENOENT');
  lock.release();
  expect(readdirSync(dir)).toEqual(['x.json']);
});
