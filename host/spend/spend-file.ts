/** The file that `spend.ts` keeps, and how what is in it is checked. */

export interface Totals {
  readonly calls: number;
  readonly tokens: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly usd: number;
  /** Calls of models without a known price, which `usd` does not hold. */
  readonly unpriced: number;
}

export interface SpentCall {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly usd: number;
  readonly tokens: number;
}

/** A call of the last hour. */
export interface BookedCall extends Totals {
  readonly at: number;
  readonly layer: string;
}

/** What was sent last. */
export interface LastCall {
  /** When it was sent, milliseconds since 1970. */
  readonly at: number;
  /** As it was asked for. */
  readonly model: string;
  readonly provider: string | undefined;
}

/** The most that a call under way can cost. */
export interface HeldCall extends SpentCall {
  readonly id: string;
  readonly session: string;
}

export interface Spend {
  /** By ISO day, then by layer. */
  readonly days: Readonly<Record<string, Readonly<Record<string, Totals>>>>;
  readonly sessions: Readonly<Record<string, { readonly at: number; readonly totals: Totals }>>;
  readonly lastHour: readonly BookedCall[];
  readonly held: readonly HeldCall[];
  /** By layer. */
  readonly last: Readonly<Record<string, LastCall>>;
}

export const NOTHING_SPENT: Spend = { days: {}, sessions: {}, lastHour: [], held: [], last: {} };

/** Where an older version did not write down what a call was for. */
export const UNKNOWN_LAYER = 'unknown';

/** The last moment that a `Date` can be. */
const LAST_DATE = 8.64e15;

type Fields = Readonly<Record<string, unknown>>;

/** Undefined for what is no account at all; parts of another shape are left out. */
export function decodeSpend(value: unknown): Spend | undefined {
  if (!isFields(value)) return undefined;
  const { days, sessions, lastHour, held, last } = value;
  return {
    days: entries(days, (day) => (isFields(day) ? entries(day, totals) : undefined)),
    sessions: entries(sessions, (each) => {
      const sums = isFields(each) ? totals(each['totals']) : undefined;
      return isFields(each) && sums !== undefined
        ? { at: number(each['at']), totals: sums }
        : undefined;
    }),
    lastHour: list(lastHour).map(booked),
    held: list(held).map((each) => ({
      ...spent(each),
      id: String(each['id']),
      session: String(each['session']),
    })),
    last: entries(last, (each) =>
      isFields(each) && typeof each['model'] === 'string'
        ? {
            at: Math.min(number(each['at']), LAST_DATE),
            model: each['model'],
            provider: typeof each['provider'] === 'string' ? each['provider'] : undefined,
          }
        : undefined,
    ),
  };
}

function entries<T>(value: unknown, decode: (each: unknown) => T | undefined): Record<string, T> {
  const found: Record<string, T> = {};
  for (const [name, each] of Object.entries(isFields(value) ? value : {})) {
    const decoded = decode(each);
    if (decoded !== undefined) found[name] = decoded;
  }
  return found;
}

function totals(value: unknown): Totals | undefined {
  return isFields(value) ? totalsOf(value) : undefined;
}

function totalsOf(value: Fields): Totals {
  return {
    calls: number(value['calls']),
    tokens: number(value['tokens']),
    input: number(value['input']),
    output: number(value['output']),
    cacheRead: number(value['cacheRead']),
    cacheWrite: number(value['cacheWrite']),
    usd: number(value['usd']),
    unpriced: number(value['unpriced']),
  };
}

function booked(value: Fields): BookedCall {
  return {
    ...totalsOf(value),
    calls: 1,
    at: number(value['at']),
    layer: typeof value['layer'] === 'string' ? value['layer'] : UNKNOWN_LAYER,
  };
}

function spent(value: Fields): SpentCall {
  return { at: number(value['at']), usd: number(value['usd']), tokens: number(value['tokens']) };
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
