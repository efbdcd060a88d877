/**
 * Plans as compact JSON. The build packs those of the built-in rules, so that a hook does not have to parse
 * every pattern at every edit.
 */
import type { Assertion, Ranges } from '../regex/ast.ts';
import type { Literal } from '../regex/literals.ts';
import type { PatternPlan } from './plan.ts';
import { ByteTables, edgeOf, Reach } from './reach.ts';
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

/** Index of the class, or -1, then assertions. */
type PackedEdge = readonly [number, ...Assertion[]];

interface PackedPlan {
  /** Null when the pattern is always tried. */
  readonly literals: PackedLiterals | null;
  readonly further: readonly PackedLiterals[];
  /** Of the sides before and after a literal. */
  readonly edges: readonly [before: PackedEdge, after: PackedEdge];
  /** The steps of both, as JSON: read when a text has the literal with these edges, which few have. */
  readonly sides: string;
}

export interface PackedPlans {
  /** Character classes that the steps name by index. */
  readonly classes: readonly Ranges[];
  /** By pattern. */
  readonly plans: Readonly<Record<string, PackedPlan>>;
}

/** `literalsOnly`: patterns of `unless`, which are looked for in slices and need no windows. */
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
  const packEdge = (reach: Reach): PackedEdge => {
    const { assertions, ranges } = edgeOf(reach.steps);
    return [ranges === undefined ? -1 : classIndex(ranges), ...assertions];
  };
  const plans: Record<string, PackedPlan> = {};
  for (const plan of literalsOnly)
    plans[plan.source] = { ...packLiteralSets(plan), edges: [[-1], [-1]], sides: '[[],[]]' };
  for (const plan of full) {
    const sides = JSON.stringify([packSteps(plan.before.steps), packSteps(plan.after.steps)]);
    const edges = [packEdge(plan.before), packEdge(plan.after)] as const;
    plans[plan.source] = { ...packLiteralSets(plan), edges, sides };
  }
  return { classes, plans };
}

function packLiteralSets({
  literals,
  further,
}: PatternPlan): Pick<PackedPlan, 'literals' | 'further'> {
  return {
    literals: literals === undefined ? null : packLiterals(literals),
    further: further.map(packLiterals),
  };
}

function packLiterals(literals: readonly Literal[]): PackedLiterals {
  return literals.map(({ bytes, foldCase }) => [bytes, foldCase]);
}

/** The plan of `source`, or undefined when it was not packed. `bytes` serves all plans of the same classes. */
export function unpackPlan(
  { classes, plans }: PackedPlans,
  source: string,
  bytes: ByteTables = new ByteTables(),
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
  const sideOf = (side: 0 | 1): Reach =>
    new Reach(
      () => unpackSteps(sidesOf(packed)[side]),
      bytes,
      () => {
        const [index, ...assertions] = packed.edges[side];
        return { assertions, ranges: classes[index] };
      },
    );
  return {
    source,
    literals: packed.literals === null ? undefined : unpackLiterals(packed.literals),
    further: packed.further.map(unpackLiterals),
    before: sideOf(0),
    after: sideOf(1),
  };
}

/** Written by `packPlans`. */
function sidesOf({ sides }: PackedPlan): readonly [before: PackedSteps, after: PackedSteps] {
  return JSON.parse(sides) as readonly [PackedSteps, PackedSteps];
}

function unpackLiterals(literals: PackedLiterals): Literal[] {
  return literals.map(([bytes, foldCase]) => ({ bytes, foldCase }));
}
