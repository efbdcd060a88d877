/**
 * What an edit introduced: the part of the hook that computes. It neither prints nor remembers, so that it
 * can run in a thread that is stopped when it takes too long.
 */
import type { Finding, ScanResult } from '../engine/finding.ts';
import { introduced } from '../engine/novelty.ts';
import type { Rule } from '../engine/rule.ts';
import type { Config } from '../host/config.ts';
import { sessionKey } from '../host/state/key.ts';
import { changeOf } from './change.ts';
import type { Place, TextPair } from './change.ts';
import { decodePayload } from './input.ts';
import type { Told } from './message.ts';
import { isExempt, locate } from './paths.ts';
import type { EditedFile } from './paths.ts';

/** The rules of this layer for one file. */
export interface EditScanner {
  /** Loads the regex engine when a pattern has to be tried, which few texts need. */
  scan(bytes: Uint8Array): ScanResult | Promise<ScanResult>;
  /** Of a finding; undefined for ids that are no rule of this layer. */
  rule(id: string): Rule | undefined;
  /** What is wrong with custom rule files, one sentence each. */
  readonly problems: readonly string[];
}

/** Which edit of which session this is; known before anything is scanned. */
export interface EditIdentity {
  /** As `sessionKey` makes it. */
  readonly session: string;
  readonly toolUseId: string | undefined;
  readonly file: EditedFile;
}

export interface Inspection {
  readonly kind: 'inspected';
  readonly edit: EditIdentity;
  /** Rules that match after the edit in a place where they did not before. */
  readonly told: readonly Told[];
  /** What was not looked at, and would not be with more time either. */
  readonly partial: readonly string[];
  /** Ids of rules that the deadline cut short. */
  readonly overdue: readonly string[];
  readonly problems: readonly string[];
  /** Text after the edit that was looked at, in bytes. */
  readonly bytes: number;
}

export type InspectOutcome = Inspection | { readonly kind: 'skipped'; readonly reason: string };

export interface InspectDeps {
  readonly config: Config;
  readonly openScanner: (file: EditedFile) => Promise<EditScanner>;
  readonly onIdentity?: (edit: EditIdentity) => void;
}

/** Inspects one payload that JSON.parse accepted. Rejects for bugs only. */
export async function inspect(input: unknown, deps: InspectDeps): Promise<InspectOutcome> {
  const { config } = deps;
  const payload = decodePayload(input);
  if (payload.kind === 'other') return skipped('other-event');
  if (payload.kind === 'malformed') return skipped(payload.reason);
  const file = locate(payload.path, payload.cwd, config);
  if (isExempt(file.absolute, config)) return skipped('exempt');
  const edit: EditIdentity = {
    session: sessionKey(config.remoteSessionId, payload.sessionId),
    toolUseId: payload.toolUseId,
    file,
  };
  deps.onIdentity?.(edit);
  const scanner = await deps.openScanner(file);
  const pairs = changeOf(payload);
  const cut = new Cut(file.shown);
  return {
    kind: 'inspected',
    edit,
    told: await findNew(pairs, scanner, cut),
    partial: [...cut.partial],
    overdue: [...cut.overdue],
    problems: scanner.problems,
    bytes: pairs.reduce((sum, { after }) => sum + Buffer.byteLength(after), 0),
  };
}

/** What the scans of one edit left undone. */
class Cut {
  readonly partial = new Set<string>();
  readonly overdue = new Set<string>();
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  add({ incomplete }: ScanResult): void {
    for (const { ruleId, reason, overdue } of incomplete) {
      if (overdue === true) this.overdue.add(ruleId ?? '');
      else this.partial.add(`${this.#path}: ${ruleId ?? 'all rules'}: ${reason}`);
    }
  }
}

/** Places of a rule that are located; a message names fewer. */
const MAX_PLACES = 20;

async function findNew(
  pairs: readonly TextPair[],
  scanner: EditScanner,
  cut: Cut,
): Promise<Told[]> {
  const found = new Map<string, { rule: Rule; places: Place[] }>();
  for (const pair of pairs) {
    for (const finding of await findInPair(pair, scanner, cut)) {
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
  cut: Cut,
): Promise<readonly Finding[]> {
  const after = await scanner.scan(Buffer.from(pair.after));
  cut.add(after);
  const speaking = after.findings.filter(({ ruleId }) => scanner.rule(ruleId) !== undefined);
  if (speaking.length === 0 || pair.before === '') return speaking;
  const before = await scanner.scan(Buffer.from(pair.before));
  cut.add(before);
  // What was there before is not known for a rule that was cut short: its findings are not new, nor old.
  const unsure = new Set(
    before.incomplete.flatMap(({ ruleId, overdue }) => (overdue === true ? [ruleId] : [])),
  );
  return introduced(
    before.findings,
    speaking.filter(({ ruleId }) => !unsure.has(ruleId)),
  );
}

function skipped(reason: string): InspectOutcome {
  return { kind: 'skipped', reason };
}
