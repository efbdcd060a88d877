/** What stands around literals, as the kernel follows it, against the same in JavaScript. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexLiterals } from '../../../engine/match/index-literals.ts';
import type { LiteralIndex, Sighting } from '../../../engine/match/literal-index.ts';
import { type PatternPlan, planPattern, tracesOf } from '../../../engine/match/plan.ts';
import { couldMatchAt } from '../../../engine/match/trace.ts';
import { packIndex } from '../../../engine/pack/pack-index.ts';
import { openIndex } from '../../../engine/pack/packed-index.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { createKernel } from '../../../host/kernel.ts';
import { pattern, text, wordyPattern } from './arbitraries.ts';

const MARK = { bytes: 'sg-ignore', foldCase: true };
const CHUNK = 1 << 17;

function planOf(source: string): PatternPlan {
  const planned = planPattern(source);
  if (!planned.ok) throw new Error(planned.error.message);
  return planned.plan;
}

function followedIndex(plans: readonly PatternPlan[]): LiteralIndex {
  const kernel = createKernel();
  return openIndex(packIndex(plans, [MARK], kernel, true), kernel);
}

/** Occurrences that the automaton finds, of which those are left that may be a part of a match. */
function inJavaScript(plans: readonly PatternPlan[], bytes: Uint8Array): (string[] | undefined)[] {
  const { occurrences } = indexLiterals(plans, [MARK]).search(bytes);
  return plans.map((plan, index) => {
    const traces = tracesOf(plan);
    const flat = occurrences.get(index);
    if (traces === undefined || flat === undefined) return undefined;
    const kept = pairs(flat).filter(([start, end]) => couldMatchAt(bytes, start, end, traces));
    return kept.length === 0 ? undefined : kept.map(String);
  });
}

function inKernel(plans: readonly PatternPlan[], found: Sighting): (string[] | undefined)[] {
  return plans.map((_, index) => {
    const flat = found.occurrences.get(index);
    return flat && pairs(flat).map(String);
  });
}

function pairs(flat: readonly number[]): (readonly [start: number, end: number])[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [
    flat[i * 2] ?? 0,
    flat[i * 2 + 1] ?? 0,
  ]);
}

const isForBlocks = (plan: PatternPlan): boolean =>
  plan.literals?.every(({ bytes }) => bytes.length > 1) === true;

test('the two agree, whatever the pattern and the text', () => {
  let kept = 0;
  let left = 0;
  fc.assert(
    fc.property(
      fc.array(fc.oneof(pattern, wordyPattern), { minLength: 1, maxLength: 6 }),
      fc.array(text, { minLength: 4, maxLength: 4 }),
      (sources, contents) => {
        const plans = sources.map(planOf).filter(isForBlocks);
        const index = followedIndex(plans);
        for (const content of contents) {
          const bytes = encodeUtf8(content);
          const found = index.search(bytes);
          // With a long s or a Kelvin sign nothing is followed.
          if (found.followed === 0) continue;
          const expected = inJavaScript(plans, bytes);
          expect(inKernel(plans, found)).toEqual(expected);
          kept += expected.flatMap((each) => each ?? []).length;
          const all = indexLiterals(plans, []).search(bytes).occurrences;
          left += [...all.values()].flat().length / 2;
        }
      },
    ),
    { numRuns: 600 },
  );
  // Some are told off, and not all.
  expect(kept).toBeGreaterThan(300);
  expect(left - kept).toBeGreaterThan(300);
});

const around = [
  'alpha[ ]+beta',
  'beta\\b',
  '^alpha',
  'beta$',
  'alpha\\z',
  '\\Aalpha',
  '(?m:^)beta',
  '(?:x|yy|é)*alpha(?:1|22| beta)',
  '[^\\n]{0,30}alpha',
  'beta.{3}q',
].map(planOf);

test('what is beyond the part at hand may match, and what is told is never less', () => {
  const index = followedIndex(around);
  const words = 'alpha beta éalpha22 yyyalpha1 beta\nbeta12q xalpha';
  for (let at = CHUNK - 80; at < CHUNK + 8; at++) {
    const bytes = new Uint8Array(CHUNK + 2_000).fill(0x20);
    bytes.set(encodeUtf8(words), at);
    const found = inKernel(around, index.search(bytes));
    expect(found).toEqual(inJavaScript(around, bytes));
  }
});

test.each([
  ['begin', 2 * CHUNK],
  ['begin of a part', CHUNK],
  ['end', -1],
])('a walk that leaves the part at hand is taken for possible: %s', (_, place) => {
  const plan = planOf('x[ab]*literal[ab]*y');
  const length = 2 * CHUNK + 5_000;
  const bytes = new Uint8Array(length).fill(0x61);
  bytes.set(encodeUtf8('literal'), place < 0 ? length - 7 : place);
  const found = followedIndex([plan]).search(bytes);
  // The run of letters is longer than what is looked at, on either side.
  expect(found.occurrences.get(0) === undefined).toBe(place < 0);
  expect(found.followed).toBe(1);
});

test('a text in which walks would take too long is told of as it is', () => {
  const plan = planOf('literal[a-z]{0,300}X');
  const bytes = encodeUtf8('literal'.repeat(20_000));
  const found = followedIndex([plan]).search(bytes);
  expect(found.followed).toBe(0);
  expect(found.occurrences.get(0)?.length).toBeGreaterThan(0);
});

test('marks are told of beside plans', () => {
  const found = followedIndex([planOf('alpha\\(')]).search(encodeUtf8('alpha sg-ignore alpha('));
  expect(found.marks).toEqual([6]);
  expect(found.occurrences.get(0)).toEqual([16, 22]);
});

test('of plans that are not wanted nothing is told', () => {
  const plans = ['alpha\\(', 'alpha|beta'].map(planOf);
  const found = followedIndex(plans).search(encodeUtf8('alpha( beta'), Uint8Array.of(1, 0));
  expect(inKernel(plans, found)).toEqual([['0,6'], undefined]);
});
