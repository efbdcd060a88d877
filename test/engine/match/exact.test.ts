import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexLiterals } from '../../../engine/match/index-literals.ts';
import type { LiteralIndex } from '../../../engine/match/literal-index.ts';
import { likely, matchPlan } from '../../../engine/match/match.ts';
import { type PatternPlan, planPattern, tracesOf } from '../../../engine/match/plan.ts';
import { packIndex } from '../../../engine/pack/pack-index.ts';
import { openIndex } from '../../../engine/pack/packed-index.ts';
import { Re2Store } from '../../../engine/re2/store.ts';
import { decodeText } from '../../../engine/text/decode.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { createKernel } from '../../../host/kernel.ts';
import { oracle } from '../../support/oracle.ts';
import { testRuntime } from '../../support/wasm.ts';
import { pattern, text, wordyPattern } from './arbitraries.ts';

const runtime = testRuntime();
const store = new Re2Store(() => runtime);

/** Used as long as it has room: a new one for each search would be most of the work. */
let kernel = createKernel();

/** The index as the build writes it, which follows what it finds. */
function followedIndex(plans: readonly PatternPlan[]): LiteralIndex {
  const written = (): Uint8Array | undefined => {
    try {
      return packIndex(plans, [], kernel, true);
    } catch {
      return undefined;
    }
  };
  let file = written();
  if (file === undefined) {
    kernel = createKernel();
    file = written();
  }
  // A literal of one byte is for the automaton.
  return file === undefined ? indexLiterals(plans, []) : openIndex(file, kernel);
}

/** What the engine finds for each pattern: prefilter, then RE2 in windows. */
function engine(patterns: readonly string[]): (bytes: Uint8Array) => unknown[] {
  const plans = patterns.map((source): PatternPlan => {
    const planned = planPattern(source);
    if (!planned.ok) throw new Error(`${source}: ${planned.error.message}`);
    return planned.plan;
  });
  const index = followedIndex(plans);
  return (bytes) => {
    const sighting = index.search(bytes);
    store.setText(bytes);
    return plans.map((plan, position) => {
      const occurrences = sighting.occurrences.get(position);
      if (plan.literals !== undefined && occurrences === undefined) return [];
      const traces = tracesOf(plan);
      const isFollowed = position < sighting.followed;
      const candidates = isFollowed
        ? occurrences
        : traces && likely(traces, bytes, occurrences ?? [], store);
      const result = matchPlan(plan, bytes, { candidates: candidates ?? [] }, store, 1_000_000);
      if (result.kind === 'overdue') return result.kind;
      return result.kind === 'matches' ? result.matches : result.reason;
    });
  };
}

const RUNS = Number(process.env['SG_PROPERTY_RUNS'] ?? 2_500);
const PAIRS_PER_RUN = 8;

describe('the engine finds exactly what RE2 finds on the whole text', () => {
  const patterns = fc.array(fc.oneof(pattern, wordyPattern), { minLength: 1, maxLength: 3 });
  const texts = fc.array(text, { minLength: PAIRS_PER_RUN, maxLength: PAIRS_PER_RUN });

  test(`${RUNS * PAIRS_PER_RUN} generated pairs of rules and text, with emoji, surrogates, CRLF, NUL and long runs`, () => {
    let compared = 0;
    let matched = 0;
    fc.assert(
      fc.property(patterns, texts, (sources, contents) => {
        const encoded = contents.map(encodeUtf8);
        const expected = sources.map((source) => oracle(source, encoded));
        const usable = sources.filter((_, index) => expected[index] !== undefined);
        const find = engine(usable);
        encoded.forEach((bytes, index) => {
          const wanted = expected.flatMap((perText) =>
            perText === undefined ? [] : [perText[index] ?? []],
          );
          expect(find(bytes)).toEqual(wanted);
          compared += wanted.length;
          matched += wanted.filter((matches) => matches.length > 0).length;
        });
      }),
      { numRuns: RUNS },
    );
    // A generator that never matches would prove nothing.
    expect(matched / compared).toBeGreaterThan(0.1);
  }, 600_000);

  test('invalid bytes and NULs never hide a match', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 8 }),
        fc.uint8Array({ maxLength: 8 }),
        (before, after) => {
          const glued = new Uint8Array([...before, ...encodeUtf8('\neval(\n'), ...after]);
          const bytes = decodeText(glued);
          const utf16 =
            (glued[0] === 0xff && glued[1] === 0xfe) || (glued[0] === 0xfe && glued[1] === 0xff);
          if (!utf16) expect(engine(['eval\\('])(bytes)[0]).toHaveLength(1);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each([
    [
      'a match that ends at the edge of a long line',
      'foo.*bar',
      `foo${'x'.repeat(100_000)}bar\nfoo`,
    ],
    ['windows that overlap', 'ab{1,3}c.{0,5}d', 'abcab abbcxxxd abc d abcd'],
    ['an end anchor just outside of a window', 'foo.{0,3}$', `foo${' '.repeat(10)}foo12\nfoo123`],
    ['a begin anchor that only the first window may use', '^foo', 'foo foo'],
    ['a word boundary at a window edge', '\\bfoo\\b', 'foofoo foo xfoo éfooé foo'],
    [
      'runs of white space longer than any window',
      'eval\\s*\\(',
      `eval${' \n'.repeat(5000)}( eval`,
    ],
    ['long s and Kelvin sign', '(?i)kiss', 'ki\u017fs \u212aI\u017f\u017f KISS'],
    ['a lone surrogate before the match', 'eval\\(', '\udc00eval('],
    ['a boundary that a branch asks for behind its last letter', 'foo(?:[a-z]\\b)?', 'fooxyz'],
    ['a branch that would end there', 'foo(?:foo\\d$|)', 'foofoo1c'],
    ['one of several letters', 'foo(?:foo[0-9]\\b)?', 'foofoo12'],
    ['a boundary behind a run', 'foo(?:[a-z]{2}\\b|b*\\b)', 'foobar foo'],
    ['an end of the text behind a letter', 'foo(?:a\\z|)', 'fooab'],
    ['a boundary before the first letter', '(?:\\b[a-z])?foo', 'xyfoo'],
    ['an empty match at every place', 'x*', 'axxb'],
  ])('%s', (_, source, content) => {
    const bytes = encodeUtf8(content);
    const expected = oracle(source, [bytes])?.[0];
    expect(engine([source])(bytes)).toEqual([expected]);
    expect(expected?.length).toBeGreaterThan(0);
  });
});
