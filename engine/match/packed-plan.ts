/**
 * Plans as compact JSON. The build packs those of the built-in rules, so that a hook does not have to parse
 * every pattern at every edit.
 */
import type { Assertion, Ranges } from '../regex/ast.ts';
import type { Literal } from '../regex/literals.ts';
import type { PatternPlan } from './plan.ts';
import { Reach } from './reach.ts';
import type { Step, Steps } from './steps.ts';

/** Pairs of bytes and whether their case is folded. */
type PackedLiterals = readonly (readonly [bytes: string, foldCase: boolean])[];

/** Index of the class of a `one`; an assertion; class and `outside` of a `some`; the branches of an `either`. */
type PackedStep =
  | number
  | Assertion
  | readonly [runs: number, outside: number]
  | { readonly either: readonly PackedSteps[] };
type PackedSteps = readonly PackedStep[];

interface PackedPlan {
  /** Null when the pattern is always tried. */
  readonly literals: PackedLiterals | null;
  readonly further: readonly PackedLiterals[];
  readonly minBytes: number;
  /** The steps before and after a literal, as JSON: read when a match has to be looked for, which is in few texts. */
  readonly sides: string;
}

export interface PackedPlans {
  /** Character classes that the steps name by index. */
  readonly classes: readonly Ranges[];
  /** By pattern. */
  readonly plans: Readonly<Record<string, PackedPlan>>;
}

/** `literalsOnly`: patterns of conditions, which are looked for in slices; few of those are long enough for windows. */
export function packPlans(
  full: readonly PatternPlan[],
  literalsOnly: readonly PatternPlan[],
): PackedPlans {
  const classes: Ranges[] = [];
  const indexes = new Map<string, number>();
  const classIndex = (ranges: Ranges): number => {
    const name = ranges.join();
    const index = indexes.get(name) ?? classes.push(ranges) - 1;
    indexes.set(name, index);
    return index;
  };
  const packSteps = (steps: Steps): PackedSteps => steps.map(packStep);
  const packStep = (step: Step): PackedStep => {
    switch (step.kind) {
      case 'one':
        return classIndex(step.ranges);
      case 'some':
        return [classIndex(step.runs), step.outside];
      case 'assert':
        return step.assertion;
      case 'either':
        return { either: step.branches.map(packSteps) };
    }
  };
  const plans: Record<string, PackedPlan> = {};
  for (const plan of literalsOnly)
    plans[plan.source] = { ...packLiteralSets(plan), sides: '[[],[]]' };
  for (const plan of full) {
    const sides = JSON.stringify([packSteps(plan.before.steps), packSteps(plan.after.steps)]);
    plans[plan.source] = { ...packLiteralSets(plan), sides };
  }
  return { classes, plans };
}

function packLiteralSets({
  literals,
  further,
  minBytes,
}: PatternPlan): Pick<PackedPlan, 'literals' | 'further' | 'minBytes'> {
  return {
    minBytes,
    literals: literals === undefined ? null : packLiterals(literals),
    further: further.map(packLiterals),
  };
}

function packLiterals(literals: readonly Literal[]): PackedLiterals {
  return literals.map(({ bytes, foldCase }) => [bytes, foldCase]);
}

/** The plan of `source`, or undefined when it was not packed. */
export function unpackPlan(
  { classes, plans }: PackedPlans,
  source: string,
): PatternPlan | undefined {
  const packed = Object.hasOwn(plans, source) ? plans[source] : undefined;
  if (packed === undefined) return undefined;
  const unpackSteps = (steps: PackedSteps): Steps => steps.map(unpackStep);
  const unpackStep = (step: PackedStep): Step => {
    if (typeof step === 'number') return { kind: 'one', ranges: classes[step] ?? [] };
    if (typeof step === 'string') return { kind: 'assert', assertion: step };
    if ('either' in step) return { kind: 'either', branches: step.either.map(unpackSteps) };
    return { kind: 'some', runs: classes[step[0]] ?? [], outside: step[1] };
  };
  return {
    source,
    literals: packed.literals === null ? undefined : unpackLiterals(packed.literals),
    further: packed.further.map(unpackLiterals),
    minBytes: packed.minBytes,
    before: new Reach(() => unpackSteps(sidesOf(packed)[0])),
    after: new Reach(() => unpackSteps(sidesOf(packed)[1])),
  };
}

/** Written by `packPlans`. */
function sidesOf({ sides }: PackedPlan): readonly [before: PackedSteps, after: PackedSteps] {
  return JSON.parse(sides) as readonly [PackedSteps, PackedSteps];
}

function unpackLiterals(literals: PackedLiterals): Literal[] {
  return literals.map(([bytes, foldCase]) => ({ bytes, foldCase }));
}
