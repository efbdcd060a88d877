/** Runs a program with its own process group, so that its end is the end of all that it started. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { AbortSignalLike } from '../../../orchestrator/transport.ts';

export type ChildEnd =
  | {
      readonly kind: 'ended';
      readonly code: number | null;
      readonly stdout: string;
      readonly stderr: string;
    }
  /** Not started, or its output was larger than any answer. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'cancelled' };

/** Bytes of stdout. */
const MAX_OUTPUT = 16 * 1024 * 1024;
/** Characters of stderr that are kept. */
const MAX_STDERR = 4000;

export interface ChildOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin: string;
}

/** Never rejects. An abort of `signal` kills the group at once. */
export function runChild(
  program: string,
  { args, env, cwd, stdin }: ChildOptions,
  signal: AbortSignalLike,
): Promise<ChildEnd> {
  if (signal.aborted) return Promise.resolve({ kind: 'cancelled' });
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = '';
    const settle = (end: ChildEnd): void => {
      signal.removeEventListener('abort', abort);
      resolve(end);
    };
    const abort = (): void => {
      killGroup(child);
      settle({ kind: 'cancelled' });
    };
    signal.addEventListener('abort', abort);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_OUTPUT) return void chunks.push(chunk);
      killGroup(child);
      settle({ kind: 'failed', message: `it wrote more than ${MAX_OUTPUT} bytes` });
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MAX_STDERR) stderr += text.slice(0, MAX_STDERR);
    });
    child.on('error', (error) => settle({ kind: 'failed', message: error.message }));
    child.on('close', (code) => {
      // What it left running is ended too.
      killGroup(child);
      settle({ kind: 'ended', code, stdout: Buffer.concat(chunks).toString('utf8'), stderr });
    });
    // A program that ends early closes its stdin before all is written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
  });
}

function killGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}
