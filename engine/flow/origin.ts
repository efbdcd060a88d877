/** What an expression or a statement gives: the parts that its value is made of, and the names in these. */
import type { ByteRange } from '../re2/instance.ts';
import { choosers } from './choosers.ts';
import { isMeasure, isOpaqueCall, isOwnConstant, isWord } from './known.ts';
import { operandsAt, without } from './operands.ts';
import { PathSet } from './names.ts';
import type { AccessPath } from './paths.ts';
import type { ReadPart } from './read.ts';

/** Where in a part of the text values are made safe or are checked. */
export type MadeSafe = (part: ByteRange) => readonly ByteRange[];

export interface Origin {
  readonly range: ByteRange;
  /** Without keys and conditions that say which value is taken, and what was made safe. */
  readonly parts: readonly ByteRange[];
  /** Names in these. */
  readonly used: readonly AccessPath[];
  /** Whether a call in it may give anything. */
  readonly isOpen: boolean;
}

export interface OriginWanted {
  readonly madeSafe: MadeSafe;
  /** Names that get the value. */
  readonly given?: readonly AccessPath[];
  /** Whether only fields of it are asked for. */
  readonly isMember?: boolean;
  /** Indexes of more tokens that are no part of it. */
  readonly conditions?: ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

/** Of arguments that are asked about, where `a = b` assigns nothing. */
export function originOfExpression(part: ReadPart, madeSafe: MadeSafe): Origin {
  const isNamed = part.tokens[1]?.text === '=';
  const used = isNamed ? part.paths.slice(1) : part.paths;
  const { range, tokens, shape, paths, bound } = part;
  return originOf(
    { range, tokens, shape: { ...shape, used, value: 0 }, paths, bound },
    { madeSafe },
  );
}

export function originOf(
  { range, tokens, shape, bound }: ReadPart,
  { madeSafe, given = [], isMember = false, conditions = NONE }: OriginWanted,
): Origin {
  const { used, named } = shape;
  const chosen = new Set([...choosers(tokens, isMember), ...conditions]);
  // `for a in (b)` asks for nothing.
  const isLoop = tokens[0]?.text === 'for';
  const places = madeSafe(range).filter(({ start }) => {
    return !isLoop || tokens.find(({ end }) => end > start)?.text !== 'in';
  });
  const safe = operandsAt(tokens, places);
  // `guard let a = b, isAllowed(a)`
  const safeStarts = new Set([...safe].map((index) => tokens[index]?.start));
  const inside = named.filter(({ start }) => safeStarts.has(start));
  const insides = new PathSet(inside);
  if (given.length > 0 && inside.length > 0 && given.every((path) => insides.has(path)))
    return { range, parts: [], used: [], isOpen: false };
  // `isAllowed(a) ? a : b`
  const asked = [...safe].some((index) => chosen.has(index))
    ? named.filter(({ chooses }) => chooses).map(ownerOf)
    : [];
  const askeds = new PathSet(asked);
  const parts = cutOut(
    without(range, tokens, (index) => chosen.has(index) || safe.has(index)),
    asked.length === 0 ? [] : named.filter((path) => !path.chooses && askeds.has(path)),
  );
  const isPart = ({ start, chooses }: AccessPath): boolean => !chooses && isInOne(parts, start);
  const isOpen = tokens.some(
    (_, at) => at >= shape.value && !chosen.has(at) && !safe.has(at) && isOpaqueCall(tokens, at),
  );
  // An arm binds what is asked about.
  const isArm = conditions !== NONE;
  const followed = used.filter(
    (path) =>
      isPart(path) &&
      !isWord(path) &&
      !isMeasure(path) &&
      !isOwnConstant(path) &&
      (isArm || !bound.has(path.parts[0] ?? '')),
  );
  return { range, parts, used: followed, isOpen };
}

/** `a` for `a.host`, which tells about all of it. */
export function ownerOf(path: AccessPath): AccessPath {
  return path.parts.length < 2 ? path : { ...path, parts: path.parts.slice(0, -1) };
}

/** Which host an address names decides about all of it. */
const HOST = /^(?:get)?(?:[hH]ost(?:[nN]ame)?|origin|netloc|Authority|DnsSafeHost|IdnHost)$/;

/** What a condition on it decides about. */
export function toldOf(path: AccessPath): AccessPath {
  return HOST.test(path.parts.at(-1) ?? '') ? ownerOf(path) : path;
}

/** Whether `offset` lies in one of `parts`, which are in order. */
function isInOne(parts: readonly ByteRange[], offset: number): boolean {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return (parts[low]?.start ?? Infinity) <= offset;
}

/** `parts` without what lies in `holes`, both in order. */
export function cutOut(
  parts: readonly ByteRange[],
  holes: readonly ByteRange[],
): readonly ByteRange[] {
  let first = 0;
  return parts.flatMap(({ start, end }) => {
    const left: ByteRange[] = [];
    let from = start;
    while ((holes[first]?.start ?? Infinity) < start) first++;
    for (let at = first; (holes[at]?.start ?? Infinity) < end; at++) {
      const hole = holes[at] ?? { start, end };
      if (hole.start < from || hole.end > end) continue;
      left.push({ start: from, end: hole.start });
      from = hole.end;
    }
    return [...left, { start: from, end }];
  });
}
