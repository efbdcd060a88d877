/** Where users' rule files are, and how they are read: nothing about a project's own files is trusted. */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  type Dirent,
} from 'node:fs';
import { basename, join, sep } from 'node:path';
import type { Origin } from '../../engine/rule.ts';

export interface RuleLocations {
  /** `CLAUDE_CONFIG_DIR`, or `.claude` in the home folder. Absent: no rules of the user's own. */
  readonly configDir?: string;
  /** Root of the project. Absent: no project rules. */
  readonly projectDir?: string;
}

/** Holds patterns for the rule files in its folder and in the folders there. */
export const NAMED_PATTERNS_FILE = 'named-patterns.yaml';

export interface RuleFile {
  readonly path: string;
  readonly origin: Exclude<Origin, 'builtin'>;
  /** `reference`: the Python plugin's format. `names`: no rules, but patterns that those beside it take in. */
  readonly format: 'reference' | 'native' | 'names';
  /** Folder that the file must really be in, links followed; set for a project's files. */
  readonly root?: string;
}

/** In this order the first one that exists counts, as in the Python plugin. */
const EXTENSIONS = ['yaml', 'yml', 'json'];
const MAX_BYTES = 1024 * 1024;
/** Files that are looked at in one `security-rules` folder. */
const MAX_FILES = 500;

/** The rule files that exist, user's first. Costs two directory listings when there are none. */
export function findRuleFiles(locations: RuleLocations): readonly RuleFile[] {
  const files: RuleFile[] = [];
  const { configDir, projectDir } = locations;
  if (configDir !== undefined) files.push(...inFolder(configDir, 'user'));
  if (projectDir !== undefined) {
    const folder = join(projectDir, '.claude');
    const found = inFolder(folder, 'project', projectDir);
    // Where there is nothing, as nearly always, the more costly question is not asked.
    if (found.length > 0 && (configDir === undefined || !isSame(folder, configDir)))
      files.push(...found);
  }
  return files;
}

function inFolder(folder: string, origin: 'user' | 'project', root?: string): RuleFile[] {
  const names = list(folder);
  if (names === undefined) return [];
  const files: RuleFile[] = [];
  const add = (path: string, origin: RuleFile['origin'], format: RuleFile['format']): void => {
    files.push({ path, origin, format, ...(root === undefined ? {} : { root }) });
  };
  const addFirst = (
    stem: string,
    extensions: readonly string[],
    origin: RuleFile['origin'],
    format: RuleFile['format'],
  ): void => {
    const extension = extensions.find((known) => names.has(`${stem}.${known}`));
    if (extension !== undefined) add(join(folder, `${stem}.${extension}`), origin, format);
  };
  addFirst('security-patterns', EXTENSIONS, origin, 'reference');
  addFirst('security-rules', ['yaml', 'yml'], origin, 'native');
  if (names.has('security-rules')) {
    for (const path of filesBelow(join(folder, 'security-rules')))
      add(path, origin, formatOf(path));
  }
  if (origin === 'project') {
    addFirst('security-patterns.local', EXTENSIONS, 'local', 'reference');
    addFirst('security-rules.local', ['yaml', 'yml'], 'local', 'native');
  }
  return files;
}

/** Rule files in a folder and in its folders, of which links are none. */
function filesBelow(folder: string): readonly string[] {
  const names = entriesOf(folder).flatMap((entry) =>
    entry.isDirectory()
      ? entriesOf(join(folder, entry.name)).map(({ name }) => join(entry.name, name))
      : [entry.name],
  );
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .slice(0, MAX_FILES)
    .map((name) => join(folder, name));
}

function formatOf(path: string): RuleFile['format'] {
  return basename(path) === NAMED_PATTERNS_FILE ? 'names' : 'native';
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function list(folder: string): ReadonlySet<string> | undefined {
  // An error costs more than the question.
  if (!existsSync(folder)) return undefined;
  try {
    return new Set(readdirSync(folder));
  } catch {
    return undefined;
  }
}

function isSame(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return a === b;
  }
}

export type ReadResult =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/** Reads a rule file as text. Refuses links that leave `root`, what is no regular file, and more than 1 MiB. */
export function readRuleFile(file: RuleFile): ReadResult {
  try {
    const real = realpathSync(file.path);
    if (file.root !== undefined && !real.startsWith(withSeparator(realpathSync(file.root)))) {
      return { ok: false, reason: `it is a link to ${real}, outside of the project` };
    }
    return read(real);
  } catch (error) {
    return { ok: false, reason: `it cannot be read (${codeOf(error)})` };
  }
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep;
}

function read(path: string): ReadResult {
  // The path has no links left; one that appears meanwhile is not followed, and a pipe is not waited for.
  const descriptor = openSync(
    path,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  );
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { ok: false, reason: 'it is no regular file' };
    if (stats.size > MAX_BYTES)
      return { ok: false, reason: `it has ${stats.size} bytes; at most ${MAX_BYTES} are read` };
    const bytes = Buffer.alloc(stats.size);
    let length = 0;
    while (length < bytes.length) {
      const count = readSync(descriptor, bytes, length, bytes.length - length, null);
      if (count === 0) break;
      length += count;
    }
    return { ok: true, text: bytes.toString('utf8', 0, length).replace(/^\uFEFF/, '') };
  } finally {
    closeSync(descriptor);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.code;
  return error instanceof Error ? error.message : 'unknown error';
}
