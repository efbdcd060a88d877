/** Reads users' rule files for the service: a file that was usable and is not any more counts as it was. */
import type { ReadResult, RuleFile } from '../host/rules/files.ts';
import { readRuleFile } from '../host/rules/files.ts';
import { loadUserRules } from '../host/rules/load.ts';
import type { LoadedRules } from '../host/rules/load.ts';
import { formatRuleFileProblem } from '../host/rules/problem.ts';
import type { RuleFileProblem } from '../host/rules/problem.ts';
import { parseRuleDocument } from '../host/rules/yaml-document.ts';
import type { LoadedRuleFiles, LoadRulesTask } from './edit-task.ts';

export function loadRuleFiles({ files, reservedIds, previous }: LoadRulesTask): LoadedRuleFiles {
  const inForce = new Map<string, ReadResult>();
  const problems: RuleFileProblem[] = [];
  const load = (some: readonly RuleFile[], readFile: (file: RuleFile) => ReadResult): LoadedRules =>
    loadUserRules({ files: some, reservedIds, parse: parseRuleDocument, readFile });
  for (const file of files) {
    const now = readRuleFile(file);
    const before = previous.get(file.path);
    inForce.set(file.path, now);
    if (before === undefined || (now.ok && now.text === before)) continue;
    const alone = load([file], () => now);
    if (alone.rules.length > 0 || alone.problems.every(({ level }) => level !== 'error')) continue;
    inForce.set(file.path, { ok: true, text: before });
    problems.push(
      ...alone.problems.map((problem) => ({
        ...problem,
        action: 'the rules that this file had before stay in force',
      })),
    );
  }
  const all = load(files, (file) => inForce.get(file.path) ?? readRuleFile(file));
  problems.push(...all.problems);
  const usable = [...inForce].flatMap(([path, read]): [string, string][] =>
    read.ok ? [[path, read.text]] : [],
  );
  return {
    kind: 'rules',
    rules: all.rules,
    // Notes say where we do better than the Python plugin; `sg test` shows them.
    problems: problems.filter(({ level }) => level !== 'note').map(formatRuleFileProblem),
    texts: new Map(usable),
  };
}
