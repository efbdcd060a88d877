/** What functions of the text itself give, as far as their own statements tell, whatever they are given. */
import type { LanguageId } from '../language.ts';
import type { ByteRange } from '../re2/instance.ts';
import { type Definition, definitionAt } from './definition.ts';
import { combines, isCall } from './known.ts';
import { argumentEnd, closingOf, CONNECTORS } from './operands.ts';
import type { MadeSafe } from './origin.ts';
import type { FlowWork, PartReader, ReadPart } from './read.ts';
import { depthOf, MOST_BYTES, type Token } from './tokens.ts';

export interface FunctionsText {
  readonly language: LanguageId | undefined;
  /** Length of the text in bytes. */
  readonly end: number;
  /** Where a word stands, as a whole word; undefined where it stands in more than so many places. */
  readonly placesOf: (word: string, most: number) => readonly number[] | undefined;
  readonly around: (range: ByteRange) => ByteRange;
  /** What is between the braces behind a head, or is indented below it. */
  readonly blockBelow: (head: ByteRange) => ByteRange;
  readonly upwards: (from: number, to: number) => Iterable<ByteRange>;
}

/** What is asked of a value. */
export interface Safety {
  /** Tells one from the other. */
  readonly name: string;
  readonly madeSafe: MadeSafe;
}

/** Whether nothing of the value of an expression, in a function that begins at `from`, is left to whoever calls that. */
export type IsClosed = (expression: ByteRange, from: number, safety: Safety) => boolean;

const MOST_PLACES = 64;
/** Names that are looked for in one text; nobody calls more functions in what is asked about. */
const MOST_NAMES = 256;
/** Looking for a name passes so many bytes in the time that a search takes for one. */
const BYTES_A_UNIT = 16;
const MOST_STATEMENTS = 64;
/** Functions that call each other. */
const MOST_DEPTH = 3;
/** There a function gives what its last statement does. */
const GIVES_LAST: ReadonlySet<LanguageId | undefined> = new Set(['rust', 'ruby', 'scala'] as const);
const OWN: ReadonlySet<string> = new Set(['this', 'self', 'Self', 'static', 'cls']);
/** Methods that give a list of what a function makes of each element, and no more. */
const MAPPING: ReadonlySet<string> = new Set(['map', 'flatMap', 'Select']);

export class OwnFunctions {
  readonly #text: FunctionsText;
  readonly #parts: PartReader;
  readonly #work: FlowWork;
  readonly #isClosed: IsClosed;
  readonly #known = new Map<string, boolean>();
  readonly #definitions = new Map<string, readonly Definition[]>();
  /** By part, indexes of the names of what is called; most have none, and are asked about by many rules. */
  readonly #calls = new Map<ReadPart, readonly number[]>();
  #depth = 0;

  constructor(text: FunctionsText, parts: PartReader, work: FlowWork, isClosed: IsClosed) {
    this.#text = text;
    this.#parts = parts;
    this.#work = work;
    this.#isClosed = isClosed;
  }

  /** Calls in a part of a function, which begins at `from`, of others that give only what is constant or made safe. */
  closedCalls(part: ByteRange, from: number, safety: Safety): readonly ByteRange[] {
    const read = this.#parts.at(part);
    let calls = this.#calls.get(read);
    if (calls === undefined) this.#calls.set(read, (calls = callsIn(read.tokens)));
    const { tokens } = read;
    return calls
      .filter((at) => {
        const name = tokens[at]?.text ?? '';
        return MAPPING.has(name)
          ? this.#mapsToClosed(tokens, at, from, safety)
          : this.#givesClosed(name, safety);
      })
      .flatMap((at) => tokens[at] ?? []);
  }

  /** `a.map(f)`, `a.map((b) => c)` */
  #mapsToClosed(tokens: readonly Token[], at: number, from: number, safety: Safety): boolean {
    const close = closingOf(tokens, at + 1);
    const [first, second] = tokens.slice(at + 2, close);
    if (first === undefined || !isMark(tokens[close], ')')) return false;
    if (close === at + 3) return first.kind === 'word' && this.#givesClosed(first.text, safety);
    const arrow = isMark(first, '(')
      ? closingOf(tokens, at + 2) + 1
      : at + (isMark(second, '=>') ? 3 : 2);
    const body = tokens[arrow + 1];
    const last = tokens[close - 1];
    if (!isMark(tokens[arrow], '=>') || body === undefined || last === undefined) return false;
    if (arrow + 1 >= close || isMark(body, '{') || this.#depth >= MOST_DEPTH) return false;
    // Callbacks in callbacks are asked about by each of those around them.
    const key = `${body.start}:${last.end}\n${safety.name}`;
    let isClosed = this.#known.get(key);
    if (isClosed === undefined)
      this.#known.set(
        key,
        (isClosed = this.#asked({ start: body.start, end: last.end }, from, safety)),
      );
    return isClosed;
  }

