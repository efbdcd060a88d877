/** Rules in our own format: one mapping, a list of them, or a list under `rules:`. */
import { LANGUAGES } from '../../engine/language.ts';
import type { PatternError } from '../../engine/regex/ast.ts';
import {
  CONFIDENCES,
  REGIONS,
  SEVERITIES,
  type Message,
  type Origin,
  type Region,
  type Rule,
} from '../../engine/rule.ts';
import { describe, fieldsOf, type DataPath, type Locate } from './document.ts';
import { ADDRESS, CWE, KEBAB_CASE, MESSAGE_FIELDS, RULE_FIELDS } from './fields.ts';
import { NO_NAMES, type NamedPatterns } from './named-patterns.ts';
import { readConditions, readPatterns, readSources } from './native-conditions.ts';
import { readNames, reportUnused } from './native-names.ts';
import { patternSources, readGroup, readWhere } from './native-groups.ts';
import { readExamples } from './native-examples.ts';
import { Reader } from './native-reader.ts';
import { quote } from './problem.ts';
import type { ConvertedRules } from './reference-format.ts';
import { Report } from './report.ts';

export interface NativeInput {
  readonly file: string;
  readonly origin: Origin;
  /** The parsed document, of any shape. */
  readonly value: unknown;
  readonly locate: Locate;
  /** Ids that are in use; those of the returned rules are added. */
  readonly taken: Set<string>;
  /** Built-in rules: every field, two examples of each kind, no unknown key. Otherwise id, patterns and message will do. */
  readonly strict: boolean;
  /** Strict only: the id that the file's name asks for. */
  readonly expectedId?: string;
  /** Checks RE2 syntax, so that an error in a pattern has its line; without it the scanner finds it later. */
  readonly checkPattern?: (pattern: string) => PatternError | undefined;
  /** The patterns that the file's folder names; asked for when a pattern takes in one that the file does not name. */
  readonly names?: (() => NamedPatterns) | undefined;
}

const KEYS = Object.keys(RULE_FIELDS);

/** Converts every rule without an error. */
export function convertNativeRules(input: NativeInput): ConvertedRules {
  const report = new Report(input.file, input.locate);
  const rules: Rule[] = [];
  const top = fieldsOf(input.value);
  // Beside a list of rules they are for all of them; a rule's own are read with it.
  const shared = top?.has('rules') === true ? new Reader(report, [], top) : undefined;
  const ofFile = shared && readNames(input, shared);
  const names = ofFile === undefined ? input.names : () => ofFile;
  for (const { value, path } of entriesOf(input, report)) {
    const fields = fieldsOf(value);
    if (fields === undefined) {
      report.add(
        'error',
        path,
        `a rule is ${describe(value)} (${quote(value)}); expected a mapping with id, patterns and message`,
        'this rule is left out',
      );
      continue;
    }
    const before = errorCount(report);
    const rule = convertRule({ ...input, names }, report, path, fields);
    if (rule === undefined || errorCount(report) > before) continue;
    input.taken.add(rule.id);
    rules.push(rule);
  }
  if (shared !== undefined && ofFile !== undefined) reportUnused(shared, ofFile);
  return { rules, problems: report.problems() };
}

function errorCount(report: Report): number {
  return report.problems().filter(({ level }) => level === 'error').length;
}

function entriesOf(
  input: NativeInput,
  report: Report,
): readonly { value: unknown; path: DataPath }[] {
  const { value } = input;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => ({ value: item, path: [index] }));
  const fields = fieldsOf(value);
  const rules = fields?.get('rules');
  if (Array.isArray(rules))
    return rules.map((item: unknown, index) => ({ value: item, path: ['rules', index] }));
  if (value === null || value === undefined) {
    if (input.strict)
      report.add('error', [], 'the file is empty; expected a rule', 'nothing is loaded from it');
    return [];
  }
  if (fields?.has('rules') === true) {
    report.add(
      'error',
      ['rules'],
      `"rules" is ${describe(rules)}; expected a list of rules`,
      'nothing is loaded from it',
    );
    return [];
  }
  return [{ value, path: [] }];
}

