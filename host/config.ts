/**
 * Every environment variable that the hooks read, in one table, parsed once into a frozen object.
 * An empty value counts as unset.
 */
import { isAbsolute, join, resolve } from 'node:path';

/** One variable, as the documentation shows it. */
export interface ConfigEntry {
  readonly name: string;
  /** What holds when the variable is unset, in words. */
  readonly default: string;
  readonly type: 'on unless 0' | 'off unless 1' | 'folder' | 'file' | 'text';
  readonly effect: string;
}

export const configTable: readonly ConfigEntry[] = [
  {
    name: 'SECURITY_GUIDANCE_DISABLE',
    default: 'unset',
    type: 'off unless 1',
    effect: 'Turns everything off: `1`, `true`, `yes` or `on`, in any case.',
  },
  {
    name: 'ENABLE_SECURITY_REMINDER',
    default: '1',
    type: 'on unless 0',
    effect: 'Older name of the main switch: exactly `0` turns everything off.',
  },
  {
    name: 'ENABLE_PATTERN_RULES',
    default: '1',
    type: 'on unless 0',
    effect: 'Exactly `0` turns off the check after each edit.',
  },
  {
    name: 'SECURITY_WARNINGS_STATE_DIR',
    default: '`$CLAUDE_CONFIG_DIR/security`',
    type: 'folder',
    effect: 'Where the session state and the log are kept.',
  },
  {
    name: 'CLAUDE_CONFIG_DIR',
    default: '`~/.claude`',
    type: 'folder',
    effect: "Claude Code's own folder: holds the user's rule files, `security/` and `plans/`.",
  },
  {
    name: 'SECURITY_GUIDANCE_DEBUG_LOG',
    default: '`log.txt` in the state folder',
    type: 'file',
    effect: 'Where the log is written.',
  },
  {
    name: 'CLAUDE_PROJECT_DIR',
    default: "the payload's `cwd`",
    type: 'folder',
    effect: 'Project root, set by Claude Code: paths are shown and scoped relative to it.',
  },
  {
    name: 'CLAUDE_CODE_REMOTE_SESSION_ID',
    default: "the payload's `session_id`",
    type: 'text',
    effect: 'Names the session in a remote container; takes precedence as the state key.',
  },
];

/** What the variables say. Folders are absolute; one is undefined when nothing names it. */
export interface Config {
  /** False when a main switch is off: nothing runs. */
  readonly enabled: boolean;
  /** False when the per-edit check is off. */
  readonly patternRules: boolean;
  readonly configDir: string | undefined;
  readonly stateDir: string | undefined;
  readonly logPath: string | undefined;
  readonly projectDir: string | undefined;
  readonly remoteSessionId: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const TRUE_WORDS: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on']);

/**
 * Reads `env`. `home` is the user's home folder, undefined where there is none; relative folders count
 * from the current folder and a leading `~/` from `home`.
 */
export function readConfig(env: Environment, home: string | undefined): Config {
  const text = (name: string): string | undefined => env[name] || undefined;
  const folder = (name: string): string | undefined => absolute(text(name), home);
  const configDir = folder('CLAUDE_CONFIG_DIR') ?? (home ? join(home, '.claude') : undefined);
  const stateDir =
    folder('SECURITY_WARNINGS_STATE_DIR') ?? (configDir ? join(configDir, 'security') : undefined);
  const disabled = TRUE_WORDS.has((text('SECURITY_GUIDANCE_DISABLE') ?? '').trim().toLowerCase());
  return Object.freeze({
    enabled: !disabled && text('ENABLE_SECURITY_REMINDER') !== '0',
    patternRules: text('ENABLE_PATTERN_RULES') !== '0',
    configDir,
    stateDir,
    logPath:
      folder('SECURITY_GUIDANCE_DEBUG_LOG') ?? (stateDir ? join(stateDir, 'log.txt') : undefined),
    projectDir: folder('CLAUDE_PROJECT_DIR'),
    remoteSessionId: text('CLAUDE_CODE_REMOTE_SESSION_ID'),
  });
}

function absolute(path: string | undefined, home: string | undefined): string | undefined {
  if (path === undefined || path.includes('\0')) return undefined;
  if (home && (path === '~' || path.startsWith('~/'))) return join(home, path.slice(1));
  if (isAbsolute(path)) return path;
  try {
    return resolve(path);
  } catch {
    // The current folder was deleted: nothing is relative to it.
    return undefined;
  }
}
