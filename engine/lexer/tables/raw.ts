/** Strings whose opener is measured: counted hashes or quotes, chosen delimiters, prefixes. */
import { BACKSLASH, DOUBLE_QUOTE, findBytes, HASH, isWord, standsAt } from '../bytes.ts';
import { MAX_COUNT } from '../body.ts';
import { looksLikeOpener } from '../fragment.ts';
import { compileForm, plainString } from '../table.ts';
import type { CompiledForm, Hole, LexState, StringForm } from '../table.ts';
import { BRACE, DOUBLE, DOUBLE_LINES } from './forms.ts';
import { oneOf } from './guards.ts';

type Run = (state: LexState, at: number) => number;

const SWIFT_HOLES: readonly Hole[] = [{ open: '\\(', close: ')', nest: '(' }];
const swiftForm = (close: string, multiline: boolean): CompiledForm =>
  compileForm({ close, escape: '\\', multiline, counted: 'hash', holes: SWIFT_HOLES });

const VERBATIM: StringForm = { close: '"', doubled: true, multiline: true };
const QUOTES: StringForm = { close: '"', multiline: true, counted: 'quote' };
const DOUBLE_BRACE: Hole = { open: '{{', close: '}', nest: '{' };

/** Number of `byte` right before `at`, at most `MAX_COUNT`. */
function countBefore(state: LexState, at: number, byte: number): number {
  let count = 0;
  while (count < MAX_COUNT && at - count > state.from && state.bytes[at - count - 1] === byte) {
    count += 1;
  }
  return count;
}

/** Reads a multi-line string; in doubt and unlike an opener, its delimiter is a string of its own. */
function open(state: LexState, at: number, inside: number, form: CompiledForm, count = 0): number {
  const long = inside - at > 1 || count > 0;
  const { bytes, from, end } = state;
  if (long && state.doubted(form) && !looksLikeOpener(bytes, at, inside, from, end)) {
    state.add(at, inside, 'string');
    return inside;
  }
  return state.body(at, inside, plainString(form, count));
}

/** `"…"`, `r"…"`, `br##"…"##`. */
export function rustString(): Run {
  const plain = compileForm(DOUBLE_LINES);
  const rawForm = compileForm({ close: '"', multiline: true, counted: 'hash' });
  return (state, at) => {
    const count = countBefore(state, at, HASH);
    const letter = state.bytes[at - count - 1] ?? 0;
    const raw = at - count > state.from && letter === 114;
    const before = state.bytes[at - count - 2] ?? 0;
    const prefixed = raw && (oneOf(before, 'bc') || at - count - 2 < state.from || !isWord(before));
    if (prefixed) return state.body(at, at + 1, plainString(rawForm, count));
    return state.body(at, at + 1, plainString(plain));
  };
}

/** `'a'` is a character, `'a` a lifetime (Rust) or a symbol (Scala). */
export function lifetimeOrChar(state: LexState, at: number): number {
  const { bytes, end } = state;
  const first = bytes[at + 1] ?? 0;
  if (first === BACKSLASH) {
    const limit = Math.min(end, at + 14);
    for (let mark = at + 3; mark < limit && bytes[mark] !== 10; mark += 1) {
      if (bytes[mark] !== 39) continue;
      state.add(at, mark + 1, 'string');
      return mark + 1;
    }
    return at + 1;
  }
  const width = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const close = at + 1 + width;
  if (first === 10 || close >= end || bytes[close] !== 39) return at + 1;
  state.add(at, close + 1, 'string');
  return close + 1;
}

/** `"…"`, `"""…"""`, with any number of `#` around. */
export function swiftString(): Run {
  const plain = swiftForm('"', false);
  const triple = swiftForm('"""', true);
  return (state, at) => {
    const { bytes, end } = state;
    const count = countBefore(state, at, HASH);
    if (standsAt(bytes, at, end, '"""')) return open(state, at, at + 3, triple, count);
    return state.body(at, at + 1, plainString(plain, count));
  };
}

/** `R"delimiter(…)delimiter"`; -1 for other strings, and for one without an end. */
export function cppRawString(): Run {
  const form = compileForm({ close: ')', multiline: true });
  return (state, at) => {
    const { bytes, from, end } = state;
    if (at <= from || bytes[at - 1] !== 82) return -1;
    const before = bytes[at - 2] ?? 0;
    if (at - 2 >= from && isWord(before) && !oneOf(before, '8uUL')) return -1;
    let mark = at + 1;
    const limit = Math.min(end, at + 18);
    while (mark < limit && !oneOf(bytes[mark] ?? 0, '()\\" \t\n')) mark += 1;
    if (bytes[mark] !== 40 || mark >= limit) return -1;
    if (at >= state.doubtedFrom(form)) return -1;
    const close = Uint8Array.of(41, ...bytes.subarray(at + 1, mark), DOUBLE_QUOTE);
    const found = findBytes(bytes, mark + 1, end, close);
    if (found >= end) state.unterminated({ ...plainString(form), tagStart: at });
    const stop = Math.min(end, found + close.length);
    state.add(at, stop, 'string');
    return stop;
  };
}

/** `@"…"`, `$"…"`, `$@"…"`, `"""…"""`, `$$"""…"""`; -1 for a plain string. */
export function csharpString(): Run {
  const forms = {
    plain: compileForm({ ...DOUBLE, holes: [BRACE] }),
    verbatim: compileForm(VERBATIM),
    verbatimHoles: compileForm({ ...VERBATIM, holes: [BRACE] }),
    raw: compileForm(QUOTES),
    rawHoles: compileForm({ ...QUOTES, holes: [{ ...BRACE, doubled: false }] }),
    rawDoubleHoles: compileForm({ ...QUOTES, holes: [DOUBLE_BRACE] }),
  };
  return (state, at) => {
    const { bytes, end } = state;
    let dollars = countBefore(state, at, 36);
    let verbatim =
      dollars < MAX_COUNT && bytes[at - dollars - 1] === 64 && at - dollars > state.from;
    if (dollars === 0 && verbatim) dollars = countBefore(state, at - 1, 36);
    let quotes = 1;
    while (quotes < MAX_COUNT && at + quotes < end && bytes[at + quotes] === DOUBLE_QUOTE)
      quotes += 1;
    if (!verbatim && quotes >= 3) {
      const form = dollars > 1 ? forms.rawDoubleHoles : dollars === 1 ? forms.rawHoles : forms.raw;
      return open(state, at, at + quotes, form, quotes);
    }
    if (verbatim) {
      return open(state, at, at + 1, dollars > 0 ? forms.verbatimHoles : forms.verbatim);
    }
    return dollars > 0 ? state.body(at, at + 1, plainString(forms.plain)) : -1;
  };
}
