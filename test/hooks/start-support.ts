/** A copy of the built plugin whose `start.js` is run as a session runs it. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import type { ChildProcess, ExecFileOptions } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const DIST = resolve(import.meta.dirname, '../../dist/plugin');

export const isBuilt: boolean = existsSync(join(DIST, 'service', 'start.js'));
export const isRoot: boolean = process.geteuid?.() === 0;
/** A user that owns nothing here. */
export const NOBODY = 65534;

export interface StartRun {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What `--json` printed; empty when nothing was. */
  readonly result: Readonly<Record<string, unknown>>;
}

export class StartCopy {
  readonly scratch: string;
  readonly plugin: string;
  private states = 0;
  private readonly folders: string[] = [];

  constructor() {
    // Everybody may read it: some tests run as another user.
    this.scratch = mkdtempSync(join(tmpdir(), 'sg start '));
    chmodSync(this.scratch, 0o755);
    this.plugin = join(this.scratch, 'plug in');
    cpSync(DIST, this.plugin, { recursive: true });
  }

  get script(): string {
    return join(this.plugin, 'service', 'start.js');
  }

  /** Another state folder, not made yet; returns the service's folder in it. */
  nextDir(name = 'state'): string {
    this.states += 1;
    return this.track(join(this.scratch, `${name} ${this.states}`, 'service'));
  }

  /** Ends the service of `dir` when the tests are over. */
  track(dir: string): string {
    this.folders.push(dir);
    return dir;
  }

  /** A second copy, with files removed or replaced. */
  damaged(change: (folder: string) => void): string {
    this.states += 1;
    const copy = join(this.scratch, `damaged ${this.states}`);
    cpSync(this.plugin, copy, { recursive: true });
    change(copy);
    return join(copy, 'service', 'start.js');
  }

  start(dir: string, more: StartOptions = {}): Promise<StartRun> {
    const { flags = [], script = this.script, ...options } = more;
    return run(process.execPath, [script, dir, '--json', ...flags], {
      env: this.env(dir),
      cwd: this.scratch,
      ...options,
    });
  }

  /** With the address space limited to `kib` KiB, as `ulimit -v` does. */
  startLimited(dir: string, kib: number, script: string = this.script): Promise<StartRun> {
    const command = `ulimit -v ${kib}; exec "$0" "$@"`;
    const args = ['-c', command, process.execPath, script, dir, '--json'];
    return run('bash', args, { env: this.env(dir) });
  }

  /** Starts and does not wait. */
  launch(dir: string, script: string = this.script): ChildProcess {
    return spawn(process.execPath, [script, dir], { env: this.env(dir), stdio: 'ignore' });
  }

  env(dir: string): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: join(this.scratch, 'home'),
      SECURITY_WARNINGS_STATE_DIR: join(dir, '..'),
      ANTHROPIC_API_KEY: 'sk-not-for-the-service',
    };
  }

  async remove(): Promise<void> {
    // A starter may be about to start a service: until there is neither.
    await until(() => {
      const left = this.folders.flatMap((dir) => processesOf(dir));
      for (const pid of left) kill(pid);
      return left.length === 0 ? true : undefined;
    });
    rmSync(this.scratch, { recursive: true, force: true });
  }
}

export interface StartOptions extends ExecFileOptions {
  readonly flags?: readonly string[];
  readonly script?: string;
}

function run(file: string, args: readonly string[], options: ExecFileOptions): Promise<StartRun> {
  return new Promise((done) => {
    const child = execFile(
      file,
      [...args],
      { ...options, encoding: 'utf8' },
      (_error, stdout, stderr) => {
        done({
          code: child.exitCode,
          signal: child.signalCode,
          stdout,
          stderr,
          result: objectIn(stdout),
        });
      },
    );
  });
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  if (text === '') return {};
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function jsonIn(file: string): Readonly<Record<string, unknown>> {
  return objectIn(readFileSync(file, 'utf8'));
}

/** Ids of the processes that have `dir` as an argument: services and starters. Linux only. */
export function processesOf(dir: string, script = ''): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.includes(dir) && words.some((word) => word.endsWith(script));
      } catch {
        return false;
      }
    })
    .map(Number);
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone.
  }
}

/** Waits until `find` gives something; throws after `ms`. */
export async function until<T>(find: () => T | undefined, ms = 60_000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((done) => {
      setTimeout(done, 2);
    });
  }
}

/** Mounts a small file system in memory at `folder`; false where that is not allowed. */
export function mountSmall(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tmpfs', folder], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

export function remountReadOnly(folder: string): void {
  execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'ignore' });
}

export function unmount(folder: string): void {
  execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
}