function convertRule(
  input: NativeInput,
  report: Report,
  path: DataPath,
  fields: ReadonlyMap<string, unknown>,
): Rule | undefined {
  const { strict } = input;
  const id = readId(input, new Reader(report, path, fields));
  const reader = new Reader(report, path, fields, id);
  reader.unknownKeys(KEYS, strict);
  const message = readMessage(reader, strict);
  const title = reader.text('title', { required: strict });
  const severity = reader.oneOf('severity', SEVERITIES, { required: strict });
  const confidence = reader.oneOf('confidence', CONFIDENCES, { required: strict });
  const cwe = readCwe(reader, strict);
  const weakness = readClass(reader);
  const languages = reader.membersOf('languages', LANGUAGES);
  const paths = reader.texts('paths');
  const excludePaths = reader.texts('exclude-paths');
  const regions = readRegions(reader);
  const names = readNames(input, reader);
  const withNames = { ...input, names: names ?? input.names?.() ?? NO_NAMES };
  const patterns = readPatterns(withNames, reader, 'patterns', { required: true });
  const sources = patternSources(patterns);
  const requires = [
    ...readConditions(withNames, reader, 'requires', sources),
    ...readSources(withNames, reader),
  ];
  const unless = readConditions(withNames, reader, 'unless', sources);
  if (names !== undefined) reportUnused(reader, names);
  const where = readWhere(reader, { own: sources, strict });
  const secret = readGroup(reader, 'secret', sources);
  const references = readReferences(reader);
  const examples = readExamples(reader, { strict, languages, paths });
  const parity = reader.text('parity');
  if (id === undefined || patterns === undefined || message === undefined) return undefined;
  return {
    id,
    title: title ?? message.what,
    severity: severity ?? 'medium',
    confidence: confidence ?? 'high',
    ...(cwe === undefined ? {} : { cwe }),
    ...(weakness === undefined ? {} : { class: weakness }),
    ...(languages === undefined ? {} : { languages }),
    ...(paths === undefined ? {} : { paths }),
    ...(excludePaths === undefined ? {} : { excludePaths }),
    ...(regions === undefined ? {} : { in: regions }),
    patterns,
    ...(requires.length === 0 ? {} : { requires }),
    unless,
    ...(where === undefined ? {} : { where }),
    ...(secret === undefined ? {} : { secret }),
    message,
    references,
    examples,
    ...(parity === undefined ? {} : { parity }),
    origin: input.origin,
  };
}

function readId(input: NativeInput, reader: Reader): string | undefined {
  const id = reader.text('id', { required: true });
  if (id === undefined) return undefined;
  if (!KEBAB_CASE.test(id)) {
    reader.error(
      'id',
      `id is ${quote(id)}; expected lower-case words joined by "-", such as "python-yaml-unsafe-load"`,
    );
  }
  if (input.expectedId !== undefined && id !== input.expectedId) {
    reader.error('id', `id is ${quote(id)}; expected "${input.expectedId}", the file's name`);
  }
  if (input.taken.has(id))
    reader.error('id', `id ${quote(id)} is in use by another rule; expected one of its own`);
  return id;
}

/** In a user's rule plain text will do for a message, and only `what` is needed. */
function readMessage(reader: Reader, strict: boolean): Message | undefined {
  const value = reader.fields.get('message');
  if (!strict && typeof value === 'string' && value.trim() !== '')
    return { what: value.trim(), why: '', fix: '' };
  const message = reader.mapping('message', { required: true });
  if (message === undefined) return undefined;
  message.unknownKeys(Object.keys(MESSAGE_FIELDS), strict);
  const what = message.text('what', { required: true });
  const why = message.text('why', { required: strict });
  const fix = message.text('fix', { required: strict });
  return what === undefined ? undefined : { what, why: why ?? '', fix: fix ?? '' };
}

function readCwe(reader: Reader, strict: boolean): string | undefined {
  const cwe = reader.text('cwe', { required: strict });
  if (cwe === undefined || CWE.test(cwe)) return cwe;
  reader.error('cwe', `cwe is ${quote(cwe)}; expected an id such as "CWE-78"`);
  return undefined;
}

function readClass(reader: Reader): string | undefined {
  const name = reader.text('class');
  if (name === undefined || KEBAB_CASE.test(name)) return name;
  reader.error(
    'class',
    `class is ${quote(name)}; expected lower-case words joined by "-", such as "weak-crypto"`,
  );
  return undefined;
}

function readRegions(reader: Reader): readonly Region[] | undefined {
  const regions = reader.membersOf('in', [...REGIONS, 'any']);
  if (regions === undefined || regions.includes('any')) return undefined;
  return REGIONS.filter((region) => regions.includes(region));
}

function readReferences(reader: Reader): readonly string[] {
  const references = reader.texts('references') ?? [];
  references.forEach((reference, index) => {
    if (!ADDRESS.test(reference)) {
      reader.error(
        'references',
        `reference is ${quote(reference)}; expected an https:// address`,
        index,
      );
    }
  });
  return references;
}
