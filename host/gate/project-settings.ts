/**
 * `.sg.yaml`: what a project asks of its scans. One may be in any folder from the project's root down; the nearest
 * that says something wins, key by key and rule by rule. `exclude` goes on from folder to folder as in .gitignore.
 * Nothing that such a file names may be outside of the root.
 */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import { SEVERITIES } from '../../engine/rule.ts';
import type { Severity } from '../../engine/rule.ts';
import { below } from '../files/gitignore.ts';
import type { Reader } from '../rules/native-reader.ts';
import { quote } from '../rules/problem.ts';
import { FAIL_ON } from './fail-on.ts';
import type { FailOn } from './fail-on.ts';
import { entriesOf, readSettings } from './settings-file.ts';

export const PROJECT_FILE = '.sg.yaml';

/** Off where no severity is given. */
export interface RuleSetting {
  readonly severity?: Severity;
  readonly reason: string;
  /** The file that says so, relative to the root. */
  readonly file: string;
}

export interface FolderSettings {
  readonly rules: ReadonlyMap<string, RuleSetting>;
  readonly failOn?: FailOn;
  /** Absolute. */
  readonly baseline?: string;
  readonly exclude?: Ignore;
  readonly include?: Ignore;
}

/** What one file says. Paths are absolute. */
interface ProjectFile {
  readonly rules: ReadonlyMap<string, RuleSetting>;
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[];
  readonly ruleFolders: readonly string[];
  readonly failOn: FailOn | undefined;
  readonly baseline: string | undefined;
}

const KEYS = ['include', 'exclude', 'rules', 'rule-folders', 'fail-on', 'baseline'];
const NOTHING: FolderSettings = { rules: new Map() };

export class ProjectSettings {
  /** Absolute. */
  readonly root: string;
  /** With place; where there is one, a scan cannot be trusted. */
  readonly problems: string[] = [];
  /** Absolute paths that hold rules. */
  readonly ruleFolders: string[] = [];
  readonly #folders = new Map<string, FolderSettings>();

  /** The root is the nearest folder above `cwd` (absolute) with a `.git`, or `cwd` itself. */
  constructor(cwd: string) {
    this.root = rootOf(cwd);
  }

  /** Reads the files that count in a folder; afterwards `at` knows it. */
  async load(folder: string): Promise<FolderSettings> {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    if (!isWithin(this.root, folder)) return NOTHING;
    const parent = folder === this.root ? NOTHING : await this.load(dirname(folder));
    const path = join(folder, PROJECT_FILE);
    const settings = existsSync(path) ? await this.#extend(parent, folder, path) : parent;
    this.#folders.set(folder, settings);
    return settings;
  }

  /** Of a folder that was loaded. */
  at(folder: string): FolderSettings {
    return this.#folders.get(folder) ?? NOTHING;
  }

  /** Whether the settings leave out the file at this absolute path; its folder was loaded. */
  leavesOut(path: string): boolean {
    const { include, exclude } = this.at(dirname(path));
    if (include === undefined && exclude === undefined) return false;
    const inside = slashed(relative(this.root, path));
    return exclude?.test(inside).ignored === true || include?.test(inside).ignored === false;
  }

  async #extend(parent: FolderSettings, folder: string, path: string): Promise<FolderSettings> {
    const shown = slashed(relative(this.root, path));
    const read = await readSettings(
      { path, shown, root: this.root, cost: 'correct it: until then no scan passes', keys: KEYS },
      (reader) => this.#take(reader, folder, shown),
    );
    if (!read.ok) {
      this.problems.push(...read.problems);
      return parent;
    }
    const { rules, include, exclude, ruleFolders, failOn, baseline } = read.value;
    this.ruleFolders.push(...ruleFolders);
    const prefix = slashed(relative(this.root, folder));
    const inRoot = (globs: readonly string[]): string[] =>
      prefix === '' ? [...globs] : globs.map((glob) => below(prefix, glob));
    const excluded =
      exclude.length === 0
        ? parent.exclude
        : ignore()
            .add(parent.exclude ?? [])
            .add(inRoot(exclude));
    const included = include === undefined ? parent.include : ignore().add(inRoot(include));
    return {
      ...parent,
      rules: new Map([...parent.rules, ...rules]),
      ...(failOn !== undefined && { failOn }),
      ...(baseline !== undefined && { baseline }),
      ...(excluded !== undefined && { exclude: excluded }),
      ...(included !== undefined && { include: included }),
    };
  }

  #take(reader: Reader, folder: string, file: string): ProjectFile {
    const ruleFolders = reader.texts('rule-folders') ?? [];
    if (ruleFolders.length > 0 && folder !== this.root)
      reader.error('rule-folders', `rule-folders counts in the root's ${PROJECT_FILE} alone`);
    const baseline = reader.text('baseline');
    return {
      rules: new Map(
        entriesOf(reader, 'rules').flatMap(([id, each]) => {
          const setting = ruleSetting(each, file);
          return setting === undefined ? [] : [[id, setting] as const];
        }),
      ),
      include: reader.texts('include'),
      exclude: reader.texts('exclude') ?? [],
      ruleFolders: ruleFolders.flatMap(
        (path, index) => this.#inside(reader, folder, 'rule-folders', path, index) ?? [],
      ),
      failOn: reader.oneOf('fail-on', FAIL_ON),
      baseline:
        baseline === undefined ? undefined : this.#inside(reader, folder, 'baseline', baseline),
    };
  }

  /** The absolute path, if that is inside the root, links followed. */
  #inside(
    reader: Reader,
    folder: string,
    key: string,
    path: string,
    index?: number,
  ): string | undefined {
    const absolute = resolve(folder, path);
    try {
      // A baseline is named before it is first written.
      const real = existsSync(absolute) ? absolute : key === 'baseline' ? dirname(absolute) : path;
      if (
        !isAbsolute(path) &&
        isWithin(this.root, absolute) &&
        isWithin(realpathSync(this.root), realpathSync(real))
      )
        return absolute;
      reader.error(key, `${key} is ${quote(path)}; expected a path inside the project`, index);
    } catch {
      reader.error(key, `${key} is ${quote(path)}, which is not there`, index);
    }
    return undefined;
  }
}

function ruleSetting(reader: Reader, file: string): RuleSetting | undefined {
  reader.unknownKeys(['off', 'severity', 'reason'], true);
  const reason = reader.text('reason', { required: true });
  const severity = reader.oneOf('severity', SEVERITIES);
  const off = reader.fields.get('off');
  if (off !== undefined && off !== true)
    reader.error('off', `off is ${quote(off)}; expected true, or no such rule here at all`);
  if ((off === true) === (severity !== undefined))
    reader.error(undefined, 'expected "off: true" or a severity, one of the two');
  if (reason === undefined) return undefined;
  return { ...(severity !== undefined && { severity }), reason, file };
}

function rootOf(cwd: string): string {
  for (let at = cwd; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return cwd;
  }
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
