/** Makes text from a scanned tree safe to show on a terminal. */

/** C0 and C1 controls, and the marks that change the direction of text (a reader would see other code). */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const SHORT: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/** Writes controls as `\n`, `\x1b` or `\u202e`; everything else stays. */
export function escapeControls(text: string): string {
  return text.replaceAll(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return (
      SHORT[character] ??
      (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`)
    );
  });
}

/** As `escapeControls`, with a tab as one blank: columns stay where they are. */
export function escapeSnippet(text: string): string {
  return escapeControls(text.replaceAll('\t', ' '));
}
