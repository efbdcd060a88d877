/**
 * A literal index as the build wrote it: its tables are put into a kernel's memory as they are, and nothing is
 * built first.
 */
import { BlockIndex } from '../match/block-index.ts';
import type { LiteralIndex, LiteralOwners } from '../match/literal-index.ts';
import { BlockSearch } from '../prefilter/block-search.ts';
import { IMAGE_AT, type Kernel } from '../prefilter/kernel.ts';
import { PROGRAM } from '../prefilter/program.ts';
import { Sections } from './sections.ts';

/** Where each plan's two traces begin in the code, and behind the last one; `code` and `classes` as in a `Trace`. */
export interface PackedTraces {
  readonly starts: Uint32Array;
  readonly code: Int32Array;
  readonly classes: Uint8Array;
}

/** Words of the first section. */
const HEAD = { planCount: 0, markCount: 1, program: 2, all: 3, areFollowed: 4 } as const;

/** Of the index of which `kernel` has the image. */
export function openIndex(file: Uint8Array, kernel: Kernel): LiteralIndex {
  const sections = new Sections(file);
  const head = sections.words(0);
  const tables = {
    program: head[HEAD.program] ?? 0,
    all: head[HEAD.all] ?? 0,
    folds: sections.bytes(1),
  };
  return new BlockIndex(openOwners(file), new BlockSearch(kernel, tables));
}

export function openOwners(file: Uint8Array): LiteralOwners {
  const sections = new Sections(file);
  const head = sections.words(0);
  return {
    planCount: head[HEAD.planCount] ?? 0,
    markCount: head[HEAD.markCount] ?? 0,
    planStarts: sections.words(2),
    plans: sections.words(3),
    areFollowed: head[HEAD.areFollowed] === 1,
  };
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
