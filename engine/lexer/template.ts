/** Templates: HTML outside `<% … %>`, the table of the language they are written for inside. */
import type { TemplateLanguage } from '../language.ts';
import { findBytes, HASH, standsAt } from './bytes.ts';
import { readHtml } from './html.ts';
import type { Output } from './output.ts';
import { readRange } from './read.ts';
import type { TableLanguage, Tables } from './tables/index.ts';

const CODE: Readonly<Record<TemplateLanguage, TableLanguage>> = {
  jsp: 'java',
  aspx: 'csharp',
  erb: 'ruby',
  ejs: 'javascript',
};

/** Where a tag with `#` behind `<%` is a comment; in ASP.NET it binds data. */
const HASH_COMMENTS: ReadonlySet<TemplateLanguage> = new Set(['erb', 'ejs']);

const OPEN = '<%';
const CLOSE = '%>';

export function templateReader(
  language: TemplateLanguage,
): (bytes: Uint8Array, tables: Tables, out: Output) => void {
  return (bytes, tables, out) => {
    const end = bytes.length;
    const table = tables.of(CODE[language]);
    const first = findBytes(bytes, 0, end, CLOSE);
    let at = 0;
    // An edit of code has no opening tag, or one behind a closing one.
    if (first < findBytes(bytes, 0, end, OPEN)) {
      readRange(bytes, 0, first, table, out);
      at = first + CLOSE.length;
    }
    while (at < end) {
      const open = findBytes(bytes, at, end, OPEN);
      readHtml(bytes, at, open, tables, out);
      if (isComment(bytes, open, language)) {
        at = commentEnd(bytes, open, language);
        out.add(open, at, 'comment');
      } else {
        // The first one ends a tag, in a string also.
        const close = findBytes(bytes, open, end, CLOSE);
        readRange(bytes, Math.min(end, open + OPEN.length), close, table, out);
        at = Math.min(end, close + CLOSE.length);
      }
    }
  };
}

function isComment(bytes: Uint8Array, open: number, language: TemplateLanguage): boolean {
  if (HASH_COMMENTS.has(language)) return bytes[open + OPEN.length] === HASH;
  return standsAt(bytes, open, bytes.length, '<%--');
}

function commentEnd(bytes: Uint8Array, open: number, language: TemplateLanguage): number {
  const end = bytes.length;
  const close = HASH_COMMENTS.has(language) ? CLOSE : '--%>';
  return Math.min(end, findBytes(bytes, open, end, close) + close.length);
}
