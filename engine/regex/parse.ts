/**
 * Parser for RE2 syntax (https://github.com/google/re2/wiki/Syntax) into the tree of `ast.ts`.
 *
 * It serves analysis: literals, length bounds and lint messages with positions. RE2 itself decides what
 * matches, so a tree may describe a superset of it (`approximate` classes), never a subset.
 */
import { MAX_CODE_POINT, type Node, type ParseResult, type PatternError } from './ast.ts';
import { parseClass, parseEscapedClass, type ClassNode } from './parse-class.ts';
import { parseEscape } from './parse-escape.ts';
import { fold } from './fold.ts';
import { type Flags, NO_FLAGS, UNSUPPORTED_GROUPS, withFlags } from './parse-flags.ts';
import { readRepeat } from './parse-repeat.ts';
import { ANY, NOT_NEWLINE } from './ranges.ts';

/** RE2 nests no deeper than this. */
const MAX_DEPTH = 1000;
const MAX_PATTERN_LENGTH = 20_000;

/** Thrown inside this module only; `parsePattern` turns it into a value. */
class Refusal extends Error {
  readonly detail: PatternError;
  constructor(detail: PatternError) {
    super(detail.message);
    this.detail = detail;
  }
}

/** Parses `source`; a refusal names the offending text, its position and, where one exists, the rewrite. */
export function parsePattern(source: string): ParseResult {
  try {
    return { ok: true, node: new Parser(source).parse() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.detail };
    throw error;
  }
}

class Parser {
  private position = 0;
  private depth = 0;
  private flags: Flags = NO_FLAGS;
  private readonly names = new Set<string>();
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  parse(): Node {
    if (this.source.length > MAX_PATTERN_LENGTH) {
      this.refuse(
        0,
        1,
        `pattern of ${this.source.length} characters; at most ${MAX_PATTERN_LENGTH}`,
      );
    }
    const node = this.alternation();
    if (this.position < this.source.length)
      this.refuse(this.position, 1, 'unexpected ")": no group is open');
    return node;
  }

  private refuse(offset: number, length: number, message: string, rewrite?: string): never {
    throw new Refusal({ offset, length, message, ...(rewrite === undefined ? {} : { rewrite }) });
  }

