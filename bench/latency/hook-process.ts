/** The edit hook as a process, started as the plugin's hooks.json says. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldsOf } from '../../host/rules/document.ts';
import { type Answer, readAnswer } from './answer.ts';
import type { Scratch } from './scratch.ts';

/** The shell command for edits, as the host runs it. Throws when hooks.json has none. */
export function hookCommand(plugin: string): string {
  const file = join(plugin, 'hooks/hooks.json');
  const hooks = fieldsOf(fieldsOf(JSON.parse(readFileSync(file, 'utf8')))?.get('hooks'));
  const entry = fieldsOf(first(hooks?.get('PostToolUse')));
  const command = fieldsOf(first(entry?.get('hooks')))?.get('command');
  if (typeof command !== 'string') throw new Error(`${file}: no command for PostToolUse`);
  return command;
}

function first(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}

export interface HookRun extends Answer {
  readonly ms: number;
}

/** Runs the hook and waits for its end. Throws when it fails or says anything on stderr. */
export function runHook(
  scratch: Scratch,
  command: string,
  payload: string,
  environment: Readonly<Record<string, string>>,
): HookRun {
  // Of a large text this takes longer than all that the hook does with it.
  const input = Buffer.from(payload);
  const begun = performance.now();
  const { status, stdout, stderr, error } = spawnSync('sh', ['-c', command], {
    cwd: scratch.project,
    env: environment,
    input,
  });
  const ms = performance.now() - begun;
  if (error !== undefined) throw error;
  if (status !== 0 || stderr.length > 0)
    throw new Error(`the hook: exit ${status}, stderr ${JSON.stringify(stderr.toString())}`);
  return { ms, ...readAnswer(stdout.toString()) };
}
