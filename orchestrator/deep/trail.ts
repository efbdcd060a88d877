/** What became of each claim, for whoever measures where right ones are lost and wrong ones stopped. */
import type { ModelFinding } from '../finding.ts';
import type { DropReason } from '../verify.ts';

/** Who made it. */
export type Look = 'investigate' | 'second-look' | 'single-call';

/** `not-connected`: old code, and no step of its trace is in the change. */
export type ClaimDrop = DropReason | 'not-connected';

export interface ClaimEnd {
  readonly look: Look;
  readonly finding: ModelFinding;
  /** `repeated`: another one or an earlier review says the same. */
  readonly end: ClaimDrop | 'repeated' | 'refuted' | 'cut' | 'told';
}
