/** The rules of the per-edit layer over all that a turn changed, and over files whose warnings are looked at again. */
import { planLookaround } from '../../engine/automaton/plan.ts';
import type { Rule } from '../../engine/rule.ts';
import { createScanner } from '../../engine/scanner.ts';
import { introducedBy } from '../../host/review/candidates.ts';
import { findRuleFiles } from '../../host/rules/files.ts';
import { readRulePack } from '../../host/rule-pack.ts';
import { createKernel } from '../../host/kernel.ts';
import { lazyWasm } from '../../host/wasm.ts';
import type { ChangedFile, ChangeSet } from '../../orchestrator/change.ts';
import { loadCustomRules } from '../custom-rules.ts';
import { ruleLocations } from '../edit-rules.ts';
import { isExempt, locate } from '../paths.ts';
import type { StopDeps } from './deps.ts';
import { editedPath } from './folders.ts';

/** A rule's match in what a turn changed. */
export interface RuleHit {
  readonly rule: Rule;
  readonly file: ChangedFile;
  /** As an edit of the file would name it. */
  readonly absolute: string;
  /** As an edit's message would name it. */
  readonly shown: string;
  /** 1-based. */
  readonly line: number;
}

export interface TurnRules {
  /** Every match that was not there when the turn began. */
  readonly hits: readonly RuleHit[];
  /** Whether there was no time for all files. */
  readonly incomplete: boolean;
  /** Line of the rule's first match in a file as it is now, undefined when there is none. */
  standing(absolute: string, ruleId: string, bytes: Uint8Array): number | undefined;
}

/** For all files together, in milliseconds. */
const SCAN_MS = 15_000;

export async function applyRules(
  changes: ChangeSet,
  roots: ReadonlyMap<string, string>,
  deps: Pick<StopDeps, 'config' | 'files' | 'clock'> & {
    readonly payload: { readonly cwd: string | undefined };
  },
): Promise<TurnRules> {
  const { config, payload, files, clock } = deps;
  if (!config.patternRules) return { hits: [], incomplete: false, standing: () => undefined };
  const pack = readRulePack(files.pack);
  const custom = await loadCustomRules(
    findRuleFiles(ruleLocations(config, config.projectDir ?? payload.cwd)),
    pack.ids,
  );
  const scanner = createScanner({
    rules: custom.rules,
    pack,
    kernel: createKernel(),
    wasm: lazyWasm(files.wasm, files.snapshot),
    planLookaround,
  });
  const until = clock.monotonic() + SCAN_MS;
  let incomplete = false;
  const hits = changes.files.flatMap((file) => {
    const absolute = editedPath(roots.get(file.repo) ?? file.repo, file.path, config);
    if (isExempt(absolute, config)) return [];
    const { shown } = locate(absolute, payload.cwd, config);
    const found = introducedBy(file, (_, bytes) => {
      const result = scanner.scan(shown, bytes, absolute, () => clock.monotonic() > until);
      incomplete ||= result.incomplete.some(({ overdue }) => overdue === true);
      return result.findings;
    });
    return found.flatMap(({ ruleId, start }) => {
      const rule = scanner.rule(ruleId);
      return rule === undefined ? [] : [{ rule, file, absolute, shown, line: start.line }];
    });
  });
  return {
    hits,
    incomplete,
    standing(absolute, ruleId, bytes) {
      const { shown } = locate(absolute, payload.cwd, config);
      const { findings } = scanner.scan(shown, bytes, absolute, () => clock.monotonic() > until);
      return findings.find((finding) => finding.ruleId === ruleId)?.start.line;
    },
  };
}
