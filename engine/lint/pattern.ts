/** Advice on one pattern: what it costs, and what of it does nothing. */
import type { Node } from '../regex/ast.ts';
import { extentOf } from '../regex/extent.ts';
import { requiredLiterals } from '../regex/literals.ts';
import type { Advice } from './advice.ts';
import { programSize } from './program.ts';
import { sequenceOf } from './sets.ts';
import { mostStates } from './states.ts';

/** About 5 ms of compiling on an ordinary machine. */
export const MAX_PROGRAM = 950;
/** RE2 keeps about so many states, and starts anew when there are more. */
const MAX_STATES = 10_000;
const SHORT = 3;

export interface PatternPlace {
  readonly field: Advice['field'];
  /** Whether the rule looks at what the match covers, so that its ends matter. */
  readonly endsMatter: boolean;
  /** Conditions are only tried on texts with a match, so they may do without literals. */
  readonly isCondition: boolean;
}

export function advisePattern(node: Node, place: PatternPlace): Advice[] {
  const { field } = place;
  const advice: Advice[] = [...cost(node, field)];
  if (place.isCondition) return advice;
  if (extentOf(node).minBytes === 0) {
    const message = 'the pattern matches the empty text, so it matches everywhere';
    const help = 'make a part of it that has to be there not optional';
    return [...advice, { code: 'empty-match', level: 'error', field, message, help }];
  }
  return [
    ...advice,
    ...literalAdvice(node, field),
    ...(place.endsMatter ? [] : openEnds(node, field)),
  ];
}

function cost(node: Node, field: Advice['field']): Advice[] {
  const size = programSize(node);
  const states = mostStates(node);
  const advice: Advice[] = [];
  if (size > MAX_PROGRAM)
    advice.push({
      code: 'large-program',
      level: 'warning',
      field,
      message: `RE2 compiles the pattern to about ${size} instructions; expected at most ${MAX_PROGRAM}`,
      help: 'replace counted repeats such as [^)]{0,80} by open ones, [^)]*, or split the pattern in two',
    });
  if (states > MAX_STATES)
    advice.push({
      code: 'many-states',
      level: 'warning',
      field,
      message: `what stands before a counted repeat can begin again inside of it: up to ${rounded(states)} states`,
      help: 'replace the counted repeat by an open one, or take out of its class what the part before begins with',
    });
  return advice;
}

function rounded(count: number): string {
  return count < 1e6 ? String(Math.round(count)) : `10^${Math.floor(Math.log10(count))}`;
}

function literalAdvice(node: Node, field: Advice['field']): Advice[] {
  const literals = requiredLiterals(node)?.literals;
  if (literals === undefined)
    return [
      {
        code: 'no-literal',
        level: 'warning',
        field,
        message: 'no text of two bytes is in every match, so the pattern is tried on every file',
        help: 'give each alternative a name or word that has to be there: eval|exec, not e\\w+',
      },
    ];
  const short = literals
    .filter(({ bytes }) => bytes.trim().length < SHORT)
    .map(({ bytes }) => JSON.stringify(bytes));
  if (short.length === 0) return [];
  const shown = `${short.slice(0, 4).join(', ')}${short.length > 4 ? ', …' : ''}`;
  const message = `every match holds ${literals.length === 1 ? shown : `one of ${literals.length} literals, among them ${shown}`}: most files do`;
  const help = 'give the pattern, or the alternative, a longer text that has to be there';
  return [{ code: 'short-literal', level: 'warning', field, message, help }];
}

/** `\w*` in front, `.*` behind: with or without them the same places are found. */
function openEnds(node: Node, field: Advice['field']): Advice[] {
  const parts = sequenceOf(node);
  return (
    [
      ['front', parts[0]],
      ['end', parts.at(-1)],
    ] as const
  ).flatMap(([end, part]): Advice[] => {
    if (part?.kind !== 'repeat' || part.min > 0 || part.max < 2 || parts.length < 2) return [];
    const where = end === 'front' ? 'in front' : 'at the end';
    const message = `the repeat ${where} of the pattern may match nothing, so it decides nothing`;
    return [{ code: 'open-end', level: 'warning', field, message, help: 'leave it out' }];
  });
}
