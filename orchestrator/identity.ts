/** When two findings are the same one, from review to review. No line numbers: code that moves stays what it is. */
import type { ReviewFinding } from './finding.ts';
import { foldLine } from './quote.ts';
import type { Hash } from './verify.ts';

type Identity = Pick<ReviewFinding, 'repo' | 'path' | 'cwe' | 'quote' | 'symbol'>;

/** The same for the same weakness in the same code, wherever it stands in the file. */
export function keyOf({ repo, path, cwe, quote, symbol }: Identity, hash: Hash): string {
  return hash(JSON.stringify([repo, path, cwe, folded(quote), foldLine(symbol)]));
}

/**
 * Whether two findings of one repository are about the same defect, although a model quoted more of its lines
 * the one time, or left out what they are in.
 */
export function isSame(a: Omit<Identity, 'repo'>, b: Omit<Identity, 'repo'>): boolean {
  if (a.path !== b.path || a.cwe !== b.cwe) return false;
  const [one, other] = [foldLine(a.symbol), foldLine(b.symbol)];
  if (one !== other && one !== '' && other !== '') return false;
  const [left, right] = [folded(a.quote), folded(b.quote)];
  return left.includes(right) || right.includes(left);
}

function folded(quote: string): string {
  return quote.split(/\r?\n/).map(foldLine).filter(Boolean).join('\n');
}
