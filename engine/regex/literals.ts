/**
 * Literals that every match of a pattern must contain.
 *
 * Contract: a match contains at least one literal of the returned set. A literal may occur without a
 * match; that only costs time. Sets are extracted from the syntax tree, never written by hand.
 */
import type { Node } from './ast.ts';
import { capitalBits, rarity } from './rarity.ts';
import { asciiLower, cross, type Literal, members, union } from './literal-sets.ts';

export type { Literal } from './literal-sets.ts';

const MIN_LENGTH = 2;

/** Further sets are worth a look in a window only when they are few, short and rare. */
const MAX_FURTHER_SETS = 3;
const MAX_FURTHER_LITERALS = 8;
const MIN_FURTHER_BITS = 7;

type LiteralSet = readonly Literal[];

/** A set of which every match contains one, and what a match may hold on either side of it. */
export interface Requirement {
  readonly literals: readonly Literal[];
  readonly before: Node;
  readonly after: Node;
  /** Code points by which a literal may stand away from where `before` ends and `after` begins. */
  readonly slack: number;
  /** More sets of which every match contains one, rarest first. */
  readonly further: readonly LiteralSet[];
}

/** The most selective set that the tree yields, or undefined when no literal is required. */
export function requiredLiterals(node: Node): Requirement | undefined {
  const { exact, required, sets } = analyse(node);
  const best = better(alone(exact), required);
  if (best === undefined || best.literals.some((literal) => literal.bytes.length < MIN_LENGTH))
    return undefined;
  const literals = minimal(best.literals);
  // A literal that was dropped for a shorter one inside it is found by that one, which begins later.
  const longest = Math.max(...best.literals.map((literal) => literal.bytes.length));
  const slack = literals.length < best.literals.length ? longest : 0;
  return { ...best.sides(), literals, slack, further: furtherSets(sets, best.literals) };
}

function furtherSets(sets: readonly LiteralSet[], chosen: LiteralSet): readonly LiteralSet[] {
  return sets
    .filter((set) => set !== chosen && usable(set) && set.length <= MAX_FURTHER_LITERALS)
    .filter((set) => set.every(({ bytes }) => bytes.length >= MIN_LENGTH))
    .map(minimal)
    .filter((set) => selectivity(set) >= MIN_FURTHER_BITS)
    .sort((a, b) => selectivity(b) - selectivity(a))
    .slice(0, MAX_FURTHER_SETS);
}

interface Candidate {
  readonly literals: LiteralSet;
  /** Asked for of the best candidate only. */
  readonly sides: () => Sides;
}

interface Sides {
  readonly before: Node;
  readonly after: Node;
}

interface Analysis {
  /** Every text that the node can match, when they are few. */
  readonly exact: readonly Literal[] | undefined;
  readonly required: Candidate | undefined;
  /** All sets that were found on the way, each of them required. */
  readonly sets: readonly LiteralSet[];
}

const EMPTY: Literal = { bytes: '', foldCase: false };
const NO_NODE: Node = { kind: 'empty' };
const NO_SIDES: Sides = { before: NO_NODE, after: NO_NODE };
const NOTHING_KNOWN: Analysis = { exact: undefined, required: undefined, sets: [] };

function analyse(node: Node): Analysis {
  switch (node.kind) {
    case 'empty':
    case 'assert':
    case 'look':
      return { exact: [EMPTY], required: undefined, sets: [] };
    case 'any-byte':
      return NOTHING_KNOWN;
    case 'class':
      return node.approximate
        ? NOTHING_KNOWN
        : { exact: members(node.ranges), required: undefined, sets: [] };
    case 'capture':
      return analyse(node.node);
    case 'concat':
      return analyseConcat(node.parts);
    case 'alternate':
      return analyseAlternate(node.branches);
    case 'repeat':
      return analyseRepeat(node);
  }
}

function alone(literals: readonly Literal[] | undefined): Candidate | undefined {
  return literals === undefined ? undefined : { literals, sides: () => NO_SIDES };
}

