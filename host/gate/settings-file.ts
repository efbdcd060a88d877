/** Reads a YAML file of settings: `.sg.yaml` or a policy. What is wrong with it has its place. */
import { describe, fieldsOf } from '../rules/document.ts';
import { readRuleFile } from '../rules/files.ts';
import { Reader } from '../rules/native-reader.ts';
import { formatRuleFileProblem, quote } from '../rules/problem.ts';
import { Report } from '../rules/report.ts';

export interface SettingsInput {
  /** Absolute. */
  readonly path: string;
  /** As messages name it. */
  readonly shown: string;
  /** Folder that the file must really be in, links followed. */
  readonly root?: string;
  /** What a mistake costs. */
  readonly cost: string;
  readonly keys: readonly string[];
}

export type SettingsRead<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

/** `take` says what it finds wrong through the reader; then nothing of the file counts. */
export async function readSettings<T>(
  input: SettingsInput,
  take: (reader: Reader) => T,
): Promise<SettingsRead<T>> {
  const { path, shown, root, cost, keys } = input;
  const refused = (reason: string, place = {}): SettingsRead<T> => ({
    ok: false,
    problems: [
      formatRuleFileProblem({ level: 'error', file: shown, ...place, reason, action: cost }),
    ],
  });
  const file = { path, origin: 'project', format: 'native' } as const;
  const content = readRuleFile({ ...file, ...(root !== undefined && { root }) });
  if (!content.ok) return refused(content.reason);
  // Only here: most projects have no such file, and what reads YAML takes long to load.
  const { parseRuleDocument } = await import('../rules/yaml-document.ts');
  const parsed = parseRuleDocument(content.text, { format: 'yaml', uniqueKeys: true });
  if (!parsed.ok) return refused(`not YAML: ${parsed.reason}`, parsed.place);
  const { value = null, locate } = parsed;
  const fields = value === null ? new Map<string, unknown>() : fieldsOf(value);
  if (fields === undefined)
    return refused(`the file holds ${describe(value)}; expected a mapping of ${keys.join(', ')}`);
  const report = new Report(shown, locate, cost);
  const reader = new Reader(report, [], fields);
  reader.unknownKeys(keys, true);
  const taken = take(reader);
  const problems = report.problems();
  if (problems.length > 0) return { ok: false, problems: problems.map(formatRuleFileProblem) };
  return { ok: true, value: taken };
}

/** The mappings under `key`, by name. */
export function entriesOf(reader: Reader, key: string): readonly (readonly [string, Reader])[] {
  const outer = reader.mapping(key);
  if (outer === undefined) return [];
  return [...outer.fields].flatMap(([name, value]) => {
    const inner = outer.mapping(name);
    if (inner === undefined && (value === null || value === undefined))
      outer.error(name, `${key}.${name} is ${quote(value)}; expected a mapping`);
    return inner === undefined ? [] : [[name, inner] as const];
  });
}
