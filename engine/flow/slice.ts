/**
 * What the value of an expression is made of, as far as the statements above it in the same function tell: a backward
 * slice (Weiser, "Program Slicing", 1981). It follows names through assignments, and knows nothing of types, calls or
 * which branch is taken: a name that is assigned in one branch keeps what it had, too.
 */
import type { ByteRange } from '../re2/instance.ts';
import { type AccessPath, accessPaths, overlap } from './paths.ts';
import { choosers } from './choosers.ts';
import { isCheck } from './checks.ts';
import { operandsAt, without } from './operands.ts';
import { type StatementShape, shapeOf } from './shape.ts';
import { MOST_BYTES, type Token } from './tokens.ts';

export interface FlowSlice {
  /** The expression, and the statements that its value comes from; of a function's head as far as its parameter goes. */
  readonly origins: readonly ByteRange[];
  /** Of these what is part of the value: without keys and conditions that say which one is taken, and what was made safe. */
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

/** Where in a part of the text values are made safe or are checked. */
export type MadeSafe = (part: ByteRange) => readonly ByteRange[];

/** More names than that belong to no one value. */
const MOST_NAMES = 32;
/** A function has fewer, and a text of one line may have any number. */
const MOST_STATEMENTS = 256;

/** Slices of one text; each statement, and each part that is asked about, is read once. */
export class FlowSlices {
  readonly #text: FlowText;
  readonly #read = new Map<number, ReadPart>();

  constructor(text: FlowText) {
    this.#text = text;
  }

  /**
   * Of what stands at `expression`, in a function that begins at `from` with its annotations and its head. What
   * `madeSafe` tells is not followed: an operand, or the names that a condition asks about.
   */
  of(expression: ByteRange, from: number, madeSafe: MadeSafe = () => []): FlowSlice {
    const { indentation, upwards } = this.#text;
    const origins = [this.#origin(expression, madeSafe)];
    const checked: AccessPath[] = [];
    const names = new Names(origins[0]?.used ?? []);
    const mentions = this.#beside(expression, names);
    for (const part of mentions) this.#check(part, madeSafe, names, checked);
    const depth = indentation(this.#text.around(expression).start);
    let last = expression.start;
    let count = 0;
    for (const statement of upwards(from, expression.start)) {
      if (names.count === 0 || names.count > MOST_NAMES || count++ > MOST_STATEMENTS) break;
      if (statement.end - statement.start > MOST_BYTES) break;
      last = statement.start;
      const { assigned, named, isWhole, parameters } = this.#partAt(statement).shape;
      const given = assigned.filter((path) => names.has(path));
      if (given.length === 0) {
        if (!named.some((path) => names.has(path))) continue;
        mentions.push(statement);
        this.#check(statement, madeSafe, names, checked);
        continue;
      }
      if (parameters !== undefined) {
        for (const path of given) {
          const own = parameters.get(path) ?? statement;
          if (madeSafe(own).length > 0) continue;
          const range = { start: Math.max(from, own.end - MOST_BYTES), end: own.end };
          origins.push({ range, parts: [range], used: [] });
        }
        continue;
      }
      const origin = this.#origin(statement, madeSafe, given, names.areMembers(given));
      origins.push(origin);
      // What is done in a branch may not have been done.
      if (isWhole && indentation(statement.start) <= depth)
        for (const path of given) names.remove(path);
      for (const path of origin.used) names.add(path);
    }
    const values = origins.flatMap(({ parts, used }) =>
      cutOut(
        parts,
        used.filter((path) => checked.some((other) => overlap(path, other))),
      ),
    );
    return { origins: origins.map(({ range }) => range), values, mentions, from: last };
  }

  #origin(
    range: ByteRange,
    madeSafe: MadeSafe,
    given: readonly AccessPath[] = [],
    isMember = false,
  ): Origin {
    const { tokens, shape } = this.#partAt(range);
    const { used, named } = shape;
    const chosen = choosers(tokens, isMember);
    const safe = operandsAt(tokens, madeSafe(range));
    // `guard let a = b, isAllowed(a)`
    const safeStarts = new Set([...safe].map((index) => tokens[index]?.start));
    const inside = named.filter(({ start }) => safeStarts.has(start));
    if (given.length > 0 && given.every((path) => inside.some((other) => overlap(path, other))))
      return { range, parts: [], used: [] };
    // `isAllowed(a) ? a : b`
    const asked = [...safe].some((index) => chosen.has(index))
      ? named.filter(({ chooses }) => chooses).map(ownerOf)
      : [];
    const parts = cutOut(
      without(range, tokens, (index) => chosen.has(index) || safe.has(index)),
      named.filter((path) => !path.chooses && asked.some((other) => overlap(path, other))),
    );
    const isPart = ({ start, chooses }: AccessPath): boolean =>
      !chooses && parts.some((part) => part.start <= start && start < part.end);
    return { range, parts, used: used.filter(isPart) };
  }

  /** Names that a condition asks about are followed no further. */
  #check(part: ByteRange, madeSafe: MadeSafe, names: Names, checked: AccessPath[]): void {
    const { tokens, paths } = this.#partAt(part);
    const [place] = isCheck(tokens) ? madeSafe(part) : [];
    if (place === undefined) return;
    for (const path of paths) {
      if (!names.has(path)) continue;
      checked.push(path);
      names.removeAll(path);
    }
  }

