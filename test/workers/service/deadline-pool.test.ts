/** Real threads that are slow, stuck, dead and out of memory. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDeadlinePool } from '../../../workers/service/deadline-pool.ts';
import type { DeadlinePool } from '../../../workers/service/deadline-pool.ts';

const LONG = 20_000;
const GIVE_UP_MS = 400;
/** 1: every thread ends as soon as it is asked for anything; 2: the next one is stuck. */
const doomed = new Int32Array(new SharedArrayBuffer(4));
let pool: DeadlinePool<string | number, string>;

beforeEach(async () => {
  doomed[0] = 0;
  pool = createDeadlinePool({
    workerFile: join(import.meta.dirname, 'pool-thread.cjs'),
    workerData: { doomed },
    threads: 3,
    maxHeapMb: 64,
    giveUpMs: GIVE_UP_MS + LONG,
    wake: 'warm',
  });
  await pool.warmUp();
});

afterEach(() => pool.close());

/** As `pool`, with a short patience for tasks that nobody waits for. */
async function impatient(wake = 'warm'): Promise<typeof pool> {
  await pool.close();
  pool = createDeadlinePool({
    workerFile: join(import.meta.dirname, 'pool-thread.cjs'),
    workerData: { doomed },
    threads: 2,
    maxHeapMb: 64,
    giveUpMs: GIVE_UP_MS,
    wake,
  });
  return pool;
}

describe('threads', () => {
  test('are one to begin with', () => {
    expect(pool.size).toBe(1);
  });

  test('are as many as are asked for, and no fewer later', async () => {
    pool.grow(2);
    pool.grow(1);
    await expect.poll(() => pool.size).toBe(2);
    expect(pool.restarts).toBe(0);
  });

  test('are two when one is late, which leaves one for others', async () => {
    const late = await pool.run(30, 10);
    expect(late.kind).toBe('late');
    await expect.poll(() => pool.size).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(pool.size).toBe(2);
  });

  test('are all there while one is late for long', async () => {
    const late = await pool.run(600, 10);
    if (late.kind !== 'late') throw new Error(late.kind);
    await expect.poll(() => pool.size).toBe(3);
    expect(await late.later).toBe('did 600');
  });

  test('that end are replaced', async () => {
    pool.grow(2);
    await expect.poll(() => pool.size).toBe(2);
    await pool.run('die', LONG);
    await expect.poll(() => [pool.size, pool.restarts]).toEqual([2, 1]);
  });

  test('are not started for tasks that come at once and are done in time', async () => {
    const tasks = Array.from({ length: 20 }, (_, index) => `task ${index}`);
    const outcomes = await Promise.all(tasks.map((task) => pool.run(task, LONG)));
    expect(outcomes).toEqual(tasks.map((task) => ({ kind: 'done', reply: `did ${task}` })));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(pool.size).toBe(1);
  });

  test('that start take no task from one that works', async () => {
    pool.grow(3);
    const [first, second] = await Promise.all([pool.run(20, LONG), pool.run(20, LONG)]);
    expect([first, second]).toEqual([
      { kind: 'done', reply: 'did 20' },
      { kind: 'done', reply: 'did 20' },
    ]);
    await expect.poll(() => pool.size).toBe(3);
    expect(pool.restarts).toBe(0);
  });

  test('that end while nobody uses them are replaced', async () => {
    expect(await pool.run('die later', LONG)).toEqual({ kind: 'done', reply: 'did die later' });
    await expect.poll(() => [pool.size, pool.restarts]).toEqual([1, 1]);
    expect(await pool.run('a', LONG)).toEqual({ kind: 'done', reply: 'did a' });
  });

  test('that cannot be replaced fail their tasks at once, and are tried anew later', async () => {
    const outcomes = await Promise.all([pool.run('doom', LONG), pool.run('a', LONG)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'failed']);
    await expect.poll(() => pool.size).toBe(0);
    expect(await pool.run('b', LONG)).toEqual({
      kind: 'failed',
      reason: 'no thread can be started',
    });
    doomed[0] = 0;
    await expect
      .poll(() => pool.run('c', LONG), { timeout: 5_000 })
      .toEqual({ kind: 'done', reply: 'did c' });
  });

  test('of which the only one is stuck as it starts have another one beside it', async () => {
    expect((await pool.run('hold', LONG)).kind).toBe('failed');
    const outcome = await pool.run('a', 10);
    if (outcome.kind !== 'late') throw new Error(outcome.kind);
    expect(await outcome.later).toBe('did a');
  });

  test('that end again and again start anew when they are asked for', async () => {
    for (let deaths = 1; deaths <= 3; deaths += 1) {
      pool.grow(3);
      await expect.poll(() => pool.size).toBe(3);
      await Promise.all([pool.run('die', LONG), pool.run('die', LONG), pool.run('die', LONG)]);
      await expect.poll(() => pool.restarts).toBe(deaths * 3);
    }
    expect(await pool.run('a', LONG)).toEqual({ kind: 'done', reply: 'did a' });
  });

  test.each(['die', 'stuck'])('of which the first cannot start (%s) are told of', async (wake) => {
    const broken = await impatient(wake);
    await expect(broken.warmUp()).rejects.toThrow();
  });

  test('that are ended as they start end nothing else', async () => {
    for (let ms = 0; ms < 40; ms += 4) {
      const short = await impatient();
      short.grow(2);
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    expect(await (await impatient()).run('a', LONG)).toEqual({ kind: 'done', reply: 'did a' });
  });
});

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
    pool.grow(3);
    await expect.poll(() => pool.size).toBe(3);
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

  test.each(['die', 'greedy'])(
    'whose thread ends (%s) has failed, and the pool lives',
    async (task) => {
      const outcome = await pool.run(task, LONG);
      expect(outcome.kind).toBe('failed');
      expect(await pool.run('d', LONG)).toEqual({ kind: 'done', reply: 'did d' });
    },
  );
});
