/**
 * Runs one git command: no shell, its own environment, a time limit and a cap on what it may print.
 *
 * Only commands of the table below can be run. Each was seen, with canaries planted in every setting that
 * names a program, to start nothing; see test/host/git/hostile.test.ts before one is added. `status` is
 * for status.ts alone, which gives it a git folder without settings. `diff-files`, `ls-files -m`, `log`
 * and `add` are missing on purpose: they run clean filters or gpg.
 */
import { spawn } from 'node:child_process';
import type { GitProgram } from './program.ts';
import { GLOBAL_ARGUMENTS } from './program.ts';
import { failed, ok } from './result.ts';
import type { GitFailed, GitResult } from './result.ts';

const TIME_LIMITS_MS = {
  'rev-parse': 5_000,
  'merge-base': 5_000,
  'rev-list': 10_000,
  config: 5_000,
  'for-each-ref': 10_000,
  'ls-files': 15_000,
  'ls-tree': 15_000,
  'cat-file': 15_000,
  status: 30_000,
  'diff-index': 30_000,
  'diff-tree': 30_000,
};

export type GitCommand = keyof typeof TIME_LIMITS_MS;

export interface GitRequest {
  readonly command: GitCommand;
  readonly args: readonly string[];
  readonly input?: string;
  /** Most bytes of output that are wanted; more is `too-large`. */
  readonly maxBytes?: number;
  /** Instead of the command's own limit. */
  readonly timeLimitMs?: number;
  /** `--git-dir` and the like, before the command. */
  readonly where?: readonly string[];
  /** Variables beside those of the program. */
  readonly env?: Readonly<Record<string, string>>;
}

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** Enough to recognise a failure by. */
const MAX_ERROR_BYTES = 4096;

/** Runs `request` in `cwd`. Never rejects. */
export function runGit(
  git: GitProgram,
  cwd: string,
  request: GitRequest,
): Promise<GitResult<Buffer>> {
  const { command, input } = request;
  const maxBytes = request.maxBytes ?? MAX_OUTPUT_BYTES;
  const limit = request.timeLimitMs ?? TIME_LIMITS_MS[command];
  const late = failed('timeout', `git ${command} took longer than ${limit} ms`);
  // Whoever has no time left need not start it.
  if (limit <= 0) return Promise.resolve(late);
  return new Promise((resolve) => {
    const child = spawn(
      git.path,
      [...GLOBAL_ARGUMENTS, ...(request.where ?? []), command, ...request.args],
      { cwd, env: { ...git.env, ...request.env }, stdio: 'pipe', windowsHide: true },
    );
    const output: Buffer[] = [];
    let size = 0;
    let errors = '';
    const end = (result: GitResult<Buffer>): void => {
      clearTimeout(timer);
      child.stdout.removeAllListeners('data');
      child.kill('SIGKILL');
      resolve(result);
    };
    const timer = setTimeout(() => end(late), limit);
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= maxBytes) output.push(part);
      else end(failed('too-large', `git ${command} printed more than ${maxBytes} bytes`));
    });
    child.stderr.on('data', (part: Buffer) => {
      if (errors.length < MAX_ERROR_BYTES) errors += part.toString('latin1');
    });
    child.on('error', () => end(failed('git-missing', `${git.path} could not be started`)));
    child.on('close', (code) => {
      end(code === 0 ? ok(Buffer.concat(output)) : failureOf(command, code, errors));
    });
    // A program that ends early closes its input; its exit code tells why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}

function failureOf(command: GitCommand, code: number | null, errors: string): GitFailed {
  if (errors.includes('dubious ownership')) {
    return failed(
      'dubious-ownership',
      'git does not trust this folder, which belongs to another user; `git status` there says how to trust it',
    );
  }
  if (/not a git repository|cannot use bare repository/.test(errors)) {
    return failed('not-a-repo', 'git does not see a repository here');
  }
  return failed(
    'exit',
    `git ${command} ended with ${code ?? 'a signal'}; run it by hand to see why`,
  );
}
