/**
 * A literal index as the build wrote it: its tables are put into a kernel's memory as they are, and nothing is
 * built first.
 */
import { distinctLiterals, LiteralIndex } from '../match/literal-index.ts';
import type { PatternPlan } from '../match/plan.ts';
import { BlockSearch } from '../prefilter/block-search.ts';
import type { Kernel } from '../prefilter/kernel.ts';
import type { Literal } from '../regex/literals.ts';
import { Sections, writeSections } from './sections.ts';

/** Writes the tables into `kernel`, whose image goes with what is returned. A part of the build. */
export function packIndex(
  plans: readonly PatternPlan[],
  marks: readonly Literal[],
  kernel: Kernel,
): Uint8Array {
  const { literals, owners } = distinctLiterals(plans, marks);
  const blocks = BlockSearch.of(literals, kernel);
  if (blocks === undefined) throw new Error(`no room for ${literals.length} literals`);
  const { program, all, lengths, folds } = blocks.tables;
  return writeSections([
    Uint32Array.of(owners.planCount, owners.markCount, program, all),
    Uint8Array.from(lengths),
    Uint8Array.from(folds),
    Uint32Array.from(owners.planStarts),
    Uint32Array.from(owners.plans),
  ]);
}

/** `kernel` has the image; without one `literals` are searched for as those of any index. */
export function openIndex(
  file: Uint8Array,
  kernel: Kernel | undefined,
  literals: () => readonly Literal[],
): LiteralIndex {
  const sections = new Sections(file);
  const [planCount = 0, markCount = 0, program = 0, all = 0] = sections.words(0);
  const tables = { program, all, lengths: sections.bytes(1), folds: sections.bytes(2) };
  return new LiteralIndex(
    { planCount, markCount, planStarts: sections.words(3), plans: sections.words(4) },
    kernel && new BlockSearch(kernel, tables),
    literals,
  );
}
