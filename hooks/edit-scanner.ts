/**
 * The rules of the per-edit layer for one file. Built-in rules speak here when their confidence is
 * high; a user's own rules always. The regex engine is loaded when a pattern may match, the readers of
 * custom rule files when such a file exists.
 */
import { readFileSync } from 'node:fs';
import type { PackedPlans } from '../engine/match/packed-plan.ts';
import type { WasmRuntime } from '../engine/re2/runtime.ts';
import type { Rule } from '../engine/rule.ts';
import { createScanner } from '../engine/scanner.ts';
import { scopeMatches } from '../engine/scope/scope.ts';
import { findRuleFiles } from '../host/rules/files.ts';
import { loadWasm } from '../host/wasm.ts';
import type { CustomRules } from './custom-rules.ts';
import type { EditedFile } from './paths.ts';
import type { EditScanner } from './post-tool-use.ts';

export interface EditScannerOptions {
  readonly rulesFile: string;
  /** Plans of the built-in rules' patterns, made by the build. */
  readonly plansFile: string;
  readonly wasmFile: string;
  /** The built-in patterns as the build compiled them. */
  readonly snapshotFile: string;
  readonly configDir: string | undefined;
}

/** Rejects when the plugin's own files cannot be read; a user's bad rule file is a problem, no failure. */
export async function openEditScanner(
  file: EditedFile,
  options: EditScannerOptions,
): Promise<EditScanner> {
  const { shown, absolute } = file;
  const builtin = builtinRules(options.rulesFile);
  const custom = await customRules(file, options.configDir, builtin);
  // Planning a rule costs more than asking whether it applies.
  const rules = [
    ...builtin.filter(({ confidence }) => confidence === 'high'),
    ...custom.rules,
  ].filter((rule) => scopeMatches(rule, { relative: shown, absolute }));
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  let runtime: WasmRuntime | undefined;
  const needsLookaround = rules.some(({ lookaround }) => lookaround !== undefined);
  const scanner = createScanner({
    rules,
    packed: packedPlans(options.plansFile),
    wasm: () => (runtime ??= loadWasm(options.wasmFile, options.snapshotFile)),
    ...(needsLookaround ? await import('../engine/lookaround/plan.ts') : {}),
  });
  return {
    couldMatch: (bytes) => scanner.couldMatch(shown, bytes, absolute),
    scan: (bytes) => Promise.resolve(scanner.scan(shown, bytes, absolute)),
    rule: (id) => byId.get(id),
    problems: [
      ...custom.problems,
      ...scanner.problems.map(
        ({ ruleId, field, error }) => `${ruleId}: ${field}: ${error.message}`,
      ),
    ],
  };
}

async function customRules(
  { projectDir }: EditedFile,
  configDir: string | undefined,
  builtin: readonly Rule[],
): Promise<CustomRules> {
  const locations = {
    ...(configDir === undefined ? {} : { configDir }),
    ...(projectDir === undefined ? {} : { projectDir }),
  };
  const files = findRuleFiles(locations);
  if (files.length === 0) return { rules: [], problems: [] };
  const { loadCustomRules } = await import('./custom-rules.ts');
  return loadCustomRules(
    files,
    builtin.map(({ id }) => id),
  );
}

/** Both files are written by our own build and validated there: nothing more is checked at each edit. */
function builtinRules(file: string): readonly Rule[] {
  const rules: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isRuleList(rules)) throw new TypeError(`${file}: expected a list of rules`);
  return rules;
}

function isRuleList(value: unknown): value is readonly Rule[] {
  return Array.isArray(value);
}

function packedPlans(file: string): PackedPlans {
  const plans: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isPackedPlans(plans)) throw new TypeError(`${file}: expected plans by pattern`);
  return plans;
}

function isPackedPlans(value: unknown): value is PackedPlans {
  return typeof value === 'object' && value !== null;
}
