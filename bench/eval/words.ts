/** The words and figures that the text and the page share. */
import { formatNumber } from '../measure.ts';
import type { Proportion } from './proportion.ts';
import type { EvalReport, PairRow } from './report.ts';
import type { Criterion, Score, Scores } from './scores.ts';
import type { Spending } from './spending.ts';
import { DEEP_STAGES, STAGES } from './trial.ts';
import type { DeepStage, Stage, Trial } from './trial.ts';

export const CRITERION_WORDS: Readonly<Record<Criterion, string>> = {
  any: 'any finding',
  place: 'right place',
  weakness: 'right weakness',
  both: 'right place and weakness',
};

const STAGE_WORDS: Readonly<Record<Stage | DeepStage, string>> = {
  said: 'the model named the weakness',
  quoted: 'its quote was found',
  new: 'the code is new in the change',
  severe: 'severe enough to be told',
  told: 'told, duplicates joined',
  investigate: 'first look, or the single call that joined',
  'second-look': 'second look',
  verify: 'quotes and steps checked',
  refute: 'not refuted',
  final: 'told',
};

/** Where right findings are lost: a head, and a row for each stage. */
export function stageTable({ funnel, deep }: EvalReport): {
  readonly head: readonly string[];
  readonly rows: string[][];
} {
  if (deep === undefined)
    return {
      head: ['stage', 'vulnerable sides that came so far'],
      rows: STAGES.flatMap((stage) =>
        funnel === undefined ? [] : [[STAGE_WORDS[stage], share(funnel[stage])]],
      ),
    };
  const { recall, alarms, precision } = deep;
  return {
    head: ['after', 'recall', 'precision', 'fixed sides with a claim'],
    rows: DEEP_STAGES.map((stage) => [
      STAGE_WORDS[stage],
      share(recall[stage]),
      share(precision[stage]),
      share(alarms[stage]),
    ]),
  };
}

/** `83 % (67-92)`: the share and its interval; `-` of nothing. */
export function share({ value, low, high }: Proportion): string {
  if (value === undefined || low === undefined || high === undefined) return '-';
  return `${percent(value)} % (${percent(low)}-${percent(high)})`;
}

export function percent(value: number): string {
  return (100 * value).toFixed(0);
}

export const SCORE_HEAD = [
  'what counts',
  'recall',
  'precision',
  'F1',
  'pairwise',
  'found',
  'missed',
  'stray',
  'alarmed',
  'silent',
] as const;

export function scoreCells({ by }: Scores): string[][] {
  return (Object.keys(CRITERION_WORDS) as Criterion[]).map((criterion) => {
    const { recall, precision, f1, pairwise, ...counts } = by[criterion];
    const { found, missed, stray, alarmed, silent } = counts;
    return [
      CRITERION_WORDS[criterion],
      share(recall),
      share(precision),
      f1 === undefined ? '-' : f1.toFixed(2),
      share(pairwise),
      ...[found, missed, stray, alarmed, silent].map(String),
    ];
  });
}

export const GROUP_HEAD = [
  'group',
  'pairs',
  'recall',
  'right place',
  'right weakness',
  'false alarms',
  'pairwise',
  'not reviewed',
] as const;

export function groupCells({ name, pairs, scores }: EvalReport['groups']['cwe'][number]): string[] {
  const { any, place, weakness } = scores.by;
  const { vulnerable, fixed } = scores.notReviewed;
  return [
    name,
    String(pairs),
    share(any.recall),
    share(place.recall),
    share(weakness.recall),
    alarms(any),
    share(any.pairwise),
    String(vulnerable + fixed),
  ];
}

function alarms({ alarmed, silent }: Score): string {
  return `${alarmed} of ${alarmed + silent}`;
}

export const SPENDING_HEAD = [
  'model',
  'calls',
  'failed',
  'tokens in',
  'cached',
  'out',
  'USD',
  'p50 ms',
  'p95 ms',
  'max ms',
] as const;

export function spendingCells(spending: Spending): string[] {
  const { model, calls, failures, ms, usd } = spending;
  const failed = Object.entries(failures).map(([failure, count]) => `${count} ${failure}`);
  return [
    model,
    String(calls),
    failed.length === 0 ? '0' : failed.join(', '),
    String(spending.inputTokens + spending.cacheWriteTokens),
    String(spending.cacheReadTokens),
    String(spending.outputTokens),
    usd === undefined ? 'not known' : usd.toFixed(4),
    ...[ms.p50, ms.p95, ms.max].map(formatNumber),
  ];
}

/** What became of a pair, over all rounds, worst first. */
export function verdictOf({
  trials,
}: PairRow): 'not reviewed' | 'missed' | 'false alarm' | 'right' {
  const is = (side: Trial['side'], verdict: Trial['verdict']): boolean =>
    trials.some((trial) => trial.side === side && trial.verdict === verdict);
  if (trials.some(({ verdict }) => verdict === 'not-reviewed')) return 'not reviewed';
  if (is('vulnerable', 'silent')) return 'missed';
  return is('fixed', 'flagged') ? 'false alarm' : 'right';
}

/** What was said about one side, a line each: `12 CWE-89 high ✓place ✓weakness`. */
export function saidOf({ trials }: PairRow, side: Trial['side']): string[] {
  return trials
    .filter((trial) => trial.side === side)
    .flatMap(({ verdict, reason, told }) => {
      if (verdict === 'not-reviewed') return [`not reviewed: ${reason ?? ''}`];
      if (told.length === 0) return ['nothing'];
      return told.map(({ line, cwe, severity, isAtPlace, weakness }) =>
        [
          `line ${line}`,
          cwe,
          severity,
          ...(side === 'vulnerable' && isAtPlace ? ['right place'] : []),
          ...(side === 'vulnerable' && weakness !== 'other' ? ['right weakness'] : []),
        ].join(', '),
      );
    });
}

/** One line about what was measured, and on what. */
export function subjectOf({
  model,
  providers,
  at,
  version,
  promptVersion,
  rounds,
  set,
}: EvalReport): string {
  const times = rounds === 1 ? 'once' : `${rounds} times`;
  return `${model} (${providers.join(', ')}), asked ${times} on ${at.slice(0, 10)}; ${set.pairs} pairs, ${set.cwes} CWEs, ${set.languages} languages, set ${set.digest}; sg ${version}, prompt ${promptVersion}.`;
}
