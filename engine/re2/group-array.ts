/**
 * Where the groups of a match are. The class hands over their texts alone; their places stand in an array in
 * the frame of its `match`, which is the outermost on the module's stack: when `match` is done nothing has
 * written over them yet. Where the array ends is the same for every pattern, and found out by a known match.
 */
import type { ByteRange } from './instance.ts';
import type { WasmMemory } from './runtime.ts';

/** `StringPiece`: a pointer and a length. */
const PIECE = 8;
/** The stack lies below the heap; the frame is within so many bytes of its end. */
const STACK_REACH = 4096;

export class GroupArray {
  private readonly memory: WasmMemory;
  private readonly heapStart: number;
  private arrayEnd = 0;

  /** `heapStart`: address of the first allocation. */
  constructor(memory: WasmMemory, heapStart: number) {
    this.memory = memory;
    this.heapStart = heapStart;
  }

  /** Right after a search that gave `ranges`, the whole match first: finds them. False when they are not there. */
  locate(text: number, ranges: readonly ByteRange[]): boolean {
    const size = arrayBytes(ranges.length);
    for (let at = this.heapStart - size; at > this.heapStart - STACK_REACH; at -= PIECE) {
      if (!ranges.every((range, i) => isEqual(this.piece(text, at, i), range))) continue;
      this.arrayEnd = at + size;
      return true;
    }
    return false;
  }

  /**
   * Right after a search that found `match` in the text at address `text`, by a pattern of `count` groups;
   * undefined for those that took no part, and altogether when the match is not what the array says.
   */
  read(
    text: number,
    match: ByteRange,
    count: number,
  ): readonly (ByteRange | undefined)[] | undefined {
    const from = this.arrayEnd - arrayBytes(count + 1);
    if (!isEqual(this.piece(text, from, 0), match)) return undefined;
    return Array.from({ length: count }, (_, i) => this.piece(text, from, i + 1));
  }

  private piece(text: number, from: number, index: number): ByteRange | undefined {
    const view = new DataView(this.memory.buffer);
    const pointer = view.getUint32(from + index * PIECE, true);
    if (pointer === 0) return undefined;
    const start = pointer - text;
    return { start, end: start + view.getUint32(from + index * PIECE + 4, true) };
  }
}

/** The stack is aligned to 16 bytes. */
function arrayBytes(pieces: number): number {
  return Math.ceil((pieces * PIECE) / 16) * 16;
}

function isEqual(a: ByteRange | undefined, b: ByteRange): boolean {
  return a?.start === b.start && a.end === b.end;
}
