/** What a review says: what the model claims, and what is left of it once it was checked. */
import type { Skipped } from './change.ts';
import type { Category } from './cwe.ts';

export const REVIEW_SEVERITIES = ['medium', 'high', 'critical'] as const;
export type ReviewSeverity = (typeof REVIEW_SEVERITIES)[number];

export const REVIEW_CONFIDENCES = ['low', 'medium', 'high'] as const;
export type ReviewConfidence = (typeof REVIEW_CONFIDENCES)[number];

/** One finding as the model gave it; of the right shape, and nothing of it is checked. */
export interface ModelFinding {
  readonly path: string;
  /** Code that is in the reviewed content, word for word. */
  readonly quote: string;
  readonly category: Category;
  readonly severity: ReviewSeverity;
  readonly confidence: ReviewConfidence;
  readonly title: string;
  /** What an attacker does. */
  readonly attack: string;
  readonly fix: string;
  /** Function, class or key that the code is in; may be empty. */
  readonly symbol: string;
}

/** A place that an attack passes; its code was found in the file. */
export interface TraceStep {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** What happens there, in the model's words. */
  readonly note: string;
}

/** A finding whose quote was found where it says. */
export interface ReviewFinding extends ModelFinding {
  readonly repo: string;
  /** 1-based line of the quote's beginning, in the content after the change. */
  readonly line: number;
  /** 1-based line of the quote's end; absent in findings that an older version kept. */
  readonly endLine?: number;
  /** Whether the change touched the quoted lines. */
  readonly place: 'in-diff' | 'off-diff';
  readonly cwe: string;
  /** The same for the same weakness in the same code, wherever it stands in the file. */
  readonly key: string;
  /** From where the attacker begins to the harm, where a review followed it through files. */
  readonly trace?: readonly TraceStep[];
  /** Whether a second model call tried to refute it and could not; absent where none was made. */
  readonly verdict?: 'upheld' | 'unverified';
  /** What is known of it from earlier reviews, for people: that it was fixed and is back, or is still open. */
  readonly past?: string;
}

/** What was looked at and what was not. */
export interface Coverage {
  readonly reviewed: readonly string[];
  readonly left: readonly Skipped[];
}

export interface Usage {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Undefined for models without a known price. */
  readonly costUsd: number | undefined;
  readonly model: string;
}

/** Why there is no verdict. Each has one sentence for the user, see `report.ts`. */
export type NotReviewedReason =
  | 'disabled'
  | 'no-credentials'
  | 'auth'
  | 'budget'
  | 'busy'
  | 'network'
  | 'refused'
  | 'request'
  | 'reply'
  | 'unknown-model'
  | 'too-many-files'
  | 'timed-out'
  | 'resting'
  | 'hourly-limit'
  | 'no-repository'
  | 'unknown-changes'
  | 'cancelled';

export type ReviewOutcome =
  | { readonly kind: 'clean'; readonly coverage: Coverage; readonly usage: Usage | undefined }
  | {
      readonly kind: 'findings';
      readonly findings: readonly ReviewFinding[];
      readonly coverage: Coverage;
      readonly usage: Usage | undefined;
    }
  | {
      readonly kind: 'not-reviewed';
      readonly reason: NotReviewedReason;
      /** For people; no code and no credential in it. */
      readonly detail: string;
      readonly usage: Usage | undefined;
    };
