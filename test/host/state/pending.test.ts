import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPending } from '../../../host/state/pending.ts';
import type { Pending } from '../../../host/state/pending.ts';

let dir: string;
const events: string[] = [];
const log = { write: (event: string) => void events.push(event) };
const open = (key = 's1'): Pending => createPending({ dir, key, log });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-pending-'));
  events.length = 0;
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('what is kept', () => {
  test('is taken in order, by its session only', async () => {
    expect(await open().add({ n: 1 })).toBe(true);
    expect(await open().add({ n: 2 })).toBe(true);
    expect(await open('other').take('t1')).toEqual([]);
    expect(await open().take('t1')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('is taken again by the same tool call and by no other', async () => {
    await open().add('a');
    expect(await open().take('t1')).toEqual(['a']);
    await open().add('b');
    expect(await open().take('t1')).toEqual(['a', 'b']);
    expect(await open().take('t2')).toEqual([]);
    expect(readdirSync(dir)).toEqual([]);
  });

  test('is 0600 and leaves no other file', async () => {
    await open().add('a');
    const [name = ''] = readdirSync(dir);
    expect(readdirSync(dir)).toHaveLength(1);
    expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  });

  test('is not lost to two that add at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => open().add(i)));
    const taken = await open().take('t');
    expect(new Set(taken)).toEqual(new Set(Array.from({ length: 20 }, (_, i) => i)));
    expect(taken).toHaveLength(20);
  });

  test('a corrupt file is set aside', async () => {
    await open().add('a');
    const [name = ''] = readdirSync(dir);
    writeFileSync(join(dir, name), '[{');
    expect(await open().take('t')).toEqual([]);
    expect(events).toContain('pending-corrupt');
    expect(await open().add('b')).toBe(true);
    expect(await open().take('t')).toEqual(['b']);
  });

  test('without a folder nothing is', async () => {
    const none = createPending({ dir: undefined, key: 's', log });
    expect(await none.add(1)).toBe(false);
    expect(await none.take('t')).toEqual([]);
  });
});
