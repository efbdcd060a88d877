/** The parts of a text that a condition is asked of. */
import { argumentAround, argumentEnd, argumentsAround, indexFrom } from '../flow/operands.ts';
import type { Safety } from '../flow/functions.ts';
import type { MadeSafe } from '../flow/origin.ts';
import { type FlowSlice, FlowSlices } from '../flow/slice.ts';
import { MOST_BYTES } from '../flow/tokens.ts';
import type { LanguageId } from '../language.ts';
import { CallIndex } from '../lexer/balance.ts';
import { enclosingBlock } from '../lexer/block.ts';
import { FunctionHeads } from '../lexer/function-head.ts';
import type { Spans } from '../lexer/spans.ts';
import { firstWord } from '../match/match.ts';
import { once } from '../once.ts';
import type { ByteRange } from '../re2/instance.ts';
import type { Within } from '../rule.ts';
import { type Statements, statementsOf } from '../statement/statements.ts';
import type { LineIndex } from '../text/lines.ts';
import type { GroupRange } from '../where/where.ts';
import { flowTextOf } from './flow-text.ts';

export interface SlicedText {
  readonly text: Uint8Array;
  /** As long as `text`, its comments may be blanked. */
  readonly seen: Uint8Array;
  readonly spans: Spans;
  readonly lines: LineIndex;
  readonly language: LanguageId | undefined;
  /** How far code in a template is indented says nothing. */
  readonly isTemplate: boolean;
}

export interface SliceWanted {
  readonly within: Within;
  readonly lines: number;
  readonly of: string | undefined;
  readonly without: readonly string[];
}

export interface SliceUse {
  /** Whether the condition cancels the match, else it is required. */
  readonly cancels: boolean;
  readonly madeSafe: MadeSafe;
}

/** A match of which a rule's conditions are asked. */
export interface Judged {
  readonly range: ByteRange;
  readonly group?: GroupRange;
}

export interface Slice {
  /** Each is taken by itself. */
  readonly parts: readonly ByteRange[];
  /** Of `flow`: whether any of the value is not in sight. */
  readonly isOpen: boolean;
  readonly isLiteral?: boolean;
  /** Bytes that were read to tell them. */
  readonly cost: number;
}

/** Of a match over more statements the last ones count. */
const MOST_OF_MATCH = 16;
/** Nobody writes a longer line: no value is followed in minified code. */
const MOST_LINE_BYTES = 2048;

/** No statements there. */
const MARKUP: ReadonlySet<LanguageId | undefined> = new Set(
  'xml html yaml json toml ini hcl css markdown dockerfile makefile'.split(' ') as LanguageId[],
);

const NOTHING: Slice = { parts: [], isOpen: true, cost: 0 };

interface Followed {
  readonly slice: FlowSlice;
  /** Where the branch begins that the value is used in. */
  readonly branch: () => number;
}

const NOT_FOLLOWED: Followed = {
  slice: { origins: [], values: [], mentions: [], isOpen: true, isLiteral: false, from: 0 },
  branch: () => 0,
};

/** Languages that are made small to be sent: nobody edits that, and each value in it would be variable. */
const MINIFIED: ReadonlySet<LanguageId | undefined> = new Set(['javascript', 'html'] as const);
const NOT_ASKED: Followed = {
  ...NOT_FOLLOWED,
  slice: { ...NOT_FOLLOWED.slice, isOpen: false },
};

export class Slices {
  readonly #text: SlicedText;
  readonly #calls: () => CallIndex;
  readonly #statements: () => Statements;
  readonly #heads: () => FunctionHeads;
  readonly #flows: () => FlowSlices;
  readonly #known = new Map<string, Followed>();

  constructor(sliced: SlicedText) {
    const { text, seen, spans, lines, language } = sliced;
    this.#text = sliced;
    this.#calls = once(() => new CallIndex(text, spans));
    this.#statements = once(() => statementsOf(text, spans, language));
    this.#heads = once(() => new FunctionHeads(seen, lines, language));
    this.#flows = once(() => new FlowSlices(flowTextOf(sliced, this.#statements, this.#heads)));
  }

