/**
 * Parser for the `re` syntax of Python 3.11 (str patterns) into the tree of `ast.ts`.
 *
 * What Python refuses is refused here, and so is what has no linear-time matcher: backreferences,
 * conditionals, atomic groups, possessive quantifiers.
 */
import type { Node, PatternError, Ranges } from './ast.ts';
import { parsePythonClass, type PythonClass } from './python-class.ts';
import { createFolder, type Folder } from './python-fold.ts';
import { parseGroupHead } from './python-group.ts';
import { parseEscape, Refusal, refuse, type PythonFlags } from './python-source.ts';
import {
  PYTHON_ASCII_BOUNDARY,
  PYTHON_DOLLAR,
  PYTHON_NOT_ASCII_BOUNDARY,
} from './python-special.ts';
import { readQuantifier, type Quantifier } from './python-quantifier.ts';
import { assertion, set, wrap, type Item } from './python-item.ts';
import { ANY, NOT_NEWLINE } from './ranges.ts';

const MAX_PATTERN_LENGTH = 20_000;
const MAX_DEPTH = 250;

/** Something legal that seldom means what its author wanted. */
export interface PatternNote {
  readonly kind: 'posix-class' | 'text-begin' | 'text-end';
  readonly offset: number;
  readonly length: number;
}

export type PythonParseResult =
  | { readonly ok: true; readonly node: Node; readonly notes: readonly PatternNote[] }
  | { readonly ok: false; readonly error: PatternError };

/** Parses `pattern` as `re.compile(pattern)` does; `ignoreCase` stands for `re.IGNORECASE`. */
export function parsePython(
  pattern: string,
  options: { readonly ignoreCase?: boolean } = {},
): PythonParseResult {
  const parser = new Parser(pattern, options.ignoreCase ?? false);
  try {
    return { ok: true, node: parser.parse(), notes: parser.notes };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.detail };
    throw error;
  }
}

class Parser {
  readonly notes: PatternNote[] = [];
  private position = 0;
  private depth = 0;
  private flags: PythonFlags;
  private folder: Folder | undefined;
  private readonly classes = new Map<string, PythonClass>();
  private readonly names = new Set<string>();
  private readonly source: string;

  constructor(source: string, ignoreCase: boolean) {
    this.source = source;
    this.flags = { ignoreCase, multiLine: false, dotAll: false, verbose: false, ascii: false };
  }

  parse(): Node {
    if (this.source.length > MAX_PATTERN_LENGTH) {
      refuse(0, 1, `pattern of ${this.source.length} characters; at most ${MAX_PATTERN_LENGTH}`);
    }
    const node = this.alternation(true);
    if (this.position < this.source.length)
      refuse(this.position, 1, 'unexpected ")": no group is open');
    return node;
  }

  private alternation(top: boolean): Node {
    const branches: Node[] = [this.sequence(top)];
    while (this.source[this.position] === '|') {
      this.position++;
      branches.push(this.sequence(false));
    }
    const only = branches[0];
    return branches.length === 1 && only !== undefined ? only : { kind: 'alternate', branches };
  }

  /** `leading`: global flags such as `(?i)` may still stand here. */
  private sequence(leading: boolean): Node {
    const items: Item[] = [];
    for (;;) {
      const next = this.source[this.position];
      if (next === undefined || next === '|' || next === ')') break;
      if (this.flags.verbose && this.skipBlank(next)) continue;
      const start = this.position;
      const bounds = readQuantifier(this.source, start);
      if (bounds !== undefined) {
        this.position = bounds.end;
        items.push(this.repeat(items.pop(), bounds, start));
        continue;
      }
      const item = this.atom(leading && items.length === 0);
      if (item !== undefined) items.push(item);
    }
    const parts = items.map((item) => item.node);
    const only = parts[0];
    if (only === undefined) return { kind: 'empty' };
    return parts.length === 1 ? only : { kind: 'concat', parts };
  }

  private skipBlank(next: string): boolean {
    if (' \t\n\r\v\f'.includes(next)) {
      this.position++;
      return true;
    }
    if (next !== '#') return false;
    const newline = this.source.indexOf('\n', this.position);
    this.position = newline < 0 ? this.source.length : newline + 1;
    return true;
  }

  private repeat(item: Item | undefined, { min, max, end }: Quantifier, at: number): Item {
    const text = this.source.slice(at, end);
    if (item === undefined || item.final === 'assertion') {
      return refuse(
        at,
        text.length,
        `"${text}" has nothing to repeat`,
        `"\\${text}" for the text itself`,
      );
    }
    if (item.final === 'repeat') {
      return refuse(
        at,
        text.length,
        `"${text}" repeats a repeat`,
        '"(?:…)" around what stands before',
      );
    }
    const greedy = this.source[this.position] !== '?';
    if (!greedy) this.position++;
    else if (this.source[this.position] === '+') {
      refuse(
        at,
        this.position + 1 - at,
        `possessive quantifier "${text}+" cannot be matched in linear time`,
        `"${text}", which never backtracks here`,
      );
    }
    return {
      node: { kind: 'repeat', node: item.node, min, max, greedy },
      start: item.start,
      final: 'repeat',
    };
  }

