/** What an inspection makes the hook say: each thing once a session, and never anything twice. */
import type { Log } from '../host/log.ts';
import { VERSION } from '../host/service/health/version.ts';
import type { Ledger } from '../host/state/ledger.ts';
import type { Job, Pending } from '../host/state/pending.ts';
import type { EditIdentity, InspectOutcome, Inspection } from './inspect.ts';
import { decodeLate, encodeLate } from './late.ts';
import {
  composeContext,
  composeNotice,
  composeOverdue,
  composePartial,
  composeUnfinished,
} from './message.ts';
import type { LateTold, Told } from './message.ts';
import { patternMetrics } from './metrics.ts';
import type { HookOutcome } from './respond.ts';

export interface TellDeps {
  /** What the session with this key was told. */
  readonly openLedger: (key: string) => Ledger;
  /** What is yet to be told to it. */
  readonly openPending: (key: string) => Pending;
  /** Notes that the session with this key edited the file at this absolute path. */
  readonly noteEdit: (key: string, path: string) => void;
  readonly log: Log;
  /** Whether what the deadline cut is finished in the background. */
  readonly finishesLater: boolean;
}

export async function tell(outcome: InspectOutcome, deps: TellDeps): Promise<HookOutcome> {
  if (outcome.kind === 'skipped') return silent(outcome.reason);
  const { edit, told, partial, overdue, problems, bytes } = outcome;
  const { session, toolUseId, file } = edit;
  deps.noteEdit(session, file.absolute);
  for (const each of partial.slice(0, 5)) deps.log.write('incomplete', { reason: each });
  if (overdue.length > 0)
    deps.log.write('overdue', { file: file.shown, rules: overdue.length, bytes });
  const taken = (await deps.openPending(session).take(toolUseId)).flatMap(decodeLate);
  const late = taken.filter((each) => each.told.length > 0);
  const words = overdue.length > 0 ? [composeOverdue(file.shown, overdue.length, bytes)] : [];
  if (told.length + partial.length + problems.length + taken.length + words.length === 0)
    return silent('clean');

  const ledger = deps.openLedger(session);
  const newProblems = await ledger.claim('shown_notices', problems, toolUseId);
  const toTell = await claimTold(edit, told, ledger);
  const cut = await ledger.claim('shown_notices', partial, toolUseId);
  const promise = deps.finishesLater ? ' The rest follows with a later edit.' : '';
  const notice = joined([
    composeNotice(newProblems),
    composePartial(cut),
    composeUnfinished(taken),
    ...words.map((each) => each + promise),
  ]);
  if (toTell.length + late.length === 0 && notice === undefined)
    return silent(told.length > 0 ? 'told' : 'clean');
  const said = [...toTell, ...late.flatMap((each) => each.told)].map(({ rule }) => rule);
  deps.log.write('told', { file: file.shown, rules: said.map(({ id }) => id).join(' ') });
  return {
    kind: 'speak',
    ...(toTell.length + late.length > 0
      ? { context: composeContext(file.shown, toTell, late) }
      : {}),
    ...(notice === undefined ? {} : { notice }),
    metrics: patternMetrics({
      told: said,
      incomplete: overdue.length + partial.length,
      ruleProblems: newProblems.length,
      version: VERSION,
    }),
  };
}

/** Keeps that a check goes on after its answer; should this process end first, the session is told so. */
export async function beginLater(edit: EditIdentity, deps: TellDeps): Promise<Job> {
  const job: Job = { id: crypto.randomUUID(), pid: process.pid };
  await deps.openPending(edit.session).add(unfinished(edit), job);
  return job;
}

/** Keeps what a check found after its answer was given; what was told already is not told twice. */
export async function tellLater(
  { edit, told, overdue }: Inspection,
  job: Job,
  deps: TellDeps,
): Promise<void> {
  // In the name of no tool call: what the edit itself was told is not told again.
  const mine = { ...edit, toolUseId: undefined };
  const fresh = await claimTold(mine, told, deps.openLedger(edit.session));
  const pending = deps.openPending(edit.session);
  const late: LateTold = { path: edit.file.shown, told: fresh };
  await pending.settle(job, fresh.length === 0 ? undefined : encodeLate(late));
  if (overdue.length > 0) await pending.add(unfinished(edit));
}

/** Keeps that the check of an edit was given up. */
export async function giveUpLater(edit: EditIdentity, job: Job, deps: TellDeps): Promise<void> {
  await deps.openPending(edit.session).settle(job, unfinished(edit));
}

function unfinished({ file }: EditIdentity): unknown {
  return encodeLate({ path: file.shown, told: [] });
}

/** By what the ledger knows that a rule was told for a file. */
export function warningKey(absolute: string, ruleId: string): string {
  return `${absolute}#${ruleId}`;
}

async function claimTold(
  { file, toolUseId }: EditIdentity,
  told: readonly Told[],
  ledger: Ledger,
): Promise<Told[]> {
  const keyOf = (each: Told): string => warningKey(file.absolute, each.rule.id);
  const fresh = new Set(await ledger.claim('shown_warnings', told.map(keyOf), toolUseId));
  return told.filter((each) => fresh.has(keyOf(each)));
}

function joined(notices: readonly (string | undefined)[]): string | undefined {
  const given = notices.filter((notice) => notice !== undefined);
  return given.length === 0 ? undefined : given.join('\n');
}

function silent(reason: string): HookOutcome {
  return { kind: 'silent', reason };
}
