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
  /** Of a word: whether a `$` stands before it. */
  readonly hasSigil?: boolean;
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
/** In an expression that is put into a string, whose own strings the lexer does not tell. */
const PUT_IN_TOKEN = new RegExp(`(?<text>"[^"]*"|'[^']*'|\`[^\`]*\`)|${TOKEN.source}`, 'g');
/** A string that may be the key of a value: one word in quotes. */
const KEY = /^[^\w\s]{0,3}(\w{1,64})[^\w\s]{0,3}$/;
/** In a string: where an expression begins that is put in, or a name. What is in `{{` stands for itself, or is a template's. */
const INTERPOLATED =
  /\{\{[^}]*\}\}|\{\{|(?<open>[$#]\{|\\\()|(?<brace>\{)|(?:\$|#@)(?<name>[A-Za-z_][\w.]*)/g;
/** Longer expressions are read as far as that. In bytes. */
const MOST_OF_EXPRESSION = 512;
/** Between a string and what is put into it. */
export const PUT_IN = '$';
/** `${name}` is text there. */
const WITHOUT_EXPRESSIONS: ReadonlySet<LanguageId | undefined> = new Set([
  'python',
  'csharp',
  'go',
  'ruby',
  'rust',
  'swift',
  'c',
  'cpp',
]);
/** `$name` is text there. */
const WITHOUT_DOLLARS: ReadonlySet<LanguageId | undefined> = new Set([
  ...WITHOUT_EXPRESSIONS,
  'java',
  'javascript',
  'typescript',
  'jsx',
  'tsx',
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

function addCode(tokens: Token[], code: string, offset: number, token = TOKEN): void {
  for (const { 0: all, index, groups = {} } of code.matchAll(token)) {
    const { word, text } = groups;
    const place = { start: offset + index, end: offset + index + all.length };
    if (text !== undefined)
      tokens.push({ kind: 'text', text: KEY.exec(text)?.[1] ?? '', ...place });
    else if (word === undefined) tokens.push({ kind: 'mark', text: all, ...place });
    else {
      const name = word.replace(/^[$@]+/, '');
      tokens.push({ kind: 'word', text: name, ...place, hasSigil: word.startsWith('$') });
    }
  }
}

interface StringText {
  readonly text: string;
  /** What stands before it. */
  readonly prefix: string;
  readonly start: number;
  readonly language: LanguageId | undefined;
}

/** The string, and behind it what is put in, as if it were added. */
function addText(tokens: Token[], { text, prefix, start, language }: StringText): void {
  const end = start + text.length;
  // Behind an expression that the lexer told.
  if (/^[})]/.test(text)) tokens.push({ kind: 'mark', text: PUT_IN, start, end: start });
  tokens.push({ kind: 'text', text: KEY.exec(text)?.[1] ?? '', start, end });
  for (const { 0: all, index, groups = {} } of text.matchAll(INTERPOLATED)) {
    const { open, brace, name } = groups;
    const from = index + all.length - (name ?? '').length;
    // Of an expression that was read.
    if (start + from < (tokens.at(-1)?.end ?? 0) && tokens.at(-1)?.kind !== 'text') continue;
    if (open === undefined && brace === undefined && name === undefined) continue;
    if (!isPutIn(all, text[from], language)) continue;
    if (brace !== undefined && text[from] !== '$' && !isFormat(prefix + text.slice(0, 3), language))
      continue;
    const to =
      name === undefined ? expressionEnd(text, from, brace !== undefined) : index + all.length;
    tokens.push({ kind: 'mark', text: PUT_IN, start: start + index, end: start + from });
    const first = tokens.length;
    addCode(tokens, text.slice(from, to), start + from, PUT_IN_TOKEN);
    const put = tokens[first];
    if (name !== undefined && put !== undefined) tokens[first] = { ...put, hasSigil: true };
  }
  // Before one.
  if (/[^"'`]$/.test(text)) tokens.push({ kind: 'mark', text: PUT_IN, start: end, end });
}

/** Whether in the language what `mark` begins, and `next` goes on with, is more than text. */
function isPutIn(
  mark: string,
  next: string | undefined,
  language: LanguageId | undefined,
): boolean {
  if (mark.startsWith('\\')) return language === 'swift' || language === undefined;
  if (mark.startsWith('#')) return language === 'ruby' || !WITHOUT_DOLLARS.has(language);
  if (mark === '${') return !WITHOUT_EXPRESSIONS.has(language);
  return !(mark.startsWith('$') || next === '$') || !WITHOUT_DOLLARS.has(language);
}

/** Where a bracket closes what begins at `from`; `isFormat`: before what says how it is written, as in `{a:>10}` or `{a!r}`. */
function expressionEnd(text: string, from: number, isFormat: boolean): number {
  const last = Math.min(text.length, from + MOST_OF_EXPRESSION);
  let depth = 0;
  for (let at = from; at < last; at++) {
    const char = text[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && depth-- === 0) return at;
    else if (depth === 0 && isFormat && (char === ':' || (char === '!' && text[at + 1] !== '=')))
      return at;
  }
  return last;
}

/** Whether a string that begins so has names in braces: `f"`, `$"`, and where any may be a format. */
function isFormat(begin: string, language: LanguageId | undefined): boolean {
  if (language === 'python' || language === 'notebook')
    return /(?:^|\W)[rR]?[fF][rR]?["']/.test(begin);
  if (language === 'csharp') return /\$@?"/.test(begin);
  return language === 'rust' || language === undefined;
}

/** One character for each byte, whatever it is. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 4096)));
  return text;
}
