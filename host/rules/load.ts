/**
 * Loads users' own rules: those of the user, of the project, and of the project's local files, in the
 * Python plugin's format and in ours. Needs no `yaml` package by itself; the parser is handed in, so that
 * a hook without rule files never loads it.
 */
import type { PatternError } from '../../engine/regex/ast.ts';
import type { Rule } from '../../engine/rule.ts';
import type { ParseDocument } from './document.ts';
import {
  findRuleFiles,
  readRuleFile,
  type ReadResult,
  type RuleFile,
  type RuleLocations,
} from './files.ts';
import { FolderNames } from './folder-names.ts';
import type { NamedPatterns } from './named-patterns.ts';
import { convertNativeRules } from './native-format.ts';
import type { RuleFileProblem } from './problem.ts';
import { convertReferenceRules, type ConvertedRules } from './reference-format.ts';

/** Rules of all users' files together; the user's own come first and stay. */
export const MAX_USER_RULES = 500;

export interface LoadOptions extends RuleLocations {
  /** `parseRuleDocument` of `yaml-document.ts`. */
  readonly parse: ParseDocument;
  /** The result of `findRuleFiles`, when the caller has it already. */
  readonly files?: readonly RuleFile[];
  /** Ids that users' rules may not take: those of the built-in rules. */
  readonly reservedIds?: Iterable<string>;
  /** Checks RE2 syntax of rules in our format. */
  readonly checkPattern?: (pattern: string) => PatternError | undefined;
  /** For tests. */
  readonly readFile?: (file: RuleFile) => ReadResult;
}

export interface LoadedRules {
  readonly rules: readonly Rule[];
  readonly problems: readonly RuleFileProblem[];
  /** Paths of the files that were looked at. */
  readonly files: readonly string[];
}

/** Never throws for what a file holds; a bad rule or file never costs another one. */
export function loadUserRules(options: LoadOptions): LoadedRules {
  const files = options.files ?? findRuleFiles(options);
  const taken = new Set(options.reservedIds ?? []);
  const rules: Rule[] = [];
  const problems: RuleFileProblem[] = [];
  const folders = new FolderNames(files, options);
  for (const file of files) {
    if (file.format === 'names') {
      problems.push(...folders.check(file));
      continue;
    }
    const converted = loadFile(file, options, taken, folders.of(file));
    problems.push(...converted.problems);
    const room = MAX_USER_RULES - rules.length;
    rules.push(...converted.rules.slice(0, room));
    if (converted.rules.length > room) {
      problems.push({
        level: 'error',
        file: file.path,
        reason: `more than ${MAX_USER_RULES} rules in all rule files together`,
        action: `the last ${converted.rules.length - room} of this file are left out`,
      });
    }
  }
  return { rules, problems, files: files.map(({ path }) => path) };
}

/** As `loadUserRules`, and loads the YAML parser only when a file exists. */
export async function loadUserRulesIfAny(
  options: Omit<LoadOptions, 'parse'>,
): Promise<LoadedRules> {
  const files = options.files ?? findRuleFiles(options);
  if (files.length === 0) return { rules: [], problems: [], files: [] };
  const { parseRuleDocument } = await import('./yaml-document.ts');
  return loadUserRules({ ...options, files, parse: parseRuleDocument });
}

function loadFile(
  file: RuleFile,
  options: LoadOptions,
  taken: Set<string>,
  names: () => NamedPatterns,
): ConvertedRules {
  const refused = (reason: string, place = {}): ConvertedRules => ({
    rules: [],
    problems: [
      { level: 'error', file: file.path, ...place, reason, action: 'nothing is loaded from it' },
    ],
  });
  const content = (options.readFile ?? readRuleFile)(file);
  if (!content.ok) return refused(content.reason);
  const format = file.path.endsWith('.json') ? 'json' : 'yaml';
  const parsed = options.parse(content.text, { format, uniqueKeys: file.format === 'native' });
  if (!parsed.ok) return refused(`not ${format.toUpperCase()}: ${parsed.reason}`, parsed.place);
  const { value, locate } = parsed;
  const input = { file: file.path, origin: file.origin, value, locate, taken };
  if (file.format === 'reference') return convertReferenceRules(input);
  const { checkPattern } = options;
  return convertNativeRules({
    ...input,
    strict: false,
    names,
    ...(checkPattern === undefined ? {} : { checkPattern }),
  });
}
