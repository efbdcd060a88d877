/**
 * What the value of an expression is made of, as far as the statements above it in the same function tell: a backward
 * slice (Weiser, "Program Slicing", 1981). It follows names through assignments, and knows nothing of types, calls or
 * which branch is taken: a name that is assigned in one branch keeps what it had, too.
 */
import type { ByteRange } from '../re2/instance.ts';
import { beginsChoice, conditionsOfArms, isLabel, opensHeredoc } from './arms.ts';
import { bodyOf, Closed, type Passed } from './branches.ts';
import { checkedClauses, isCheck, isCompared, isLogging, isNegative } from './checks.ts';
import { type FunctionsText, OwnFunctions, type Safety } from './functions.ts';
import { headBefore } from './head.ts';
import { isCall, isObject, isWord } from './known.ts';
import { type MembersText, OwnMembers } from './members.ts';
import { Names, PathSet } from './names.ts';
import {
  cutOut,
  type MadeSafe,
  type Origin,
  originOf,
  originOfExpression,
  toldOf,
} from './origin.ts';
import { Outside, type OutsideText } from './outside.ts';
import { type AccessPath, overlap } from './paths.ts';
import { type FlowWork, PartReader, type ReadPart } from './read.ts';
import { MOST_BYTES, type Token } from './tokens.ts';

export interface FlowSlice {
  /** The expression, and the statements that its value comes from; of a function's head as far as its parameter goes. */
  readonly origins: readonly ByteRange[];
  /** Of these what is part of the value: without keys and conditions that say which one is taken, and what was made safe. */
  readonly values: readonly ByteRange[];
  /** Other statements that name one of the values, such as conditions. */
  readonly mentions: readonly ByteRange[];
  /** Whether any of it is not in sight: a parameter, a field, what a call gives. */
  readonly isOpen: boolean;
  /** Whether the expression has neither names nor calls. */
  readonly isLiteral: boolean;
  readonly from: number;
}

export interface FlowText extends OutsideText, FunctionsText, MembersText {
  readonly tokens: (range: ByteRange) => readonly Token[];
  /** Whether no line ends between two offsets. */
  readonly isOneLine: (from: number, to: number) => boolean;
}

/** Statements that only write something down, under one condition. */
const MOST_OF_BODY = 6;
/** A function has fewer, and a text of one line may have any number. */
const MOST_STATEMENTS = 256;
/** Work for one value; what takes more is not followed to its end. */
const MOST_WORK = 1 << 20;
/** To ask what a statement gives takes so many times as long for a word as to search a byte. */
const ORIGIN_COST = 8;
/** To pass a statement takes as long as to search so many bytes, and as one for each name. */
const PASSED_COST = 8;

/** Slices of one text; each statement, and each part that is asked about, is read once. */
export class FlowSlices {
  readonly #text: FlowText;
  readonly #parts: PartReader;
  readonly #outside: Outside;
  readonly #functions: OwnFunctions;
  readonly #members: OwnMembers;
  /** On all of the text so far. */
  readonly work: FlowWork = { spent: 0 };

