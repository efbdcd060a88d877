/** `define` of a rule, of a file of rules, and of a folder's file of named patterns. */
import { NAMED_PATTERNS_FILE } from './files.ts';
import { describe, fieldsOf, type Locate } from './document.ts';
import { NAMED_FIELDS } from './fields.ts';
import { BROKEN, NAME, NamedPatterns, NO_NAMES, takesNames } from './named-patterns.ts';
import { readPattern } from './native-conditions.ts';
import type { NativeInput } from './native-format.ts';
import { Reader } from './native-reader.ts';
import { quote, type RuleFileProblem } from './problem.ts';
import { Report } from './report.ts';

type NamesInput = Pick<NativeInput, 'checkPattern' | 'strict' | 'names'>;

/** Undefined where nothing is defined. */
export function readNames(
  input: NamesInput,
  reader: Reader,
  needsAbout = false,
): NamedPatterns | undefined {
  const define = reader.mapping('define');
  if (define === undefined) return undefined;
  const own = new Map<string, string | typeof BROKEN>();
  for (const name of define.fields.keys()) {
    if (!NAME.test(name)) {
      define.error(
        name,
        `a pattern is called ${quote(name)}; expected lower-case letters, digits and "_", such as "quoted_text"`,
      );
    }
    const pattern = readNamed(input, define, name, needsAbout);
    own.set(name, pattern ?? BROKEN);
  }
  return new NamedPatterns(own, input.names);
}

/** Text, or text with what it is about. */
function readNamed(
  input: NamesInput,
  define: Reader,
  name: string,
  needsAbout: boolean,
): string | undefined {
  const isText = typeof define.fields.get(name) === 'string' && !needsAbout;
  const entry = isText ? define : define.mapping(name, { required: true });
  if (entry === undefined) return undefined;
  if (!isText) {
    entry.unknownKeys(Object.keys(NAMED_FIELDS), input.strict);
    entry.text('about', { required: needsAbout });
  }
  const key = isText ? name : 'pattern';
  const pattern = entry.text(key, { required: true });
  if (pattern === undefined) return undefined;
  if (takesNames(pattern)) {
    entry.error(
      key,
      `${name} takes in another pattern; expected plain RE2 syntax in what has a name`,
    );
    return undefined;
  }
  if (input.checkPattern?.(pattern) === undefined) return pattern;
  readPattern({ ...input, names: NO_NAMES }, entry, key, undefined, pattern);
  return undefined;
}

/** What is defined and in no pattern is a mistake, or was forgotten. */
export function reportUnused(reader: Reader, names: NamedPatterns): void {
  for (const name of names.unused())
    reader.warning('define', `no pattern takes in (?&${name})`, 'it is ignored');
}

export interface NamesFile extends NamesInput, Pick<NativeInput, 'file' | 'value'> {
  readonly locate: Locate;
}

/** The named patterns of a folder. What is wrong in the file costs the patterns that it is wrong in. */
export function convertNamesFile(input: NamesFile): {
  readonly names: NamedPatterns;
  readonly problems: readonly RuleFileProblem[];
} {
  const report = new Report(input.file, input.locate, 'this pattern is left out');
  const fields = fieldsOf(input.value);
  if (fields === undefined) {
    report.add(
      'error',
      [],
      `${NAMED_PATTERNS_FILE} holds ${describe(input.value)}; expected a mapping with "define"`,
      'nothing is loaded from it',
    );
    return { names: NO_NAMES, problems: report.problems() };
  }
  const reader = new Reader(report, [], fields);
  reader.unknownKeys(['define'], input.strict);
  const names = readNames(input, reader, input.strict) ?? NO_NAMES;
  return { names, problems: report.problems() };
}
