/**
 * Path globs in time linear in the path: a glob becomes a small automaton whose states are followed all
 * at once. Case counts, dot files are ordinary, and `\` in a path is `/`.
 *
 * `path` style, as in `.gitignore`: `*` and `?` stay within a folder, `**` as a whole segment is any number
 * of folders, `{a,b}` is a choice, `\` takes the next character as it is. A glob without `/` is tried on
 * the base name at any depth; any other on the whole path; a trailing `/` means everything below.
 *
 * `fnmatch` style, as in Python: `*` and `?` match `/` too, there are no braces and no escapes. Here
 * `/**` + `/` in the middle may also be a single `/`.
 */
import { simpleFnmatch, simplePathGlob } from './glob-simple.ts';

export interface GlobOptions {
  readonly style: 'path' | 'fnmatch';
}

/** Longer globs match nothing. */
const MAX_GLOB_LENGTH = 4096;

/** Compiles a glob; the result takes a path with `/` or `\` between folders. Never throws: a stray `[` or `{` is a character. */
export function compileGlob(pattern: string, options: GlobOptions): (path: string) => boolean {
  if (pattern.length > MAX_GLOB_LENGTH) return () => false;
  const simple = options.style === 'path' ? simplePathGlob(pattern) : simpleFnmatch(pattern);
  if (simple === undefined) {
    const general = compileGlobAutomaton(pattern, options);
    const tail = plainTail(pattern);
    return (path) => path.endsWith(tail) && general(path);
  }
  return options.style === 'path'
    ? (path) => simple(relative(path))
    : (path) => simple(slashes(path));
}

/** What a matching path ends with: most paths are told by it, and the automaton takes a hundred times as long. */
function plainTail(pattern: string): string {
  let from = pattern.length;
  while (from > 0 && !SPECIAL.includes(pattern.charAt(from - 1))) from--;
  return pattern.slice(from);
}

const SPECIAL = '*?[]{},\\/';

/** The general case of `compileGlob`, which prefers `glob-simple.ts`; they must decide alike. */
export function compileGlobAutomaton(
  pattern: string,
  options: GlobOptions,
): (path: string) => boolean {
  const builder = new Builder(options.style === 'path');
  if (options.style === 'fnmatch') {
    builder.sequence(pattern, 0);
    return (path) => builder.matches(slashes(path));
  }
  const { body, baseNameOnly } = anchor(pattern);
  builder.sequence(body, 0);
  if (!baseNameOnly) return (path) => builder.matches(relative(path));
  return (path) => builder.matches(baseName(slashes(path)));
}

/** The part after the last `/`. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function slashes(path: string): string {
  return path.includes('\\') ? path.replaceAll('\\', '/') : path;
}

/** With `/` between folders, and from the folder that globs are from. */
export function relative(path: string): string {
  const normal = slashes(path);
  if (normal.startsWith('./')) return normal.slice(2);
  return normal.startsWith('/') ? normal.slice(1) : normal;
}

function anchor(pattern: string): { body: string; baseNameOnly: boolean } {
  const anchored = pattern.startsWith('/');
  let body = anchored ? pattern.slice(1) : pattern.startsWith('./') ? pattern.slice(2) : pattern;
  const folder = body.endsWith('/');
  if (folder) body += '**';
  const slash = body.indexOf('/');
  if (folder && !anchored && slash === body.length - 3) body = `**/${body}`;
  return { body, baseNameOnly: !anchored && !body.includes('/') && !pattern.startsWith('./') };
}

type Test = (character: string) => boolean;

interface State {
  /** Undefined for a state that consumes nothing. */
  readonly test?: Test;
  readonly next: number[];
}

const NOT_SLASH: Test = (character) => character !== '/';
const ANYTHING: Test = () => true;

class Builder {
  private readonly states: State[] = [{ next: [] }];
  /** State that the next piece is put after. */
  private tail = 0;
  private readonly pathStyle: boolean;

  constructor(pathStyle: boolean) {
    this.pathStyle = pathStyle;
  }

  matches(path: string): boolean {
    let current = this.close([0]);
    for (const character of path) {
      const reached: number[] = [];
      for (const index of current) {
        const state = this.states[index];
        if (state?.test?.(character) === true) reached.push(...state.next);
      }
      if (reached.length === 0) return false;
      current = this.close(reached);
    }
    return current.has(this.tail);
  }

  /** Builds `text` from `from` on; inside of braces it stops at `,` or `}`. Returns where it stopped. */
  sequence(text: string, from: number, braces = 0): number {
    let at = from;
    while (at < text.length) {
      const character = text[at];
      if (braces > 0 && (character === ',' || character === '}')) return at;
      at = this.piece(text, at, braces);
    }
    return at;
  }

