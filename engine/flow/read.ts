/** Statements and parts of them as words, each read once while they are in use. */
import type { LanguageId } from '../language.ts';
import type { ByteRange } from '../re2/instance.ts';
import { once } from '../once.ts';
import { boundIn } from './known.ts';
import { type AccessPath, accessPaths } from './paths.ts';
import { shapeOf, type StatementShape } from './shape.ts';
import { MOST_BYTES, type Token } from './tokens.ts';

/** A statement, or a part of one. */
export interface ReadPart {
  readonly range: ByteRange;
  readonly tokens: readonly Token[];
  readonly shape: StatementShape;
  /** All names, as in an expression. */
  readonly paths: readonly AccessPath[];
  /** Names that get their values in it. */
  readonly bound: ReadonlySet<string>;
}

/** What was done so far, about as much as searching so many bytes takes. */
export interface FlowWork {
  spent: number;
}

/** To read a statement takes so many times as long for a byte as to search it. */
const READ_COST = 8;
/** Words take some sixty times the memory of their text, and a bundle of 3 MB has 200 MB of them. */
const KEPT_BYTES = 1 << 16;

export class PartReader {
  readonly #tokens: (range: ByteRange) => readonly Token[];
  readonly #language: LanguageId | undefined;
  readonly #work: FlowWork;
  /** What was asked for lately, and what was before that: the latter is forgotten when the former is full. */
  #recent = new Map<number, ReadPart>();
  #older = new Map<number, ReadPart>();
  #recentBytes = 0;

  constructor(
    tokens: (range: ByteRange) => readonly Token[],
    language: LanguageId | undefined,
    work: FlowWork,
  ) {
    this.#work = work;
    this.#tokens = tokens;
    this.#language = language;
  }

  at(range: ByteRange): ReadPart {
    // Parts are far shorter than that.
    const name = range.start * 2 ** 20 + (range.end - range.start);
    const recent = this.#recent.get(name);
    if (recent !== undefined) return recent;
    const bytes = Math.min(MOST_BYTES, range.end - range.start);
    let part = this.#older.get(name);
    if (part === undefined) {
      this.#work.spent += READ_COST * bytes;
      part = this.#readAt(range);
    }
    this.#keep(name, part, bytes);
    return part;
  }

  #keep(name: number, part: ReadPart, bytes: number): void {
    this.#recentBytes += bytes;
    if (this.#recentBytes > KEPT_BYTES) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#recentBytes = bytes;
    }
    this.#recent.set(name, part);
  }

  #readAt(range: ByteRange): ReadPart {
    const tokens = this.#tokens(range);
    const shape = once(() => shapeOf(tokens, this.#language));
    const paths = once(() => {
      const { parameters, named } = shape();
      return parameters === undefined ? named : accessPaths(tokens);
    });
    const bound = once(() => boundIn(tokens));
    return {
      range,
      tokens,
      get shape() {
        return shape();
      },
      get paths() {
        return paths();
      },
      get bound() {
        return bound();
      },
    };
  }
}
