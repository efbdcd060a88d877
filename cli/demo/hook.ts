/** Runs the plugin's edit hook exactly as its hooks.json says, the way Claude Code does. */
import { spawn } from 'node:child_process';
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
  readonly command: string;
  readonly plugin: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** The command for edits in the plugin's hooks.json. Throws when there is none. */
export async function readHookCommand(plugin: string): Promise<string> {
  const file = join(plugin, 'hooks', 'hooks.json');
  const hooks = fieldsOf(fieldsOf(JSON.parse(await readFile(file, 'utf8')))?.get('hooks'));
  const inner = fieldsOf(firstOf(hooks?.get('PostToolUse')))?.get('hooks');
  const command = fieldsOf(firstOf(inner))?.get('command');
  if (typeof command !== 'string') throw new Error(`${file}: no command for PostToolUse`);
  return command.replaceAll('${CLAUDE_PLUGIN_ROOT}', plugin);
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}

/** Gives a payload to the hook and waits for its end. */
export function runHook(setting: HookSetting, payload: unknown): Promise<HookRun> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', setting.command], {
      cwd: setting.cwd,
      env: { ...setting.env, CLAUDE_PLUGIN_ROOT: setting.plugin },
      stdio: ['pipe', 'pipe', 'pipe'],
      signal: setting.signal,
    });
    let stdout = '';
    let stderr = '';
    const end = (code: number | undefined): void =>
      resolve({ code, stdout, stderr, milliseconds: performance.now() - begun });
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
