/**
 * Splits a text into code, strings and comments. Works on whole files and on fragments of them, in linear
 * time, on any bytes.
 */
import type { LanguageId } from '../language.ts';
import { isSpace } from './bytes.ts';
import { readHtml } from './html.ts';
import { Output } from './output.ts';
import { readPhp } from './php.ts';
import { readRange } from './read.ts';
import { ALL_CODE } from './spans.ts';
import type { Spans } from './spans.ts';
import { templateReader } from './template.ts';
import { Tables } from './tables/index.ts';
import type { MixedLanguage, TableLanguage } from './tables/index.ts';

/**
 * Spans of `bytes`, UTF-8, read as `language`. Without a language everything is code.
 * A string's span has its quotes, a comment's its markers but not the newline after it; code inside a
 * string, such as `${…}`, lies between spans. Markdown is one comment: prose documents, it does not run.
 * A notebook's file is JSON here; the bare source of a cell is Python. Hand in `tables` to compile each
 * language's once for many texts.
 */
export function lex(
  bytes: Uint8Array,
  language: LanguageId | undefined,
  tables: Tables = new Tables(),
): Spans {
  if (language === undefined || bytes.length === 0) return ALL_CODE;
  const out = new Output();
  if (isMixed(language)) MIXED[language](bytes, tables, out);
  else readRange(bytes, 0, bytes.length, tables.of(language), out);
  return out;
}

/**
 * Spans of texts that stand one after the other and know nothing of each other: a string that is open at
 * the end of one does not reach into the next. `starts` are their first offsets, sorted.
 */
export function lexParts(
  bytes: Uint8Array,
  starts: readonly number[],
  language: TableLanguage,
  tables: Tables,
): Spans {
  const out = new Output();
  starts.forEach((start, index) => {
    readRange(bytes, start, starts[index + 1] ?? bytes.length, tables.of(language), out);
  });
  return out;
}

/** Whether `lex` finds comments in this language at all. */
export function hasComments(language: LanguageId | undefined): boolean {
  // Standard JSON has no comments: there a suppression may stand in a string.
  return language !== undefined && language !== 'json';
}

type Reader = (bytes: Uint8Array, tables: Tables, out: Output) => void;

const readMarkup: Reader = (bytes, tables, out) => readHtml(bytes, 0, bytes.length, tables, out);

const MIXED: Readonly<Record<MixedLanguage, Reader>> = {
  html: readMarkup,
  vue: readMarkup,
  svelte: readMarkup,
  php: readPhp,
  markdown: (bytes, _tables, out) => out.add(0, bytes.length, 'comment'),
  jsp: templateReader('jsp'),
  aspx: templateReader('aspx'),
  erb: templateReader('erb'),
  ejs: templateReader('ejs'),
  notebook(bytes, tables, out) {
    const language = beginsWithBrace(bytes) ? 'json' : 'python';
    readRange(bytes, 0, bytes.length, tables.of(language), out);
  },
};

function isMixed(language: LanguageId): language is MixedLanguage {
  return Object.hasOwn(MIXED, language);
}

function beginsWithBrace(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length && isSpace(bytes[at] ?? 0)) at += 1;
  return bytes[at] === 123;
}
