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
  readonly type:
    'on unless 0' | 'off unless 1' | 'folder' | 'file' | 'text' | 'milliseconds' | 'number';
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
    name: 'SG_SERVICE',
    default: '1',
    type: 'on unless 0',
    effect:
      'Exactly `0`: no resident service is asked or started, every hook works in its own process.',
  },
  {
    name: 'SG_EDIT_DEADLINE_MS',
    default: '50',
    type: 'milliseconds',
    effect:
      'Time that the service has for an edit, 10 to 200; what is left then is finished in the background.',
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
  /** False: no resident service is asked or started. */
  readonly service: boolean;
  /** Time for an edit inside the service. */
  readonly editDeadlineMs: number;
  readonly configDir: string | undefined;
  readonly stateDir: string | undefined;
  readonly logPath: string | undefined;
  readonly projectDir: string | undefined;
  readonly remoteSessionId: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const TRUE_WORDS: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on']);

const DEFAULT_DEADLINE_MS = 50;
/** The thin client waits 300 ms in all, so more than this would never be waited for. */
const MAX_DEADLINE_MS = 200;
const MIN_DEADLINE_MS = 10;

/**
 * Reads `env`. `home` is the user's home folder, undefined where there is none; relative folders count
 * from `cwd`, which is the current folder when absent, and a leading `~/` from `home`.
 */
export function readConfig(env: Environment, home: string | undefined, cwd?: string): Config {
  const text = (name: string): string | undefined => env[name] || undefined;
  const folder = (name: string): string | undefined => absolute(text(name), home, cwd);
  const configDir = folder('CLAUDE_CONFIG_DIR') ?? (home ? join(home, '.claude') : undefined);
  const stateDir =
    folder('SECURITY_WARNINGS_STATE_DIR') ?? (configDir ? join(configDir, 'security') : undefined);
  const disabled = TRUE_WORDS.has((text('SECURITY_GUIDANCE_DISABLE') ?? '').trim().toLowerCase());
  return Object.freeze({
    enabled: !disabled && text('ENABLE_SECURITY_REMINDER') !== '0',
    patternRules: text('ENABLE_PATTERN_RULES') !== '0',
    service: text('SG_SERVICE') !== '0',
    editDeadlineMs: deadline(text('SG_EDIT_DEADLINE_MS')),
    configDir,
    stateDir,
    logPath:
      folder('SECURITY_GUIDANCE_DEBUG_LOG') ?? (stateDir ? join(stateDir, 'log.txt') : undefined),
    projectDir: folder('CLAUDE_PROJECT_DIR'),
    remoteSessionId: text('CLAUDE_CODE_REMOTE_SESSION_ID'),
  });
}

/** What is no whole number counts as unset. */
function deadline(value: string | undefined): number {
  if (value === undefined || !/^\d{1,9}$/.test(value)) return DEFAULT_DEADLINE_MS;
  return Math.min(MAX_DEADLINE_MS, Math.max(MIN_DEADLINE_MS, Number(value)));
}

function absolute(
  path: string | undefined,
  home: string | undefined,
  cwd: string | undefined,
): string | undefined {
  if (path === undefined || path.includes('\0')) return undefined;
  if (home && (path === '~' || path.startsWith('~/'))) return join(home, path.slice(1));
  if (isAbsolute(path)) return path;
  try {
    return cwd === undefined ? resolve(path) : resolve(cwd, path);
  } catch {
    // The current folder was deleted: nothing is relative to it.
    return undefined;
  }
}