function analyseConcat(parts: readonly Node[]): Analysis {
  const around = (from: number, to: number): Sides => ({
    before: { kind: 'concat', parts: parts.slice(0, from) },
    after: { kind: 'concat', parts: parts.slice(to) },
  });
  let best: Candidate | undefined;
  let current: readonly Literal[] = [EMPTY];
  let from = 0;
  const found: LiteralSet[] = [];
  for (const [at, part] of parts.entries()) {
    const { exact, required, sets } = analyse(part);
    found.push(...sets);
    if (required !== undefined) {
      best = better(best, {
        literals: required.literals,
        sides: () => {
          const outer = around(at, at + 1);
          const inner = required.sides();
          return {
            before: { kind: 'concat', parts: [outer.before, inner.before] },
            after: { kind: 'concat', parts: [inner.after, outer.after] },
          };
        },
      });
    }
    const product = exact === undefined ? undefined : cross(current, exact);
    if (product !== undefined) {
      current = product;
      continue;
    }
    const begin = from;
    best = better(best, { literals: current, sides: () => around(begin, at) });
    found.push(current);
    from = exact === undefined ? at + 1 : at;
    current = exact ?? [EMPTY];
  }
  if (from === 0) return { exact: current, required: best, sets: found };
  return {
    exact: undefined,
    required: better(best, { literals: current, sides: () => around(from, parts.length) }),
    sets: [...found, current],
  };
}

function analyseAlternate(branches: readonly Node[]): Analysis {
  const all = branches.map(analyse);
  const exact = union(all.map((branch) => branch.exact));
  const candidates = all.map((branch) => better(alone(branch.exact), branch.required));
  const literals = union(candidates.map((candidate) => candidate?.literals));
  if (!usable(literals)) return { exact, required: undefined, sets: [] };
  const sides = (): Sides => {
    const all = candidates.map((candidate) => candidate?.sides() ?? NO_SIDES);
    return {
      before: { kind: 'alternate', branches: all.map(({ before }) => before) },
      after: { kind: 'alternate', branches: all.map(({ after }) => after) },
    };
  };
  const required = { literals, sides };
  return { exact, required, sets: [literals] };
}

function analyseRepeat(node: Extract<Node, { kind: 'repeat' }>): Analysis {
  if (node.max === 0) return { exact: [EMPTY], required: undefined, sets: [] };
  const { exact, required, sets } = analyse(node.node);
  if (node.min === 0) {
    const optional = node.max === 1 ? union([[EMPTY], exact]) : undefined;
    return { exact: optional, required: undefined, sets: [] };
  }
  let product: LiteralSet | undefined = exact;
  for (let i = 1; i < node.min && product !== undefined; i++) product = cross(product, exact ?? []);
  const fixed = node.min === node.max ? product : undefined;
  const best = better(better(required, alone(exact)), alone(product));
  // The literal may stand in any round of the repeat, so there may be none before or after it.
  const around: Node = { ...node, min: 0 };
  const sides: Sides = { before: around, after: around };
  return {
    exact: fixed,
    required: best === undefined ? undefined : { literals: best.literals, sides: () => sides },
    sets: best === undefined ? sets : [...sets, best.literals],
  };
}

function usable(set: readonly Literal[] | undefined): set is readonly Literal[] {
  return set !== undefined && set.length > 0 && set.every((literal) => literal.bytes.length > 0);
}

function better(a: Candidate | undefined, b: Candidate | undefined): Candidate | undefined {
  if (!usable(a?.literals)) return usable(b?.literals) ? b : undefined;
  if (!usable(b?.literals)) return a;
  return selectivity(b.literals) > selectivity(a.literals) ? b : a;
}

/** Bits of meeting any of them in code: higher is rarer. */
function selectivity(set: readonly Literal[]): number {
  return -Math.log2(set.reduce((sum, literal) => sum + 2 ** -bitsOf(literal), 0));
}

function bitsOf({ bytes, foldCase }: Literal): number {
  // What is rare in code of all languages is in every file of some, `$_` as well as `import`.
  if (bytes.length < TELLING_LENGTH || EVERYDAY_WORDS.has(bytes.trim()))
    return Math.min(EVERYDAY_BITS, rarity(bytes));
  return rarity(bytes) + (foldCase ? 0 : capitalBits(bytes));
}

const TELLING_LENGTH = 3;
const EVERYDAY_BITS = 9;

/** Words that stand in most source files, whatever they are about. */
const EVERYDAY_WORDS: ReadonlySet<string> = new Set(
  (
    'import from return function require const class public private static string value self this new ' +
    'document window name type data true false null none with def async await export default object'
  ).split(' '),
);

/** Drops literals that contain another one: the shorter one finds both. */
function minimal(set: readonly Literal[]): readonly Literal[] {
  const covers = (short: Literal, long: Literal): boolean =>
    short !== long &&
    short.bytes.length <= long.bytes.length &&
    (short.foldCase
      ? asciiLower(long.bytes).includes(short.bytes)
      : !long.foldCase && long.bytes.includes(short.bytes));
  return set.filter(
    (literal, index) =>
      !set.some(
        (other, otherIndex) =>
          covers(other, literal) && !(covers(literal, other) && otherIndex > index),
      ),
  );
}
