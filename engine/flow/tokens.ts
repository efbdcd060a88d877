/** Words, texts and marks of a piece of code: as much of its grammar as it takes to tell which names it is about. */
import type { Spans } from '../lexer/spans.ts';
import { spanIndexAt } from '../lexer/spans.ts';
import type { ByteRange } from '../re2/instance.ts';

export interface Token {
  /** `word`: a name or a keyword. `text`: a string. */
  readonly kind: 'word' | 'text' | 'mark';
  /** Bytes as characters; of a word without the sign that names have in some languages, of a string its word, if it is one. */
  readonly text: string;
  readonly start: number;
}

/** A piece that is longer is read as far as that. In bytes. */
const MOST_BYTES = 8192;

const WORD = /[$@]{0,2}[A-Za-z_\x80-\xff][\w\x80-\xff]*/;
const NUMBER = /\d[\w.]*/;
/** Comparisons before assignments: `<=` is no `=`. */
const MARK =
  /===?|!==?|<=>|[<>]=|=>|=~|<-|->|::|\?\.|\.{2,3}|(?:\*\*|\|\||&&|\?\?|<<|>>>?|\/\/|[-+*/%|&^.:])?=|[^\s]/;
const TOKEN = new RegExp(`(?<word>${WORD.source})|${NUMBER.source}|${MARK.source}`, 'g');
/** A string that may be the key of a value: one word in quotes. */
const KEY = /^\W*(\w{1,64})\W*$/;
/** In a string: what stands behind a mark of interpolation. */
const INTERPOLATED = /(?:[$#]\{?|\{\$?|\\\()\s*(?<name>[A-Za-z_][\w.]*)/g;

/** `range` lies in `bytes`; comments are blank there or are left out by `spans`. */
export function tokensOf(bytes: Uint8Array, spans: Spans, { start, end }: ByteRange): Token[] {
  const tokens: Token[] = [];
  const last = Math.min(end, start + MOST_BYTES);
  let from = start;
  for (let index = Math.max(0, spanIndexAt(spans, start)); from < last; index++) {
    const spanStart = Math.min(last, Math.max(from, spans.starts[index] ?? last));
    const spanEnd = Math.min(last, Math.max(from, spans.ends[index] ?? last));
    addCode(tokens, latin1(bytes, from, spanStart), from);
    if (spans.regions[index] === 'string' && spanEnd > spanStart)
      addText(tokens, latin1(bytes, spanStart, spanEnd), spanStart);
    from = index < spans.starts.length ? spanEnd : last;
  }
  return tokens;
}

function addCode(tokens: Token[], code: string, offset: number): void {
  for (const { 0: text, index, groups } of code.matchAll(TOKEN)) {
    const word = groups?.['word'];
    const start = offset + index;
    if (word === undefined) tokens.push({ kind: 'mark', text, start });
    else tokens.push({ kind: 'word', text: word.replace(/^[$@]+/, ''), start });
  }
}

/** The string, and behind it the names in it, as if they were its arguments. */
function addText(tokens: Token[], text: string, start: number): void {
  tokens.push({ kind: 'text', text: KEY.exec(text)?.[1] ?? '', start });
  for (const { groups } of text.matchAll(INTERPOLATED)) {
    const [first = '', ...others] = (groups?.['name'] ?? '').split('.');
    tokens.push({ kind: 'mark', text: ',', start }, { kind: 'word', text: first, start });
    for (const other of others)
      tokens.push({ kind: 'mark', text: '.', start }, { kind: 'word', text: other, start });
  }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 4096)));
  return text;
}