  /** Undefined for what is no atom: a comment, global flags. */
  private atom(flagsAllowed: boolean): Item | undefined {
    const start = this.position;
    const character = this.source[start] ?? '';
    switch (character) {
      case '(':
        return this.group(flagsAllowed);
      case '[':
        return this.bracket();
      case '\\':
        return this.escape();
      case '.':
        this.position++;
        return set(this.flags.dotAll ? ANY : NOT_NEWLINE, start);
      case '^':
        this.position++;
        if (!this.flags.multiLine)
          this.notes.push({ kind: 'text-begin', offset: start, length: 1 });
        return assertion(this.flags.multiLine ? 'line-begin' : 'text-begin', start);
      case '$':
        this.position++;
        if (this.flags.multiLine) return assertion('line-end', start);
        this.notes.push({ kind: 'text-end', offset: start, length: 1 });
        return { node: PYTHON_DOLLAR, start, final: 'assertion' };
      default: {
        const codePoint = this.source.codePointAt(start) ?? 0;
        this.position += codePoint > 0xffff ? 2 : 1;
        return this.literal(codePoint, start);
      }
    }
  }

  private literal(codePoint: number, start: number): Item {
    const ranges: Ranges = [codePoint, codePoint];
    return set(this.flags.ignoreCase ? this.folding().fold(ranges) : ranges, start);
  }

  private folding(): Folder {
    return (this.folder ??= createFolder(this.flags.ascii));
  }

  private bracket(): Item {
    const start = this.position;
    const close = this.source.indexOf(']', start + 2);
    const text = this.source.slice(start, close < 0 ? undefined : close + 1);
    const key = `${this.flags.ignoreCase ? 'i' : ''}${this.flags.ascii ? 'a' : ''}${text}`;
    const known = this.classes.get(key);
    const parsed = known ?? parsePythonClass(this.source, start, this.flags, this.folding());
    this.position = known === undefined ? parsed.end : start + text.length;
    // Only a class that ends at the first bracket is wholly described by the key.
    if (parsed.end === start + text.length) this.classes.set(key, parsed);
    const posix = /^\[\^?\[:[a-z]+:\]/.exec(text);
    if (posix !== null)
      this.notes.push({ kind: 'posix-class', offset: start, length: posix[0].length });
    return set(parsed.ranges, start);
  }

  private escape(): Item {
    const start = this.position;
    switch (this.source[start + 1] ?? '') {
      case 'A':
        this.position += 2;
        return assertion('text-begin', start);
      case 'Z':
        this.position += 2;
        return assertion('text-end', start);
      case 'b':
        this.position += 2;
        if (this.flags.ascii) return { node: PYTHON_ASCII_BOUNDARY, start, final: 'assertion' };
        return assertion('word-boundary', start);
      case 'B':
        this.position += 2;
        if (this.flags.ascii) return { node: PYTHON_NOT_ASCII_BOUNDARY, start, final: 'assertion' };
        return assertion('not-word-boundary', start);
      default: {
        const escape = parseEscape(this.source, start, false, this.flags);
        this.position = escape.end;
        return escape.kind === 'set'
          ? set(escape.ranges, start)
          : this.literal(escape.codePoint, start);
      }
    }
  }

  private group(flagsAllowed: boolean): Item | undefined {
    const open = this.position;
    const head = parseGroupHead(this.source, open, this.flags, flagsAllowed);
    this.position = head.end;
    if (head.kind === 'comment') return undefined;
    if (head.kind === 'flags') {
      this.setFlags(head.flags);
      return undefined;
    }
    if (++this.depth > MAX_DEPTH) refuse(open, 1, `groups nest deeper than ${MAX_DEPTH}`);
    const saved = this.flags;
    if (head.kind === 'scoped') this.setFlags(head.flags);
    if (head.kind === 'capture' && head.name !== undefined) this.defineName(head.name, open);
    const node = this.alternation(false);
    if (this.source[this.position] !== ')')
      refuse(open, 1, 'this group is never closed', 'add ")"');
    this.position++;
    this.depth--;
    this.setFlags(saved);
    return { node: wrap(head, node, open, this.position), start: open };
  }

  private setFlags(flags: PythonFlags): void {
    if (flags.ascii !== this.flags.ascii) this.folder = undefined;
    this.flags = flags;
  }

  private defineName(name: string, open: number): void {
    if (this.names.has(name)) refuse(open, name.length + 5, `group name "${name}" is used twice`);
    this.names.add(name);
  }
}
