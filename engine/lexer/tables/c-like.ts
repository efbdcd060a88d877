/** C, C++, Java, C#, Go, Rust, Kotlin, Scala, Swift. */
import type { Table } from '../table.ts';
import { afterWord, notDigitSeparator } from './guards.ts';
import {
  C_BLOCK,
  C_STRAY,
  custom,
  DOLLAR_BRACE,
  DOUBLE,
  line,
  NESTED_BLOCK,
  RAW_TRIPLE,
  SHEBANG,
  SINGLE,
  SLASHES,
  text,
  TRIPLE,
  TRIPLE_SINGLE,
} from './forms.ts';
import { cppRawString, csharpString, lifetimeOrChar, rustString, swiftString } from './raw.ts';

const COMMENTS = [SHEBANG, SLASHES, C_BLOCK];
const NESTED_COMMENTS = [SHEBANG, SLASHES, NESTED_BLOCK];

export const c = (): Table => ({
  openers: [SLASHES, C_BLOCK, text('"', DOUBLE), text("'", SINGLE)],
  strayClose: C_STRAY,
});

export const cpp = (): Table => ({
  openers: [
    SLASHES,
    C_BLOCK,
    custom('"', cppRawString()),
    text('"', DOUBLE),
    text("'", SINGLE, notDigitSeparator),
  ],
  strayClose: C_STRAY,
});

/** Java, and Groovy's `'''`. */
export const java = (): Table => ({
  openers: [
    ...COMMENTS,
    text('"""', TRIPLE),
    text("'''", TRIPLE_SINGLE),
    text('"', DOUBLE),
    text("'", SINGLE),
  ],
  strayClose: C_STRAY,
});

export const csharp = (): Table => ({
  openers: [...COMMENTS, custom('"', csharpString()), text('"', DOUBLE), text("'", SINGLE)],
  strayClose: C_STRAY,
});

export const go = (): Table => ({
  openers: [
    SLASHES,
    C_BLOCK,
    text('`', { close: '`', multiline: true }),
    text('"', DOUBLE),
    text("'", SINGLE),
  ],
  strayClose: C_STRAY,
});

export const rust = (): Table => ({
  openers: [
    line('#!', (bytes, at) => at === 0 && bytes[2] !== 91),
    SLASHES,
    NESTED_BLOCK,
    custom('"', rustString()),
    custom("'", lifetimeOrChar),
  ],
  strayClose: C_STRAY,
});

export const kotlin = (): Table => ({
  openers: [
    ...NESTED_COMMENTS,
    text('"""', { ...RAW_TRIPLE, holes: [DOLLAR_BRACE] }),
    text('"', { ...DOUBLE, holes: [DOLLAR_BRACE] }),
    text("'", SINGLE),
  ],
  strayClose: C_STRAY,
});

export const scala = (): Table => ({
  openers: [
    ...NESTED_COMMENTS,
    text('"""', { ...RAW_TRIPLE, holes: [DOLLAR_BRACE] }, afterWord),
    text('"""', RAW_TRIPLE),
    text('"', { ...DOUBLE, holes: [DOLLAR_BRACE] }, afterWord),
    text('"', DOUBLE),
    custom("'", lifetimeOrChar),
  ],
  strayClose: C_STRAY,
});

export const swift = (): Table => ({
  openers: [...NESTED_COMMENTS, custom('"', swiftString())],
  strayClose: C_STRAY,
});
