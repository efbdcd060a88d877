/**
 * PostToolUse of the editing tools: tells the model what this edit introduced, once per file, rule and
 * session. Everything that touches the machine comes in as an argument, so that a resident service can
 * call the same handler.
 */
import type { Finding, ScanResult } from '../engine/finding.ts';
import { introduced } from '../engine/novelty.ts';
import type { Rule } from '../engine/rule.ts';
import type { Config } from '../host/config.ts';
import type { Log } from '../host/log.ts';
import { sessionKey } from '../host/state/key.ts';
import type { Ledger } from '../host/state/ledger.ts';
import { changeOf } from './change.ts';
import type { Place, TextPair } from './change.ts';
import { decodePayload } from './input.ts';
import { composeContext, composeNotice, composePartial } from './message.ts';
import type { Told } from './message.ts';
import { isExempt, locate } from './paths.ts';
import type { EditedFile } from './paths.ts';
import { respond } from './respond.ts';
import type { HookAnswer, HookOutcome } from './respond.ts';

/** The rules of this layer for one file, as the handler needs them. */
export interface EditScanner {
  /** False: `scan` would find nothing. Cheap. */
  couldMatch(bytes: Uint8Array): boolean;
  /** Loads the regex engine when it is first called. */
  scan(bytes: Uint8Array): Promise<ScanResult>;
  /** Undefined for ids that are no rule of this layer. */
  rule(id: string): Rule | undefined;
  /** What is wrong with custom rule files, one sentence each. */
  readonly problems: readonly string[];
}

export interface HookDeps {
  readonly config: Config;
  readonly openScanner: (file: EditedFile) => Promise<EditScanner>;
  /** What the session with this key was told. */
  readonly openLedger: (key: string) => Ledger;
  readonly log: Log;
}

/** Answers one payload that JSON.parse accepted. Rejects for bugs only; see `main`. */
export async function handlePostToolUse(input: unknown, deps: HookDeps): Promise<HookAnswer> {
  const outcome = await decide(input, deps);
  if (outcome.kind === 'silent') {
    if (!QUIET_REASONS.has(outcome.reason)) deps.log.write('skipped', { reason: outcome.reason });
  }
  return respond(outcome);
}

/** What happens at nearly every edit is not worth a line in the log. */
const QUIET_REASONS: ReadonlySet<string> = new Set([
  'off',
  'other-event',
  'exempt',
  'clean',
  'told',
]);

async function decide(input: unknown, deps: HookDeps): Promise<HookOutcome> {
  const { config } = deps;
  if (!config.enabled || !config.patternRules) return silent('off');
  const payload = decodePayload(input);
  if (payload.kind === 'other') return silent('other-event');
  if (payload.kind === 'malformed') return silent(payload.reason);
  const file = locate(payload.path, payload.cwd, config);
  if (isExempt(file.absolute, config)) return silent('exempt');

  const scanner = await deps.openScanner(file);
  const partial = new Set<string>();
  const told = await findNew(changeOf(payload), scanner, (result) => {
    logIncomplete(result, deps.log);
    for (const { ruleId, reason } of result.incomplete) {
      partial.add(`${file.shown}: ${ruleId ?? 'all rules'}: ${reason}`);
    }
  });
  if (told.length + partial.size + scanner.problems.length === 0) return silent('clean');

  const ledger = deps.openLedger(sessionKey(config.remoteSessionId, payload.sessionId));
  const problems = await ledger.claim('shown_notices', scanner.problems);
  const keys = told.map(({ rule }) => tellingKey(file.absolute, rule));
  const fresh = new Set(await ledger.claim('shown_warnings', keys));
  const toTell = told.filter(({ rule }) => fresh.has(tellingKey(file.absolute, rule)));
  const cut = await ledger.claim('shown_notices', [...partial]);
  const notice = joinNotices([composeNotice(problems), composePartial(cut)]);
  if (toTell.length === 0 && notice === undefined)
    return silent(told.length > 0 ? 'told' : 'clean');
  deps.log.write('told', { file: file.shown, rules: toTell.map(({ rule }) => rule.id).join(' ') });
  return {
    kind: 'speak',
    ...(toTell.length > 0 ? { context: composeContext(file.shown, toTell) } : {}),
    ...(notice === undefined ? {} : { notice }),
  };
}

function joinNotices(notices: readonly (string | undefined)[]): string | undefined {
  const given = notices.filter((notice) => notice !== undefined);
  return given.length === 0 ? undefined : given.join('\n');
}

/** Places of a rule that are located; a message names fewer. */
const MAX_PLACES = 20;

/** Rules that match after the edit in a place where they did not before. */
async function findNew(
  pairs: readonly TextPair[],
  scanner: EditScanner,
  onScan: (result: ScanResult) => void,
): Promise<Told[]> {
  const found = new Map<string, { rule: Rule; places: Place[] }>();
  for (const pair of pairs) {
    for (const finding of await findInPair(pair, scanner, onScan)) {
      const rule = scanner.rule(finding.ruleId);
      if (rule === undefined) continue;
      const entry = found.get(rule.id) ?? { rule, places: [] };
      found.set(rule.id, entry);
      // More are not shown, and finding a place is work.
      const place = entry.places.length < MAX_PLACES ? pair.locate(finding.start) : undefined;
      if (place !== undefined) entry.places.push(place);
    }
  }
  return [...found.values()];
}

async function findInPair(
  pair: TextPair,
  scanner: EditScanner,
  onScan: (result: ScanResult) => void,
): Promise<readonly Finding[]> {
  const bytes = Buffer.from(pair.after);
  if (!scanner.couldMatch(bytes)) return [];
  const after = await scanner.scan(bytes);
  onScan(after);
  const speaking = after.findings.filter(({ ruleId }) => scanner.rule(ruleId) !== undefined);
  if (speaking.length === 0 || pair.before === '') return speaking;
  const before = await scanner.scan(Buffer.from(pair.before));
  onScan(before);
  return introduced(before.findings, speaking);
}

function logIncomplete({ incomplete }: ScanResult, log: Log): void {
  for (const { path, ruleId, reason } of incomplete.slice(0, 5)) {
    log.write('incomplete', { file: path, rule: ruleId ?? 'all', reason });
  }
}

function tellingKey(absolute: string, rule: Rule): string {
  return `${absolute}#${rule.id}`;
}

function silent(reason: string): HookOutcome {
  return { kind: 'silent', reason };
}
