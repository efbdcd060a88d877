/** A rule file with its text, its rules, and the places of their parts. */
import type { Rule } from '../../engine/rule.ts';
import { fieldsOf, type DataPath, type Locate } from '../../host/rules/document.ts';
import { readRuleFile } from '../../host/rules/files.ts';
import { convertNativeRules } from '../../host/rules/native-format.ts';
import type { Place } from '../../host/rules/problem.ts';
import { convertReferenceRules } from '../../host/rules/reference-format.ts';
import { parseRuleDocument } from '../../host/rules/yaml-document.ts';
import { at, checkPattern, entryPaths, formatOf } from '../scan/rule-files.ts';
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
}

/** Undefined with a diagnostic for what is no rule file at all. */
export function readLintedFile({ path, file, strict, taken }: FileToLint): LintedFile {
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
      });
  const diagnostics = problems.flatMap(({ level, line, column, ruleId, reason, action }) =>
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
  return { rules, diagnostics, lines, locate: fieldLocator(value, locate) };
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
