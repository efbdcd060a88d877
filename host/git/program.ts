/**
 * Which `git` is run, and with which environment and settings.
 *
 * Invariant: nothing that a repository says decides which program runs. Settings on the command line win
 * over every configuration file, and the environment is built from nothing rather than cleaned.
 */
import { delimiter, dirname, parse, sep } from 'node:path';
import { findProgram, searchPath } from '../program.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where git is asked to work. */
export interface GitProgram {
  /** Absolute path of the program. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What git may know of the user's environment: where its own settings and the user's are. */
const PASSED_ON = [
  'HOME',
  'XDG_CONFIG_HOME',
  'SUDO_UID',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'PROGRAMDATA',
  'SYSTEMROOT',
  'SystemRoot',
  'TMPDIR',
  'TEMP',
  'TMP',
];

const NULL_FILE = process.platform === 'win32' ? 'NUL' : '/dev/null';

const SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', NULL_FILE],
  ['core.untrackedCache', 'false'],
  ['core.attributesFile', NULL_FILE],
  ['core.pager', 'cat'],
  ['core.editor', 'false'],
  ['core.askPass', ''],
  ['core.sshCommand', 'false'],
  ['core.alternateRefsCommand', 'false'],
  ['core.quotePath', 'false'],
  ['color.ui', 'false'],
  ['credential.helper', ''],
  ['diff.external', ''],
  ['diff.ignoreSubmodules', 'none'],
  ['gc.auto', '0'],
  ['gpg.program', 'false'],
  ['log.showSignature', 'false'],
  ['maintenance.auto', 'false'],
  ['protocol.allow', 'never'],
  ['safe.bareRepository', 'explicit'],
  ['submodule.recurse', 'false'],
];

/** Arguments that go before every command. */
export const GLOBAL_ARGUMENTS: readonly string[] = [
  ...SETTINGS.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  '--no-pager',
  '--no-optional-locks',
  '--no-replace-objects',
  '--literal-pathspecs',
];

/**
 * The first `git` on PATH for work in `root`, or undefined. Relative parts of PATH, and parts inside
 * `root`, are left out for git and for everything below it: a repository can ship a program named git.
 */
export function findGit(env: Environment, root: string): GitProgram | undefined {
  const searched = searchPath(env).filter((folder) => !isInside(root, folder));
  const path = findProgram('git', searched);
  if (path === undefined) return undefined;
  const passed = PASSED_ON.flatMap((key) => {
    const value = env[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    path,
    env: {
      ...Object.fromEntries(passed),
      PATH: searched.join(delimiter),
      LC_ALL: 'C',
      // The discovery must end where ours ended.
      GIT_CEILING_DIRECTORIES: dirname(root),
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_ATTR_NOSYSTEM: '1',
      // A partial clone fetches a missing object by itself, with commands that the repository names.
      // An allowed list that is empty forbids every protocol, whatever `protocol.*.allow` says.
      GIT_ALLOW_PROTOCOL: '',
      GIT_NO_LAZY_FETCH: '1',
      GIT_ASKPASS: '',
      SSH_ASKPASS: '',
      GIT_PAGER: 'cat',
    },
  };
}

/** Whether `path` is `folder` or below it; never so for the root of a disk. */
function isInside(folder: string, path: string): boolean {
  if (parse(folder).root === folder) return false;
  return path === folder || path.startsWith(folder + sep);
}
