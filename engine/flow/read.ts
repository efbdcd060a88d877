/** Statements and parts of them as words, each read once. */
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

export class PartReader {
  readonly #tokens: (range: ByteRange) => readonly Token[];
  readonly #language: LanguageId | undefined;
  readonly #read = new Map<number, ReadPart>();

  readonly #work: FlowWork;

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
    let known = this.#read.get(name);
    if (known === undefined) {
      this.#work.spent += READ_COST * Math.min(MOST_BYTES, range.end - range.start);
      this.#read.set(name, (known = this.#readAt(range)));
    }
    return known;
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
