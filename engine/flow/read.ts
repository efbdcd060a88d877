/** Statements and parts of them as words, each read once. */
import type { LanguageId } from '../language.ts';
import type { ByteRange } from '../re2/instance.ts';
import { type AccessPath, accessPaths } from './paths.ts';
import { shapeOf, type StatementShape } from './shape.ts';
import type { Token } from './tokens.ts';

/** A statement, or a part of one. */
export interface ReadPart {
  readonly range: ByteRange;
  readonly tokens: readonly Token[];
  readonly shape: StatementShape;
  /** All names, as in an expression. */
  readonly paths: readonly AccessPath[];
}

export class PartReader {
  readonly #tokens: (range: ByteRange) => readonly Token[];
  readonly #language: LanguageId | undefined;
  readonly #read = new Map<number, ReadPart>();

  constructor(tokens: (range: ByteRange) => readonly Token[], language: LanguageId | undefined) {
    this.#tokens = tokens;
    this.#language = language;
  }

  at(range: ByteRange): ReadPart {
    // Parts are far shorter than that.
    const name = range.start * 2 ** 20 + (range.end - range.start);
    let known = this.#read.get(name);
    if (known === undefined) {
      const tokens = this.#tokens(range);
      const shape = shapeOf(tokens, this.#language);
      const paths = shape.parameters === undefined ? shape.named : accessPaths(tokens);
      this.#read.set(name, (known = { range, tokens, shape, paths }));
    }
    return known;
  }
}
