/**
 * What model calls cost, by day, layer and session, and the limits that hold before a call is made. One file
 * for each state folder, shared by all sessions.
 */
import { join } from 'node:path';
import { boundOf, costOf } from '../../orchestrator/money.ts';
import type { Hold, Purse } from '../../orchestrator/call.ts';
import type { ModelRequest, ModelUsage } from '../../orchestrator/transport.ts';
import type { Log } from '../log.ts';
import { makePrivateDir } from '../state/dir.ts';
import { readStateFile, replaceStateFile, setAside } from '../state/file.ts';
import { acquireLock } from '../state/lock.ts';
import type { LockOptions } from '../state/lock.ts';
import { decodeSpend, NOTHING_SPENT } from './spend-file.ts';
import type { HeldCall, Spend, SpentCall, Totals } from './spend-file.ts';

/** Undefined: no limit. */
export interface Limits {
  readonly usdDay: number | undefined;
  readonly usdHour: number | undefined;
  readonly tokensDay: number | undefined;
  readonly tokensSession: number | undefined;
}

/** Which review a call is for. */
export type Layer = 'turn' | 'commit' | 'terminal';

export interface SpendOptions {
  /** Undefined: nothing can be remembered, and so nothing may be spent. */
  readonly dir: string | undefined;
  readonly limits: Limits;
  readonly layer: Layer;
  /** As `sessionKey` makes it; the terminal's reviews are a session, too. */
  readonly session: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly lock?: LockOptions;
}

export const SPEND_FILE = 'spend.json';

const HOUR_MS = 60 * 60 * 1000;
/** A hold of a process that died counts for so long. */
const HOLD_MS = 10 * 60 * 1000;
const KEPT_DAYS = 92;
const KEPT_SESSIONS = 200;
const LOCK: LockOptions = { waitMs: 2_000 };

export function createPurse(options: SpendOptions): Purse {
  return {
    async reserve(request) {
      const id = `${process.pid}-${process.hrtime.bigint().toString(36)}`;
      const bound = boundOf(request);
      let refused: string | undefined;
      const written = await change(options, (spend, now) => {
        refused = refusal(spend, bound, request, options, now);
        if (refused !== undefined) return spend;
        const held: HeldCall = {
          id,
          at: now,
          session: options.session,
          usd: costOf(request.model, bound) ?? 0,
          tokens: tokensOf(bound),
        };
        return { ...spend, held: [...spend.held, held] };
      });
      if (written !== undefined) return { refused: written };
      return refused === undefined ? holdOf(id, bound, options) : { refused };
    },
  };
}

/** Reads what was spent; nothing where there is no file yet. */
export function readSpend(dir: string): Spend {
  const file = readStateFile(join(dir, SPEND_FILE));
  return (file.kind === 'value' ? decodeSpend(file.value) : undefined) ?? NOTHING_SPENT;
}

