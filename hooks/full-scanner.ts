/** All that it takes to try the patterns of the per-edit layer on one file, in a process that answers one edit. */
import { lookaroundFor } from '../engine/automaton/needed.ts';
import type { PackedSearch } from '../engine/pack/packed-search.ts';
import type { Kernel } from '../engine/prefilter/kernel.ts';
import { createScanner } from '../engine/scanner.ts';
import { scopeMatches } from '../engine/scope/scope.ts';
import type { RuleFile } from '../host/rules/files.ts';
import { lazyWasm } from '../host/wasm.ts';
import type { CustomRules } from './custom-rules.ts';
import type { EditScannerOptions } from './edit-scanner.ts';
import type { EditScanner } from './inspect.ts';
import type { EditedFile } from './paths.ts';

export interface FullScannerOptions extends EditScannerOptions {
  /** With `packedSearch` in it. */
  readonly kernel: Kernel;
  readonly packedSearch: PackedSearch;
}

/** `ruleFiles`: those of the user and the project. */
export async function openFullScanner(
  { shown, absolute }: EditedFile,
  ruleFiles: readonly RuleFile[],
  options: FullScannerOptions,
): Promise<EditScanner> {
  const { kernel, packedSearch } = options;
  const { pack } = packedSearch;
  const custom = await customRules(ruleFiles, pack.ids);
  // Planning a rule costs more than asking whether it applies.
  const rules = custom.rules.filter((rule) => scopeMatches(rule, { relative: shown, absolute }));
  const scanner = createScanner({
    rules,
    pack,
    packedSearch,
    kernel,
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
  files: readonly RuleFile[],
  reservedIds: readonly string[],
): Promise<CustomRules> {
  if (files.length === 0) return { rules: [], problems: [] };
  const { loadCustomRules } = await import('./custom-rules.ts');
  return loadCustomRules(files, reservedIds);
}
