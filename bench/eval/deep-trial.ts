/** One investigation of one side of a pair: after which stage what was claimed of it was still there. */
import { compareCwe, cweOf } from '../../orchestrator/cwe.ts';
import type { DeepReviewed } from '../../orchestrator/deep/deep-review.ts';
import type { ClaimEnd } from '../../orchestrator/deep/trail.ts';
import { tally } from '../../orchestrator/record.ts';
import type { Pair } from './pair.ts';
import { trialOf } from './trial.ts';
import type { DeepStage, Trial, TrialId } from './trial.ts';

const LEFT: Readonly<Record<DeepStage, (claim: ClaimEnd) => boolean>> = {
  investigate: ({ look }) => look !== 'second-look',
  'second-look': () => true,
  verify: ({ end }) => end === 'refuted' || end === 'cut' || end === 'told',
  refute: ({ end }) => end === 'cut' || end === 'told',
  final: ({ end }) => end === 'told',
};

/** Every end that a claim can have, so that each report has all of them. */
const NO_CLAIMS: Readonly<Record<'said' | ClaimEnd['end'], number>> = {
  said: 0,
  'unknown-file': 0,
  'no-such-code': 0,
  'there-before': 0,
  'not-connected': 0,
  repeated: 0,
  refuted: 0,
  cut: 0,
  told: 0,
};

export function deepTrialOf(pair: Pair, id: Omit<TrialId, 'pair'>, reviewed: DeepReviewed): Trial {
  const { outcome, attempts, claims, record } = reviewed;
  const verified = { kept: [], dropped: [] };
  const trial = trialOf(pair, id, { outcome, attempts, verified });
  // On the fixed side everything is a false alarm.
  const own = claims.filter(
    ({ finding }) =>
      id.side === 'fixed' || compareCwe(cweOf(finding.category), pair.cwe) !== 'other',
  );
  const left = Object.entries(LEFT).map(([stage, isLeft]) => [stage, own.some(isLeft)]);
  return {
    ...trial,
    claims: { ...NO_CLAIMS, said: claims.length, ...tally(claims.map(({ end }) => end)) },
    deep: {
      left: Object.fromEntries(left) as Record<DeepStage, boolean>,
      toolCalls: record.tools.calls,
      filesRead: record.files.read,
    },
  };
}
