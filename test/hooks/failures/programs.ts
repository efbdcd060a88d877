/** Runs programs beside a test, as another user of this machine where this process may. */
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spoken } from '../support.ts';
import type { Spoken } from '../support.ts';

/** `nobody` on Linux. */
export const OTHER: number = 65_534;

/** Only root can take another user's place; elsewhere these tests are shown as skipped. */
export const isRoot: boolean = process.getuid?.() === 0;

export interface UserRun extends Spoken {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Runs a program to its end; as the other user when `other` says so. */
export function runProgram(
  command: readonly [string, ...string[]],
  { other, env, input = '' }: { other: boolean; env?: NodeJS.ProcessEnv; input?: string },
): Promise<Omit<UserRun, keyof Spoken>> {
  const [program, ...args] = command;
  const started = performance.now();
  return new Promise((done, reject) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: { PATH: process.env['PATH'], ...env },
      ...(other ? { uid: OTHER, gid: OTHER } : {}),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => done({ code, stdout, stderr, ms: performance.now() - started }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** Runs a program that lives as long as its test, and waits until it prints its first line. */
export async function runUntilItSays(
  script: string,
  args: readonly string[],
  user: { readonly uid?: number; readonly gid?: number } = {},
): Promise<void> {
  const child = spawn(process.execPath, ['-e', script, '--', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: '/',
    ...user,
  });
  child.unref();
  await new Promise<void>((done, reject) => {
    child.stdout.once('data', () => done());
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}

/** Runs the edit hook as the other user. */
export async function editAsOther(
  plugin: string,
  sent: unknown,
  env: NodeJS.ProcessEnv,
): Promise<UserRun> {
  const run = await runProgram(['sh', join(plugin, 'hooks/run.sh'), 'post-tool-use'], {
    other: true,
    env: { CLAUDE_PLUGIN_ROOT: plugin, ...env },
    input: JSON.stringify(sent),
  });
  if (run.code !== 0) throw new Error(`ended with ${run.code}`);
  return { ...run, ...spoken({ stdout: run.stdout, exitCode: 0 }) };
}

/** Gives a folder to the other user. */
export function give(path: string, mode: number = 0o700): void {
  chownSync(path, OTHER, OTHER);
  chmodSync(path, mode);
}

/** Whether a file system of its own can be made for a test. */
export function canMount(): boolean {
  return isRoot && process.platform === 'linux' && mayMount();
}

function mayMount(): boolean {
  try {
    // CAP_SYS_ADMIN, bit 21.
    const capabilities = /CapEff:\s*([0-9a-f]+)/.exec(readFileSync('/proc/self/status', 'utf8'));
    return (BigInt(`0x${capabilities?.[1] ?? '0'}`) & (1n << 21n)) !== 0n;
  } catch {
    return false;
  }
}
