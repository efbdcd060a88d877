/** Arithmetic over an account: what belongs to today and to the last hour, and what a limit leaves. */
import type { HeldCall, Spend, Totals } from './spend-file.ts';

/** Undefined: no limit. */
export interface Limits {
  readonly usdDay: number | undefined;
  readonly usdHour: number | undefined;
  readonly tokensDay: number | undefined;
  readonly tokensSession: number | undefined;
}

/** One limit, and what of it is gone. */
export interface LimitState {
  /** Its variable. */
  readonly name: string;
  readonly unit: 'usd' | 'tokens';
  readonly span: 'day' | 'hour' | 'session';
  readonly limit: number | undefined;
  readonly spent: number;
  /** The most that calls under way can take. */
  readonly held: number;
}

const HOUR_MS = 60 * 60 * 1000;
/** A hold of a process that died counts for so long. */
const HOLD_MS = 10 * 60 * 1000;

export const NO_TOTALS: Totals = {
  calls: 0,
  tokens: 0,
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  usd: 0,
  unpriced: 0,
};

export function addTotals(a: Totals, b: Totals): Totals {
  return {
    calls: a.calls + b.calls,
    tokens: a.tokens + b.tokens,
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    usd: a.usd + b.usd,
    unpriced: a.unpriced + b.unpriced,
  };
}

/** The name of a day in the account: that of the user's own calendar. */
export function dayOf(now: number): string {
  const date = new Date(now);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function isInLastHour({ at }: { readonly at: number }, now: number): boolean {
  return within(at, now, HOUR_MS);
}

/** By layer. */
export function lastHour(
  { lastHour: calls }: Spend,
  now: number,
): Readonly<Record<string, Totals>> {
  const layers = new Map<string, Totals>();
  for (const call of calls.filter((each) => isInLastHour(each, now)))
    layers.set(call.layer, addTotals(layers.get(call.layer) ?? NO_TOTALS, call));
  return Object.fromEntries(layers);
}

/** Calls under way. */
export function heldCalls({ held }: Spend, now: number): readonly HeldCall[] {
  return held.filter(({ at }) => within(at, now, HOLD_MS));
}

/** Every limit, those that are not set included; without a session none of its tokens are known. */
export function limitStates(
  spend: Spend,
  limits: Limits,
  session: string | undefined,
  now: number,
): readonly LimitState[] {
  const held = heldCalls(spend, now);
  const own = held.filter((call) => call.session === session);
  const today = sum(Object.values(spend.days[dayOf(now)] ?? {}));
  const hour = sum(Object.values(lastHour(spend, now)));
  const [usd, tokens] = [total(held, 'usd'), total(held, 'tokens')];
  const used = session === undefined ? undefined : spend.sessions[session]?.totals;
  return [
    row('SG_BUDGET_USD_DAY', 'usd', 'day', limits.usdDay, today.usd, usd),
    row('SG_BUDGET_USD_HOUR', 'usd', 'hour', limits.usdHour, hour.usd, usd),
    row('SG_BUDGET_TOKENS_DAY', 'tokens', 'day', limits.tokensDay, today.tokens, tokens),
    row(
      'SG_BUDGET_TOKENS_SESSION',
      'tokens',
      'session',
      limits.tokensSession,
      used?.tokens ?? 0,
      total(own, 'tokens'),
    ),
  ];
}

/** `USD a day`, `tokens a session`. */
export function limitWords({ unit, span }: Pick<LimitState, 'unit' | 'span'>): string {
  return `${unit === 'usd' ? 'USD' : 'tokens'} ${span === 'hour' ? 'an' : 'a'} ${span}`;
}

function row(
  name: string,
  unit: LimitState['unit'],
  span: LimitState['span'],
  limit: number | undefined,
  spent: number,
  held: number,
): LimitState {
  return { name, unit, span, limit, spent, held };
}

function sum(all: readonly Totals[]): Totals {
  return all.reduce(addTotals, NO_TOTALS);
}

function total(calls: readonly HeldCall[], field: 'usd' | 'tokens'): number {
  return calls.reduce((all, call) => all + call[field], 0);
}

/** Also for a time in the near future: the clock was set back a little. */
function within(at: number, now: number, span: number): boolean {
  return Math.abs(now - at) < span;
}
