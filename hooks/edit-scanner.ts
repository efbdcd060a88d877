/**
 * The rules of the per-edit layer for one file, in a process that answers one edit. The regex engine is
 * loaded when a pattern may match, the readers of custom rule files when such a file exists.
 */
import { lookaroundFor } from '../engine/lookaround/needed.ts';
import { createScanner } from '../engine/scanner.ts';
import { scopeMatches } from '../engine/scope/scope.ts';
import type { Config } from '../host/config.ts';
import { readRulePack } from '../host/rule-pack.ts';
import { findRuleFiles } from '../host/rules/files.ts';
import { createKernel, lazyWasm } from '../host/wasm.ts';
import type { CustomRules } from './custom-rules.ts';
import { ruleLocations } from './edit-rules.ts';
import type { EditScanner } from './inspect.ts';
import type { EditedFile } from './paths.ts';

export interface EditScannerOptions {
  /** The built-in rules as the build packed them. */
  readonly packFile: string;
  readonly wasmFile: string;
  /** The built-in patterns as the build compiled them. */
  readonly snapshotFile: string;
  readonly config: Config;
  readonly isOverdue: () => boolean;
}

/** Rejects when the plugin's own files cannot be read; a user's bad rule file is a problem, no failure. */
export async function openEditScanner(
  file: EditedFile,
  options: EditScannerOptions,
): Promise<EditScanner> {
  const { shown, absolute } = file;
  const pack = readRulePack(options.packFile);
  const custom = await customRules(file, options.config, pack.ids);
  // Planning a rule costs more than asking whether it applies.
  const rules = custom.rules.filter((rule) => scopeMatches(rule, { relative: shown, absolute }));
  const scanner = createScanner({
    rules,
    pack,
    kernel: createKernel(),
    wasm: lazyWasm(options.wasmFile, options.snapshotFile),
    ...(await lookaroundFor(rules)),
  });
  return {
    scan: (bytes) => scanner.scan(shown, bytes, absolute, options.isOverdue),
    rule: scanner.rule,
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
  config: Config,
  reservedIds: readonly string[],
): Promise<CustomRules> {
  const files = findRuleFiles(ruleLocations(config, projectDir));
  if (files.length === 0) return { rules: [], problems: [] };
  const { loadCustomRules } = await import('./custom-rules.ts');
  return loadCustomRules(files, reservedIds);
}