  private alternation(): Node {
    const branches: Node[] = [this.sequence()];
    while (this.source[this.position] === '|') {
      this.position++;
      branches.push(this.sequence());
    }
    return branches.length === 1
      ? (branches[0] ?? { kind: 'empty' })
      : { kind: 'alternate', branches };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.position < this.source.length) {
      const next = this.source[this.position];
      if (next === '|' || next === ')') break;
      if (next === '\\' && this.source[this.position + 1] === 'Q') {
        parts.push(...this.quoted());
        continue;
      }
      const start = this.position;
      const atom = this.atom();
      if (atom === undefined) continue;
      parts.push(this.repeated(atom, start));
    }
    if (parts.length === 0) return { kind: 'empty' };
    return parts.length === 1 ? (parts[0] ?? { kind: 'empty' }) : { kind: 'concat', parts };
  }

  /** `\Q…\E`: a repeat after it binds to the last character only. */
  private quoted(): Node[] {
    const end = this.source.indexOf('\\E', this.position + 2);
    const stop = end < 0 ? this.source.length : end;
    const characters = Array.from(this.source.slice(this.position + 2, stop));
    this.position = end < 0 ? stop : stop + 2;
    const nodes: Node[] = characters.map((character) =>
      this.literal(character.codePointAt(0) ?? 0),
    );
    const last = nodes.pop();
    return last === undefined ? nodes : [...nodes, this.repeated(last, stop - 1)];
  }

  private repeated(atom: Node, start: number): Node {
    let node = atom;
    let afterRepeat = false;
    for (;;) {
      const at = this.position;
      const operator = readRepeat(this.source, at);
      if (operator === undefined) return node;
      if (!operator.ok) throw new Refusal(operator.error);
      this.position = operator.end;
      if (afterRepeat) {
        this.refuse(
          at,
          this.position - at,
          `bad repetition operator "${this.source.slice(start, this.position)}"`,
        );
      }
      afterRepeat = true;
      const lazy = this.source[this.position] === '?';
      if (lazy) this.position++;
      else if (this.source[this.position] === '+') {
        this.refuse(
          this.position,
          1,
          'possessive quantifiers do not exist in RE2, which never backtracks',
          'remove the "+"',
        );
      }
      node = {
        kind: 'repeat',
        node,
        min: operator.min,
        max: operator.max,
        greedy: lazy === this.flags.ungreedy,
      };
    }
  }

  /** Undefined for a flag group such as `(?i)`, which is no atom. */
  private atom(): Node | undefined {
    const character = this.source[this.position] ?? '';
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return this.bracket();
      case '.':
        this.position++;
        return { kind: 'class', ranges: this.flags.dotAll ? ANY : NOT_NEWLINE, approximate: false };
      case '^':
        this.position++;
        return { kind: 'assert', assertion: this.flags.multiline ? 'line-begin' : 'text-begin' };
      case '$':
        this.position++;
        return { kind: 'assert', assertion: this.flags.multiline ? 'line-end' : 'text-end' };
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
        return this.refuse(
          this.position,
          1,
          `"${character}" has nothing to repeat`,
          `"\\${character}" for the character itself`,
        );
      default: {
        const codePoint = this.source.codePointAt(this.position) ?? 0;
        if (codePoint >= 0xd800 && codePoint <= 0xdfff)
          this.refuse(this.position, 1, 'a lone surrogate is not a character');
        this.position += codePoint > 0xffff ? 2 : 1;
        return this.literal(codePoint);
      }
    }
  }

  private literal(codePoint: number): Node {
    return this.folded({ kind: 'class', ranges: [codePoint, codePoint], approximate: false });
  }

  private folded(node: ClassNode): Node {
    if (!this.flags.foldCase) return node;
    const { ranges, approximate } = fold(node.ranges);
    return { kind: 'class', ranges, approximate: node.approximate || approximate };
  }

  private bracket(): Node {
    const result = parseClass(this.source, this.position, this.flags.foldCase);
    if (!result.ok) throw new Refusal(result.error);
    this.position = result.end;
    return result.node;
  }

  private escape(): Node {
    const start = this.position;
    const next = this.source[start + 1];
    const assertion = next === undefined ? undefined : ASSERTIONS[next];
    if (assertion !== undefined) {
      this.position += 2;
      return { kind: 'assert', assertion };
    }
    if (next === 'C') {
      this.position += 2;
      return { kind: 'any-byte' };
    }
    const asClass = parseEscapedClass(this.source, start);
    if (asClass !== undefined) {
      if (!asClass.ok) throw new Refusal(asClass.error);
      this.position = asClass.end;
      return this.folded(asClass.node);
    }
    const escape = parseEscape(this.source, start);
    if (!escape.ok) throw new Refusal(escape.error);
    this.position = escape.end;
    return this.literal(Math.min(escape.codePoint, MAX_CODE_POINT));
  }

  private group(): Node | undefined {
    const open = this.position;
    if (++this.depth > MAX_DEPTH) this.refuse(open, 1, `groups nest deeper than ${MAX_DEPTH}`);
    const saved = this.flags;
    let name: string | undefined;
    let captures = false;
    if (this.source[open + 1] !== '?') {
      captures = true;
      this.position = open + 1;
    } else {
      const named = /^\(\?P<([A-Za-z0-9_]+)>/.exec(this.source.slice(open, open + 200));
      if (named !== null) {
        captures = true;
        name = named[1];
        this.position = open + named[0].length;
        if (name !== undefined && this.names.has(name))
          this.refuse(open, named[0].length, `group name "${name}" is used twice`);
        if (name !== undefined) this.names.add(name);
      } else if (this.flagGroup(open)) {
        this.depth--;
        return undefined;
      }
    }
    const node = this.alternation();
    if (this.source[this.position] !== ')')
      this.refuse(open, 1, 'this group is never closed', 'add ")"');
    this.position++;
    this.depth--;
    this.flags = saved;
    if (!captures) return node;
    return { kind: 'capture', node, ...(name === undefined ? {} : { name }) };
  }

  /** Reads `(?flags)` (true) or the head of `(?flags:` (false). */
  private flagGroup(open: number): boolean {
    const refused = UNSUPPORTED_GROUPS.find(([head]) => this.source.startsWith(head, open));
    if (refused !== undefined) this.refuse(open, refused[0].length, refused[1], refused[2]);
    const head = /^\(\?([imsU]*)(-[imsU]+)?([:)])/.exec(this.source.slice(open, open + 40));
    if (head === null) {
      this.refuse(
        open,
        3,
        `unknown group "${this.source.slice(open, open + 4)}"; RE2 knows (?:…), (?P<name>…) and the flags i, m, s, U`,
      );
    }
    this.flags = withFlags(
      withFlags(this.flags, head[1] ?? '', true),
      (head[2] ?? '').slice(1),
      false,
    );
    this.position = open + head[0].length;
    return head[3] === ')';
  }
}

const ASSERTIONS: Readonly<
  Record<string, 'text-begin' | 'text-end' | 'word-boundary' | 'not-word-boundary'>
> = {
  A: 'text-begin',
  z: 'text-end',
  b: 'word-boundary',
  B: 'not-word-boundary',
};
