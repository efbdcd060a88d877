/** A rule file with its text, its rules, and the places of their parts. */
import { basename } from 'node:path';
import type { Rule } from '../../engine/rule.ts';
import { fieldsOf, type DataPath, type Locate } from '../../host/rules/document.ts';
import { NAMED_PATTERNS_FILE, readRuleFile } from '../../host/rules/files.ts';
import { convertNativeRules } from '../../host/rules/native-format.ts';
import { FolderNames } from '../../host/rules/folder-names.ts';
import type { Place, RuleFileProblem } from '../../host/rules/problem.ts';
import { convertReferenceRules } from '../../host/rules/reference-format.ts';
import { parseRuleDocument } from '../../host/rules/yaml-document.ts';
import { at, checkPattern, entryPaths, formatOf, namesFor } from '../scan/rule-files.ts';
import type { Diagnostic } from './diagnostic.ts';

export interface LintedFile {
  readonly rules: readonly Rule[];
  /** What the loader says. */
  readonly diagnostics: readonly Diagnostic[];
  /** Lines of the text. */
  readonly lines: readonly string[];
  /** Where a field of a rule begins, or the nearest thing around it that there is. */
  readonly locate: (ruleId: string, field: DataPath) => Place | undefined;
}

export interface FileToLint {
  /** Absolute. */
  readonly path: string;
  /** As messages name it. */
  readonly file: string;
  /** Holds the rules to what built-in ones must give. */
  readonly strict: boolean;
  readonly taken: Set<string>;
  /** What the folders of all files that are looked at name. */
  readonly names: FolderNames;
}

/** Undefined with a diagnostic for what is no rule file at all. */
export function readLintedFile({ path, file, strict, taken, names }: FileToLint): LintedFile {
  const broken = (message: string, place: Partial<Place> = {}, lines: string[] = []) => ({
    rules: [],
    diagnostics: [{ level: 'error' as const, file, ...place, code: 'invalid-rule', message }],
    lines,
    locate: () => undefined,
  });
  const content = readRuleFile({ path, origin: 'project', format: 'native' });
  if (!content.ok) return broken(content.reason);
  const lines = content.text.split(/\r\n|\n|\r/);
  const isReference = formatOf({ path, origin: 'project' }) === 'reference';
  const format = path.endsWith('.json') ? 'json' : 'yaml';
  const parsed = parseRuleDocument(content.text, { format, uniqueKeys: !isReference });
  if (!parsed.ok)
    return broken(`not ${format.toUpperCase()}: ${parsed.reason}`, parsed.place, lines);
  const { value, locate } = parsed;
  const input = { file, origin: 'project', value, locate, taken } as const;
  const { rules, problems } = isReference
    ? convertReferenceRules(input)
    : convertNativeRules({
        ...input,
        strict,
        ...expectedId(path, value, strict),
        checkPattern,
        names: names.of({ path, origin: 'project', format: 'native' }),
      });
  const diagnostics = diagnosticsOf(problems, file);
  return { rules, diagnostics, lines, locate: fieldLocator(value, locate) };
}

/** What the loader says, but for what it only notes. */
function diagnosticsOf(problems: readonly RuleFileProblem[], file: string): Diagnostic[] {
  return problems.flatMap(({ level, line, column, ruleId, reason, action }) =>
    level === 'note'
      ? []
      : [
          {
            level,
            file,
            ...(line === undefined ? {} : { line }),
            ...(column === undefined ? {} : { column }),
            ...(ruleId === undefined ? {} : { ruleId }),
            code: 'invalid-rule',
            message: reason,
            help: action,
          },
        ],
  );
}

export function isNamesFile(path: string): boolean {
  return basename(path) === NAMED_PATTERNS_FILE;
}

/** The named patterns beside rule files. */
export function namesOfFolders(paths: readonly string[], strict: boolean): FolderNames {
  const files = paths.flatMap((path) => namesFor({ path, origin: 'project' }));
  return new FolderNames(files, { parse: parseRuleDocument, strict, checkPattern });
}

/** A file of named patterns, once all rule files are read. */
export function readLintedNames({ path, file, names }: FileToLint): LintedFile {
  const asked = { path, origin: 'project', format: 'names' } as const;
  const content = readRuleFile(asked);
  const text = content.ok ? content.text : '';
  const parsed = parseRuleDocument(text, { format: 'yaml', uniqueKeys: true });
  const unused = names.unused(asked).map((name) => ({
    level: 'warning' as const,
    file,
    ...(parsed.ok ? parsed.locate(['define', name], 'key') : {}),
    code: 'unused-name',
    message: `no rule in these files takes in (?&${name})`,
    help: 'remove it, or look at all rule files of the folder together',
  }));
  return {
    rules: [],
    diagnostics: [...diagnosticsOf(names.check(asked), file), ...unused],
    lines: text.split(/\r\n|\n|\r/),
    locate: () => undefined,
  };
}

/** A file of one rule is called like it. */
function expectedId(path: string, value: unknown, strict: boolean): { expectedId?: string } {
  const fields = fieldsOf(value);
  const name = /([^/\\]+)\.ya?ml$/i.exec(path)?.[1];
  return strict && fields?.has('id') === true && name !== undefined ? { expectedId: name } : {};
}

function fieldLocator(value: unknown, locate: Locate): LintedFile['locate'] {
  const entries = entryPaths(value);
  return (ruleId, field) => {
    const entry = entries.find((path) => fieldsOf(at(value, path))?.get('id') === ruleId) ?? [];
    for (let length = field.length; length >= 0; length--) {
      const place = locate([...entry, ...field.slice(0, length)]);
      if (place !== undefined) return place;
    }
    return undefined;
  };
}