  of({ range, group }: Judged, wanted: SliceWanted, use: SliceUse): Slice {
    const { within } = wanted;
    if (within === 'flow') {
      const before = this.#flows().work.spent;
      const slice = this.#flowOf({ range, ...(group && { group }) }, wanted, use);
      // What was known costs nothing.
      return { ...slice, cost: this.#flows().work.spent - before };
    }
    const part = this.#part(range, wanted, use.cancels);
    // Finding the edges of these is work in itself; those of the others are looked up.
    const isRead = within === 'block' || within === 'before';
    return { parts: [part], isOpen: true, cost: isRead ? part.end - part.start : 0 };
  }

  /**
   * Where all parts of a slice of `flow` lie, told without following anything; undefined where it takes as much to tell. Empty
   * when there is no value.
   */
  reachOfFlow({ range, group }: Judged, { of, lines: most }: SliceWanted): ByteRange | undefined {
    const { text, lines } = this.#text;
    const start = firstWord(text, range);
    const matched = { start, end: Math.max(start + 1, range.end) };
    const value = of === undefined ? matched : group?.(of);
    if (value === undefined || this.#isMinified(value.start))
      return { start: range.start, end: range.start };
    const statement = this.#statements().around(value.start, value.end) ?? value;
    const line = lines.lineAt(statement.start);
    const last = of === undefined ? lines.lineAt(value.end) : line;
    if (last - line > MOST_OF_MATCH) return undefined;
    let first = line;
    // Of a match over several lines the last may be of another function.
    for (let each = line; each <= last; each++)
      first = Math.min(first, this.#heads().firstOf(each, most));
    const from = lines.startOf(first);
    const top = this.#statements().around(from, from + 1)?.start ?? from;
    const bottom = this.#statements().around(value.end - 1, value.end)?.end ?? value.end;
    return { start: Math.min(top, from, statement.start), end: Math.max(bottom, value.end) };
  }

  #flowOf({ range, group }: Judged, wanted: SliceWanted, use: SliceUse): Slice {
    if (wanted.of === undefined) return this.#flowOfArguments(range, wanted, use);
    const value = group?.(wanted.of);
    return value === undefined ? NOTHING : this.#flow(value, wanted, use);
  }

  /** To the end of the argument, or of the statement: a pattern need not tell where an expression ends. */
  #expression({ start, end }: ByteRange, statement: ByteRange): ByteRange {
    const last = Math.max(end, statement.end);
    const tokens = this.#flows().tokensAt({ start: Math.min(start, statement.start), end: last });
    return { start, end: argumentEnd(tokens, indexFrom(tokens, start), end, last) };
  }

  /**
   * Of what a match ends in, an argument or what is assigned; of a match over several statements that of each. One that ends
   * in a literal is about what stands beside it, if anything does.
   */
  #flowOfArguments(match: ByteRange, wanted: SliceWanted, use: SliceUse): Slice {
    const slices = this.#arguments(match).map(({ value, all }) => {
      let slice = this.#flow(value, wanted, use);
      for (const wider of all) if (slice.isLiteral === true) slice = this.#flow(wider, wanted, use);
      return slice;
    });
    return {
      parts: slices.flatMap(({ parts }) => parts),
      isOpen:
        slices.some(({ isOpen }) => isOpen) || slices.every(({ isLiteral }) => isLiteral === true),
      cost: 0,
    };
  }

  #arguments(
    match: ByteRange,
  ): { readonly value: ByteRange; readonly all: readonly ByteRange[] }[] {
    const { text, language } = this.#text;
    if (MARKUP.has(language)) return [];
    const start = firstWord(text, match);
    const end = Math.max(start + 1, match.end);
    const last = this.#statements().around(end - 1, end);
    const found = last === undefined ? [] : [last];
    for (const statement of this.#statements().upwards(start, last?.start ?? end)) {
      if (found.length === MOST_OF_MATCH) break;
      found.push(statement);
    }
    const first = found.at(-1);
    const names = first === undefined ? [] : this.#words(first);
    return found.flatMap((statement) => {
      // Between the first and the last, what is done to the same variable.
      const isEnd = statement === first || statement === last;
      const [name] = isEnd ? [] : this.#words(statement);
      if (!isEnd && (name === undefined || !names.includes(name))) return [];
      if (statement.end - statement.start > MOST_BYTES) return [];
      const tokens = this.#flows().tokensAt(statement);
      this.#flows().work.spent += tokens.length;
      const at = Math.min(end, statement.end) - 1;
      const isWhole = end > statement.end;
      const value = argumentAround(tokens, at, isWhole);
      const all = isWhole ? [] : argumentsAround(tokens, at);
      return value === undefined ? [] : { value, all };
    });
  }

  #words(statement: ByteRange): string[] {
    if (statement.end - statement.start > MOST_BYTES) return [];
    const tokens = this.#flows().tokensAt(statement);
    return tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);
  }

  #flow(value: ByteRange, wanted: SliceWanted, { cancels, madeSafe }: SliceUse): Slice {
    const { lines: most, without } = wanted;
    const name = `${value.start}:${value.end}:${most}:${without.join('\n')}`;
    let known = this.#known.get(name);
    if (known === undefined)
      this.#known.set(
        name,
        (known = this.#followed(value, most, { name: without.join('\n'), madeSafe })),
      );
    const { slice, branch } = known;
    const { isLiteral, isOpen } = slice;
    if (!cancels) return { parts: slice.values, isLiteral, isOpen, cost: 0 };
    // A value comes from above all branches, but a check in another branch was not made.
    const mentions = slice.mentions.filter(({ start }) => start >= branch());
    return { parts: [...slice.origins, ...mentions], isLiteral, isOpen, cost: 0 };
  }

  #followed(value: ByteRange, most: number, safety: Safety): Followed {
    if (this.#isMinified(value.start))
      return MINIFIED.has(this.#text.language) ? NOT_ASKED : NOT_FOLLOWED;
    const statement = this.#statements().around(value.start, value.end) ?? value;
    if (statement.end - statement.start > MOST_BYTES) return NOT_FOLLOWED;
    const { lines } = this.#text;
    const line = lines.lineAt(statement.start);
    const from = lines.startOf(this.#heads().firstOf(line, most));
    const slice = this.#flows().of(this.#expression(value, statement), from, safety);
    const branch = once(() => lines.startOf(this.#heads().firstOfBranch(line, most)));
    return { slice, branch };
  }

  #isMinified(offset: number): boolean {
    const { lines } = this.#text;
    const line = lines.lineAt(offset);
    return lines.endOf(line) - lines.startOf(line) > MOST_LINE_BYTES;
  }

  #part(match: ByteRange, { within, lines: most }: SliceWanted, cancels: boolean): ByteRange {
    const { text, spans, lines, language } = this.#text;
    switch (within) {
      case 'match':
      case 'flow':
        return match;
      case 'line':
        return this.#linesAround(match, 0);
      case 'near':
        return this.#linesAround(match, most);
      case 'before': {
        const line = lines.lineAt(match.start);
        // A value comes from above all branches, but a check in another branch was not made.
        const first = cancels
          ? this.#heads().firstOfBranch(line, most)
          : this.#heads().firstOf(line, most);
        return { start: lines.startOf(first), end: this.#linesAround(match, 0).end };
      }
      case 'statement': {
        const at = firstWord(text, match);
        const found = this.#statements().around(at, Math.max(at, match.end));
        if (found === undefined) return this.#linesAround(match, 0);
        return { start: Math.min(found.start, match.start), end: found.end };
      }
      case 'call': {
        const limit = Math.max(match.end, lines.endOf(lines.lineAt(match.start)));
        const end = this.#calls().end(firstWord(text, match), limit);
        return { start: match.start, end: Math.max(match.end, end) };
      }
      case 'block': {
        const block = enclosingBlock(text, spans, match.start, language);
        return { start: Math.min(block.start, match.start), end: Math.max(block.end, match.end) };
      }
      case 'file':
        return { start: 0, end: text.length };
    }
  }

  /** The lines of the match, and so many more above and below. */
  #linesAround(match: ByteRange, more: number): ByteRange {
    const { lines } = this.#text;
    const first = Math.max(1, lines.lineAt(match.start) - more);
    const last = lines.lineAt(Math.max(match.start, match.end - 1)) + more;
    return { start: lines.startOf(first), end: Math.max(match.end, lines.endOf(last)) };
  }
}
