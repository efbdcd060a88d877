/**
 * What the value of an expression is made of, as far as the statements above it in the same function tell: a backward
 * slice (Weiser, "Program Slicing", 1981). It follows names through assignments, and knows nothing of types, calls or
 * which branch is taken: a name that is assigned in one branch keeps what it had, too.
 */
import type { ByteRange } from '../re2/instance.ts';
import { type AccessPath, accessPaths, overlap } from './paths.ts';
import { withoutChoosers } from './choosers.ts';
import { type StatementShape, shapeOf } from './shape.ts';
import type { Token } from './tokens.ts';

export interface FlowSlice {
  /** The expression, and the statements that its value comes from; of a function's head as far as its parameter goes. */
  readonly origins: readonly ByteRange[];
  /** Of these what is part of the value, without keys and conditions that say only which value is taken. */
  readonly values: readonly ByteRange[];
  /** Other statements that name one of the values, such as conditions. */
  readonly mentions: readonly ByteRange[];
  /** How far up statements were looked at. */
  readonly from: number;
}

export interface FlowText {
  readonly tokens: (range: ByteRange) => readonly Token[];
  /** The statements that end in a range, the last one first. */
  readonly upwards: (from: number, to: number) => Iterable<ByteRange>;
  /** The statement that something is in. */
  readonly around: (range: ByteRange) => ByteRange;
  /** Of the line that an offset is in. */
  readonly indentation: (offset: number) => number;
}

/** More names than that belong to no one value. */
const MOST_NAMES = 32;
/** A function has fewer, and a text of one line may have any number. */
const MOST_STATEMENTS = 256;

/** Slices of one text; each statement is read once. */
export class FlowSlices {
  readonly #text: FlowText;
  readonly #shapes = new Map<number, StatementShape>();

  constructor(text: FlowText) {
    this.#text = text;
  }

  /** Of what stands at `expression`, in a function that begins at `from` with its annotations and its head. */
  of(expression: ByteRange, from: number): FlowSlice {
    const { indentation, upwards, tokens } = this.#text;
    const names = new Names(accessPaths(tokens(expression)).filter(({ chooses }) => !chooses));
    const origins = [expression];
    const mentions = this.#beside(expression, names);
    const depth = indentation(expression.start);
    let last = expression.start;
    let count = 0;
    for (const statement of upwards(from, expression.start)) {
      if (names.count === 0 || names.count > MOST_NAMES || count++ > MOST_STATEMENTS) break;
      last = statement.start;
      const { assigned, used, named, isWhole, parameterEnds } = this.#shape(statement);
      const given = assigned.filter((path) => names.has(path));
      if (given.length === 0) {
        if (named.some((path) => names.has(path))) mentions.push(statement);
        continue;
      }
      if (parameterEnds !== undefined) {
        for (const path of given)
          origins.push({ start: from, end: parameterEnds.get(path) ?? statement.end });
        continue;
      }
      origins.push(statement);
      // What is done in a branch may not have been done.
      if (isWhole && indentation(statement.start) <= depth)
        for (const path of given) names.remove(path);
      for (const path of used) names.add(path);
    }
    const values = origins.flatMap((origin) => withoutChoosers(origin, tokens(origin)));
    return { origins, values, mentions, from: last };
  }

  /** What stands in the same statement before and behind: `if (isAllowed(a)) open(a)`. */
  #beside(expression: ByteRange, names: Names): ByteRange[] {
    const own = this.#text.around(expression);
    return [
      { start: Math.min(own.start, expression.start), end: expression.start },
      { start: expression.end, end: Math.max(own.end, expression.end) },
    ].filter((part) => accessPaths(this.#text.tokens(part)).some((path) => names.has(path)));
  }

  #shape(statement: ByteRange): StatementShape {
    let known = this.#shapes.get(statement.start);
    if (known === undefined)
      this.#shapes.set(statement.start, (known = shapeOf(this.#text.tokens(statement))));
    return known;
  }
}

/** Names whose values are followed, by variable. */
class Names {
  readonly #byRoot = new Map<string, AccessPath[]>();
  count = 0;

  constructor(paths: readonly AccessPath[]) {
    for (const path of paths) this.add(path);
  }

  has(path: AccessPath): boolean {
    const known = this.#byRoot.get(path.parts[0] ?? '');
    return known !== undefined && known.some((other) => overlap(path, other));
  }

  add(path: AccessPath): void {
    if (this.has(path)) return;
    const root = path.parts[0] ?? '';
    this.#byRoot.set(root, [...(this.#byRoot.get(root) ?? []), path]);
    this.count++;
  }

  /** Nothing is left of a name, nor of its members. */
  remove({ parts: whole }: AccessPath): void {
    const root = whole[0] ?? '';
    const known = this.#byRoot.get(root) ?? [];
    const left = known.filter(({ parts }) => whole.some((part, i) => parts[i] !== part));
    this.count -= known.length - left.length;
    if (left.length === 0) this.#byRoot.delete(root);
    else this.#byRoot.set(root, left);
  }
}