  private piece(text: string, at: number, braces: number): number {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    switch (character) {
      case '*':
        return this.star(text, at, braces);
      case '?':
        this.consume(this.pathStyle ? NOT_SLASH : ANYTHING);
        return at + 1;
      case '[':
        return this.bracket(text, at);
      case '{':
        return this.pathStyle ? this.choice(text, at, braces) : this.literal(character, at);
      case '\\':
        if (this.pathStyle && at + 1 < text.length) {
          return this.literal(String.fromCodePoint(text.codePointAt(at + 1) ?? 0), at + 1);
        }
        return this.literal(this.pathStyle ? character : '/', at);
      case '/':
        return this.slash(text, at);
      default:
        return this.literal(character, at);
    }
  }

  private literal(character: string, at: number): number {
    this.consume((other) => other === character);
    return at + character.length;
  }

  private slash(text: string, at: number): number {
    const inner = text.startsWith('/**/', at);
    if (this.pathStyle || !inner) return this.literal('/', at);
    this.literal('/', at);
    const before = this.tail;
    this.loop(ANYTHING);
    this.consume((other) => other === '/');
    this.arrow(before, this.tail);
    return at + 4;
  }

  private star(text: string, at: number, braces: number): number {
    let end = at;
    while (text[end] === '*') end++;
    if (!this.pathStyle) {
      this.loop(ANYTHING);
      return end;
    }
    const opens =
      at === 0 || text[at - 1] === '/' || (braces > 0 && '{,'.includes(text[at - 1] ?? ''));
    const closes =
      end === text.length || text[end] === '/' || (braces > 0 && ',}'.includes(text[end] ?? ''));
    if (end - at !== 2 || !opens || !closes) {
      this.loop(NOT_SLASH);
      return end;
    }
    if (text[end] !== '/') {
      this.consume(ANYTHING);
      this.loop(ANYTHING);
      return end;
    }
    // Any number of whole folders, none included.
    const before = this.tail;
    this.loop(ANYTHING);
    this.consume((other) => other === '/');
    this.arrow(before, this.tail);
    return end + 1;
  }

  private bracket(text: string, at: number): number {
    const negated = text[at + 1] === '!' || (this.pathStyle && text[at + 1] === '^');
    const first = at + (negated ? 2 : 1);
    const close = text.indexOf(']', first + 1);
    if (close < 0) return this.literal('[', at);
    const ranges = bracketRanges(Array.from(text.slice(first, close)));
    this.consume((character) => {
      if (this.pathStyle && character === '/') return false;
      return ranges.some(([low, high]) => low <= character && character <= high) !== negated;
    });
    return close + 1;
  }

  private choice(text: string, at: number, braces: number): number {
    if (braces >= 20 || !isClosed(text, at)) return this.literal('{', at);
    const start = this.tail;
    const ends: number[] = [];
    let position = at;
    do {
      this.tail = this.add({ next: [] });
      this.arrow(start, this.tail);
      position = this.sequence(text, position + 1, braces + 1);
      ends.push(this.tail);
    } while (text[position] === ',');
    this.tail = this.add({ next: [] });
    for (const end of ends) this.arrow(end, this.tail);
    return position + 1;
  }

  private add(state: State): number {
    return this.states.push(state) - 1;
  }

  private arrow(from: number, to: number): void {
    this.states[from]?.next.push(to);
  }

  private consume(test: Test): void {
    const after = this.states.length + 1;
    const state = this.add({ test, next: [after] });
    this.arrow(this.tail, state);
    this.tail = this.add({ next: [] });
  }

  private loop(test: Test): void {
    const hub = this.add({ next: [] });
    this.arrow(this.tail, hub);
    this.arrow(hub, this.add({ test, next: [hub] }));
    this.tail = this.add({ next: [] });
    this.arrow(hub, this.tail);
  }

  private close(from: readonly number[]): Set<number> {
    const seen = new Set<number>(from);
    for (const index of seen) {
      const state = this.states[index];
      if (state !== undefined && state.test === undefined)
        for (const to of state.next) seen.add(to);
    }
    return seen;
  }
}

function bracketRanges(members: readonly string[]): [low: string, high: string][] {
  const ranges: [string, string][] = [];
  for (let i = 0; i < members.length; i++) {
    const low = members[i] ?? '';
    if (members[i + 1] === '-' && i + 2 < members.length) {
      ranges.push([low, members[i + 2] ?? '']);
      i += 2;
    } else ranges.push([low, low]);
  }
  return ranges;
}

/** Whether the brace at `at` has its partner. */
function isClosed(text: string, at: number): boolean {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return true;
  }
  return false;
}
