/** What `sg status` says about model reviews: what left this machine, when, what it cost, and what is left. */
import { plainLine } from '../../engine/text/plain.ts';
import { dayOf, heldCalls, lastHour, limitStates, limitWords } from '../../host/spend/account.ts';
import type { Limits, LimitState } from '../../host/spend/account.ts';
import { readAccount } from '../../host/spend/spend.ts';
import { NOTHING_SPENT } from '../../host/spend/spend-file.ts';
import type { LastCall, Totals } from '../../host/spend/spend-file.ts';
import { PRICES } from '../../orchestrator/money.ts';
import { counted, duration } from '../words.ts';

export interface ReviewsReport {
  /** Why there is no account, and what comes of it. */
  readonly problem: string | undefined;
  /** By layer, as is the next. */
  readonly today: Readonly<Record<string, Totals>>;
  readonly lastHour: Readonly<Record<string, Totals>>;
  /** Calls under way. */
  readonly held: number;
  readonly limits: readonly LimitState[];
  /** What was sent last, by layer. */
  readonly last: Readonly<Record<string, LastCall>>;
}

export function reviewsReport(
  stateDir: string | undefined,
  limits: Limits,
  now: number,
): ReviewsReport {
  const { spend, problem } =
    stateDir === undefined ? { spend: NOTHING_SPENT, problem: undefined } : readAccount(stateDir);
  return {
    problem:
      stateDir === undefined
        ? 'no state folder to keep account in, so that no review is made: set SECURITY_WARNINGS_STATE_DIR'
        : problem === undefined
          ? undefined
          : `the account cannot be read (${problem}); the next review sets it aside and begins a new one`,
    today: spend.days[dayOf(now)] ?? {},
    lastHour: lastHour(spend, now),
    held: heldCalls(spend, now).length,
    limits: limitStates(spend, limits, undefined, now).filter(({ limit }) => limit !== undefined),
    last: spend.last,
  };
}

/** Text of other versions and endpoints is made plain. */
export function reviewLines(report: ReviewsReport, now: number): string[] {
  const sent = Object.entries(report.last).map(([layer, call]) => sentLine(layer, call, now));
  const underWay = report.held === 0 ? [] : [`${counted(report.held, 'call')} under way`];
  return [
    ...(report.problem === undefined ? [] : [plainLine(report.problem, 300)]),
    ...(sent.length === 0 ? ['nothing was sent to a model yet'] : sent),
    ...spentLines('today', report.today),
    ...spentLines('last hour', report.lastHour),
    ...underWay,
    ...(report.limits.length === 0 ? ['no limit is set'] : report.limits.map(limitLine)),
    `prices of ${PRICES.date}: ${PRICES.source}`,
  ];
}

function sentLine(layer: string, { at, model, provider }: LastCall, now: number): string {
  const to = provider === undefined ? '' : ` to ${plainLine(provider, 40)}`;
  return `${plainLine(layer, 40)}: last sent ${duration(now - at)} ago${to}, for ${plainLine(model, 80)}`;
}

function spentLines(span: string, layers: Readonly<Record<string, Totals>>): string[] {
  const entries = Object.entries(layers);
  if (entries.length === 0) return [`${span}: no calls`];
  return entries.map(([layer, totals]) => `${span}, ${plainLine(layer, 40)}: ${spent(totals)}`);
}

function spent({ calls, input, output, cacheRead, cacheWrite, usd, unpriced }: Totals): string {
  const all = input + cacheRead + cacheWrite;
  const share = (part: number): string => `${Math.round((100 * part) / Math.max(1, all))} %`;
  const cache =
    cacheRead + cacheWrite === 0
      ? ''
      : ` (${share(cacheRead)} read from the cache, ${share(cacheWrite)} written to it)`;
  const unknown = unpriced === 0 ? '' : ` and ${counted(unpriced, 'call')} of unknown price`;
  return `${counted(calls, 'call')}, ${all} tokens in${cache}, ${output} out, ${money(usd)} USD${unknown}`;
}

function limitLine(state: LimitState): string {
  const { name, unit, span, limit = 0, spent, held } = state;
  // What a session has left is its own to know.
  if (span === 'session') return `limit: ${limit} ${limitWords(state)} (${name})`;
  const shown = (amount: number): string => (unit === 'usd' ? money(amount) : `${amount}`);
  const left = Math.max(0, limit - spent - held);
  const reserved = held === 0 ? '' : `, ${shown(held)} held for calls under way`;
  return `limit: ${shown(left)} left of ${limit} ${limitWords(state)}${reserved} (${name})`;
}

function money(usd: number): string {
  return usd.toFixed(4);
}

export function reviewsJson(report: ReviewsReport): object {
  return {
    problem: report.problem ?? null,
    today: report.today,
    lastHour: report.lastHour,
    underWay: report.held,
    limits: report.limits.map((state) => ({
      ...state,
      left:
        state.span === 'session'
          ? null
          : Math.max(0, (state.limit ?? 0) - state.spent - state.held),
    })),
    last: Object.fromEntries(
      Object.entries(report.last).map(([layer, { at, model, provider }]) => [
        layer,
        { at: new Date(at).toISOString(), model, provider: provider ?? null },
      ]),
    ),
    prices: { date: PRICES.date, source: PRICES.source },
  };
}
