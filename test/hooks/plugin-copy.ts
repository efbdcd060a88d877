/**
 * The built plugin, copied to a folder with a space in its name and run as its hooks.json says, in the
 * hook's own process unless a test says otherwise.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { payload } from './payloads.ts';
import { spoken } from './support.ts';
import type { Spoken } from './support.ts';

const DIST = resolve(import.meta.dirname, '../../dist/plugin');

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly plugin?: string;
}

export interface Run extends Spoken {
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** A copy of the plugin; each project and state folder is new. */
export class PluginCopy {
  readonly scratch: string;
  readonly plugin: string;
  root = '';
  state = '';
  private projects = 0;

  constructor() {
    if (!existsSync(DIST)) throw new Error('dist/plugin is missing: run `npm run build`');
    this.scratch = mkdtempSync(join(tmpdir(), 'sg hook '));
    this.plugin = join(this.scratch, 'plug in');
    cpSync(DIST, this.plugin, { recursive: true });
  }

  nextProject(): void {
    this.projects += 1;
    this.root = join(this.scratch, `project ${this.projects}`);
    this.state = join(this.scratch, `state ${this.projects}`);
    mkdirSync(this.root);
  }

  remove(): void {
    rmSync(this.scratch, { recursive: true, force: true });
  }

  /** Runs the hook; fails unless it ends with 0 and says nothing or one JSON object. */
  async run(input: string | Buffer, options: RunOptions = {}): Promise<Run> {
    const folder = options.plugin ?? this.plugin;
    const env = {
      PATH: process.env['PATH'],
      HOME: join(this.scratch, 'home'),
      SECURITY_WARNINGS_STATE_DIR: this.state,
      CLAUDE_PROJECT_DIR: this.root,
      CLAUDE_PLUGIN_ROOT: folder,
      SG_SERVICE: '0',
      ...options.env,
    };
    const started = performance.now();
    const { code, stdout, stderr } = await runShell(commandOf(folder), this.root, env, input);
    expect(code, stderr).toBe(0);
    const ms = performance.now() - started;
    return { ...spoken({ stdout, exitCode: 0 }), stdout, stderr, ms };
  }

  send(sent: unknown, options?: RunOptions): Promise<Run> {
    return this.run(`${JSON.stringify(sent)}\n`, options);
  }

  /** A Write of a new file in the project. */
  writeOf(name: string, content: string): unknown {
    const input = { file_path: join(this.root, name), content };
    return payload('Write', input, { type: 'create', originalFile: null }, { cwd: this.root });
  }

  logged(): string {
    const path = join(this.state, 'log.txt');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** A second copy, without the files in `remove`. */
  damaged(name: string, remove: readonly string[]): string {
    const copy = join(this.scratch, name);
    cpSync(this.plugin, copy, { recursive: true });
    for (const each of remove) rmSync(join(copy, each), { recursive: true });
    return copy;
  }
}

function commandOf(folder: string): string {
  const text = readFileSync(join(folder, 'hooks/hooks.json'), 'utf8');
  const command = /"command": ("(?:[^"\\]|\\.)*")/.exec(text)?.[1] ?? '""';
  return String(JSON.parse(command));
}

function runShell(
  command: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  input: string | Buffer,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((done, reject) => {
    const child = spawn('sh', ['-c', command], { cwd, env });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => done({ code, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
