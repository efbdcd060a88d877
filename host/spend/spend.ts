/**
 * What model calls cost, by day, layer and session, and the limits that hold before a call is made. One file
 * for each state folder, shared by all sessions.
 */
import { join } from 'node:path';
import { boundOf, costOf } from '../../orchestrator/money.ts';
import type { Hold, Purse } from '../../orchestrator/call.ts';
import type { ModelUsage } from '../../orchestrator/transport.ts';
import type { Log } from '../log.ts';
import { makePrivateDir } from '../state/dir.ts';
import { readStateFile, replaceStateFile, setAside } from '../state/file.ts';
import { acquireLock } from '../state/lock.ts';
import type { LockOptions } from '../state/lock.ts';
import { addTotals, dayOf, isInLastHour, limitStates, limitWords, NO_TOTALS } from './account.ts';
import type { Limits } from './account.ts';
import { decodeSpend, NOTHING_SPENT } from './spend-file.ts';
import type { BookedCall, HeldCall, Spend, Totals } from './spend-file.ts';

export type { Limits } from './account.ts';

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

const KEPT_DAYS = 92;
const KEPT_SESSIONS = 200;
const LOCK: LockOptions = { waitMs: 2_000 };

export function createPurse(options: SpendOptions): Purse {
  return {
    async reserve(request, payer) {
      const id = `${process.pid}-${process.hrtime.bigint().toString(36)}`;
      const bound = boundOf(request);
      const costs: CostOf =
        payer?.billing === 'subscription' ? () => 0 : (model, usage) => costOf(model, usage);
      const usd = costs(request.model, bound);
      let refused: string | undefined;
      const written = await change(options, (spend, now) => {
        refused = refusal(spend, { model: request.model, usd, bound }, options, now);
        if (refused !== undefined) return spend;
        const held: HeldCall = {
          id,
          at: now,
          session: options.session,
          usd: usd ?? 0,
          tokens: tokensOf(bound),
        };
        const last = { at: now, model: request.model, provider: payer?.provider };
        return {
          ...spend,
          held: [...spend.held, held],
          last: { ...spend.last, [options.layer]: last },
        };
      });
      if (written !== undefined) return { refused: written };
      return refused === undefined ? holdOf(id, bound, costs, options) : { refused };
    },
  };
}

/** Reads what was spent; nothing where there is no file yet. */
export function readSpend(dir: string): Spend {
  return readAccount(dir).spend;
}

/** The same, and what is wrong with a file that cannot be used. */
export function readAccount(dir: string): {
  readonly spend: Spend;
  readonly problem: string | undefined;
} {
  const file = readStateFile(join(dir, SPEND_FILE));
  if (file.kind === 'absent') return { spend: NOTHING_SPENT, problem: undefined };
  if (file.kind === 'corrupt') return { spend: NOTHING_SPENT, problem: file.reason };
  const spend = decodeSpend(file.value);
  return {
    spend: spend ?? NOTHING_SPENT,
    problem: spend === undefined ? 'it is no account' : undefined,
  };
}

/** US dollars; undefined where no price is known. A subscription costs nothing by the call. */
type CostOf = (model: string, usage: ModelUsage) => number | undefined;

function holdOf(id: string, bound: ModelUsage, costs: CostOf, options: SpendOptions): Hold {
  return {
    async settle(usage, model) {
      const used = usage ?? bound;
      const usd = costs(model, used);
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
  const call = callOf(used, usd);
  const layers = spend.days[day];
  const days = {
    ...spend.days,
    [day]: { ...layers, [layer]: addTotals(layers?.[layer] ?? NO_TOTALS, call) },
  };
  const totals = addTotals(spend.sessions[session]?.totals ?? NO_TOTALS, call);
  const sessions = { ...spend.sessions, [session]: { at: now, totals } };
  const booking: BookedCall = { at: now, layer, ...call };
  return {
    ...spend,
    days: newest(days, KEPT_DAYS, ([name]) => name),
    sessions: newest(sessions, KEPT_SESSIONS, ([, { at }]) => String(at).padStart(16, '0')),
    lastHour: [...spend.lastHour.filter((each) => isInLastHour(each, now)), booking],
  };
}

interface WantedCall {
  readonly model: string;
  /** The most that it can cost. */
  readonly usd: number | undefined;
  readonly bound: ModelUsage;
}

function refusal(
  spend: Spend,
  { model, usd, bound }: WantedCall,
  { limits, session }: SpendOptions,
  now: number,
): string | undefined {
  const states = limitStates(spend, limits, session, now).filter(
    ({ limit }) => limit !== undefined,
  );
  const inMoney = states.find(({ unit }) => unit === 'usd');
  if (usd === undefined && inMoney !== undefined)
    return `the price of ${model} is not known, so that ${inMoney.name} cannot be kept: set it to 0 and limit tokens instead, with SG_BUDGET_TOKENS_DAY`;
  const wanted = { usd: usd ?? 0, tokens: tokensOf(bound) };
  const broken = states.find(
    ({ unit, limit = 0, spent, held }) => spent + held + wanted[unit] > limit,
  );
  if (broken === undefined) return undefined;
  const { name, limit } = broken;
  return `this call could pass ${limit} ${limitWords(broken)} (${name})`;
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

function callOf(used: ModelUsage, usd: number | undefined): Totals {
  return {
    calls: 1,
    tokens: tokensOf(used),
    input: used.inputTokens,
    output: used.outputTokens,
    cacheRead: used.cacheReadTokens,
    cacheWrite: used.cacheWriteTokens,
    usd: usd ?? 0,
    unpriced: usd === undefined ? 1 : 0,
  };
}

function tokensOf(usage: ModelUsage): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}

function newest<T>(
  record: Readonly<Record<string, T>>,
  count: number,
  order: (entry: [string, T]) => string,
): Readonly<Record<string, T>> {
  const entries = Object.entries(record).sort((a, b) => (order(a) < order(b) ? 1 : -1));
  return Object.fromEntries(entries.slice(0, count));
}
