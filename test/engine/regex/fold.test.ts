/** Classes without regard to case, code point by code point, against RE2's own. */
import { expect, test } from 'vitest';
import type { Node } from '../../../engine/regex/ast.ts';
import { parsePattern } from '../../../engine/regex/parse.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { Re2Store } from '../../../engine/re2/store.ts';
import { testRuntime } from '../../support/wasm.ts';

/** All code points that UTF-8 has, in order: the matches of `x+` are the ranges of `x`. */
const HIGH_SURROGATES = 0xd800;
const BEHIND_SURROGATES = 0xe000;
const END = 0x110000;
const ALL = encodeUtf8(charactersOf(0, HIGH_SURROGATES) + charactersOf(BEHIND_SURROGATES, END));

function charactersOf(from: number, to: number): string {
  let text = '';
  for (let code = from; code < to; code++) text += String.fromCodePoint(code);
  return text;
}

function codePointAt(offset: number): number {
  if (offset === ALL.length) return END;
  return (
    Buffer.from(ALL.subarray(offset, offset + 4))
      .toString('utf8')
      .codePointAt(0) ?? END
  );
}

const runtime = testRuntime();

function rangesOfRe2(source: string): number[] {
  const store = new Re2Store(() => runtime);
  store.setText(ALL);
  const result = store.search(`(?:${source})+`, [{ start: 0, end: ALL.length }], 1000);
  store.dispose();
  if (result.kind !== 'matches') throw new Error(result.kind);
  return result.matches.flatMap(({ start, end }) => [codePointAt(start), codePointAt(end) - 1]);
}

/** Surrogates are in no text: a range across them is one. */
function shown(ranges: readonly number[]): number[] {
  const result: number[] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const [low = 0, high = 0] = [ranges[i], ranges[i + 1]];
    if (low === BEHIND_SURROGATES && result.at(-1) === HIGH_SURROGATES - 1) result.pop();
    else result.push(low);
    result.push(high);
  }
  return result;
}

function classOf(source: string): Extract<Node, { kind: 'class' }> {
  const parsed = parsePattern(source);
  if (!parsed.ok || parsed.node.kind !== 'class') throw new Error('no class');
  return parsed.node;
}

test.each(['\\S', '[^\\d]', '[^a]', '[^\\x00-\\x7f]', '[!-\\x{10ffff}]', '[!-~]', '.'])(
  '(?i)%s is known exactly',
  (source) => {
    const { ranges, approximate } = classOf(`(?i)${source}`);
    expect(approximate).toBe(false);
    expect(shown(ranges)).toEqual(shown(rangesOfRe2(`(?i)${source}`)));
  },
);

test.each(['[é-ü]', '\\W', '[\\W]', '[\\x{80}-\\x{10ffff}]', '[^k\\x{80}-\\x{10ffff}]'])(
  '(?i)%s is not',
  (source) => {
    expect(classOf(`(?i)${source}`).approximate).toBe(true);
  },
);
