import { expect, test } from 'vitest';
import { afterFailure, afterSuccess, CLOSED, isOpen } from '../../orchestrator/breaker.ts';
import { recent } from '../../orchestrator/dedupe.ts';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;

test('three failures in a row open the breaker for ten minutes', () => {
  const two = afterFailure(afterFailure(CLOSED, NOW), NOW);
  expect(isOpen(two, NOW)).toBe(false);
  const three = afterFailure(two, NOW);
  expect(isOpen(three, NOW + 10 * MINUTE - 1)).toBe(true);
  expect(isOpen(three, NOW + 10 * MINUTE)).toBe(false);
});

test('a success between begins anew', () => {
  const two = afterFailure(afterFailure(CLOSED, NOW), NOW);
  expect(two.failures).toBe(2);
  expect(isOpen(afterFailure(afterSuccess(), NOW), NOW)).toBe(false);
});

test('a clock that was set back does not keep it open', () => {
  const open = afterFailure(afterFailure(afterFailure(CLOSED, NOW), NOW), NOW);
  expect(isOpen(open, NOW - 24 * 60 * MINUTE)).toBe(false);
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
