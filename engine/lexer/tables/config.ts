/** Shells, SQL, configuration and markup that a plain table can tell. */
import { announceHeredoc } from '../heredoc.ts';
import { findBytes } from '../bytes.ts';
import { compileForm } from '../table.ts';
import type { Opener, Table } from '../table.ts';
import {
  afterSeparator,
  afterSpace,
  afterSpaceOrBrace,
  atIniValue,
  atYamlValue,
  endsLineAfterTwo,
  firstOnLine,
  notEscaped,
  oneOf,
} from './guards.ts';
import {
  BACKTICKS,
  block,
  C_BLOCK,
  C_STRAY,
  custom,
  DOLLAR_BRACE,
  DOLLAR_PAREN,
  DOUBLE,
  escapeInCode,
  line,
  SINGLE,
  SINGLE_LINES,
  SLASHES,
  text,
  TRIPLE,
} from './forms.ts';

const SHELL_HOLES = [DOLLAR_PAREN, BACKTICKS];

function shellHeredoc(): Opener {
  const body = { close: '', heredoc: true, multiline: true };
  const forms = {
    open: compileForm({ ...body, escape: '\\', holes: SHELL_HOLES }),
    quoted: compileForm(body),
  };
  const style = { dashes: '-', loose: false, capital: false };
  return custom('<<', (state, at) =>
    inArithmetic(state.bytes, at, state.from) ? -1 : announceHeredoc(state, at + 2, forms, style),
  );
}

/** How far back `((` is looked for: `((a<<b))` shifts. */
const ARITHMETIC_REACH = 64;

function inArithmetic(bytes: Uint8Array, at: number, from: number): boolean {
  const limit = Math.max(from + 1, at - ARITHMETIC_REACH);
  for (let back = at - 1; back >= limit && bytes[back] !== 10; back -= 1) {
    if (bytes[back] === 41) return false;
    if (bytes[back] === 40 && bytes[back - 1] === 40) return true;
  }
  return false;
}

export const shell = (): Table => ({
  openers: [
    escapeInCode(),
    line('#', afterSeparator),
    text('"', { close: '"', escape: '\\', multiline: true, holes: SHELL_HOLES }),
    text("'", { close: "'", multiline: true }),
    text("$'", SINGLE_LINES),
    custom('<<<', (_state, at) => at + 3),
    shellHeredoc(),
  ],
  heredocs: true,
});

const POWERSHELL_HOLES = [DOLLAR_PAREN];

export const powershell = (): Table => ({
  openers: [
    escapeInCode('`'),
    block('<#', '#>'),
    line(
      '#',
      (bytes, at, from, end) =>
        afterSeparator(bytes, at, from, end) || oneOf(bytes[at - 1] ?? 0, '{}=,'),
    ),
    text('@"', { close: '\n"@', multiline: true, holes: POWERSHELL_HOLES }, endsLineAfterTwo),
    text("@'", { close: "\n'@", multiline: true }, endsLineAfterTwo),
    text('"', {
      close: '"',
      escape: '`',
      doubled: true,
      multiline: true,
      holes: POWERSHELL_HOLES,
    }),
    text("'", { close: "'", doubled: true, multiline: true }),
  ],
  strayClose: { open: '<#', close: '#>' },
});

/** Quotes double inside a string; a backslash is a byte like any other, as the standard has it. */
export const sql = (): Table => ({
  openers: [
    line('--'),
    line('#', firstOnLine),
    C_BLOCK,
    text("'", { close: "'", doubled: true, multiline: true }),
    text('"', { close: '"', doubled: true, multiline: true }),
  ],
  strayClose: C_STRAY,
});

/** Only quoted values are strings, and they end on their line: block scalars may hold any language. */
export const yaml = (): Table => ({
  openers: [
    line('#', afterSpace),
    text('"', DOUBLE, atYamlValue),
    text("'", { close: "'", doubled: true }, atYamlValue),
  ],
});

/** With the comments of JSONC and JSON5. */
export const json = (): Table => ({
  openers: [SLASHES, C_BLOCK, text('"', DOUBLE), text("'", SINGLE)],
});

export const toml = (): Table => ({
  openers: [
    line('#'),
    text('"""', { ...TRIPLE, greedy: true }),
    text("'''", { close: "'''", multiline: true, greedy: true }),
    text('"', DOUBLE),
    text("'", { close: "'" }),
  ],
});

export const ini = (): Table => ({
  openers: [
    line('#', firstOnLine),
    line(';', firstOnLine),
    text('"', DOUBLE, atIniValue),
    text("'", { close: "'" }, atIniValue),
  ],
});

const HCL_HOLES = [DOLLAR_BRACE, { open: '%{', close: '}', nest: '{' }];

function hclHeredoc(): Opener {
  const body = compileForm({ close: '', heredoc: true, multiline: true, holes: HCL_HOLES });
  const forms = { open: body, quoted: body };
  const style = { dashes: '-', loose: false, capital: false };
  return custom('<<', (state, at) => announceHeredoc(state, at + 2, forms, style));
}

export const hcl = (): Table => ({
  openers: [line('#'), SLASHES, C_BLOCK, text('"', { ...DOUBLE, holes: HCL_HOLES }), hclHeredoc()],
  heredocs: true,
  strayClose: C_STRAY,
});

const COMMAND_STRINGS: readonly Opener[] = [
  text('"', { ...DOUBLE, holes: [DOLLAR_PAREN] }),
  text("'", { close: "'" }),
];

export const dockerfile = (): Table => ({
  openers: [line('#', firstOnLine), escapeInCode(), ...COMMAND_STRINGS],
});

export const makefile = (): Table => ({
  openers: [line('#', notEscaped), ...COMMAND_STRINGS],
});

export const css = (): Table => ({
  openers: [C_BLOCK, line('//', afterSpaceOrBrace), text('"', DOUBLE), text("'", SINGLE)],
  strayClose: C_STRAY,
});

export const xml = (): Table => ({
  openers: [
    block('<!--', '-->'),
    custom('<![CDATA[', (state, at) =>
      Math.min(state.end, findBytes(state.bytes, at, state.end, ']]>') + 3),
    ),
  ],
  strayClose: { open: '<!--', close: '-->' },
});
