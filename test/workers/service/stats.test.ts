import { expect, test } from 'vitest';
import { ServiceStats } from '../../../workers/service/stats.ts';

test('latencies are those of the last thousand edits', () => {
  const stats = new ServiceStats();
  expect(stats.latencies).toBeNull();
  for (let i = 0; i < 1000; i++) stats.time(1_000_000);
  for (let i = 1; i <= 1000; i++) stats.time(i);
  expect(stats.latencies).toEqual({ p50: 500, p95: 950, p99: 990, max: 1000 });
});

test('counts edits and the reasons of silence, of which there are not too many', () => {
  const stats = new ServiceStats();
  stats.count('answered');
  stats.count('answered');
  stats.count('told');
  expect(stats.edits).toEqual({ answered: 2, told: 1, incomplete: 0, refused: 0, failed: 0 });
  for (let i = 0; i < 200; i++) stats.skip(`reason ${i}`);
  stats.skip('reason 0');
  expect(Object.keys(stats.skipped)).toHaveLength(51);
  expect(stats.skipped['reason 0']).toBe(2);
  expect(stats.skipped['other']).toBe(150);
});
