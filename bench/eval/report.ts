/** A run as a document: what `--format json` prints, and what the text and the page show. */
import { createHash } from 'node:crypto';
import { DEEP_PROMPT_VERSION } from '../../orchestrator/deep/prompt.ts';
import { PROMPT_VERSION } from '../../orchestrator/prompt.ts';
import { isOracleModel, ORACLE_LABEL } from './oracles.ts';
import type { Pair } from './pair.ts';
import type { Proportion } from './proportion.ts';
import { claimsOf, deepFiguresOf, funnelOf, scoresOf, stabilityOf } from './scores.ts';
import type { Claims, DeepFigures, Scores } from './scores.ts';
import { spendingOf } from './spending.ts';
import type { Spending } from './spending.ts';
import type { Stage, Trial } from './trial.ts';

/** Rises when an older program could no longer read the document. */
const FORMAT = 1;

export const GROUPINGS = ['cwe', 'language', 'severity', 'trait'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Group {
  readonly name: string;
  readonly pairs: number;
  readonly scores: Scores;
}

export interface EvalReport {
  readonly kind: 'sg-eval';
  readonly format: typeof FORMAT;
  /** What the reader must know first; absent where a model answered. */
  readonly label?: string;
  readonly model: string;
  readonly providers: readonly string[];
  /** When the model was asked, ISO 8601. */
  readonly at: string;
  /** Of `sg`, and of its prompts. */
  readonly version: string;
  readonly promptVersion: string;
  readonly rounds: number;
  readonly set: {
    readonly pairs: number;
    readonly cwes: number;
    readonly languages: number;
    /** Of the pairs' whole content. */
    readonly digest: string;
  };
  readonly scores: Scores;
  readonly groups: Readonly<Record<Grouping, readonly Group[]>>;
  /** Of reviews in a single call. */
  readonly funnel?: Readonly<Record<Stage, Proportion>>;
  /** Of investigations. */
  readonly deep?: DeepFigures;
  readonly claims: { readonly vulnerable: Claims; readonly fixed: Claims };
  /** Told findings at the right place or of the right weakness, by their severity against the pair's. */
  readonly severities: Readonly<Record<'same' | 'higher' | 'lower', number>>;
  /** Sides that got the same verdict in every round; of none where there was one round. */
  readonly stability: Proportion;
  readonly spending: readonly Spending[];
  readonly pairs: readonly PairRow[];
}

/** What was expected of a pair, and what was said. */
export interface PairRow extends Pick<
  Pair,
  'id' | 'title' | 'language' | 'cwe' | 'severity' | 'path' | 'traits' | 'quotes'
> {
  readonly trials: readonly Trial[];
}

export interface ReportInput {
  readonly pairs: readonly Pair[];
  /** Of all of these pairs. */
  readonly trials: readonly Trial[];
  readonly rounds: number;
  readonly model: string;
  readonly providers: readonly string[];
  readonly at: string;
  readonly version: string;
}

export function reportOf(input: ReportInput): EvalReport {
  const { pairs, trials, rounds, model, providers, at, version } = input;
  const deep = deepFiguresOf(trials, rounds);
  return {
    kind: 'sg-eval',
    format: FORMAT,
    ...(isOracleModel(model) ? { label: ORACLE_LABEL } : {}),
    model,
    providers,
    at,
    version,
    promptVersion: deep === undefined ? PROMPT_VERSION : DEEP_PROMPT_VERSION,
    rounds,
    set: {
      pairs: pairs.length,
      cwes: new Set(pairs.map(({ cwe }) => cwe)).size,
      languages: new Set(pairs.map(({ language }) => language)).size,
      digest: createHash('sha256').update(JSON.stringify(pairs)).digest('hex').slice(0, 16),
    },
    scores: scoresOf(trials, rounds),
    groups: {
      cwe: groupsOf(input, ({ cwe }) => [cwe], byNumber),
      language: groupsOf(input, ({ language }) => [language]),
      severity: groupsOf(input, ({ severity }) => [severity]),
      trait: groupsOf(input, ({ traits }) => (traits.length === 0 ? ['none'] : traits)),
    },
    ...(deep === undefined ? { funnel: funnelOf(trials, rounds) } : { deep }),
    claims: { vulnerable: claimsOf(trials, 'vulnerable'), fixed: claimsOf(trials, 'fixed') },
    severities: severitiesOf(pairs, trials),
    stability: stabilityOf(trials),
    spending: spendingOf(trials),
    pairs: pairs.map(({ id, title, language, cwe, severity, path, traits, quotes }) => ({
      id,
      title,
      language,
      cwe,
      severity,
      path,
      traits,
      quotes,
      trials: trials.filter(({ pair }) => pair === id),
    })),
  };
}

function groupsOf(
  { pairs, trials, rounds }: ReportInput,
  namesOf: (pair: Pair) => readonly string[],
  order: (a: string, b: string) => number = (a, b) => (a < b ? -1 : 1),
): Group[] {
  const names = [...new Set(pairs.flatMap(namesOf))].sort(order);
  return names.map((name) => {
    const ids = new Set(pairs.flatMap((pair) => (namesOf(pair).includes(name) ? [pair.id] : [])));
    const own = trials.filter(({ pair }) => ids.has(pair));
    return { name, pairs: ids.size, scores: scoresOf(own, rounds) };
  });
}

function byNumber(a: string, b: string): number {
  return Number(a.slice('CWE-'.length)) - Number(b.slice('CWE-'.length));
}

const RANK = { medium: 0, high: 1, critical: 2 } as const;

function severitiesOf(pairs: readonly Pair[], trials: readonly Trial[]): EvalReport['severities'] {
  const expected = new Map(pairs.map(({ id, severity }) => [id, severity]));
  const counts = { same: 0, higher: 0, lower: 0 };
  for (const { pair, side, told } of trials) {
    const wanted = expected.get(pair);
    if (side !== 'vulnerable' || wanted === undefined) continue;
    for (const { severity, isAtPlace, weakness } of told) {
      if (!isAtPlace && weakness === 'other') continue;
      const difference = RANK[severity] - RANK[wanted];
      counts[difference === 0 ? 'same' : difference > 0 ? 'higher' : 'lower'] += 1;
    }
  }
  return counts;
}
