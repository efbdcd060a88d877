/** Advice on the conditions of a rule: those that always hold, never hold, or are said twice. */
import type { Node } from '../regex/ast.ts';
import { extentOf } from '../regex/extent.ts';
import { requiredLiterals } from '../regex/literals.ts';
import { has, NOT_NEWLINE } from '../regex/ranges.ts';
import type { Condition as RuleCondition } from '../rule.ts';
import type { Advice } from './advice.ts';
import { alphabetOf, needsOthers, sequenceOf } from './sets.ts';

export interface Condition extends RuleCondition {
  readonly node: Node;
}

export interface ConditionContext {
  /** Name of the list that the conditions stand in. */
  readonly list: 'requires' | 'unless';
  /** The rule's patterns, all of them. */
  readonly patterns: readonly Node[];
  /** Whether matches may begin in a comment, which then is not blanked. */
  readonly inComments: boolean;
}

export function adviseConditions(
  conditions: readonly Condition[],
  context: ConditionContext,
): Advice[] {
  return conditions.flatMap((condition, index) => {
    if (condition.is !== undefined) return [];
    const field = [context.list, index, 'pattern'];
    const always = holdsAlways(condition, context);
    const never = always === undefined ? holdsNever(condition, context) : undefined;
    const twice = saidBefore(conditions, index, context.list);
    return [
      ...(always === undefined ? [] : [alwaysAdvice(context.list, field, always)]),
      ...(never === undefined ? [] : [neverAdvice(context.list, field, never)]),
      ...(twice === undefined ? [] : [twiceAdvice(field, twice)]),
    ];
  });
}

/** What cancels all matches, and what all would have to fulfil and none can, leaves a rule that finds nothing. */
function alwaysAdvice(
  list: ConditionContext['list'],
  field: Advice['field'],
  reason: string,
): Advice {
  const isFatal = list === 'unless';
  const message = `${reason}, so it ${isFatal ? 'cancels every match' : 'asks for nothing'}`;
  const help = isFatal ? 'name what only the harmless use has' : 'leave the condition out';
  const level = isFatal ? 'error' : 'warning';
  return { code: 'condition-always', level, field, message, help };
}

function neverAdvice(
  list: ConditionContext['list'],
  field: Advice['field'],
  reason: string,
): Advice {
  const isFatal = list === 'requires';
  const message = `${reason}, so ${isFatal ? 'the rule finds nothing' : 'it cancels no match'}`;
  const help = 'widen `within`, or leave the condition out';
  return { code: 'condition-never', level: isFatal ? 'error' : 'warning', field, message, help };
}

function twiceAdvice(field: Advice['field'], reason: string): Advice {
  const help = 'leave out the one that adds nothing';
  return { code: 'duplicate-condition', level: 'warning', field, message: reason, help };
}

function holdsAlways(
  { node, where }: Condition,
  { patterns }: ConditionContext,
): string | undefined {
  if (where !== undefined) return undefined;
  if (isEmptyAnywhere(node)) return 'the condition matches the empty text';
  const word = plainText(node);
  if (word === undefined || patterns.length === 0) return undefined;
  const inAll = patterns.every(
    (pattern) =>
      requiredLiterals(pattern)?.literals.every(
        ({ bytes, foldCase }) => !foldCase && bytes.includes(word),
      ) === true,
  );
  return inAll ? `every match holds ${JSON.stringify(word)}` : undefined;
}

/** Whether a match of no length needs no assertion. */
function isEmptyAnywhere(node: Node): boolean {
  switch (node.kind) {
    case 'empty':
      return true;
    case 'concat':
      return node.parts.every(isEmptyAnywhere);
    case 'alternate':
      return node.branches.some(isEmptyAnywhere);
    case 'repeat':
      return node.min === 0 || isEmptyAnywhere(node.node);
    case 'capture':
      return isEmptyAnywhere(node.node);
    case 'class':
    case 'any-byte':
    case 'assert':
    case 'look':
      return false;
  }
}

/** ASCII text, when the node is nothing else. */
function plainText(node: Node): string | undefined {
  const codes = sequenceOf(node).map((part) =>
    part.kind === 'class' && part.ranges.length === 2 && part.ranges[0] === part.ranges[1]
      ? (part.ranges[0] ?? 0)
      : Infinity,
  );
  return codes.every((code) => code < 0x80) ? String.fromCharCode(...codes) : undefined;
}

function holdsNever(condition: Condition, context: ConditionContext): string | undefined {
  const { node, within } = condition;
  const { patterns, inComments } = context;
  if (within === 'match') {
    const longest = Math.max(...patterns.map((pattern) => extentOf(pattern).maxBytes));
    const { minBytes } = extentOf(node);
    if (minBytes > longest)
      return `the condition needs ${minBytes} bytes, and a match has at most ${longest}`;
    if (patterns.every((pattern) => needsOthers(node, alphabetOf(pattern))))
      return 'the condition needs a character that no match holds';
  }
  const oneLine = patterns.every((pattern) => !has(alphabetOf(pattern), 10));
  if (within === 'line' && oneLine && needsOthers(node, NOT_NEWLINE))
    return 'the condition needs a line end, and all matches are within one line';
  if (!inComments && beginsComment(node))
    return 'the condition begins like a comment, and comments are blanked before it is tried';
  return undefined;
}

/** `//\s*x`, `#\s*x`: a comment's mark and white space. `//` alone may be part of an address. */
function beginsComment(node: Node): boolean {
  const [first, second, third] = sequenceOf(node);
  const is = (part: Node | undefined, text: string): boolean =>
    part !== undefined && plainText(part) === text;
  const isSpace = (part: Node | undefined): boolean => {
    const inner = part?.kind === 'repeat' ? part.node : part;
    return inner?.kind === 'class' && has(inner.ranges, 0x20) && !has(inner.ranges, 0x61);
  };
  if (is(first, '#')) return isSpace(second);
  return is(first, '/') && (is(second, '*') || (is(second, '/') && isSpace(third)));
}

function saidBefore(
  conditions: readonly Condition[],
  index: number,
  list: ConditionContext['list'],
): string | undefined {
  const one = conditions[index];
  const looksForTheSame = (other: Condition): boolean =>
    other.pattern === one?.pattern && JSON.stringify(other.where) === JSON.stringify(one.where);
  const twin = conditions.findIndex(
    (other, at) =>
      at < index &&
      looksForTheSame(other) &&
      other.within === one?.within &&
      other.lines === one.lines &&
      other.of === one.of &&
      JSON.stringify(other.without) === JSON.stringify(one.without),
  );
  if (twin >= 0) return `the condition is the same as ${list}[${twin}]`;
  // For `requires` it is the wider one that adds nothing, and which the author means is not known.
  if (list === 'requires') return undefined;
  const wider = conditions.findIndex(
    (other) => looksForTheSame(other) && one?.within !== other.within && other.within === 'file',
  );
  return wider < 0 ? undefined : `unless[${wider}] looks for the same in the whole file`;
}
