/** From what a model wrote about a pack back to the words of the files. */
import type { ModelFinding } from './finding.ts';
import { unvisible } from './pack-text.ts';
import type { Redactor } from './redact.ts';

/**
 * The finding with the file's own path, quote and symbol, so that `verify` finds them. Texts for people keep
 * their placeholders: a secret is not printed because a model mentioned it.
 */
export function restored(finding: ModelFinding, redactor: Pick<Redactor, 'restore'>): ModelFinding {
  return {
    ...finding,
    path: restoredText(finding.path.trim(), redactor),
    quote: restoredCode(finding.quote, redactor),
    symbol: restoredText(finding.symbol, redactor),
  };
}

/** Code that a model copied, as it is in the file. */
export function restoredCode(code: string, redactor: Pick<Redactor, 'restore'>): string {
  return restoredText(withoutGutter(code), redactor);
}

export function restoredText(text: string, redactor: Pick<Redactor, 'restore'>): string {
  return redactor.restore(unvisible(text));
}

/** Ours, and the one of a program with tools of its own. */
const GUTTER = /^[ +-]?\d+(?:\| ?|\t)/;

/** Models are asked to leave sign and number out, and do not always. */
function withoutGutter(quote: string): string {
  const lines = quote.split('\n');
  return lines.every((line) => GUTTER.test(line))
    ? lines.map((line) => line.replace(GUTTER, '')).join('\n')
    : quote;
}
