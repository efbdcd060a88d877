/** The two characters outside of ASCII that `(?i)` takes for ASCII letters, as bytes. */

/** U+017F is `C5 BF`, U+212A is `E2 84 AA`: under `(?i)` they match `s` and `k`. */
export const LONG_S_LEAD = 0xc5;
export const KELVIN_LEAD = 0xe2;

/** The letter that a folding sequence at `at` stands for, or 0. */
export function foldingSequence(text: Uint8Array, at: number): number {
  if (text[at] === LONG_S_LEAD) return text[at + 1] === 0xbf ? 0x73 : 0;
  if (text[at] !== KELVIN_LEAD) return 0;
  return text[at + 1] === 0x84 && text[at + 2] === 0xaa ? 0x6b : 0;
}

/** Whether a folding sequence begins in `[start, end)`. */
export function mayFold(text: Uint8Array, start: number, end: number): boolean {
  if (end - start < FEW_BYTES) {
    for (let at = start; at < end; at++) if (foldingSequence(text, at) !== 0) return true;
    return false;
  }
  return [LONG_S_LEAD, KELVIN_LEAD].some((lead) => sequenceFrom(text, lead, start, end) < end);
}

const FEW_BYTES = 64;

/** A text with letters in place of its folding sequences, and which of its places was which. */
export interface FoldedText {
  readonly bytes: Uint8Array;
  /** Place in the text of a place in `bytes`. */
  readonly originOf: (at: number) => number;
  /** Whether a part of `bytes` has a letter that was a sequence. */
  readonly isFolded: (start: number, end: number) => boolean;
}

export function foldText(text: Uint8Array): FoldedText {
  const bytes = new Uint8Array(text.length);
  /** Places in `bytes` of the letters, and how much longer the text is up to behind each. */
  const letters: number[] = [];
  const longer: number[] = [];
  let to = 0;
  let from = 0;
  // Each is looked for from where it was found last, so that all of it takes linear time.
  const next = {
    longS: sequenceFrom(text, LONG_S_LEAD, 0),
    kelvin: sequenceFrom(text, KELVIN_LEAD, 0),
  };
  while (from < text.length) {
    const at = Math.min(next.longS, next.kelvin);
    bytes.set(text.subarray(from, at), to);
    to += at - from;
    if (at === text.length) break;
    const isLongS = at === next.longS;
    letters.push(to);
    bytes[to++] = foldingSequence(text, at);
    from = at + (isLongS ? 2 : 3);
    longer.push(from - to);
    if (isLongS) next.longS = sequenceFrom(text, LONG_S_LEAD, from);
    else next.kelvin = sequenceFrom(text, KELVIN_LEAD, from);
  }
  /** How many letters stand before `at`. */
  const lettersBefore = (at: number): number => {
    let low = 0;
    let high = letters.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((letters[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    bytes: bytes.subarray(0, to),
    originOf: (at) => at + (longer[lettersBefore(at) - 1] ?? 0),
    isFolded: (start, end) => lettersBefore(start) < lettersBefore(end),
  };
}

/** Where the first sequence with `lead` begins in `[start, end)`, or `end`. */
function sequenceFrom(
  text: Uint8Array,
  lead: number,
  start: number,
  end: number = text.length,
): number {
  // What the host has built in is fast from the first call on.
  const part = text.subarray(0, end);
  for (let at = part.indexOf(lead, start); at >= 0; at = part.indexOf(lead, at + 1))
    if (foldingSequence(text, at) !== 0) return at;
  return end;
}
