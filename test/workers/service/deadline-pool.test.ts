/** Real threads that are slow, stuck, dead and out of memory. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDeadlinePool } from '../../../workers/service/deadline-pool.ts';
import type { DeadlinePool } from '../../../workers/service/deadline-pool.ts';

const LONG = 20_000;
const GIVE_UP_MS = 400;
let pool: DeadlinePool<string | number, string>;

beforeEach(async () => {
  pool = createDeadlinePool({
    workerFile: join(import.meta.dirname, 'pool-thread.mjs'),
    workerData: {},
    threads: 3,
    maxHeapMb: 64,
    giveUpMs: GIVE_UP_MS + LONG,
  });
  await pool.warmUp('warm');
});

afterEach(() => pool.close());

/** As `pool`, with a short patience for tasks that nobody waits for. */
async function impatient(): Promise<typeof pool> {
  await pool.close();
  pool = createDeadlinePool({
    workerFile: join(import.meta.dirname, 'pool-thread.mjs'),
    workerData: {},
    threads: 2,
    maxHeapMb: 64,
    giveUpMs: GIVE_UP_MS,
  });
  return pool;
}

describe('a task', () => {
  test('that is done in time is the answer', async () => {
    expect(await pool.run('a', LONG)).toEqual({ kind: 'done', reply: 'did a' });
  });

  test('that is late goes on and gives its reply later', async () => {
    const outcome = await pool.run(150, 10);
    if (outcome.kind !== 'late') throw new Error(outcome.kind);
    expect(await outcome.later).toBe('did 150');
    expect(pool.restarts).toBe(0);
  });

  test('that is late where all other threads are late already is stopped', async () => {
    const first = await pool.run(300, 10);
    const second = await pool.run(300, 10);
    const third = await pool.run('stuck', 10);
    if (first.kind !== 'late' || second.kind !== 'late' || third.kind !== 'late')
      throw new Error('not late');
    expect(await third.later).toBeUndefined();
    expect(await first.later).toBe('did 300');
    expect(await second.later).toBe('did 300');
    expect(await pool.run('b', LONG)).toEqual({ kind: 'done', reply: 'did b' });
    await expect.poll(() => pool.restarts).toBe(1);
  });

  test('that never ends is given up, and others are answered all the while', async () => {
    const impatientPool = await impatient();
    await impatientPool.run('warm', LONG);
    const stuck = await impatientPool.run('stuck', 10);
    if (stuck.kind !== 'late') throw new Error(stuck.kind);
    expect(await impatientPool.run('c', LONG)).toEqual({ kind: 'done', reply: 'did c' });
    expect(await stuck.later).toBeUndefined();
    await expect.poll(() => impatientPool.restarts).toBe(1);
  });

  test('is given to each thread to begin with, and one that fails is told', async () => {
    await pool.warmUp(20);
    expect(pool.restarts).toBe(0);
    await expect(pool.warmUp('die')).rejects.toThrow();
  });

  test.each(['die', 'greedy'])(
    'whose thread ends (%s) has failed, and the pool lives',
    async (task) => {
      const outcome = await pool.run(task, LONG);
      expect(outcome.kind).toBe('failed');
      expect(await pool.run('d', LONG)).toEqual({ kind: 'done', reply: 'did d' });
    },
  );
});
