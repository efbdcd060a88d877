/** What the cache keeps of one rule on a corpus, and of the literals that rules look for first. */
import { matchingPart } from '../../engine/matching-part.ts';
import type { PlannedRuleSet } from '../../engine/rule-set.ts';
import type { Rule } from '../../engine/rule.ts';
import { hashOf } from './cache.ts';

/** A hit by the number of its file. `key` is a hash of the matched lines, white space folded. */
export type HitRow = readonly [
  file: number,
  line: number,
  column: number,
  endLine: number,
  key: string,
];

/** Holds for all files of the table's epoch whose number is below `upTo`. */
export interface RuleRecord {
  readonly epoch: string;
  readonly upTo: number;
  readonly hits: readonly HitRow[];
  /** Milliseconds that the rule's patterns and conditions took, when each file was scanned. */
  readonly ms: number;
  /** Files that were not scanned to the end. */
  readonly incomplete: number;
}

/** Files below `upTo` that a rule of these literals and this scope may match. */
export interface Gate {
  readonly upTo: number;
  readonly files: readonly number[];
}

export interface GateRecord {
  readonly epoch: string;
  readonly gates: Readonly<Record<string, Gate>>;
}

/** Changes with everything that decides where the rule matches, and with the engine. */
export function ruleHash(rule: Rule, engine: string): string {
  return hashOf(engine, JSON.stringify([rule.id, matchingPart(rule)]));
}

/** Changes with the literals and the scope of the rule at `index` only: a gate outlives most edits of a pattern. */
export function gateKey(set: PlannedRuleSet, index: number): string {
  const { languages, paths, excludePaths, globs } = set.rules[index]?.rule ?? {};
  const literals = set.plans
    .filter((_plan, at) => set.ruleOf[at] === index)
    .map((plan) => plan.literals ?? null);
  return hashOf(JSON.stringify([literals, languages, paths, excludePaths, globs]));
}

export function decodeRecord(value: unknown, epoch: string): RuleRecord | undefined {
  const record = value as Partial<RuleRecord> | null | undefined;
  if (record?.epoch !== epoch || !Array.isArray(record.hits)) return undefined;
  const { upTo, ms, incomplete, hits } = record;
  if (typeof upTo !== 'number' || typeof ms !== 'number' || typeof incomplete !== 'number')
    return undefined;
  const isRow = (row: unknown): row is HitRow =>
    Array.isArray(row) &&
    row.length === 5 &&
    row.slice(0, 4).every((part) => typeof part === 'number') &&
    typeof row[4] === 'string';
  return hits.every(isRow) ? { epoch, upTo, ms, incomplete, hits } : undefined;
}

export function decodeGates(value: unknown, epoch: string): Map<string, Gate> {
  const record = value as Partial<GateRecord> | null | undefined;
  if (record?.epoch !== epoch || typeof record.gates !== 'object') return new Map();
  const entries = Object.entries(record.gates).filter(
    ([, gate]) =>
      typeof gate.upTo === 'number' &&
      Array.isArray(gate.files) &&
      gate.files.every((file) => typeof file === 'number'),
  );
  return new Map(entries);
}
