/** Writes spans into the text, so that cases can be read: `‹string›`, `«comment»`. */
import type { LanguageId } from '../../../engine/language.ts';
import { lex } from '../../../engine/lexer/lex.ts';

export function show(text: string, language: LanguageId | undefined): string {
  const bytes = new TextEncoder().encode(text);
  const spans = lex(bytes, language);
  const decoder = new TextDecoder();
  let shown = '';
  let from = 0;
  spans.starts.forEach((start, index) => {
    const end = spans.ends[index] ?? start;
    const [open, close] = spans.regions[index] === 'string' ? '‹›' : '«»';
    shown += decoder.decode(bytes.subarray(from, start));
    shown += `${open}${decoder.decode(bytes.subarray(start, end))}${close}`;
    from = end;
  });
  return shown + decoder.decode(bytes.subarray(from));
}

/** The text that a shown form was made from. */
export function plain(shown: string): string {
  return shown.replaceAll(/[‹›«»]/g, '');
}
