/** Rule files that the user names on the command line, in our format or that of the Python plugin. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { PatternError } from '../../engine/regex/ast.ts';
import { parsePattern } from '../../engine/regex/parse.ts';
import type { Rule } from '../../engine/rule.ts';
import { reasonOf } from '../../host/files/reason.ts';
import { fieldsOf } from '../../host/rules/document.ts';
import type { DataPath } from '../../host/rules/document.ts';
import { NAMED_PATTERNS_FILE, readRuleFile } from '../../host/rules/files.ts';
import type { RuleFile } from '../../host/rules/files.ts';
import { loadUserRules } from '../../host/rules/load.ts';
import { formatRuleFileProblem } from '../../host/rules/problem.ts';
import { parseRuleDocument } from '../../host/rules/yaml-document.ts';

export interface LoadedFiles {
  readonly rules: readonly { readonly rule: Rule; readonly file: string }[];
  /** Files and rules that could not be used: `file:line:column: reason`. */
  readonly problems: readonly string[];
  /** Rules that are used in another way than they are written. */
  readonly warnings: readonly string[];
}

const RULE_FILE = /\.ya?ml$/i;
/** Other JSON files lie beside rule files, such as settings. */
const JSON_RULE_FILE = /^security-patterns.*\.json$/;

/** Loads files and folders, relative to `cwd`, that must really be in `root`. Rules whose id is in `reserved` are problems. */
export function loadRuleFiles(
  paths: readonly string[],
  cwd: string,
  reserved: Iterable<string>,
  root?: string,
): LoadedFiles {
  const problems: string[] = [];
  const files = paths.flatMap((path) => {
    try {
      return filesAt(resolve(cwd, path));
    } catch (error) {
      problems.push(`${path}: ${reasonOf(error)}`);
      return [];
    }
  });
  const taken = new Set(reserved);
  const rules: { rule: Rule; file: string }[] = [];
  const warnings: string[] = [];
  for (const path of new Set(files)) {
    if (basename(path) === NAMED_PATTERNS_FILE) continue;
    const file = relative(cwd, path) || path;
    const origin = { path, origin: 'project', ...(root !== undefined && { root }) } as const;
    const loaded = loadUserRules({
      files: [...namesFor(origin), { ...origin, format: formatOf(origin) }],
      parse: parseRuleDocument,
      reservedIds: taken,
      checkPattern,
    });
    for (const problem of loaded.problems) {
      if (problem.level === 'note') continue;
      const shown = relative(cwd, problem.file) || problem.file;
      const text = formatRuleFileProblem({ ...problem, file: shown });
      const told = problem.level === 'error' ? problems : warnings;
      // What is wrong with named patterns is so for each file beside them.
      if (!told.includes(text)) told.push(text);
    }
    if (loaded.rules.length === 0 && loaded.problems.length === 0)
      problems.push(`${file}: holds no rule`);
    for (const rule of loaded.rules) {
      taken.add(rule.id);
      rules.push({ rule, file });
    }
  }
  if (paths.length > 0 && files.length === 0 && problems.length === 0) {
    problems.push(
      `${paths.join(', ')}: no rule file there; expected *.yaml, *.yml or security-patterns*.json`,
    );
  }
  return { rules, problems, warnings };
}

/** The files of named patterns that there are for a rule file: in its folder and in the one above. */
export function namesFor(file: Omit<RuleFile, 'format'>): RuleFile[] {
  const folder = dirname(file.path);
  return [folder, dirname(folder)]
    .map((each) => join(each, NAMED_PATTERNS_FILE))
    .filter((path) => existsSync(path))
    .map((path) => ({ ...file, path, format: 'names' }));
}

/** Of a folder the files in it and in its folders; of `.claude`, which holds much else, only `security-rules`. */
export function filesAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return basename(path) === '.claude'
    ? filesIn(path, (name) => (name === 'security-rules' ? filesAt(join(path, name)) : []))
    : filesIn(path, (name) =>
        name.startsWith('.') || name === 'node_modules' ? [] : filesIn(join(path, name), () => []),
      );
}

function filesIn(folder: string, below: (name: string) => readonly string[]): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): readonly string[] => {
      if (entry.isDirectory()) return below(entry.name);
      const isRuleFile = RULE_FILE.test(entry.name) || JSON_RULE_FILE.test(entry.name);
      return isRuleFile ? [join(folder, entry.name)] : [];
    });
}

export function checkPattern(pattern: string): PatternError | undefined {
  const parsed = parsePattern(pattern);
  return parsed.ok ? undefined : parsed.error;
}

/** The Python plugin's files are known by name, or by `patterns` that are mappings. */
export function formatOf(file: Omit<RuleFile, 'format'>): RuleFile['format'] {
  if (basename(file.path).startsWith('security-patterns')) return 'reference';
  const value = parse(file)?.value;
  const entries = Array.isArray(value) ? value : fieldsOf(value)?.get('patterns');
  const first = fieldsOf(Array.isArray(entries) ? entries[0] : undefined);
  const isReference = ['rule_name', 'regex', 'substrings', 'reminder'].some(
    (key) => first?.has(key) === true,
  );
  return isReference ? 'reference' : 'native';
}

function parse(
  file: Omit<RuleFile, 'format'>,
): Extract<ReturnType<typeof parseRuleDocument>, { ok: true }> | undefined {
  const content = readRuleFile({ ...file, format: 'native' });
  if (!content.ok) return undefined;
  const parsed = parseRuleDocument(content.text, {
    format: file.path.endsWith('.json') ? 'json' : 'yaml',
    uniqueKeys: false,
  });
  return parsed.ok ? parsed : undefined;
}

/** `file:line` of an example, or the file alone where the line is not known. */
export function exampleLocator(
  file: string,
  cwd: string,
): (ruleId: string, list: string, index: number) => string {
  const document = parse({ path: resolve(cwd, file), origin: 'project' });
  return (ruleId, list, index) => {
    if (document === undefined) return file;
    const entry = entryPaths(document.value).find(
      (path) => fieldsOf(at(document.value, path))?.get('id') === ruleId,
    );
    const place =
      entry === undefined ? undefined : document.locate([...entry, 'examples', list, index]);
    return place === undefined ? file : `${file}:${place.line}`;
  };
}

/** Where rules can stand in a file: at the top, in a list, in a list under `rules`. */
export function entryPaths(value: unknown): DataPath[] {
  if (Array.isArray(value)) return value.map((_entry, index) => [index]);
  const rules = fieldsOf(value)?.get('rules');
  return Array.isArray(rules) ? rules.map((_entry, index) => ['rules', index]) : [[]];
}

export function at(value: unknown, path: DataPath): unknown {
  let current = value;
  for (const key of path)
    current = Array.isArray(current) ? current[Number(key)] : fieldsOf(current)?.get(String(key));
  return current;
}
