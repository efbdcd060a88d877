/** Named patterns of folders of rule files: of a file's own folder, and of the one above it. */
import { dirname } from 'node:path';
import type { ParseDocument } from './document.ts';
import { readRuleFile, type ReadResult, type RuleFile } from './files.ts';
import { type NamedPatterns, NO_NAMES } from './named-patterns.ts';
import type { NativeInput } from './native-format.ts';
import { convertNamesFile } from './native-names.ts';
import type { RuleFileProblem } from './problem.ts';

export interface FolderNamesOptions extends Pick<NativeInput, 'checkPattern'> {
  readonly parse: ParseDocument;
  readonly strict?: boolean;
  readonly readFile?: (file: RuleFile) => ReadResult;
}

export class FolderNames {
  readonly #files: ReadonlyMap<string, RuleFile>;
  readonly #options: FolderNamesOptions;
  readonly #known = new Map<string, NamedPatterns>();
  readonly #problems = new Map<string, readonly RuleFileProblem[]>();

  /** Of `files` those that name patterns are looked at. */
  constructor(files: readonly RuleFile[], options: FolderNamesOptions) {
    this.#files = new Map(
      files
        .filter(({ format }) => format === 'names')
        .map((file): [string, RuleFile] => [dirname(file.path), file]),
    );
    this.#options = options;
  }

  /** What is wrong with a file of names. */
  check(file: RuleFile): readonly RuleFileProblem[] {
    this.#inFolder(dirname(file.path), () => this.#inFolder(dirname(dirname(file.path))));
    return this.#problems.get(file.path) ?? [];
  }

  /** Those that a file of names has and no rule file took in; all have to be loaded by then. */
  unused(file: RuleFile): readonly string[] {
    return this.#known.get(dirname(file.path))?.unused() ?? [];
  }

  /** For a rule file. */
  of(file: RuleFile): () => NamedPatterns {
    const folder = dirname(file.path);
    return () => this.#inFolder(folder, () => this.#inFolder(dirname(folder)));
  }

  #inFolder(folder: string, outer: () => NamedPatterns = () => NO_NAMES): NamedPatterns {
    const file = this.#files.get(folder);
    if (file === undefined) return outer();
    const known = this.#known.get(folder) ?? this.#read(file, outer);
    this.#known.set(folder, known);
    return known;
  }

  #read(file: RuleFile, names: () => NamedPatterns): NamedPatterns {
    const { parse, strict = false, checkPattern, readFile = readRuleFile } = this.#options;
    const refused = (reason: string, place = {}): NamedPatterns => {
      const action = 'nothing is loaded from it';
      this.#problems.set(file.path, [
        { level: 'error', file: file.path, ...place, reason, action },
      ]);
      return NO_NAMES;
    };
    const content = readFile(file);
    if (!content.ok) return refused(content.reason);
    const parsed = parse(content.text, { format: 'yaml', uniqueKeys: true });
    if (!parsed.ok) return refused(`not YAML: ${parsed.reason}`, parsed.place);
    const { value, locate } = parsed;
    const converted = convertNamesFile({
      file: file.path,
      value,
      locate,
      strict,
      names,
      ...(checkPattern === undefined ? {} : { checkPattern }),
    });
    this.#problems.set(file.path, converted.problems);
    return converted.names;
  }
}
