/** Writes the literals of many plans as a file that `openIndex` opens. */
import { distinctLiterals } from '../match/index-literals.ts';
import type { LiteralOwners } from '../match/literal-index.ts';
import type { PatternPlan } from '../match/plan.ts';
import { ANYTHING, ClassTables, encodeTrace } from '../match/trace-code.ts';
import { isBackFirst } from '../match/walk-cost.ts';
import { type FollowTables, writeBlocks } from '../prefilter/block-program.ts';
import type { Kernel } from '../prefilter/kernel.ts';
import type { Literal } from '../regex/literals.ts';
import { WORD } from '../regex/ranges.ts';
import { startsOf, writeSections } from './sections.ts';

/**
 * Writes the tables into `kernel`, whose image goes with what is returned; where occurrences are to be followed, with
 * what stands around them. A part of the build.
 */
export function packIndex(
  plans: readonly PatternPlan[],
  marks: readonly Literal[],
  kernel: Kernel,
  areFollowed: boolean,
): Uint8Array {
  const { literals, owners } = distinctLiterals(plans, marks);
  const follow = areFollowed ? followTables(plans, owners) : undefined;
  const blocks = writeBlocks(literals, kernel, follow);
  if (blocks === undefined) throw new Error(`no room for ${literals.length} literals`);
  const { program, all, folds } = blocks.tables;
  return writeSections([
    Uint32Array.of(owners.planCount, owners.markCount, program, all, areFollowed ? 1 : 0),
    Uint8Array.from(folds),
    Uint32Array.from(owners.planStarts),
    Uint32Array.from(owners.plans),
  ]);
}

/** Marks are plans behind all others, around which anything may stand. */
function followTables(
  plans: readonly PatternPlan[],
  { planCount, markCount, planStarts, plans: plansOf }: LiteralOwners,
): FollowTables {
  const classes = new ClassTables();
  const word = classes.indexOf(WORD);
  const marks = Array.from({ length: markCount }, (_, mark) => planCount + mark);
  const traces = [
    ...plans.flatMap(({ literals, before, after }) =>
      literals === undefined
        ? [[], []]
        : [encodeTrace(before.steps, classes), encodeTrace(after.steps, classes)],
    ),
    ...marks.flatMap(() => [[ANYTHING], [ANYTHING]]),
  ];
  return {
    starts: Uint32Array.from(planStarts, (start, literal) => start + Math.min(literal, markCount)),
    plans: Uint32Array.from([...marks, ...Array.from(plansOf)]),
    traces: startsOf(traces.map(({ length }) => length)),
    code: Uint32Array.from(traces.flat()),
    classes: classes.bytes,
    word,
    backFirst: Uint8Array.from([...plans.map(backFirst), ...marks.map(() => 0)]),
  };
}

function backFirst({ literals, before, after }: PatternPlan): number {
  return literals !== undefined && isBackFirst(before.steps, after.steps) ? 1 : 0;
}
