/**
 * Plans as plain JSON. The build packs those of the built-in rules, so that a hook does not have to parse
 * every pattern at every edit.
 */
import type { PatternPlan } from './plan.ts';
import { Reach } from './reach.ts';

type PackedReach = readonly (readonly [outside: number, runs: readonly number[]])[];

export interface PackedPlan {
  /** Pairs of bytes and whether their case is folded; null when the pattern is always tried. */
  readonly literals: readonly (readonly [bytes: string, foldCase: boolean])[] | null;
  readonly before: PackedReach;
  readonly after: PackedReach;
}

/** Packed plans by pattern. */
export type PackedPlans = Readonly<Record<string, PackedPlan>>;

export function packPlan({ literals, before, after }: PatternPlan): PackedPlan {
  const pack = (reach: Reach): PackedReach =>
    reach.steps.map(({ outside, runs }) => [outside, [...runs]]);
  return {
    literals: literals?.map(({ bytes, foldCase }) => [bytes, foldCase] as const) ?? null,
    before: pack(before),
    after: pack(after),
  };
}

export function unpackPlan(source: string, { literals, before, after }: PackedPlan): PatternPlan {
  const unpack = (reach: PackedReach): Reach =>
    new Reach(reach.map(([outside, runs]) => ({ outside, runs })));
  return {
    source,
    literals: literals?.map(([bytes, foldCase]) => ({ bytes, foldCase })),
    before: unpack(before),
    after: unpack(after),
  };
}
