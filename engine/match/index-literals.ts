/** Makes the index of plans that no build has packed. */
import { writeBlocks } from '../prefilter/block-program.ts';
import type { Kernel } from '../prefilter/kernel.ts';
import type { Literal } from '../regex/literals.ts';
import { AutomatonIndex } from './automaton-index.ts';
import { BlockIndex } from './block-index.ts';
import type { LiteralIndex, LiteralOwners } from './literal-index.ts';
import type { PatternPlan } from './plan.ts';

/** `marks` are more literals to look for, reported apart. */
export function indexLiterals(
  plans: readonly PatternPlan[],
  marks: readonly Literal[],
  kernel?: Kernel,
): LiteralIndex {
  const { literals, owners } = distinctLiterals(plans, marks);
  const blocks = kernel && writeBlocks(literals, kernel);
  return blocks === undefined
    ? new AutomatonIndex(owners, () => literals)
    : new BlockIndex(owners, blocks);
}

/** Each literal once, with the plans that have it. */
export function distinctLiterals(
  plans: readonly PatternPlan[],
  marks: readonly Literal[],
): { readonly literals: readonly Literal[]; readonly owners: LiteralOwners } {
  const indexes = new Map<string, number>();
  const literals: Literal[] = [...marks];
  const plansOf: number[][] = marks.map(() => []);
  plans.forEach((plan, planIndex) => {
    for (const literal of plan.literals ?? []) {
      const name = `${literal.foldCase ? 'i' : 'c'}${literal.bytes}`;
      let index = indexes.get(name);
      if (index === undefined) {
        index = literals.length;
        indexes.set(name, index);
        literals.push(literal);
        plansOf.push([]);
      }
      plansOf[index]?.push(planIndex);
    }
  });
  const planStarts = [0];
  for (const { length } of plansOf) planStarts.push((planStarts.at(-1) ?? 0) + length);
  const owners = {
    planCount: plans.length,
    markCount: marks.length,
    planStarts,
    plans: plansOf.flat(),
  };
  return { literals, owners };
}