  constructor(text: FlowText) {
    this.#text = text;
    this.#parts = new PartReader(text.tokens, text.language, this.work);
    this.#outside = new Outside(text, this.#parts, this.work);
    this.#members = new OwnMembers(text, this.#parts, this.work);
    this.#functions = new OwnFunctions(
      text,
      this.#parts,
      this.work,
      (expression, from, safety) => !this.of(expression, from, safety).isOpen,
    );
  }

  /** Of a statement. */
  tokensAt(statement: ByteRange): readonly Token[] {
    return this.#parts.at(statement).tokens;
  }

  /**
   * Of what stands at `expression`, in a function that begins at `from` with its annotations and its head. What
   * `madeSafe` tells is not followed: an operand, or the names that a condition asks about.
   */
  of(expression: ByteRange, from: number, safety: Safety = NO_SAFETY): FlowSlice {
    const { indentation } = this.#text;
    const most = this.work.spent + MOST_WORK;
    const { madeSafe } = safety;
    const told: MadeSafe = (part) => [
      ...madeSafe(part),
      ...this.#functions.closedCalls(part, from, safety),
      ...this.#members.settledIn(part, { start: from, end: expression.start }),
    ];
    const own = originOfExpression(this.#toAsk(expression), told);
    const origins = [own];
    const checked: AccessPath[] = [];
    const names = new Names(own.used);
    const mentions = this.#beside(expression, names);
    for (const part of mentions) this.#check(part, madeSafe, names, checked);
    const around = this.#text.around(expression);
    const depth = indentation(around.start);
    let least = depth;
    const passed: ByteRange[] = [];
    const inBranches: AccessPath[] = [];
    const closed = new Closed();
    let isOpen = false;
    let last = expression.start;
    for (const statement of this.#above(expression, around, from)) {
      if (names.count === 0) break;
      if (
        names.isFull ||
        this.work.spent > most ||
        passed.length > MOST_STATEMENTS ||
        statement.end - statement.start > MOST_BYTES
      ) {
        isOpen = true;
        break;
      }
      last = statement.start;
      passed.push(statement);
      const isAround = indentation(statement.start) < least;
      least = Math.min(least, indentation(statement.start));
      const { tokens, shape } = this.#passed(statement);
      const { assigned, named, isWhole, parameters, declared, typed } = shape;
      const isInside = statement.start >= around.start;
      const isBeside = closed.pass(tokens);
      for (const path of assigned) {
        const own = typed?.get(path.parts[0] ?? '');
        if (own !== undefined && names.has(path) && madeSafe(own).length > 0) names.remove(path);
      }
      const given = assigned.filter((path) => names.has(path));
      if (declared !== undefined && names.has(declared)) names.remove(declared);
      else if (given.length === 0) {
        const isMention = named.some((path) => names.has(path));
        if (!isMention && !named.some((path) => names.has(toldOf(path)))) continue;
        if (isMention) mentions.push(statement);
        if (!(isAround && isNegative(tokens)) && !this.#onlyLogs(passed, expression))
          this.#check(statement, madeSafe, names, checked);
      } else if (parameters !== undefined) {
        for (const path of given) {
          if (isObject(path)) continue;
          const own = parameters.get(path) ?? statement;
          const begin = Math.max(isInside ? statement.start : from, own.end - MOST_BYTES);
          const range = { start: begin, end: own.end };
          if (madeSafe(own).length > 0) names.remove(path);
          else origins.push({ range, parts: [range], used: [], isOpen: true });
        }
        // What stands above it is another function.
        if (isInside) break;
      } else {
        const isMember = names.areMembers(given);
        const found = [
          originOf(this.#toAsk(statement), { madeSafe: told, given, isMember }),
          ...this.#arms(statement, passed, told, most),
        ];
        origins.push(...found);
        // What is done in a branch may not have been done.
        const isDone = isWhole && !isBeside && indentation(statement.start) <= depth;
        for (const path of given)
          if (isDone) names.remove(path);
          else if (isWhole) inBranches.push(path);
        for (const { used } of found) for (const path of used) names.add(path);
      }
    }
    const checks = new PathSet(checked);
    const values = origins.flatMap(({ parts, used }) =>
      cutOut(parts, checked.length === 0 ? [] : used.filter((path) => checks.has(path))),
    );
    return {
      origins: origins.map(({ range }) => range),
      values,
      mentions,
      isOpen:
        isOpen ||
        names.isFull ||
        origins.some((origin) => origin.isOpen) ||
        this.#outside.areOpen(
          names.all().filter((path) => !isGivenInAll(path, inBranches)),
          from,
        ),
      isLiteral: this.#isLiteral(expression),
      from: last,
    };
  }

  /** Statements above an expression, the last one first, and before them what in its own gives it names. */
  *#above(expression: ByteRange, own: ByteRange, from: number): Iterable<ByteRange> {
    const isShort = own.end - own.start <= MOST_BYTES;
    const { tokens } = isShort ? this.#parts.at(own) : { tokens: [] };
    this.work.spent += tokens.length;
    const head = headBefore(tokens, expression.start, this.#text.language);
    if (head !== undefined) yield head;
    yield* this.#text.upwards(from, expression.start);
  }

  #isLiteral(expression: ByteRange): boolean {
    const { tokens, paths } = this.#parts.at(expression);
    return paths.every(isWord) && !tokens.some((_, at) => isCall(tokens, at));
  }

  #passed(statement: ByteRange): ReadPart {
    const part = this.#parts.at(statement);
    this.work.spent += PASSED_COST + part.shape.named.length;
    return part;
  }

  /** A part of which it is asked what it gives. */
  #toAsk(range: ByteRange): ReadPart {
    const part = this.#parts.at(range);
    this.work.spent += ORIGIN_COST * part.tokens.length;
    return part;
  }

  /** Whether all that is done under a condition, the last of what was `passed` above the expression, is to write that down. */
  #onlyLogs(passed: readonly ByteRange[], expression: ByteRange): boolean {
    const read = (range: ByteRange): Passed => ({
      range,
      tokens: this.#parts.at(range).tokens,
      indentation: this.#text.indentation(range.start),
    });
    // A longer block does more.
    const near = passed.slice(-MOST_OF_BODY);
    const next = near.length < passed.length ? passed.at(-MOST_OF_BODY - 1) : undefined;
    const body = bodyOf(near.map(read), read(next ?? this.#text.around(expression)));
    return body !== undefined && body.length > 0 && body.every(({ tokens }) => isLogging(tokens));
  }

  /** Of a choice or a text that begins in `statement`, from what was `passed` below it. */
  #arms(
    statement: ByteRange,
    passed: readonly ByteRange[],
    madeSafe: MadeSafe,
    most: number,
  ): Origin[] {
    const { tokens, shape } = this.#parts.at(statement);
    if (opensHeredoc(tokens)) {
      const text = passed.at(-2);
      const isText = text !== undefined && this.#parts.at(text).tokens[0]?.kind === 'text';
      return [
        isText ? originOf(this.#toAsk(text), { madeSafe }) : { ...NO_ORIGIN, range: statement },
      ];
    }
    if (!beginsChoice(tokens, shape.value)) return [];
    const { indentation, isOneLine } = this.#text;
    const least = indentation(statement.start);
    const arms: Origin[] = [];
    for (const arm of passed.slice(0, -1).toReversed()) {
      const part = this.#parts.at(arm);
      this.work.spent += PASSED_COST + part.tokens.length;
      const conditions = conditionsOfArms(part.tokens);
      const isBelow = indentation(arm.start) >= least + (isLabel(part.tokens) ? 0 : 1);
      if (!isBelow && !isOneLine(statement.start, arm.start)) break;
      // The caller takes what is too much for open.
      if (this.work.spent > most) break;
      if (conditions !== undefined) arms.push(originOf(this.#toAsk(arm), { madeSafe, conditions }));
    }
    if (arms.length > 0) return arms;
    return [{ ...NO_ORIGIN, range: statement }];
  }

  /** Names that a condition asks about are followed no further. */
  #check(part: ByteRange, madeSafe: MadeSafe, names: Names, checked: AccessPath[]): void {
    const { tokens, paths } = this.#toAsk(part);
    const clauses = isCheck(tokens) ? checkedClauses(tokens, madeSafe(part)) : [];
    for (const path of paths) {
      const clause = clauses.find((each) => isIn(path, each));
      const what = clause !== undefined && isCompared(tokens, clause) ? toldOf(path) : path;
      if (clause === undefined || !names.has(what)) continue;
      checked.push(what);
      names.removeAll(what);
    }
  }

  /** What stands in the same statement before and behind: `if (isAllowed(a)) open(a)`. */
  #beside(expression: ByteRange, names: Names): ByteRange[] {
    const own = this.#text.around(expression);
    return [
      { start: Math.min(own.start, expression.start), end: expression.start },
      { start: expression.end, end: Math.max(own.end, expression.end) },
    ].filter((part) => this.#parts.at(part).paths.some((path) => names.has(path)));
  }
}

function isIn({ start }: AccessPath, range: ByteRange): boolean {
  return range.start <= start && start < range.end;
}

const NO_SAFETY: Safety = { name: '', madeSafe: () => [] };
const NO_ORIGIN = { parts: [], used: [], isOpen: true };

/** Of two branches at least one is taken, as far as can be told here. */
function isGivenInAll(path: AccessPath, inBranches: readonly AccessPath[]): boolean {
  return inBranches.filter((other) => overlap(path, other)).length > 1;
}
