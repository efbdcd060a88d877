import { expect, test } from 'vitest';
import { afterFailure, CLOSED, isOpen } from '../../orchestrator/breaker.ts';
import { recent } from '../../orchestrator/dedupe.ts';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;

test('three failures in a row open the breaker, and a success between begins anew', () => {
  const two = afterFailure(afterFailure(CLOSED));
  expect(isOpen(two)).toBe(false);
  expect(isOpen(afterFailure(two))).toBe(true);
  expect(isOpen(afterFailure(CLOSED))).toBe(false);
});

test('what was told is remembered for its time, times of the future as of now', () => {
  const told = [
    { key: 'old', at: NOW - 2 * MINUTE },
    { key: 'new', at: NOW - 1 },
    { key: 'future', at: NOW + 99 * MINUTE },
  ];
  expect(recent(told, NOW, MINUTE)).toEqual([
    { key: 'new', at: NOW - 1 },
    { key: 'future', at: NOW },
  ]);
});
