/**
 * What a language's table says, and its compiled form.
 * A table lists openers: what, met in code, begins a comment or a string. The first that fits wins.
 */
import type { Region } from '../rule.ts';
import { ascii, NEWLINE, QUESTION_MARK } from './bytes.ts';

/** Code inside a string, from `open` to the `close` byte that balances it. */
export interface Hole {
  readonly open: string;
  readonly close: string;
  /** Byte that adds a level; empty when levels do not nest (shell backticks). */
  readonly nest: string;
  /** The delimiters are code too, as `$(` and `)` in shell. */
  readonly codeDelimiters?: boolean;
  /** `open` twice stands for itself. */
  readonly doubled?: boolean;
  /** A byte that has to follow `open`. */
  readonly before?: string;
}

/** How a string goes on after its opening delimiter. */
export interface StringForm {
  /** Empty for heredocs, and for pairs, whose closing byte the opener decides. */
  readonly close: string;
  readonly escape?: string;
  /** The closing delimiter twice stands for itself. */
  readonly doubled?: boolean;
  /** Goes on over newlines; otherwise an unterminated string ends at its newline. */
  readonly multiline?: boolean;
  /** More quotes right after the closing delimiter belong to the string. */
  readonly greedy?: boolean;
  readonly holes?: readonly Hole[];
  /** `hash`: `close` is followed by, and `escape` is followed by, the counted `#`. `quote`: `close` is repeated. */
  readonly counted?: 'hash' | 'quote';
  readonly heredoc?: boolean;
}

/** Says yes or no to an opener at `at`; looks at a bounded number of bytes, or back over blanks only. */
export type Guard = (bytes: Uint8Array, at: number, from: number, end: number) => boolean;

export type Opener =
  | { readonly kind: 'line'; readonly open: string; readonly guard?: Guard }
  | {
      readonly kind: 'block';
      readonly open: string;
      readonly close: string;
      readonly nested?: boolean;
      readonly guard?: Guard;
    }
  | {
      readonly kind: 'string';
      readonly open: string;
      readonly form: StringForm;
      readonly guard?: Guard;
    }
  /** Returns where code goes on, or -1 when nothing begins here. */
  | {
      readonly kind: 'custom';
      readonly open: string;
      readonly run: (state: LexState, at: number) => number;
    };

export interface Table {
  readonly openers: readonly Opener[];
  /** Heredocs begin at the newline after their opener. */
  readonly heredocs?: boolean;
  /** `?>` ends the code, also inside a line comment. */
  readonly closeTag?: boolean;
  /** Closing delimiter whose stray occurrence near the start tells a fragment that begins in a comment. */
  readonly strayClose?: { readonly open: string; readonly close: string };
}

export interface CompiledHole {
  readonly open: Uint8Array;
  readonly close: number;
  readonly nest: number;
  readonly codeDelimiters: boolean;
  readonly doubled: boolean;
  readonly before: number;
}

export interface CompiledForm {
  readonly close: Uint8Array;
  readonly escape: number;
  readonly doubled: boolean;
  readonly multiline: boolean;
  readonly greedy: boolean;
  readonly holes: readonly CompiledHole[];
  readonly counted: 'hash' | 'quote' | undefined;
  readonly heredoc: boolean;
  /** Bytes at which the body has to look closer. */
  readonly stops: Uint8Array;
}

/** One open string: its form and what its opener decided. */
export interface StringState {
  readonly form: CompiledForm;
  /** Number of `#` or quotes of a counted form. */
  readonly count: number;
  /** Closing and nesting byte of a pair such as Ruby's `%q( )`; 0 without. */
  readonly close: number;
  readonly nest: number;
  depth: number;
  /** Range of a heredoc's tag, or where a measured string begins; `indented`: the closing tag may stand after blanks. */
  readonly tagStart: number;
  readonly tagEnd: number;
  readonly indented: boolean;
  /** The closing tag may be followed by code. */
  readonly loose: boolean;
}

/** What stands on the stack while code inside something else is read. */
export interface Frame {
  /** `jsx`: between tags, or in a tag; `brace`: `{…}` in JSX; `hole`: code in the string `string`. */
  readonly kind: 'jsx' | 'brace' | 'hole';
  readonly string: StringState | undefined;
  readonly hole: CompiledHole | undefined;
  /** Where its code begins. */
  readonly start: number;
  readonly brackets: number;
  depth: number;
  /** JSX only: reading the inside of `<…>`. */
  inTag: boolean;
  closingTag: boolean;
}

