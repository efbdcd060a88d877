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
  const names = files.filter(({ format }) => format === 'names');
  // What they name is needed for the others.
  for (const file of [...names, ...files.filter(({ format }) => format !== 'names')]) {
    const now = readRuleFile(file);
    const before = previous.get(file.path);
    inForce.set(file.path, now);
    if (before === undefined || (now.ok && now.text === before)) continue;
    const needed = [...names.filter((other) => other !== file), file];
    const loaded = load(needed, (one) => inForce.get(one.path) ?? readRuleFile(one));
    const wrong = loaded.problems.filter((problem) => problem.file === file.path);
    if (loaded.rules.length > 0 || wrong.every(({ level }) => level !== 'error')) continue;
    inForce.set(file.path, { ok: true, text: before });
    problems.push(
      ...wrong.map((problem) => ({
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
