/** The environment variables of model reviews, in one table, parsed once. An empty value counts as unset. */
import { DEFAULT_DEEP_SETTINGS } from '../orchestrator/deep/settings.ts';
import type { DeepSettings } from '../orchestrator/deep/settings.ts';
import type { ConfigEntry, Environment } from './config.ts';
import type { RateLimit } from './commits/rate.ts';
import type { Limits } from './spend/spend.ts';

export const reviewTable: readonly ConfigEntry[] = [
  {
    name: 'ENABLE_CODE_SECURITY_REVIEW',
    default: '1',
    type: 'on unless 0',
    effect: 'Exactly `0` turns off all reviews by a model in Claude Code.',
  },
  {
    name: 'ENABLE_STOP_REVIEW',
    default: '1',
    type: 'on unless 0',
    effect: 'Exactly `0` turns off the review at the end of a turn.',
  },
  {
    name: 'ENABLE_COMMIT_REVIEW',
    default: '1',
    type: 'on unless 0',
    effect: 'Exactly `0` turns off the reviews of commits and pushes.',
  },
  {
    name: 'SECURITY_GUIDANCE_COMMIT_REVIEW',
    default: 'unset',
    type: 'text',
    effect: 'Older name of the same: `on` or `off`, and what it says counts.',
  },
  {
    name: 'SG_PUSH_SWEEP',
    default: 'as `ENABLE_COMMIT_REVIEW`',
    type: 'text',
    effect: '`0`: what is pushed is not looked at; `1`: it is, also where commits are not.',
  },
  {
    name: 'SG_AGENTIC_COMMIT_REVIEW',
    default: '1',
    type: 'on unless 0',
    effect: '`0` or `off`: a commit is reviewed by a single call, without looking around.',
  },
  {
    name: 'MAX_COMMIT_REVIEWS_PER_HOUR',
    default: '20',
    type: 'number',
    effect: 'Reviews of commits and pushes in an hour, of all sessions together.',
  },
  {
    name: 'MAX_COMMIT_REVIEWS_PER_SESSION',
    default: '20',
    type: 'number',
    effect: 'Older name of `MAX_COMMIT_REVIEWS_PER_HOUR`.',
  },
  {
    name: 'COMMIT_REVIEW_RATE_WINDOW_S',
    default: '3600',
    type: 'number',
    effect: 'Seconds that count as the hour of `MAX_COMMIT_REVIEWS_PER_HOUR`.',
  },
  {
    name: 'SG_PUSH_SWEEP_MAX_RANGE',
    default: '50',
    type: 'number',
    effect: 'Commits without a review in a push; more are not reviewed.',
  },
  {
    name: 'SG_PUSH_SWEEP_REPORT_CAP',
    default: '3',
    type: 'number',
    effect: 'Findings that a review of commits tells, the most severe first.',
  },
  {
    name: 'SG_PROVIDER',
    default: 'the first that has credentials',
    type: 'text',
    effect:
      'Who is asked: `anthropic`, `bedrock`, `vertex`, `foundry`, `anthropic-aws`, `mantle`, or `subscription` for your own `claude` program and no key.',
  },
  {
    name: 'SECURITY_REVIEW_MODEL',
    default: 'the newest Opus that the endpoint lists',
    type: 'text',
    effect: 'The model that reviews, in the form of its provider.',
  },
  {
    name: 'SG_BUDGET_USD_DAY',
    default: '10',
    type: 'number',
    effect:
      'Most that reviews may cost in a day; `0` is no limit. Calls of your own `claude` program count tokens, not money.',
  },
  {
    name: 'SG_BUDGET_USD_HOUR',
    default: 'none',
    type: 'number',
    effect: 'The same for an hour.',
  },
  {
    name: 'SG_BUDGET_TOKENS_DAY',
    default: 'none',
    type: 'number',
    effect: 'Most tokens, in and out, of a day.',
  },
  {
    name: 'SG_BUDGET_TOKENS_SESSION',
    default: 'none',
    type: 'number',
    effect: 'Most tokens of a session; each run of `sg review` is one.',
  },
  {
    name: 'MAX_DIFF_FILES',
    default: '30',
    type: 'number',
    effect: 'Files of a review, the riskiest first; more than ten times as many are not reviewed.',
  },
  {
    name: 'DIFF_PER_FILE_BYTES',
    default: '80000',
    type: 'number',
    effect: 'Bytes of one file’s change that are sent.',
  },
  {
    name: 'DIFF_TOTAL_BYTES',
    default: '400000',
    type: 'number',
    effect: 'Bytes of all changes that are sent.',
  },
  {
    name: 'SG_DUAL_OR',
    default: 'off',
    type: 'off unless 1',
    effect: 'Asks twice at the same time; what either answer finds counts.',
  },
  {
    name: 'MAX_STOP_HOOK_FIRINGS',
    default: '3',
    type: 'number',
    effect: 'In Claude Code: times in a row that a turn may wake the agent; `0` is no limit.',
  },
  {
    name: 'PREVIOUS_FINDINGS_TTL_SEC',
    default: '3600',
    type: 'number',
    effect: 'In Claude Code: seconds for which a finding that was told is not told again.',
  },
  {
    name: 'SG_REVIEW_DEADLINE_MS',
    default: '90000',
    type: 'milliseconds',
    effect: 'In Claude Code: time for a review of a turn, 5000 to 90000.',
  },
  {
    name: 'SG_AGENTIC_MODEL',
    default: 'the newest Opus that the endpoint lists',
    type: 'text',
    effect: 'The model of deep reviews, whatever `SECURITY_REVIEW_MODEL` says.',
  },
  {
    name: 'SG_AGENTIC_MAX_TURNS',
    default: '18',
    type: 'number',
    effect: 'Turns of an investigation, its answer included; 1 to 50.',
  },
  {
    name: 'SG_AGENTIC_RACE_DELAY_S',
    default: '180',
    type: 'number',
    effect: 'Seconds after which a single call joins an investigation that has not answered.',
  },
  {
    name: 'SG_AGENTIC_NO_RACE',
    default: 'unset',
    type: 'off unless 1',
    effect: '`1`: no single call joins, neither a late investigation nor one that failed.',
  },
  {
    name: 'SG_AGENTIC_ITER2',
    default: '1',
    type: 'on unless 0',
    effect: 'Exactly `0`: no second look when the first one found one or two defects.',
  },
  {
    name: 'SG_AGENTIC_FILTER',
    default: '`self_refute`',
    type: 'text',
    effect: '`none`: findings are not refuted, and none of them is of high confidence.',
  },
  {
    name: 'SG_AGENTIC_NO_ADJUDICATE',
    default: 'unset',
    type: 'off unless 1',
    effect: 'Older name of `SG_AGENTIC_FILTER=none`.',
  },
  {
    name: 'SG_AGENTIC_EXCLUDE_MEDIUM',
    default: 'unset',
    type: 'off unless 1',
    effect: '`1`: a deep review reports critical and high findings only.',
  },
];

