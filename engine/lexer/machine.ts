/**
 * Reads code by a compiled table: skips bytes that begin nothing, lets openers decide at the others.
 * Strings keep a frame on the stack only while code inside them is read. Every byte is passed a bounded
 * number of times, so the time is linear whatever the text says.
 */
import type { Region } from '../rule.ts';
import { BACKTICK, commentEnd, GREATER, NEWLINE, QUESTION_MARK, standsAt } from './bytes.ts';
import { blockEnd } from './comment.ts';
import { looksLikeOpener } from './fragment.ts';
import { readBody } from './body.ts';
import { opensExpression, Brackets, significantBefore } from './expression.ts';
import { readJsx } from './jsx.ts';
import { Output } from './output.ts';
import type {
  CompiledForm,
  CompiledHole,
  CompiledOpener,
  CompiledTable,
  Frame,
  LexState,
  StringState,
} from './table.ts';

/** Strings in code in strings … deeper than this: the rest of the text counts as code. */
const MAX_DEPTH = 64;

/** Heredocs announced on one line; more are read as code. */
const MAX_PENDING_HEREDOCS = 8;

export class Machine implements LexState {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly end: number;
  regexFrom = 0;
  /** First multi-line string without an end: a reason to read again with that form in doubt. */
  open: { readonly form: CompiledForm; readonly tag: number } | undefined;
  readonly #table: CompiledTable;
  readonly #out: Output;
  readonly #doubts: ReadonlyMap<CompiledForm, number>;
  readonly #brackets = new Brackets();
  readonly #stack: Frame[] = [];
  #frame: Frame | undefined;
  readonly #heredocs: { readonly string: StringState; readonly depth: number }[] = [];
  #halted = false;

  constructor(
    bytes: Uint8Array,
    range: { readonly from: number; readonly end: number },
    table: CompiledTable,
    out: Output,
    doubts: ReadonlyMap<CompiledForm, number>,
  ) {
    this.bytes = bytes;
    this.from = range.from;
    this.end = range.end;
    this.#table = table;
    this.#out = out;
    this.#doubts = doubts;
  }

  /** Reads to the end, or to PHP's `?>`; returns the offset where it stopped. */
  run(from: number): number {
    let at = from;
    while (at < this.end && !this.#halted) {
      if (this.#frame?.kind === 'jsx') {
        at = readJsx(this, this.#frame, at);
        if (this.#frame.kind === 'jsx' && this.#frame.depth === 0) this.#leaveJsx(at);
      } else {
        at = this.#code(at);
      }
    }
    const outer = this.#stack.find((frame) => frame.string?.form.multiline === true);
    if (at >= this.end && outer?.string) this.unterminated(outer.string);
    return at;
  }

  /** Whether reading was given up, so that the rest counts as code. */
  get tooDeep(): boolean {
    return this.#stack.length >= MAX_DEPTH;
  }

  #code(from: number): number {
    const { bytes, end } = this;
    const frame = this.#frame;
    const { openers } = this.#table;
    const stops = frame ? this.#table.holeStops : this.#table.stops;
    let at = from;
    while (at < end) {
      const byte = bytes[at] ?? 0;
      if (stops[byte] === 0) {
        at += 1;
        continue;
      }
      if (frame) {
        const next = this.#inFrame(frame, byte, at);
        if (next >= 0) return next;
      }
      if (byte === NEWLINE && this.#heredocs.length > 0) {
        const next = this.#heredocBody(at + 1);
        if (next >= 0) return next;
      }
      if (byte === QUESTION_MARK && this.#table.table.closeTag && bytes[at + 1] === GREATER) {
        this.#halted = true;
        return at;
      }
      const next = this.#open(openers[byte], at);
      if (next < 0) at += 1;
      else if (frame === this.#frame && !this.#halted) at = next;
      else return next;
    }
    return end;
  }

  /** Levels of brackets and the end of code inside a string; -1 when the code goes on as usual. */
  #inFrame(frame: Frame, byte: number, at: number): number {
    const close = frame.hole?.close ?? 125;
    if (byte === close) {
      if (frame.depth === 0) return this.#closeFrame(frame, at);
      frame.depth -= 1;
    } else if (byte === (frame.hole?.nest ?? 123)) {
      frame.depth += 1;
    } else if (byte === NEWLINE && frame.string && this.endsAtNewline(frame.string.form)) {
      this.#pop();
      return at;
    }
    return -1;
  }

  #closeFrame(frame: Frame, at: number): number {
    this.#pop();
    if (!frame.string) return at + 1;
    return this.body(frame.hole?.codeDelimiters ? at + 1 : at, at + 1, frame.string);
  }

