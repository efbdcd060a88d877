import { expect, test } from 'vitest';
import { boundOf, costOf, priceOf, usageOf } from '../../orchestrator/money.ts';

const used = (
  inputTokens: number,
  outputTokens = 0,
  cacheReadTokens = 0,
  cacheWriteTokens = 0,
) => ({
  inputTokens,
  outputTokens,
  cacheReadTokens,
  cacheWriteTokens,
});

test.each([
  ['claude-opus-5-5', 4],
  ['claude-opus-5-5-20261021', 4],
  ['us.anthropic.claude-opus-4-7-v1:0', 5],
  ['claude-sonnet-5-5@20261021', 2],
  ['opus', 4],
])('%s has the price of its model', (model, input) => {
  expect(priceOf(model)?.input).toBe(input);
});

test.each(['claude-opus-5-55', 'claude-next', 'gpt', 'toString', ''])('%s has none', (model) => {
  expect(priceOf(model)).toBeUndefined();
  expect(costOf(model, used(1))).toBeUndefined();
});

test.each([
  ['a million in', used(1_000_000), 4],
  ['a million out', used(0, 1_000_000), 20],
  ['a million from the cache', used(0, 0, 1_000_000), 0.4],
  ['a million into the cache', used(0, 0, 0, 1_000_000), 5],
])('%s', (_, usage, cost) => {
  expect(costOf('claude-opus-5-5', usage)).toBeCloseTo(cost, 9);
});

test('a long prompt costs more where the table says so', () => {
  expect(costOf('claude-haiku-5-5', used(100_000))).toBeCloseTo(0.01, 9);
  expect(costOf('claude-haiku-5-5', used(100_001))).toBeCloseTo(0.0500005, 9);
});

test('a review costs what its calls cost, or an unknown amount when one of them does', () => {
  const attempt = (model: string) => ({
    provider: 'p',
    model,
    milliseconds: 1,
    usage: used(500_000, 1000),
  });
  expect(usageOf([])).toBeUndefined();
  expect(usageOf([attempt('claude-opus-5-5'), attempt('claude-opus-5-5')])).toEqual({
    calls: 2,
    inputTokens: 1_000_000,
    outputTokens: 2000,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 4.04,
    model: 'claude-opus-5-5',
  });
  expect(usageOf([attempt('claude-opus-5-5'), attempt('new')])?.costUsd).toBeUndefined();
});

test('the bound of a request is at least a token for three characters', () => {
  const request = {
    model: 'm',
    system: 'a'.repeat(30),
    prompt: 'b'.repeat(3),
    schema: {},
    maxTokens: 7,
  };
  expect(boundOf(request)).toMatchObject({ inputTokens: 11, outputTokens: 7 });
});