export interface ReviewConfig {
  /** False when turns are not reviewed. */
  readonly turnReview: boolean;
  readonly limits: Limits;
  readonly maxFiles: number;
  readonly perFileBytes: number;
  readonly totalBytes: number;
  readonly isDual: boolean;
  /** Wakes in a row; undefined: no limit. */
  readonly maxFirings: number | undefined;
  /** Milliseconds for which a told finding is known. */
  readonly toldTtlMs: number;
  /** Milliseconds for the review of a turn. */
  readonly deadlineMs: number;
  readonly deep: DeepSettings;
  readonly commit: CommitSettings;
}

export interface CommitSettings {
  /** Whether commits are reviewed once they are made. */
  readonly commits: boolean;
  /** Whether what is pushed is reviewed as far as it was not. */
  readonly push: boolean;
  /** False: by a single call. */
  readonly isDeep: boolean;
  readonly rate: RateLimit;
  /** Commits of a push. */
  readonly maxPushed: number;
  /** Findings of a review. */
  readonly maxReported: number;
}

/** More than these are no investigation but a loop. */
const MAX_TURNS = 50;

const TRUE_WORDS: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on']);
const FALSE_WORDS: ReadonlySet<string> = new Set(['0', 'false', 'no', 'off']);

/** A value that is no number of the right kind counts as unset. */
export function readReviewConfig(env: Environment): ReviewConfig {
  const number = (name: string, otherwise: number): number => {
    const text = env[name]?.trim() ?? '';
    return /^\d{1,12}(?:\.\d{1,6})?$/.test(text) ? Number(text) : otherwise;
  };
  const limit = (name: string, otherwise: number): number | undefined =>
    number(name, otherwise) || undefined;
  const count = (name: string, otherwise: number): number =>
    Math.max(1, Math.floor(number(name, otherwise)));
  const isOn = (name: string): boolean => TRUE_WORDS.has((env[name] ?? '').trim().toLowerCase());
  const word = (name: string, otherwise: boolean): boolean => {
    const text = (env[name] ?? '').trim().toLowerCase();
    return TRUE_WORDS.has(text) || (otherwise && !FALSE_WORDS.has(text));
  };
  const isModelOn = env['ENABLE_CODE_SECURITY_REVIEW'] !== '0';
  const commits = word('SECURITY_GUIDANCE_COMMIT_REVIEW', env['ENABLE_COMMIT_REVIEW'] !== '0');
  const perHour = count('MAX_COMMIT_REVIEWS_PER_SESSION', 20);
  const filter = (env['SG_AGENTIC_FILTER'] ?? '').trim().toLowerCase();
  return {
    turnReview: isModelOn && env['ENABLE_STOP_REVIEW'] !== '0',
    limits: {
      usdDay: limit('SG_BUDGET_USD_DAY', 10),
      usdHour: limit('SG_BUDGET_USD_HOUR', 0),
      tokensDay: limit('SG_BUDGET_TOKENS_DAY', 0),
      tokensSession: limit('SG_BUDGET_TOKENS_SESSION', 0),
    },
    maxFiles: count('MAX_DIFF_FILES', 30),
    perFileBytes: count('DIFF_PER_FILE_BYTES', 80_000),
    totalBytes: count('DIFF_TOTAL_BYTES', 400_000),
    maxFirings: Math.floor(number('MAX_STOP_HOOK_FIRINGS', 3)) || undefined,
    toldTtlMs: number('PREVIOUS_FINDINGS_TTL_SEC', 3600) * 1000,
    deadlineMs: Math.min(90_000, Math.max(5_000, number('SG_REVIEW_DEADLINE_MS', 90_000))),
    isDual: isOn('SG_DUAL_OR'),
    commit: {
      commits: isModelOn && commits,
      push: isModelOn && word('SG_PUSH_SWEEP', commits),
      isDeep: word('SG_AGENTIC_COMMIT_REVIEW', true),
      rate: {
        max: count('MAX_COMMIT_REVIEWS_PER_HOUR', perHour),
        windowMs: count('COMMIT_REVIEW_RATE_WINDOW_S', 3600) * 1000,
      },
      maxPushed: count('SG_PUSH_SWEEP_MAX_RANGE', 50),
      maxReported: count('SG_PUSH_SWEEP_REPORT_CAP', 3),
    },
    deep: {
      ...DEFAULT_DEEP_SETTINGS,
      maxTurns: Math.min(MAX_TURNS, count('SG_AGENTIC_MAX_TURNS', DEFAULT_DEEP_SETTINGS.maxTurns)),
      raceDelayMs: isOn('SG_AGENTIC_NO_RACE')
        ? undefined
        : Math.round(number('SG_AGENTIC_RACE_DELAY_S', 180) * 1000),
      secondLook: env['SG_AGENTIC_ITER2']?.trim() !== '0',
      refute: filter !== 'none' && !isOn('SG_AGENTIC_NO_ADJUDICATE'),
      excludeMedium: isOn('SG_AGENTIC_EXCLUDE_MEDIUM'),
    },
  };
}
