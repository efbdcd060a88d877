/** The text with its comments blanked, so that a comment never cancels a finding. */
import type { Spans } from '../lexer/spans.ts';

/** Same length and line feeds; every other byte of a comment is a space. */
export function blankComments(text: Uint8Array, spans: Spans): Uint8Array {
  const result = new Uint8Array(text);
  spans.regions.forEach((region, index) => {
    if (region !== 'comment') return;
    for (let i = spans.starts[index] ?? 0; i < (spans.ends[index] ?? 0); i++) {
      if (result[i] !== 10) result[i] = 0x20;
    }
  });
  return result;
}
