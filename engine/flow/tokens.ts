/** Words, texts and marks of a piece of code: as much of its grammar as it takes to tell which names it is about. */
import type { LanguageId } from '../language.ts';
import type { Spans } from '../lexer/spans.ts';
import { spanIndexAt } from '../lexer/spans.ts';
import type { ByteRange } from '../re2/instance.ts';

export interface Token {
  /** `word`: a name or a keyword. `text`: a string. */
  readonly kind: 'word' | 'text' | 'mark';
  /** Bytes as characters; of a word without the sign that names have in some languages, of a string its word, if it is one. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** By how much brackets are deeper behind it. */
export function depthOf(token: Token | undefined): number {
  if (token?.kind !== 'mark') return 0;
  if ('([{'.includes(token.text)) return 1;
  return ')]}'.includes(token.text) ? -1 : 0;
}

/** A piece that is longer is read as far as that; nobody writes such a statement. In bytes. */
export const MOST_BYTES = 8192;

const WORD = /[$@]{0,2}[A-Za-z_\x80-\xff][\w\x80-\xff]*/;
const NUMBER = /\d[\w.]*/;
/** Comparisons before assignments: `<=` is no `=`. */
const MARK =
  /===?|!==?|<=>|[<>]=|=>|=~|<-|->|::|\?\.|\.{2,3}|(?:\*\*|\|\||&&|\?\?|<<|>>>?|\/\/|[-+*/%|&^.:])?=|[^\s]/;
const TOKEN = new RegExp(`(?<word>${WORD.source})|${NUMBER.source}|${MARK.source}`, 'g');
/** A string that may be the key of a value: one word in quotes. */
const KEY = /^\W*(\w{1,64})\W*$/;
/** In a string: what stands behind a mark of interpolation. What is in `{{` stands for itself, or is a template's. */
const INTERPOLATED = /\{\{[^}]*\}\}|\{\{|(?:[$#]\{?|\{\$?|\\\()\s*(?<name>[A-Za-z_][\w.]*)/g;
/** `$name` is text there. */
const WITHOUT_DOLLARS: ReadonlySet<LanguageId | undefined> = new Set([
  'python',
  'javascript',
  'typescript',
  'jsx',
  'tsx',
  'java',
  'csharp',
  'go',
  'ruby',
  'rust',
  'swift',
]);

export interface CodeText {
  /** Comments are blank there, or are left out by `spans`. */
  readonly bytes: Uint8Array;
  readonly spans: Spans;
  readonly language: LanguageId | undefined;
}

/** `range` lies in the text. */
export function tokensOf({ bytes, spans, language }: CodeText, { start, end }: ByteRange): Token[] {
  const tokens: Token[] = [];
  const last = Math.min(end, start + MOST_BYTES);
  let from = start;
  for (let index = Math.max(0, spanIndexAt(spans, start)); from < last; index++) {
    const spanStart = Math.min(last, Math.max(from, spans.starts[index] ?? last));
    const spanEnd = Math.min(last, Math.max(from, spans.ends[index] ?? last));
    addCode(tokens, latin1(bytes, from, spanStart), from);
    if (spans.regions[index] === 'string' && spanEnd > spanStart)
      addText(tokens, {
        text: latin1(bytes, spanStart, spanEnd),
        prefix: latin1(bytes, Math.max(start, spanStart - 2), spanStart),
        start: spanStart,
        language,
      });
    from = index < spans.starts.length ? spanEnd : last;
  }
  return language === 'php' ? tokens.map(withPlus) : tokens;
}

/** In PHP a dot joins texts, and is no sign of a member. */
function withPlus(token: Token): Token {
  if (token.kind !== 'mark') return token;
  if (token.text === '.') return { ...token, text: '+' };
  return token.text === '.=' ? { ...token, text: '+=' } : token;
}

function addCode(tokens: Token[], code: string, offset: number): void {
  for (const { 0: text, index, groups } of code.matchAll(TOKEN)) {
    const word = groups?.['word'];
    const start = offset + index;
    const end = start + text.length;
    if (word === undefined) tokens.push({ kind: 'mark', text, start, end });
    else tokens.push({ kind: 'word', text: word.replace(/^[$@]+/, ''), start, end });
  }
}

interface StringText {
  readonly text: string;
  /** What stands before it. */
  readonly prefix: string;
  readonly start: number;
  readonly language: LanguageId | undefined;
}

/** The string, and behind it the names in it, as if they were its arguments. */
function addText(tokens: Token[], { text, prefix, start, language }: StringText): void {
  const end = start + text.length;
  tokens.push({ kind: 'text', text: KEY.exec(text)?.[1] ?? '', start, end });
  for (const { 0: all, index, groups } of text.matchAll(INTERPOLATED)) {
    const name = groups?.['name'];
    if (name === undefined) continue;
    if (/^\$\w/.test(all) && WITHOUT_DOLLARS.has(language)) continue;
    if (/^\{[^$]/.test(all) && !isFormat(prefix + text.slice(0, 3), language)) continue;
    const place = { start: start + index, end: start + index + all.length };
    const [first = '', ...others] = name.split('.');
    tokens.push({ kind: 'mark', text: ',', ...place }, { kind: 'word', text: first, ...place });
    for (const other of others)
      tokens.push({ kind: 'mark', text: '.', ...place }, { kind: 'word', text: other, ...place });
  }
}

/** Whether a string that begins so has names in braces: `f"`, `$"`, and where any may be a format. */
function isFormat(begin: string, language: LanguageId | undefined): boolean {
  if (language === 'python' || language === 'notebook')
    return /(?:^|\W)[rR]?[fF][rR]?["']/.test(begin);
  if (language === 'csharp') return /\$@?"/.test(begin);
  return language === 'rust' || language === undefined;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 4096)));
  return text;
}
