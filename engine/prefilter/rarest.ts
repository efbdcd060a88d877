/** Which part of a literal is met least often in code. */
import { rarity } from '../regex/rarity.ts';

/** Far enough to get past a prefix that many literals share. */
const MAX_OFFSET = 12;

/**
 * First of `stride` neighbouring offsets whose blocks of `size` bytes are met least often. The first block may
 * begin, or the last one end, `cut` bytes outside of the literal.
 */
export function rarestOffset(bytes: string, size: number, stride: number, cut: number): number {
  const last = Math.min(bytes.length - size - stride + 1 + cut, MAX_OFFSET);
  // Neighbours share all of their blocks but two.
  const commonness = new Map<number, number>();
  const at = (block: number): number => {
    const known =
      commonness.get(block) ??
      2 ** -rarity(bytes, Math.max(block, 0), Math.min(block + size, bytes.length));
    commonness.set(block, known);
    return known;
  };
  let best = -cut;
  let least = Infinity;
  for (let first = -cut; first <= last; first++) {
    let common = 0;
    for (let block = first; block < first + stride; block++) common += at(block);
    if (common < least) {
      least = common;
      best = first;
    }
  }
  return best;
}
