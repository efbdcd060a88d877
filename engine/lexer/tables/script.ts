/** Python, the JavaScript family, PHP, Ruby. */
import { announceHeredoc } from '../heredoc.ts';
import type { HeredocForms } from '../heredoc.ts';
import { readRegex, regexBody } from '../expression.ts';
import { opensElement } from '../jsx.ts';
import { beforeBlanks, isBlank, isWord } from '../bytes.ts';
import { compileForm } from '../table.ts';
import type { CompiledForm, Hole, LexState, Opener, StringForm, Table } from '../table.ts';
import { afterFormatPrefix, inFirstColumn, notAttribute, oneOf } from './guards.ts';
import {
  block,
  BRACE,
  C_BLOCK,
  C_STRAY,
  custom,
  DOLLAR_BRACE,
  DOUBLE,
  DOUBLE_LINES,
  HASH_BRACE,
  line,
  SHEBANG,
  SINGLE,
  SINGLE_LINES,
  SLASHES,
  text,
  TRIPLE,
  TRIPLE_SINGLE,
} from './forms.ts';

const pythonString = (open: string, form: StringForm): Opener[] => [
  text(open, { ...form, holes: [BRACE] }, afterFormatPrefix),
  text(open, form),
];

export const python = (): Table => ({
  openers: [
    line('#'),
    ...pythonString('"""', TRIPLE),
    ...pythonString("'''", TRIPLE_SINGLE),
    ...pythonString('"', DOUBLE),
    ...pythonString("'", SINGLE),
  ],
});

function bracket(open: string): Opener {
  return custom(open, (state, at) => {
    state.openBracket(at);
    return -1;
  });
}

function closingBracket(close: string): Opener {
  return custom(close, (state, at) => {
    state.closeBracket(at);
    return -1;
  });
}

const SCRIPT: readonly Opener[] = [
  SHEBANG,
  SLASHES,
  C_BLOCK,
  custom('/', readRegex),
  text('"', DOUBLE),
  text("'", SINGLE),
  text('`', { close: '`', escape: '\\', multiline: true, holes: [DOLLAR_BRACE] }),
  bracket('('),
  bracket('{'),
  closingBracket(')'),
  closingBracket('}'),
];

export const typescript = (): Table => ({ openers: SCRIPT, strayClose: C_STRAY });

export const javascript = (): Table => ({
  openers: [
    ...SCRIPT,
    custom('<', (state, at) => {
      if (!opensElement(state.bytes, at, state.end) || !state.expressionAt(at)) return -1;
      state.enterJsx(at);
      return at;
    }),
  ],
  strayClose: C_STRAY,
});

const PHP_HOLES = [{ open: '{', close: '}', nest: '{', before: '$' }, DOLLAR_BRACE];

/** The forms of a heredoc's body: with an escape and holes, and of a quoted tag without. */
function heredocForms(holes: readonly Hole[]): HeredocForms {
  const body = { close: '', heredoc: true, multiline: true };
  return { open: compileForm({ ...body, escape: '\\', holes }), quoted: compileForm(body) };
}

function phpHeredoc(): Opener {
  const forms = heredocForms(PHP_HOLES);
  const style = { dashes: '', loose: true, capital: false };
  return custom('<<<', (state, at) => announceHeredoc(state, at + 3, forms, style));
}

export const php = (): Table => ({
  openers: [
    SLASHES,
    C_BLOCK,
    line('#', notAttribute),
    text('"', { ...DOUBLE_LINES, holes: PHP_HOLES }),
    text("'", SINGLE_LINES),
    phpHeredoc(),
  ],
  heredocs: true,
  closeTag: true,
  strayClose: C_STRAY,
});

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

interface PercentForms {
  readonly open: CompiledForm;
  readonly plain: CompiledForm;
}

function percentOpener(): Opener {
  const body = { close: '', escape: '\\', multiline: true };
  const forms = { open: compileForm({ ...body, holes: [HASH_BRACE] }), plain: compileForm(body) };
  return custom('%', (state, at) => percentLiteral(state, at, forms));
}

/** `%q(…)`, `%w[…]`, `%r{…}`, and `%(…)` where a value may begin. */
function percentLiteral(state: LexState, at: number, forms: PercentForms): number {
  const { bytes, from } = state;
  const previous = at > from ? (bytes[at - 1] ?? 0) : 0;
  const letter = bytes[at + 1] ?? 0;
  const named = oneOf(letter, 'qQwWiIrsx');
  const after = bytes[at + (named ? 2 : 1)] ?? 0;
  if (isWord(previous) || oneOf(previous, ')]}"\'')) return -1;
  if (!oneOf(after, '([{<|!/')) return -1;
  const opening = String.fromCharCode(after);
  if (!named && (PAIRS[opening] === undefined || !valueAt(state, at))) return -1;
  const form = oneOf(letter, 'qwis') ? forms.plain : forms.open;
  if (at >= state.doubtedFrom(form)) return -1;
  const close = (PAIRS[opening] ?? opening).charCodeAt(0);
  const start = at + (named ? 3 : 2);
  const none = { count: 0, depth: 0, tagStart: at, tagEnd: at, indented: false, loose: false };
  return state.body(at, start, { form, close, nest: close === after ? 0 : after, ...none });
}

function valueAt(state: LexState, at: number): boolean {
  const back = beforeBlanks(state.bytes, at, state.from);
  return back < state.from || oneOf(state.bytes[back] ?? 0, '\n=([{,:;|&+?!<>');
}

/** A regular expression after an operator, or between a word with a space and a byte without. */
function rubyRegex(state: LexState, at: number): number {
  if (at < state.regexFrom) return -1;
  if (state.expressionAt(at)) return regexBody(state, at);
  const { bytes } = state;
  const spaced = isBlank(bytes[at - 1] ?? 0) && !isBlank(bytes[at + 1] ?? 0);
  const before = state.significantBefore(at);
  if (!spaced || before < 0 || !isWord(bytes[before] ?? 0) || bytes[at + 1] === 61) return -1;
  return (bytes[before] ?? 0) < 58 ? -1 : regexBody(state, at);
}

function rubyHeredoc(): Opener {
  const forms = heredocForms([HASH_BRACE]);
  const style = { dashes: '-~', loose: false, capital: true };
  return custom('<<', (state, at) => {
    const word = at > state.from && isWord(state.bytes[at - 1] ?? 0);
    return word ? -1 : announceHeredoc(state, at + 2, forms, style);
  });
}

export const ruby = (): Table => ({
  openers: [
    line('#'),
    block('=begin', '\n=end', { guard: inFirstColumn }),
    block('__END__\n', '\0\0__END__', { guard: inFirstColumn }),
    text('"', { ...DOUBLE_LINES, holes: [HASH_BRACE] }),
    text("'", SINGLE_LINES),
    text('`', { ...DOUBLE_LINES, close: '`', holes: [HASH_BRACE] }),
    custom('/', rubyRegex),
    percentOpener(),
    // `?"` is a character; `$"` and `$'` are variables.
    custom('?', (state, at) => {
      const before = state.bytes[at - 1] ?? 0;
      const quote = oneOf(state.bytes[at + 1] ?? 0, '"\'#/%');
      return quote && !isWord(before) && !isWord(state.bytes[at + 2] ?? 0) ? at + 2 : -1;
    }),
    custom('$', (state, at) => (oneOf(state.bytes[at + 1] ?? 0, '"\'/') ? at + 2 : -1)),
    rubyHeredoc(),
  ],
  heredocs: true,
});