/** What a custom opener may use of the machine. */
export interface LexState {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly end: number;
  add(start: number, end: number, region: Exclude<Region, 'code'>): void;
  /** Reads the body of a string whose span begins at `start`; returns where code goes on. */
  body(start: number, at: number, string: StringState): number;
  /** Whether an earlier reading found this form unterminated, so that its openers are to be doubted. */
  doubted(form: CompiledForm): boolean;
  /** Offset from which an earlier reading found the form unterminated; Infinity if it did not. */
  doubtedFrom(form: CompiledForm): number;
  /** Notes that a multi-line string found no end. */
  unterminated(string: StringState): void;
  /** Whether the form's strings end at a newline, by themselves or because they are in doubt. */
  endsAtNewline(form: CompiledForm): boolean;
  pushHeredoc(string: StringState): void;
  enterHole(at: number, string: StringState, hole: CompiledHole): void;
  /** Whether an expression may begin at `at`: a `/` there opens a regular expression, a `<` an element. */
  expressionAt(at: number): boolean;
  /** Offset of the last byte of code before `at`, `-1` at the start, `-2` when a string stands there. */
  significantBefore(at: number): number;
  openBracket(at: number): void;
  closeBracket(at: number): void;
  enterJsx(at: number): void;
  enterBrace(at: number): void;
  /** No regular expression begins before this offset: an attempt ran to the end of the line in vain. */
  regexFrom: number;
}

export interface CompiledOpener {
  readonly opener: Opener;
  readonly open: Uint8Array;
  readonly close: Uint8Array;
  readonly guard: Guard | undefined;
  readonly string: StringState | undefined;
}

export interface CompiledTable {
  readonly table: Table;
  readonly openers: readonly (readonly CompiledOpener[] | undefined)[];
  /** Bytes to look at in plain code, and in code inside a string. */
  readonly stops: Uint8Array;
  readonly holeStops: Uint8Array;
}

export function compileForm(form: StringForm): CompiledForm {
  const holes = (form.holes ?? []).map((hole) => ({
    open: ascii(hole.open),
    close: hole.close.charCodeAt(0),
    nest: hole.nest === '' ? 0 : hole.nest.charCodeAt(0),
    codeDelimiters: hole.codeDelimiters === true,
    doubled: hole.doubled === true,
    before: hole.before === undefined ? 0 : hole.before.charCodeAt(0),
  }));
  const close = ascii(form.close);
  const escape = form.escape === undefined ? 0 : form.escape.charCodeAt(0);
  const pair = close.length === 0 && form.heredoc !== true;
  const stops = new Uint8Array(256);
  for (const byte of [NEWLINE, escape, close[0] ?? 0, ...holes.map((hole) => hole.open[0] ?? 0)])
    if (byte !== 0) stops[byte] = 1;
  if (pair) stops.fill(1);
  return {
    close,
    escape,
    doubled: form.doubled === true,
    multiline: form.multiline === true,
    greedy: form.greedy === true,
    holes,
    counted: form.counted,
    heredoc: form.heredoc === true,
    stops,
  };
}

export function plainString(form: CompiledForm, count = 0): StringState {
  const none = { close: 0, nest: 0, depth: 0, tagStart: 0, tagEnd: 0 };
  return { form, count, ...none, indented: false, loose: false };
}

export function compileTable(table: Table): CompiledTable {
  const openers: CompiledOpener[][] = [];
  const forms = new Map<StringForm, StringState>();
  for (const opener of table.openers) {
    const open = ascii(opener.open);
    const form = opener.kind === 'string' ? opener.form : undefined;
    const string = form && (forms.get(form) ?? plainString(compileForm(form)));
    if (form && string) forms.set(form, string);
    (openers[open[0] ?? 0] ??= []).push({
      opener,
      open,
      close: opener.kind === 'block' ? ascii(opener.close) : new Uint8Array(0),
      guard: opener.kind === 'custom' ? undefined : opener.guard,
      string,
    });
  }
  const stops = new Uint8Array(256);
  openers.forEach((_, byte) => (stops[byte] = 1));
  if (table.heredocs === true) stops[NEWLINE] = 1;
  if (table.closeTag === true) stops[QUESTION_MARK] = 1;
  const holeStops = stops.slice();
  for (const byte of ascii('\n(){}`')) holeStops[byte] = 1;
  return { table, openers, stops, holeStops };
}
