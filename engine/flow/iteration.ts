/** Callbacks that are given one element after the other: `list.forEach((a) => {`, `list.each do |a|`. */
import { openingOf } from './operands.ts';
import type { AccessPath } from './paths.ts';
import type { Token } from './tokens.ts';

export interface Iteration {
  /** Names that get an element, or its place. */
  readonly assigned: readonly AccessPath[];
  /** Names of what the elements are of. */
  readonly used: readonly AccessPath[];
  /** Index of the token behind the method's name. */
  readonly value: number;
}

const METHODS: ReadonlySet<string> = new Set(
  'forEach forEachIndexed map mapIndexed flatMap filter find some every each each_with_index collect Select ForEach'.split(
    ' ',
  ),
);
const CONNECTORS: ReadonlySet<string> = new Set(['.', '?.']);

/** Of tokens that end where the callback's block, or its expression, begins. */
export function iterationOf(
  tokens: readonly Token[],
  named: readonly AccessPath[],
): Iteration | undefined {
  const at = tokens.findLastIndex(
    ({ kind, text }, index) =>
      kind === 'word' && METHODS.has(text) && CONNECTORS.has(tokens[index - 1]?.text ?? ''),
  );
  const method = tokens[at];
  if (method === undefined) return undefined;
  const used = receiverOf(tokens, at, named);
  if (used === undefined) return undefined;
  const assigned = named.filter(({ start }) => start > method.start);
  return { assigned, used, value: at + 1 };
}

/** A list that is written there, or one name with its members. */
function receiverOf(
  tokens: readonly Token[],
  at: number,
  named: readonly AccessPath[],
): readonly AccessPath[] | undefined {
  const last = tokens[at - 2];
  const path = named.find(({ end }) => end === tokens[at]?.end || end === last?.end);
  if (path !== undefined) return [path];
  if (last?.text !== ']') return undefined;
  const open = openingOf(tokens, at - 2);
  if (tokens[open - 1]?.kind === 'word') return undefined;
  const [from, to] = [tokens[open]?.start ?? 0, last.end];
  return named.filter(({ start }) => from < start && start < to);
}