  /** What stands in the same statement before and behind: `if (isAllowed(a)) open(a)`. */
  #beside(expression: ByteRange, names: Names): ByteRange[] {
    const own = this.#text.around(expression);
    return [
      { start: Math.min(own.start, expression.start), end: expression.start },
      { start: expression.end, end: Math.max(own.end, expression.end) },
    ].filter((part) => this.#partAt(part).paths.some((path) => names.has(path)));
  }

  #partAt(range: ByteRange): ReadPart {
    // Parts are far shorter than that.
    const name = range.start * 2 ** 20 + (range.end - range.start);
    let known = this.#read.get(name);
    if (known === undefined) {
      const tokens = this.#text.tokens(range);
      const shape = shapeOf(tokens);
      const paths = shape.parameters === undefined ? shape.named : accessPaths(tokens);
      this.#read.set(name, (known = { tokens, shape, paths }));
    }
    return known;
  }
}

/** A statement, or a part of one. */
interface ReadPart {
  readonly tokens: readonly Token[];
  readonly shape: StatementShape;
  /** All names, as in an expression. */
  readonly paths: readonly AccessPath[];
}

/** `a` for `a.host`, which tells about all of it. */
function ownerOf(path: AccessPath): AccessPath {
  return path.parts.length < 2 ? path : { ...path, parts: path.parts.slice(0, -1) };
}

interface Origin {
  readonly range: ByteRange;
  readonly parts: readonly ByteRange[];
  readonly used: readonly AccessPath[];
}

/** `parts` without what lies in `holes`, both in order. */
function cutOut(parts: readonly ByteRange[], holes: readonly ByteRange[]): readonly ByteRange[] {
  return parts.flatMap(({ start, end }) => {
    const left: ByteRange[] = [];
    let from = start;
    for (const hole of holes) {
      if (hole.start < from || hole.end > end) continue;
      left.push({ start: from, end: hole.start });
      from = hole.end;
    }
    return [...left, { start: from, end }];
  });
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

  /** Whether only fields of these are followed. */
  areMembers(given: readonly AccessPath[]): boolean {
    return given.every(({ parts: { length, 0: root = '' } }) =>
      (this.#byRoot.get(root) ?? []).every(({ parts }) => parts.length > length),
    );
  }

  add(path: AccessPath): void {
    if (this.has(path)) return;
    const root = path.parts[0] ?? '';
    this.#byRoot.set(root, [...(this.#byRoot.get(root) ?? []), path]);
    this.count++;
  }

  /** Nothing is left of a name, nor of its members. */
  remove({ parts: whole }: AccessPath): void {
    this.#removeWhere(whole[0], ({ parts }) => whole.every((part, i) => parts[i] === part));
  }

  /** Nor of what it is a member of. */
  removeAll(path: AccessPath): void {
    this.#removeWhere(path.parts[0], (other) => overlap(path, other));
  }

  #removeWhere(root = '', isGone: (path: AccessPath) => boolean): void {
    const known = this.#byRoot.get(root) ?? [];
    const left = known.filter((path) => !isGone(path));
    this.count -= known.length - left.length;
    if (left.length === 0) this.#byRoot.delete(root);
    else this.#byRoot.set(root, left);
  }
}
