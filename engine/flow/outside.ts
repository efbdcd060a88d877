/** Names that a function does not assign: what the file around it says of them. */
import type { LanguageId } from '../language.ts';
import type { ByteRange } from '../re2/instance.ts';
import { Fields } from './fields.ts';
import { isOwn, isSettled } from './known.ts';
import { Names } from './names.ts';
import { originOf } from './origin.ts';
import { type AccessPath, overlap } from './paths.ts';
import type { FlowWork, PartReader, ReadPart } from './read.ts';
import { MOST_BYTES } from './tokens.ts';

export interface OutsideText {
  readonly language: LanguageId | undefined;
  /** Length of the text in bytes. */
  readonly end: number;
  /** Whether one of these words stands in the text. */
  readonly hasOneOf: (words: readonly string[]) => boolean;
  /** The statements that end in a range, the last one first. */
  readonly upwards: (from: number, to: number) => Iterable<ByteRange>;
  /** Of the line that an offset is in. */
  readonly indentation: (offset: number) => number;
  /** Whether a statement may give a name a value, as far as a look at its beginning tells. */
  readonly mayAssign: (statement: ByteRange) => boolean;
}

interface Giver {
  readonly path: AccessPath;
  readonly statement: ByteRange;
}

/** Of what stands around a function; the file itself is known by name. */
const MOST_STATEMENTS = 256;

export class Outside {
  readonly #text: OutsideText;
  readonly #parts: PartReader;
  readonly #work: FlowWork;
  /** By variable, what the file itself assigns as far as it was read, in order. */
  readonly #givers = new Map<string, Giver[]>();
  #readTo = 0;
  readonly #constant = new Map<number, boolean>();
  readonly #fields: Fields;

  constructor(text: OutsideText, parts: PartReader, work: FlowWork) {
    this.#text = text;
    this.#parts = parts;
    this.#work = work;
    this.#fields = new Fields(text, parts, work, (statement) => this.#isConstant(statement));
  }

  /** Whether one of the names is no constant: none of its kind, nor of the file above the function that begins at `from`. */
  areOpen(paths: readonly AccessPath[], from: number): boolean {
    const { indentation, language, mayAssign, upwards } = this.#text;
    const names = new Names(paths.filter((path) => !isSettled(path, language)));
    if (names.count === 0) return false;
    let least = indentation(from);
    for (const path of names.all().filter(isOwn)) {
      if (!this.#isConstantField(path, from, least)) return true;
      names.remove(path);
    }
    if (names.count === 0) return false;
    let count = 0;
    for (const statement of least === 0 ? [] : upwards(0, from)) {
      if (count++ > MOST_STATEMENTS || statement.end - statement.start > MOST_BYTES) return true;
      this.#work.spent++;
      if (indentation(statement.start) > least) continue;
      least = indentation(statement.start);
      if (least === 0) break;
      if (!mayAssign(statement)) continue;
      const given = this.#read(statement).shape.assigned.filter((path) => names.has(path));
      if (given.length > 0 && !this.#isConstant(statement)) return true;
      if (given.some(({ parts }) => this.#fields.isChanged(parts[0] ?? '', from, least)))
        return true;
      for (const path of given) names.remove(path);
      if (names.count === 0) return false;
    }
    return least > 0 || names.all().some((path) => !this.#isConstantOfFile(path, from));
  }

  /** As all of the file says. */
  #isConstantField({ parts }: AccessPath, from: number, indentation: number): boolean {
    // Members of a member are those of an object that is given.
    return parts.length === 2 && this.#fields.isConstant(parts[1] ?? '', from, indentation);
  }

  /** As the nearest statement above says that gives it a value. */
  #isConstantOfFile(path: AccessPath, from: number): boolean {
    this.#readUpTo(from);
    const givers = this.#givers.get(path.parts[0] ?? '') ?? [];
    let low = 0;
    let high = givers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((givers[middle]?.statement.end ?? 0) <= from) low = middle + 1;
      else high = middle;
    }
    for (let at = low - 1; at >= Math.max(0, low - MOST_STATEMENTS); at--) {
      this.#work.spent++;
      const giver = givers[at];
      if (giver !== undefined && overlap(giver.path, path))
        return this.#isConstant(giver.statement);
    }
    return false;
  }

  #readUpTo(to: number): void {
    const { indentation, mayAssign, upwards } = this.#text;
    if (to <= this.#readTo) return;
    for (const statement of [...upwards(this.#readTo, to)].toReversed()) {
      this.#work.spent++;
      this.#readTo = Math.max(this.#readTo, statement.end);
      if (statement.end - statement.start > MOST_BYTES || !mayAssign(statement)) continue;
      if (indentation(statement.start) > 0) continue;
      for (const path of this.#read(statement).shape.assigned) {
        const root = path.parts[0] ?? '';
        const known = this.#givers.get(root);
        if (known === undefined) this.#givers.set(root, [{ path, statement }]);
        else known.push({ path, statement });
      }
    }
  }

  #read(statement: ByteRange): ReadPart {
    const part = this.#parts.at(statement);
    this.#work.spent += part.shape.assigned.length;
    return part;
  }

  #isConstant(statement: ByteRange): boolean {
    let known = this.#constant.get(statement.start);
    if (known === undefined) {
      known = this.#givesConstant(this.#parts.at(statement));
      this.#constant.set(statement.start, known);
    }
    return known;
  }

  #givesConstant(part: ReadPart): boolean {
    const { tokens, shape } = part;
    if (!shape.isWhole || shape.parameters !== undefined) return false;
    const { isOpen, used } = originOf(part, { madeSafe: () => [] });
    return (
      !isOpen &&
      tokens.slice(shape.value).some(({ kind, text }) => kind === 'text' || /^\d/.test(text)) &&
      used.every((path) => isSettled(path, this.#text.language))
    );
  }
}
