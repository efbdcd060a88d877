/** Runs the plugin's hooks exactly as its hooks.json says, the way Claude Code does. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fieldsOf } from '../../host/rules/document.ts';

export interface HookRun {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface HookSetting {
  readonly plugin: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface HookCommands {
  readonly edit: string;
  /** Starts the service; undefined for a plugin without one. */
  readonly sessionStart: string | undefined;
  readonly prompt: string;
  readonly stop: string;
}

/** The commands in the plugin's hooks.json. Throws when one that has to be there is not. */
export async function readHookCommands(plugin: string): Promise<HookCommands> {
  const file = join(plugin, 'hooks', 'hooks.json');
  const hooks = fieldsOf(fieldsOf(JSON.parse(await readFile(file, 'utf8')))?.get('hooks'));
  const commandOf = (event: string): string | undefined => {
    const inner = fieldsOf(firstOf(hooks?.get(event)))?.get('hooks');
    const command = fieldsOf(firstOf(inner))?.get('command');
    return typeof command === 'string'
      ? command.replaceAll('${CLAUDE_PLUGIN_ROOT}', plugin)
      : undefined;
  };
  const needed = (event: string): string => {
    const command = commandOf(event);
    if (command === undefined) throw new Error(`${file}: no command for ${event}`);
    return command;
  };
  return {
    edit: needed('PostToolUse'),
    sessionStart: commandOf('SessionStart'),
    prompt: needed('UserPromptSubmit'),
    stop: needed('Stop'),
  };
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}

/**
 * Gives a payload to the hook and waits for its end and that of what it runs, so that nothing writes
 * afterwards. Aborted, it ends all of them.
 */
export function runHook(setting: HookSetting, command: string, payload: unknown): Promise<HookRun> {
  const { signal } = setting;
  const begun = performance.now();
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', command], {
      cwd: setting.cwd,
      env: { ...setting.env, CLAUDE_PLUGIN_ROOT: setting.plugin },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, to be ended as one.
      detached: GROUPS,
    });
    const stop = (): void => endGroup(child);
    signal.addEventListener('abort', stop);
    let stdout = '';
    let stderr = '';
    const end = (code: number | undefined): void => {
      signal.removeEventListener('abort', stop);
      resolve({ code, stdout, stderr, milliseconds: performance.now() - begun });
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => {
      stderr += error.message;
      end(undefined);
    });
    child.on('close', (code) => end(code ?? undefined));
    // A hook that ends early closes its input; what it prints says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify(payload)}\n`);
  });
}

/** Windows has no process groups. */
const GROUPS = process.platform !== 'win32';

function endGroup(child: ChildProcess): void {
  try {
    if (GROUPS && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** What the model would read: the hook's one JSON object's context, if it is one. */
export function contextOf(
  stdout: string,
): { readonly ok: true; readonly text: string } | { readonly ok: false } {
  if (stdout === '') return { ok: true, text: '' };
  try {
    const output = fieldsOf(fieldsOf(JSON.parse(stdout))?.get('hookSpecificOutput'));
    const text = output?.get('additionalContext');
    return { ok: true, text: typeof text === 'string' ? text : '' };
  } catch {
    return { ok: false };
  }
}
