/** From what a model wrote about a pack back to the words of the files. */
import type { ModelFinding } from './finding.ts';
import { unvisible } from './pack-text.ts';
import type { Redactor } from './redact.ts';

/**
 * The finding with the file's own path, quote and symbol, so that `verify` finds them. Texts for people keep
 * their placeholders: a secret is not printed because a model mentioned it.
 */
export function restored(finding: ModelFinding, redactor: Pick<Redactor, 'restore'>): ModelFinding {
  const back = (text: string): string => redactor.restore(unvisible(text));
  return {
    ...finding,
    path: back(finding.path.trim()),
    quote: back(withoutGutter(finding.quote)),
    symbol: back(finding.symbol),
  };
}

const GUTTER = /^[ +-]?\d+\| ?/;

/** Models are asked to leave sign and number out, and do not always. */
function withoutGutter(quote: string): string {
  const lines = quote.split('\n');
  return lines.every((line) => GUTTER.test(line))
    ? lines.map((line) => line.replace(GUTTER, '')).join('\n')
    : quote;
}