/** The name of a day in the file: that of the user's own calendar. */
export function dayOf(now: number): string {
  const date = new Date(now);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function holdOf(id: string, bound: ModelUsage, options: SpendOptions): Hold {
  return {
    async settle(usage, model) {
      const used = usage ?? bound;
      const usd = costOf(model, used);
      await change(options, (spend, now) =>
        booked(
          { ...spend, held: spend.held.filter((each) => each.id !== id) },
          used,
          usd,
          options,
          now,
        ),
      );
    },
  };
}

function booked(
  spend: Spend,
  used: ModelUsage,
  usd: number | undefined,
  { layer, session }: SpendOptions,
  now: number,
): Spend {
  const day = dayOf(now);
  const days = { ...spend.days, [day]: addTo(spend.days[day], layer, used, usd) };
  const known = spend.sessions[session];
  const sessions = {
    ...spend.sessions,
    [session]: { at: now, totals: sum(known?.totals, used, usd) },
  };
  const call: SpentCall = { at: now, usd: usd ?? 0, tokens: tokensOf(used) };
  return {
    ...spend,
    days: newest(days, KEPT_DAYS, ([name]) => name),
    sessions: newest(sessions, KEPT_SESSIONS, ([, { at }]) => String(at).padStart(16, '0')),
    lastHour: [...spend.lastHour.filter(({ at }) => within(at, now, HOUR_MS)), call],
  };
}

function refusal(
  spend: Spend,
  bound: ModelUsage,
  { model }: ModelRequest,
  { limits, session }: SpendOptions,
  now: number,
): string | undefined {
  const usd = costOf(model, bound);
  const limitsMoney = limits.usdDay !== undefined || limits.usdHour !== undefined;
  if (usd === undefined && limitsMoney)
    return `the price of ${model} is not known, so that a limit in USD cannot be kept; limit tokens instead`;
  const held = spend.held.filter(({ at }) => within(at, now, HOLD_MS));
  const heldUsd = held.reduce((total, each) => total + each.usd, 0);
  const heldTokens = held.reduce((total, each) => total + each.tokens, 0);
  const today = Object.values(spend.days[dayOf(now)] ?? {});
  const hour = spend.lastHour.filter(({ at }) => within(at, now, HOUR_MS));
  const tokens = tokensOf(bound);
  const rows: readonly [string, number | undefined, number, string][] = [
    ['SG_BUDGET_USD_DAY', limits.usdDay, total(today, 'usd') + heldUsd + (usd ?? 0), 'USD a day'],
    [
      'SG_BUDGET_USD_HOUR',
      limits.usdHour,
      hour.reduce((all, each) => all + each.usd, 0) + heldUsd + (usd ?? 0),
      'USD an hour',
    ],
    [
      'SG_BUDGET_TOKENS_DAY',
      limits.tokensDay,
      total(today, 'tokens') + heldTokens + tokens,
      'tokens a day',
    ],
    [
      'SG_BUDGET_TOKENS_SESSION',
      limits.tokensSession,
      (spend.sessions[session]?.totals.tokens ?? 0) +
        held
          .filter((each) => each.session === session)
          .reduce((all, each) => all + each.tokens, 0) +
        tokens,
      'tokens a session',
    ],
  ];
  const broken = rows.find(([, limit, wanted]) => limit !== undefined && wanted > limit);
  if (broken === undefined) return undefined;
  const [name, limit = 0, , unit] = broken;
  return `this call could pass ${limit} ${unit} (${name})`;
}

/** Undefined when the change was made, else why nothing may be spent. */
async function change(
  { dir, log, now, lock: lockOptions }: SpendOptions,
  make: (spend: Spend, now: number) => Spend,
): Promise<string | undefined> {
  if (dir === undefined) return 'there is no folder to keep account in';
  const path = join(dir, SPEND_FILE);
  try {
    makePrivateDir(dir);
    const lock = await acquireLock(`${path}.lock`, lockOptions ?? LOCK);
    if (lock.kind === 'busy') return 'the account of what was spent is locked by another process';
    if (lock.kind === 'unavailable')
      return `the account of what was spent cannot be written: ${lock.reason}`;
    try {
      const file = readStateFile(path);
      if (file.kind === 'corrupt') setAside(path);
      const before = file.kind === 'value' ? decodeSpend(file.value) : NOTHING_SPENT;
      if (before === undefined) setAside(path);
      replaceStateFile(path, make(before ?? NOTHING_SPENT, now()));
      return undefined;
    } finally {
      lock.release();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    log.write('spend-not-written', { reason });
    return 'the account of what was spent cannot be written';
  }
}

type Day = Readonly<Record<string, Totals>>;

function addTo(day: Day | undefined, layer: Layer, used: ModelUsage, usd: number | undefined): Day {
  return { ...day, [layer]: sum(day?.[layer], used, usd) };
}

function sum(before: Totals | undefined, used: ModelUsage, usd: number | undefined): Totals {
  return {
    calls: (before?.calls ?? 0) + 1,
    tokens: (before?.tokens ?? 0) + tokensOf(used),
    input: (before?.input ?? 0) + used.inputTokens,
    output: (before?.output ?? 0) + used.outputTokens,
    cacheRead: (before?.cacheRead ?? 0) + used.cacheReadTokens,
    cacheWrite: (before?.cacheWrite ?? 0) + used.cacheWriteTokens,
    usd: (before?.usd ?? 0) + (usd ?? 0),
    unpriced: (before?.unpriced ?? 0) + (usd === undefined ? 1 : 0),
  };
}

function total(layers: readonly Totals[], field: 'usd' | 'tokens'): number {
  return layers.reduce((all, each) => all + each[field], 0);
}

function tokensOf(usage: ModelUsage): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}

/** Also for a time in the near future: the clock was set back a little. */
function within(at: number, now: number, span: number): boolean {
  return Math.abs(now - at) < span;
}

function newest<T>(
  record: Readonly<Record<string, T>>,
  count: number,
  order: (entry: [string, T]) => string,
): Readonly<Record<string, T>> {
  const entries = Object.entries(record).sort((a, b) => (order(a) < order(b) ? 1 : -1));
  return Object.fromEntries(entries.slice(0, count));
}
