/**
 * Splits code into statements in one pass, whole files and fragments alike. Statements do not overlap: the
 * head of a block is one of its own, and so is each statement inside the block.
 */
import { codeLanguageOf, type LanguageId } from '../language.ts';
import {
  byteSet,
  GREATER,
  HASH,
  isBlank,
  isSpace,
  isWord,
  LESS,
  NEWLINE,
  PERCENT,
  QUESTION_MARK,
  RETURN,
  standsAt,
} from '../lexer/bytes.ts';
import type { Spans } from '../lexer/spans.ts';
import { opensBlock } from './brace.ts';
import { goesOn } from './newline.ts';
import { Parts } from './parts.ts';
import { type StatementStyle, styleOf } from './style.ts';

type Open = 'round' | 'literal' | 'block';

/** Languages that templates are written in; nowhere else in them does `<%` or `%>` stand in code. */
const TEMPLATED: ReadonlySet<LanguageId | undefined> = new Set([
  'java',
  'csharp',
  'ruby',
  'javascript',
] as const);

const PREPROCESSED: ReadonlySet<LanguageId | undefined> = new Set(['c', 'cpp', 'csharp'] as const);

export function splitStatements(
  bytes: Uint8Array,
  spans: Spans,
  language: LanguageId | undefined,
): Parts {
  return new Splitter(bytes, spans, language).parts();
}

class Splitter {
  private readonly bytes: Uint8Array;
  private readonly spans: Spans;
  private readonly language: LanguageId | undefined;
  private readonly style: StatementStyle;
  private readonly result: Parts = new Parts();
  private readonly open: Open[] = [];
  /** Last byte of code or string that is no space. */
  private before = -1;
  /** Nothing but newlines has ended a statement so far: the text may begin inside of brackets. */
  private isBeginning = true;
  private inDirective = false;

  constructor(bytes: Uint8Array, spans: Spans, language: LanguageId | undefined) {
    this.bytes = bytes;
    this.spans = spans;
    this.language = codeLanguageOf(language);
    this.style = styleOf(language);
  }

  parts(): Parts {
    const { bytes, spans } = this;
    let from = 0;
    for (let index = 0; index <= spans.starts.length; index++) {
      const to = spans.starts[index] ?? bytes.length;
      for (let at = from; at < to; at = this.word(at + 1, to)) this.code(at);
      from = spans.ends[index] ?? bytes.length;
      if (index < spans.starts.length && spans.regions[index] === 'string') this.text(to, from);
    }
    this.result.close(bytes.length);
    return this.result;
  }

  /** Passes what is left of a word, of which no byte means anything; returns where it ends. */
  private word(from: number, to: number): number {
    const { bytes } = this;
    let at = from;
    if (!isWord(bytes[at - 1] ?? 0)) return at;
    while (at < to && isWord(bytes[at] ?? 0)) at++;
    if (at > from) this.text(from, at);
    return at;
  }

  private text(start: number, end: number): void {
    this.result.add(start, end);
    this.before = end - 1;
  }

  private code(at: number): void {
    const byte = this.bytes[at] ?? 0;
    if (byte === NEWLINE || (byte === RETURN && this.bytes[at + 1] !== NEWLINE)) {
      this.newline(at);
      return;
    }
    if (isSpace(byte)) {
      if (this.result.isLong) this.result.close(at);
      return;
    }
    if (byte === HASH) this.directive(at);
    else if (this.language === 'php') this.tag(at, byte, QUESTION_MARK);
    else if (TEMPLATED.has(this.language)) this.tag(at, byte, PERCENT);
    // A `{` is judged by what stands before it.
    const { before } = this;
    this.before = at;
    this.result.add(at, at + 1);
    switch (byte) {
      case 40: // (
      case 91: // [
        this.open.push('round');
        break;
      case 41: // )
      case 93: // ]
        this.closeRound();
        break;
      case 123: // {
        this.openBrace(at, before);
        break;
      case 125: // }
        this.closeBrace(at);
        break;
      case 59: // ;
        if (this.innermost !== 'round') this.end(at + 1);
        break;
      case 44: // ,
        if (this.style.commas && this.innermost === 'block') this.end(at + 1);
        break;
    }
  }

  private get innermost(): Open | undefined {
    return this.open.at(-1);
  }

  private end(at: number): void {
    this.result.close(at);
    this.isBeginning = false;
  }

  private newline(at: number): void {
    if (this.inDirective && this.bytes[this.before] !== 92) {
      this.inDirective = false;
      this.result.close(at);
      return;
    }
    if (this.innermost === 'round' || this.innermost === 'literal') {
      if (this.result.isLong) this.result.close(at);
      return;
    }
    if (!goesOn(this.bytes, this.before, this.nextOnLine(at + 1), this.style.newline))
      this.result.close(at);
  }

  /** Offset of what the next line begins with, if that is code: blanks are passed, further newlines are not. */
  private nextOnLine(from: number): number {
    let at = from;
    while (isBlank(this.bytes[at] ?? 0)) at++;
    return at;
  }

  private directive(at: number): void {
    if (!PREPROCESSED.has(this.language)) return;
    let start = at;
    while (start > 0 && isBlank(this.bytes[start - 1] ?? 0)) start--;
    if (start > 0 && this.bytes[start - 1] !== NEWLINE) return;
    this.inDirective = true;
    this.result.close(at);
  }

  /** Tags belong to no statement, and brackets of the text around them mean nothing. */
  private tag(at: number, byte: number, mark: number): void {
    const { bytes, before } = this;
    const next = bytes[at + 1];
    if ((byte === LESS && next === mark) || (byte === mark && next === GREATER)) {
      while (this.innermost === 'round') this.open.pop();
      this.end(before + 1);
    } else if (before > 0 && isBehindTag(bytes, at, before, mark)) {
      this.end(at);
    }
  }

  private openBrace(at: number, before: number): void {
    const isBlock = opensBlock(this.bytes, at, before, this.style, this.language);
    this.open.push(isBlock ? 'block' : 'literal');
    if (isBlock) this.end(at + 1);
  }

  private closeRound(): void {
    if (this.innermost === 'round') this.open.pop();
    else if (this.open.length === 0 && this.isBeginning) this.result.joinAll();
  }

  /** Brackets that are still open inside of the braces never close. */
  private closeBrace(at: number): void {
    let closed = this.open.pop();
    while (closed === 'round') closed = this.open.pop();
    if (closed !== 'literal') this.end(at + 1);
  }
}

/** Whether nothing stands between `<%`, `<?php`, or `<%=` and its like, and the byte at `at`. */
function isBehindTag(bytes: Uint8Array, at: number, before: number, mark: number): boolean {
  if (TAG_MARKS.has(bytes[at] ?? 0) || standsAt(bytes, at, bytes.length, 'php')) return false;
  const isMarked = TAG_MARKS.has(bytes[before] ?? 0);
  const isNamed = standsAt(bytes, before - 2, at, 'php') && isSpace(bytes[at - 1] ?? 0);
  const open = isNamed ? before - 3 : isMarked ? before - 1 : before;
  return bytes[open] === mark && bytes[open - 1] === LESS;
}

/** `<%=`, `<%-`, `<%!`, `<%@`, `<%:`, `<%#`, `<%_` */
const TAG_MARKS: ReadonlySet<number> = byteSet('=-!@:#_');
