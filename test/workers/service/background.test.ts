import { expect, test } from 'vitest';
import { BackgroundQueue } from '../../../workers/service/background.ts';

test('runs one job after the other, in order', async () => {
  const queue = new BackgroundQueue();
  const seen: string[] = [];
  const job = (name: string) => async () => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 2));
    seen.push(`${name} ends`);
  };
  queue.add(1, job('a'));
  queue.add(1, job('b'));
  expect(queue.counts).toEqual({ queued: 2, finished: 0, dropped: 0 });
  await expect.poll(() => queue.counts.queued).toBe(0);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  expect(queue.counts).toEqual({ queued: 0, finished: 2, dropped: 0 });
});

test('refuses what is too much to keep, and takes work again later', async () => {
  const queue = new BackgroundQueue();
  let free: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (free = resolve));
  expect(queue.add(60 * 1024 * 1024, () => held)).toBe(true);
  expect(queue.add(5 * 1024 * 1024, () => held)).toBe(false);
  expect(queue.counts.dropped).toBe(1);
  free();
  await expect.poll(() => queue.counts.finished).toBe(1);
  expect(queue.add(5 * 1024 * 1024, () => Promise.resolve())).toBe(true);
});

test('a heavy job waits until it may begin, a light one does not', async () => {
  let calm: () => void = () => undefined;
  const queue = new BackgroundQueue(() => new Promise<void>((resolve) => (calm = resolve)));
  queue.add(1, () => Promise.resolve());
  queue.add(1024 * 1024, () => Promise.resolve());
  await expect.poll(() => queue.counts.finished).toBe(1);
  expect(queue.counts.queued).toBe(1);
  calm();
  await expect.poll(() => queue.counts.finished).toBe(2);
});
