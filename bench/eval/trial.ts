/** One review of one side of a pair, held against what the pair says. */
import type { Attempt } from '../../orchestrator/call.ts';
import { compareCwe, cweOf } from '../../orchestrator/cwe.ts';
import { REVIEW_SEVERITIES } from '../../orchestrator/finding.ts';
import type {
  ModelFinding,
  ReviewConfidence,
  ReviewFinding,
  ReviewOutcome,
  ReviewSeverity,
} from '../../orchestrator/finding.ts';
import { splitLines } from '../../orchestrator/hunks-lines.ts';
import { findQuote, foldLine } from '../../orchestrator/quote.ts';
import type { Reviewed } from '../../orchestrator/review.ts';
import type { DropReason, Verified } from '../../orchestrator/verify.ts';
import { treeOf } from './pair.ts';
import type { Pair, Side } from './pair.ts';

export interface TrialId {
  readonly pair: string;
  readonly side: Side;
  /** 1-based. */
  readonly round: number;
}

/**
 * How far the best claim of the right weakness came: the model said it, its quote was found, the code is new,
 * the severity is one that is told, and it was told.
 */
export const STAGES = ['said', 'quoted', 'new', 'severe', 'told'] as const;
export type Stage = (typeof STAGES)[number];

/** The stages of an investigation; `verify` is the check in code, `final` what is told. */
export const DEEP_STAGES = ['investigate', 'second-look', 'verify', 'refute', 'final'] as const;
export type DeepStage = (typeof DEEP_STAGES)[number];

export interface ToldFinding {
  readonly path: string;
  readonly line: number;
  readonly cwe: string;
  readonly severity: ReviewSeverity;
  readonly confidence: ReviewConfidence;
  readonly title: string;
  readonly place: ReviewFinding['place'];
  /** Whether it shares a line with one of the pair's quotes; false on the fixed side. */
  readonly isAtPlace: boolean;
  readonly weakness: ReturnType<typeof compareCwe>;
}

export interface Trial extends TrialId {
  readonly verdict: 'flagged' | 'silent' | 'not-reviewed';
  /** Why there is no verdict. */
  readonly reason?: string;
  readonly told: readonly ToldFinding[];
  /** What the model said, by what became of it. */
  readonly claims: Readonly<Record<string, number>>;
  /** Of the vulnerable side; absent when nothing of the right weakness was said. */
  readonly reached?: Stage;
  /** Of an investigation. */
  readonly deep?: {
    /** Whether a claim was left: on the vulnerable side one of the right weakness, on the fixed one any. */
    readonly left: Readonly<Record<DeepStage, boolean>>;
    readonly toolCalls: number;
    readonly filesRead: readonly string[];
  };
  readonly attempts: readonly Attempt[];
}

/** Findings below are not told. */
const LEAST_SEVERITY: ReviewSeverity = 'medium';

export function trialOf(
  pair: Pair,
  { side, round }: Pick<TrialId, 'side' | 'round'>,
  { outcome, verified, attempts }: Pick<Reviewed, 'outcome' | 'verified' | 'attempts'>,
  least: ReviewSeverity = LEAST_SEVERITY,
): Trial {
  const told = outcome.kind === 'findings' ? outcome.findings : [];
  const reason = reasonAgainst(outcome, pair.path);
  const reached = side === 'vulnerable' ? furthest(pair.cwe, verified, told, least) : undefined;
  return {
    pair: pair.id,
    side,
    round,
    verdict: reason !== undefined ? 'not-reviewed' : told.length > 0 ? 'flagged' : 'silent',
    ...(reason === undefined ? {} : { reason }),
    told: told.map((finding) => toldOf(finding, pair, side)),
    claims: claimsOf(verified, told),
    ...(reached === undefined ? {} : { reached }),
    attempts,
  };
}

/** A review that saw less than the whole change gives no verdict on it. */
function reasonAgainst(outcome: ReviewOutcome, path: string): string | undefined {
  if (outcome.kind === 'not-reviewed')
    return outcome.detail === '' ? outcome.reason : `${outcome.reason}: ${outcome.detail}`;
  const { reviewed, left } = outcome.coverage;
  const [first] = left;
  if (first !== undefined) return `left out: ${first.reason}`;
  return reviewed.includes(path) ? undefined : 'left out';
}

function toldOf(finding: ReviewFinding, pair: Pair, side: Side): ToldFinding {
  const { path, line, cwe, severity, confidence, title, place, quote } = finding;
  const lines = quote.split(/\r?\n/).filter((each) => foldLine(each) !== '').length;
  const content = splitLines(treeOf(pair, side).get(path) ?? '');
  const expected = [
    ...pair.quotes.map((each) => ({ path: pair.path, quote: each })),
    ...(pair.elsewhere ?? []),
  ];
  const isAtPlace =
    side === 'vulnerable' &&
    expected
      .filter((each) => each.path === path)
      .flatMap((each) => findQuote(content, each.quote))
      .some(({ start, end }) => line - 1 < end && start < line - 1 + lines);
  const weakness = compareCwe(cwe, pair.cwe);
  return { path, line, cwe, severity, confidence, title, place, isAtPlace, weakness };
}

function claimsOf({ kept, dropped }: Verified, told: readonly ReviewFinding[]): Trial['claims'] {
  const count = (wanted: DropReason): number =>
    dropped.filter(({ reason }) => reason === wanted).length;
  return {
    said: kept.length + dropped.length,
    'unknown-file': count('unknown-file'),
    'no-such-code': count('no-such-code'),
    'there-before': count('there-before'),
    duplicate: kept.length - told.length,
    told: told.length,
  };
}

function furthest(
  cwe: string,
  { kept, dropped }: Verified,
  told: readonly ReviewFinding[],
  least: ReviewSeverity,
): Stage | undefined {
  const isRight = ({ category }: ModelFinding): boolean =>
    compareCwe(cweOf(category), cwe) !== 'other';
  const isSevere = ({ severity }: ModelFinding): boolean =>
    REVIEW_SEVERITIES.indexOf(severity) >= REVIEW_SEVERITIES.indexOf(least);
  const reached: Stage[] = [
    ...dropped
      .filter(({ finding }) => isRight(finding))
      .map(({ reason }): Stage => (reason === 'there-before' ? 'quoted' : 'said')),
    ...kept
      .filter(isRight)
      .map((finding): Stage =>
        !isSevere(finding) ? 'new' : told.includes(finding) ? 'told' : 'severe',
      ),
  ];
  return STAGES.findLast((stage) => reached.includes(stage));
}