  #givesClosed(name: string, safety: Safety): boolean {
    const key = `${name}\n${safety.name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // What calls itself is not followed.
    this.#known.set(key, false);
    if (this.#depth >= MOST_DEPTH) {
      this.#known.delete(key);
      return false;
    }
    const definitions = this.#definitionsOf(name);
    const isClosed =
      definitions.length > 0 && definitions.every((each) => this.#isClosedFunction(each, safety));
    this.#known.set(key, isClosed);
    return isClosed;
  }

  #isClosedFunction({ head, expression }: Definition, safety: Safety): boolean {
    if (expression !== undefined) return this.#asked(expression, head.start, safety);
    const { start, end } = this.#text.blockBelow(head);
    if (end - start > MOST_BYTES) return false;
    const returned: ByteRange[] = [];
    let count = 0;
    for (const statement of this.#text.upwards(start, end)) {
      if (statement.start < head.end) break;
      if (count++ > MOST_STATEMENTS) return false;
      const { tokens } = this.#parts.at(statement);
      const at = tokens.findIndex(({ kind, text }) => kind === 'word' && text === 'return');
      const isLast = at < 0 && returned.length === 0 && GIVES_LAST.has(this.#text.language);
      if (at < 0 && !isLast) continue;
      if (isLast && isEnd(tokens) && count === 1) continue;
      const value = valueFrom(tokens, at + 1);
      // A result with a name, or the block of a condition.
      if (value === undefined && (isLast || this.#text.language === 'go')) return false;
      if (value !== undefined) returned.push(value);
    }
    return returned.length > 0 && returned.every((value) => this.#asked(value, head.start, safety));
  }

  #asked(expression: ByteRange, from: number, safety: Safety): boolean {
    this.#depth++;
    try {
      return this.#isClosed(expression, from, safety);
    } finally {
      this.#depth--;
    }
  }

  #definitionsOf(name: string): readonly Definition[] {
    let known = this.#definitions.get(name);
    if (known === undefined) this.#definitions.set(name, (known = this.#find(name)));
    return known;
  }

  #find(name: string): readonly Definition[] {
    if (this.#definitions.size >= MOST_NAMES) return [];
    this.#work.spent += Math.floor(this.#text.end / BYTES_A_UNIT);
    const places = this.#text.placesOf(name, MOST_PLACES) ?? [];
    return places.flatMap((place) => {
      const statement = this.#text.around({ start: place, end: place + 1 });
      if (statement.end - statement.start > MOST_BYTES) return [];
      this.#work.spent += name.length;
      const part = this.#parts.at(statement);
      const at = part.tokens.findIndex(({ start, end }) => start <= place && place < end);
      return at < 0 ? [] : (definitionAt(part, at) ?? []);
    });
  }
}

/** Of functions that the text may define, and of methods that map a list. */
function callsIn(tokens: readonly Token[]): readonly number[] {
  const calls: number[] = [];
  tokens.forEach(({ kind, text }, at) => {
    if (kind !== 'word' || !isMark(tokens[at + 1], '(')) return;
    const isOwn = isCall(tokens, at) && !combines(text) && isOfText(tokens, at);
    if (isOwn || MAPPING.has(text)) calls.push(at);
  });
  return calls;
}

/** What a function ends with, and not the end of a block in it. */
function isEnd(tokens: readonly Token[]): boolean {
  return tokens.length === 1 && (tokens[0]?.text === '}' || tokens[0]?.text === 'end');
}

/** The value behind `return`, or the first of several; undefined where there is none. */
function valueFrom(tokens: readonly Token[], at: number): ByteRange | undefined {
  const first = tokens[at];
  const last = tokens.at(-1);
  if (first === undefined || last === undefined || isEnd(tokens)) return undefined;
  if (isMark(first, ';') || isMark(first, '}') || isMark(last, '{')) return undefined;
  const wordAt = (text: string) =>
    tokens.findIndex((t, i) => i > at && t.kind === 'word' && t.text === text);
  // `return a if b`
  const condition = wordAt('else') < 0 ? Math.max(wordAt('if'), wordAt('unless')) : -1;
  const end = tokens[condition]?.start ?? argumentEnd(tokens, at, first.end, last.end);
  return { start: first.start, end };
}

/** `f(`, `this.f(`, `self::f(`, and neither `a.f(` nor `new f(`. */
function isOfText(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (before?.kind === 'word') return before.text !== 'new';
  if (before === undefined || !CONNECTORS.has(before.text) || before.text === '!') return true;
  const owner = tokens[at - 2];
  const isChain = CONNECTORS.has(tokens[at - 3]?.text ?? '') || depthOf(tokens[at - 3]) < 0;
  return owner?.kind === 'word' && OWN.has(owner.text) && !isChain;
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}
