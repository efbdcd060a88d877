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
  // What the host has built in is fast from the first call on.
  const part = text.subarray(start, end);
  return (
    holdsSequence(text, part, LONG_S_LEAD, start) || holdsSequence(text, part, KELVIN_LEAD, start)
  );
}

const FEW_BYTES = 64;

/** Whether a folding sequence with `lead` begins in `part`, which lies in `text` at `start`. */
function holdsSequence(text: Uint8Array, part: Uint8Array, lead: number, start: number): boolean {
  for (let at = part.indexOf(lead); at >= 0; at = part.indexOf(lead, at + 1))
    if (foldingSequence(text, start + at) !== 0) return true;
  return false;
}
