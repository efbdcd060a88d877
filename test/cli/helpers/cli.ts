/** Runs the built `sg` as a user would: as a process of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';

/** The built program; `SG_TEST_CLI` names another one. */
export const CLI: string =
  process.env['SG_TEST_CLI'] ??
  fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

export const isBuilt: boolean = existsSync(CLI);

export interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export function start(
  args: readonly string[],
  { cwd, env }: RunOptions,
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, ...env },
  });
}

export async function sg(args: readonly string[], options: RunOptions): Promise<Result> {
  const child = start(args, options);
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return collect(child);
}

export function collect(child: ChildProcessWithoutNullStreams): Promise<Result> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({
        code,
        signal,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}

/** One rule for tests that are not about the built-in ones. */
export const RULE: string = `id: no-evil
title: Call of evil
severity: high
confidence: high
cwe: CWE-78
languages: [python]
in: code
patterns:
  - '\\bevil\\s*\\('
message:
  what: evil runs its argument.
  why: Whoever controls the argument controls the process.
  fix: Use good.
examples:
  match:
    - 'evil(x)'
    - 'evil (y)'
  no-match:
    - 'devil(x)'
    - '# evil(x)'
`;

export interface Folder {
  readonly root: () => string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /** Runs `sg` in the folder. */
  readonly sg: (args: readonly string[], options?: Partial<RunOptions>) => Promise<Result>;
  /** Scans with `RULE` alone. */
  readonly scan: (args: readonly string[], options?: Partial<RunOptions>) => Promise<Result>;
}

/** A scratch folder for each test. */
export function useFolder(): Folder {
  let root = '';
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sg-cli-')));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const write: Folder['write'] = (files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  const run: Folder['sg'] = (args, options = {}) => sg(args, { cwd: root, ...options });
  return {
    root: () => root,
    write,
    sg: run,
    scan(args, options) {
      write({ 'r/no-evil.yaml': RULE });
      return run(['scan', '--no-builtin', '--rules', 'r', ...args], options);
    },
  };
}

/** Everything but the time that a scan took. */
export function steady(text: string): string {
  return text.replace(/\d+\.\d s$/m, 'N s');
}
