/**
 * RE2's patterns in the automaton: every match in time linear in the text, however many there are.
 *
 * RE2 is linear for one match. Where a longer match may still come it reads on, often to the end of the line, and for the
 * next match it does so again: `evil\((?:.*end)?` over a line of nothing but `evil(` takes quadratic time.
 */
import type { ByteRange } from '../re2/instance.ts';
import type { Node } from '../regex/ast.ts';
import { parsePattern } from '../regex/parse.ts';
import { WORD } from '../regex/ranges.ts';
import { nextCodePoint, previousCodePoint } from '../text/utf8.ts';
import { type AutomatonMatcher, compileAutomaton } from './matcher.ts';

/** Texts that need it have one such pattern, or the few of a rule. */
const MAX_KEPT = 8;
/** It takes several bytes of memory for each of the text. */
const MAX_BYTES = 8 * 1024 * 1024;

export class LinearPatterns {
  readonly #matchers = new Map<string, AutomatonMatcher | undefined>();

  /**
   * The matches of `pattern` that RE2 finds in `windows` of `text` (valid UTF-8), of which it sees one code point more;
   * at most `limit` of them. Undefined where the automaton may find others than RE2, or the windows are too large.
   */
  findAll(
    pattern: string,
    text: Uint8Array,
    windows: readonly ByteRange[],
    limit: number,
    isOverdue: () => boolean,
  ): ByteRange[] | 'overdue' | undefined {
    if (windows.some(({ start, end }) => end - start > MAX_BYTES)) return undefined;
    const matcher = this.#matcher(pattern);
    if (matcher === undefined) return undefined;
    const found: ByteRange[] = [];
    for (const window of windows) {
      const start = window.start === 0 ? 0 : previousCodePoint(text, window.start);
      const slice = text.subarray(start, nextCodePoint(text, window.end));
      const range = { from: window.start - start, until: window.end - start };
      const spans = matcher.findAll(slice, limit - found.length, isOverdue, range);
      if (spans === undefined) return 'overdue';
      for (const span of spans) found.push({ start: span.start + start, end: span.end + start });
    }
    return found;
  }

  #matcher(pattern: string): AutomatonMatcher | undefined {
    const known = this.#matchers.get(pattern);
    const matcher = known ?? compileExact(pattern);
    this.#matchers.delete(pattern);
    this.#matchers.set(pattern, matcher);
    for (const oldest of this.#matchers.keys()) {
      if (this.#matchers.size <= MAX_KEPT) break;
      this.#matchers.delete(oldest);
    }
    return matcher;
  }
}

function compileExact(pattern: string): AutomatonMatcher | undefined {
  const parsed = parsePattern(pattern);
  if (!parsed.ok || emptiness(parsed.node) !== 'never') return undefined;
  const compiled = compileAutomaton(parsed.node, WORD);
  return compiled.ok ? compiled.matcher : undefined;
}

/** Whether a node matches the empty text; 'unlike' where what the automaton matches may not be what RE2 does. */
type Emptiness = 'never' | 'maybe' | 'unlike';

function emptiness(node: Node): Emptiness {
  switch (node.kind) {
    case 'empty':
    case 'assert':
      return 'maybe';
    case 'class':
      return node.approximate ? 'unlike' : 'never';
    case 'any-byte':
    case 'look':
      return 'unlike';
    case 'capture':
      return emptiness(node.node);
    case 'concat': {
      const parts = node.parts.map(emptiness);
      if (parts.includes('unlike')) return 'unlike';
      return parts.includes('never') ? 'never' : 'maybe';
    }
    case 'alternate': {
      const branches = node.branches.map(emptiness);
      if (branches.includes('unlike')) return 'unlike';
      return branches.includes('maybe') ? 'maybe' : 'never';
    }
    case 'repeat': {
      if (node.max === 0) return 'maybe';
      const each = emptiness(node.node);
      // Rounds of nothing are counted differently.
      if (each === 'unlike' || (each === 'maybe' && node.max > 1)) return 'unlike';
      return node.min === 0 ? 'maybe' : each;
    }
  }
}
