/** What a finding is worth after it was checked and attacked: tables, so that no model decides it. */
import type { ReviewConfidence, ReviewFinding, ReviewSeverity } from '../finding.ts';
import { atMost } from '../verify.ts';

/** `unverified`: no verdict, or a refutation without evidence. A refuted finding is none. */
export type Verdict = 'upheld' | 'unverified';

export interface Standing {
  readonly place: ReviewFinding['place'];
  /** Whether the quote is in the file word for word; else only white space differs. */
  readonly exact: boolean;
  readonly verdict: Verdict;
}

type Row = Readonly<Record<Verdict, ReviewConfidence>>;

const CEILINGS: Readonly<
  Record<ReviewFinding['place'], { readonly exact: Row; readonly folded: Row }>
> = {
  'in-diff': {
    exact: { upheld: 'high', unverified: 'medium' },
    folded: { upheld: 'medium', unverified: 'low' },
  },
  // Code that the change did not touch, with a step in the change that reaches it.
  'off-diff': {
    exact: { upheld: 'medium', unverified: 'low' },
    folded: { upheld: 'low', unverified: 'low' },
  },
};

/** `claimed` is the model's own. */
export function confidenceOf(claimed: ReviewConfidence, standing: Standing): ReviewConfidence {
  const { exact, folded } = CEILINGS[standing.place];
  return atMost(claimed, (standing.exact ? exact : folded)[standing.verdict]);
}

/** A limited gain that the model itself takes for unlikely is no finding. No ceiling ever drops one. */
const KEPT: Readonly<Record<ReviewSeverity, readonly ReviewConfidence[]>> = {
  critical: ['low', 'medium', 'high'],
  high: ['low', 'medium', 'high'],
  medium: ['medium', 'high'],
};

export function isKept(
  severity: ReviewSeverity,
  claimed: ReviewConfidence,
  excludeMedium: boolean,
): boolean {
  return KEPT[severity].includes(claimed) && !(excludeMedium && severity === 'medium');
}
