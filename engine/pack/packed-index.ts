/**
 * A literal index as the build wrote it: its tables are put into a kernel's memory as they are, and nothing is
 * built first.
 */
import { distinctLiterals, LiteralIndex, type LiteralOwners } from '../match/literal-index.ts';
import type { PatternPlan } from '../match/plan.ts';
import { ANYTHING, ClassTables, encodeTrace } from '../match/trace-code.ts';
import type { FollowTables } from '../prefilter/block-program.ts';
import { BlockSearch } from '../prefilter/block-search.ts';
import { IMAGE_AT, type Kernel } from '../prefilter/kernel.ts';
import { PROGRAM } from '../prefilter/program.ts';
import type { Literal } from '../regex/literals.ts';
import { WORD } from '../regex/ranges.ts';
import { Sections, startsOf, writeSections } from './sections.ts';

/** Where each plan's two traces begin in the code, and behind the last one; `code` and `classes` as in a `Trace`. */
export interface PackedTraces {
  readonly starts: Uint32Array;
  readonly code: Int32Array;
  readonly classes: Uint8Array;
}

/** Words of the first section. */
const HEAD = { planCount: 0, markCount: 1, program: 2, all: 3, areFollowed: 4 } as const;

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
  const blocks = BlockSearch.of(literals, kernel, follow);
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
  };
}

/** `kernel` has the image; without one `literals` are searched for as those of any index. */
export function openIndex(
  file: Uint8Array,
  kernel: Kernel | undefined,
  literals: () => readonly Literal[],
): LiteralIndex {
  const sections = new Sections(file);
  const head = sections.words(0);
  const word = (name: keyof typeof HEAD): number => head[HEAD[name]] ?? 0;
  const tables = { program: word('program'), all: word('all'), folds: sections.bytes(1) };
  return new LiteralIndex(
    {
      planCount: word('planCount'),
      markCount: word('markCount'),
      planStarts: sections.words(2),
      plans: sections.words(3),
      areFollowed: word('areFollowed') === 1,
    },
    kernel && new BlockSearch(kernel, tables),
    literals,
  );
}

/** What stands around the literals of each plan, as it lies in `image`, which is that of the index. */
export function openTraces(file: Uint8Array, image: Uint8Array): PackedTraces {
  const program = (new Sections(file).words(0)[HEAD.program] ?? 0) - IMAGE_AT;
  const words = new Uint32Array(image.buffer, image.byteOffset, image.length >> 2);
  const address = (name: keyof typeof PROGRAM): number =>
    (words[(program >> 2) + PROGRAM[name]] ?? 0) - IMAGE_AT;
  return {
    starts: words.subarray(address('traces') >> 2),
    code: new Int32Array(words.buffer, words.byteOffset + address('code')),
    classes: image.subarray(address('classes')),
  };
}
