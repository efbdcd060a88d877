/**
 * Splits a text into code, strings and comments. Works on whole files and on fragments of them, in linear
 * time, on any bytes.
 */
import type { LanguageId } from '../language.ts';
import { readHtml } from './html.ts';
import { readNotebook } from './notebook.ts';
import { Output } from './output.ts';
import { readPhp } from './php.ts';
import { readRange } from './read.ts';
import { ALL_CODE } from './spans.ts';
import type { Spans } from './spans.ts';
import { TABLES } from './tables/index.ts';
import type { MixedLanguage } from './tables/index.ts';

/**
 * Spans of `bytes`, UTF-8, read as `language`. Without a language everything is code.
 * A string's span has its quotes, a comment's its markers but not the newline after it; code inside a
 * string, such as `${…}`, lies between spans. Markdown is one comment: prose documents, it does not run.
 */
export function lex(bytes: Uint8Array, language: LanguageId | undefined): Spans {
  if (language === undefined || bytes.length === 0) return ALL_CODE;
  const out = new Output();
  if (isMixed(language)) MIXED[language](bytes, out);
  else readRange(bytes, 0, bytes.length, TABLES[language], out);
  return out;
}

/** Whether `lex` finds comments in this language at all. */
export function hasComments(language: LanguageId | undefined): boolean {
  if (language === undefined) return false;
  if (isMixed(language)) return true;
  return TABLES[language].table.openers.some(({ kind }) => kind === 'line' || kind === 'block');
}

type Reader = (bytes: Uint8Array, out: Output) => void;

const readMarkup: Reader = (bytes, out) => readHtml(bytes, 0, bytes.length, out);

const MIXED: Readonly<Record<MixedLanguage, Reader>> = {
  html: readMarkup,
  vue: readMarkup,
  svelte: readMarkup,
  php: readPhp,
  markdown: (bytes, out) => out.add(0, bytes.length, 'comment'),
  notebook: readNotebook,
};

function isMixed(language: LanguageId): language is MixedLanguage {
  return Object.hasOwn(MIXED, language);
}
