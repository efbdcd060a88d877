/**
 * The rules of the per-edit layer for one file, in a process that answers one edit. Nearly all edits have no literal
 * of any rule: what reads rules and tries patterns is loaded for the others only, and for a user's own rules.
 */
import { openPackedSearch } from '../engine/pack/packed-search.ts';
import { mayReport, placeOf } from '../engine/sight.ts';
import type { Config } from '../host/config.ts';
import { readRulePack } from '../host/rule-pack.ts';
import { findRuleFiles } from '../host/rules/files.ts';
import { createKernel } from '../host/kernel.ts';
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
  const { shown, absolute, projectDir } = file;
  const kernel = createKernel();
  const packedSearch = openPackedSearch(readRulePack(options.packFile), kernel);
  const ruleFiles = findRuleFiles(ruleLocations(options.config, projectDir));
  const open = async (): Promise<EditScanner> => {
    const { openFullScanner } = await import('./full-scanner.ts');
    return openFullScanner(file, ruleFiles, { ...options, kernel, packedSearch });
  };
  if (ruleFiles.length > 0) return open();
  let full: EditScanner | undefined;
  return {
    async scan(bytes) {
      if (!mayReport(packedSearch, bytes, placeOf(shown, absolute, bytes)))
        return { findings: [], suppressed: [], incomplete: [] };
      full ??= await open();
      return full.scan(bytes);
    },
    rule: (id) => full?.rule(id),
    problems: [],
  };
}