  #pop(): void {
    const frame = this.#stack.pop();
    if (frame) this.#brackets.depth = frame.brackets;
    this.#frame = this.#stack.at(-1);
  }

  #push(kind: Frame['kind'], start: number, string?: StringState, hole?: CompiledHole): void {
    const frame: Frame = {
      kind,
      string,
      hole,
      start,
      brackets: this.#brackets.depth,
      depth: 0,
      inTag: false,
      closingTag: false,
    };
    this.#stack.push(frame);
    this.#frame = frame;
    if (this.tooDeep) this.#halted = true;
  }

  #open(openers: readonly CompiledOpener[] | undefined, at: number): number {
    if (openers === undefined) return -1;
    const { bytes, end } = this;
    for (const compiled of openers) {
      const { opener, open, guard, string } = compiled;
      if (open.length > 1 && !standsAt(bytes, at, end, open)) continue;
      if (guard && !guard(bytes, at, this.from, end)) continue;
      if (opener.kind === 'custom') {
        const next = opener.run(this, at);
        if (next >= 0) return next;
      } else if (opener.kind === 'line') {
        return this.#lineComment(at);
      } else if (opener.kind === 'block') {
        const next = blockEnd(compiled, opener.nested === true, bytes, at, end);
        this.add(at, next, 'comment');
        return next;
      } else if (string) {
        return this.#string(at, at + open.length, string);
      }
    }
    return -1;
  }

  #string(start: number, at: number, string: StringState): number {
    const { form } = string;
    if (this.doubted(form) && form.close.length + (form.close[0] === BACKTICK ? 2 : 0) > 2) {
      if (!looksLikeOpener(this.bytes, start, at, this.from, this.end)) {
        this.add(start, at, 'string');
        return at;
      }
    }
    return this.body(start, at, string);
  }

  #lineComment(at: number): number {
    let stop = commentEnd(this.bytes, at, this.end);
    if (this.#table.table.closeTag) {
      for (let mark = at; mark < stop; mark += 1) {
        if (this.bytes[mark] === QUESTION_MARK && this.bytes[mark + 1] === GREATER) stop = mark;
      }
    }
    this.add(at, stop, 'comment');
    return stop;
  }

  add(start: number, end: number, region: Exclude<Region, 'code'>): void {
    this.#out.add(start, end, region);
  }

  doubted(form: CompiledForm): boolean {
    return this.#doubts.has(form);
  }

  doubtedFrom(form: CompiledForm): number {
    return this.#doubts.get(form) ?? Infinity;
  }

  unterminated(string: StringState): void {
    this.open ??= { form: string.form, tag: string.tagStart };
  }

  endsAtNewline(form: CompiledForm): boolean {
    if (!form.multiline) return true;
    return form.close.length === 1 && form.close[0] !== BACKTICK && this.doubted(form);
  }

  body(start: number, from: number, string: StringState): number {
    return readBody(this, start, from, string);
  }

  enterHole(at: number, string: StringState, hole: CompiledHole): void {
    this.#push('hole', at, string, hole);
  }

  pushHeredoc(string: StringState): void {
    if (string.tagStart >= this.doubtedFrom(string.form)) return;
    if (this.#heredocs.length >= MAX_PENDING_HEREDOCS) return;
    this.#heredocs.push({ string, depth: this.#stack.length });
  }

  /** Reads the body of the first heredoc that this line announced; -1 when there is none. */
  #heredocBody(from: number): number {
    const index = this.#heredocs.findIndex(({ depth }) => depth >= this.#stack.length);
    const [next] = index < 0 ? [] : this.#heredocs.splice(index, 1);
    return next ? this.body(from, from, next.string) : -1;
  }

  significantBefore(at: number): number {
    const frame = this.#frame;
    return significantBefore(this.bytes, at, frame ? frame.start : this.from, this.#out);
  }

  expressionAt(at: number): boolean {
    const before = this.significantBefore(at);
    if (before === -2) return false;
    return before < 0 || opensExpression(this.bytes, before, this.from, this.#brackets);
  }

  openBracket(at: number): void {
    const before = this.significantBefore(at);
    this.#brackets.open(this.bytes, at, before, this.from);
  }

  closeBracket(at: number): void {
    this.#brackets.close(at);
  }

  enterJsx(at: number): void {
    this.#push('jsx', at);
  }

  enterBrace(at: number): void {
    this.#push('brace', at);
  }

  #leaveJsx(at: number): void {
    this.#pop();
    this.#brackets.lastClose = at - 1;
    this.#brackets.lastOpensExpression = false;
  }
}
