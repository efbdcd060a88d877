/** The real Claude Code program, installed on demand, run with a home of its own. */
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { killProcessesOf } from './processes.ts';
import type { Running } from '../support/processes.ts';

const VERSION = '2.1.329';
export const ROOT_DIR: string = resolve(import.meta.dirname, '../..');
/** The plugin as it was built; sessions run a copy. */
export const PLUGIN_DIR: string = join(ROOT_DIR, 'dist/plugin');

/** Path of the program: `SG_E2E_CLAUDE`, else one in `node_modules/.cache` (about 235 MB, installed once). */
export function claudeBinary(): string {
  const named = process.env['SG_E2E_CLAUDE'];
  if (named !== undefined && named !== '') return named;
  const prefix = join(ROOT_DIR, 'node_modules/.cache', `claude-code-${VERSION}`);
  const binary = join(prefix, 'node_modules/.bin/claude');
  if (!existsSync(binary)) {
    mkdirSync(prefix, { recursive: true });
    const what = `@anthropic-ai/claude-code@${VERSION}`;
    const args = ['install', what, '--no-save', '--no-audit', '--no-fund', '--prefix', prefix];
    execFileSync('npm', args, { stdio: 'inherit' });
  }
  return binary;
}

/** Before any test: the plugin has to be built, and the program may have to be installed, which takes minutes. */
export function requireProgram(): void {
  if (!existsSync(PLUGIN_DIR)) throw new Error('dist/plugin is missing: run `npm run build`');
  claudeBinary();
}

/** A scratch folder with a home, a configuration, a project and a plugin, none of which is this machine's. */
export interface Sandbox {
  readonly root: string;
  readonly home: string;
  readonly project: string;
  /** A copy: an interactive session writes into the folder of a plugin. */
  readonly plugin: string;
  /** What the program writes with `--debug-file`. */
  readonly debugFile: string;
  /** Ends what still runs and deletes everything; says what had been left running. */
  remove(): readonly Running[];
}

export function createSandbox(files: Readonly<Record<string, string>>): Sandbox {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sg-e2e-')));
  const home = join(root, 'home');
  const project = join(root, 'project');
  const plugin = join(root, 'plugin');
  mkdirSync(join(home, '.claude'), { recursive: true });
  mkdirSync(project);
  cpSync(PLUGIN_DIR, plugin, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(project, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  // An interactive session asks about each of these the first time.
  const settled = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    customApiKeyResponses: { approved: [API_KEY], rejected: [] },
    projects: { [project]: { hasTrustDialogAccepted: true } },
  };
  writeFileSync(join(home, '.claude/.claude.json'), JSON.stringify(settled));
  return {
    root,
    home,
    project,
    plugin,
    debugFile: join(root, 'debug.log'),
    remove() {
      const left = killProcessesOf(root);
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
      return left;
    },
  };
}

const API_KEY = 'not-a-key';

/** Variables of the program; nothing of this process but PATH. */
export function claudeEnvironment(
  { home }: Sandbox,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    ANTHROPIC_API_KEY: API_KEY,
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    ...more,
  };
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the program. Without `talk` stdin ends at once; with it, it ends when `talk` resolves, which may write to it
 * and see what stdout shows so far.
 */
export function runClaude(
  args: readonly string[],
  sandbox: Sandbox,
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly talk?: (write: (text: string) => void, shown: () => string) => Promise<void>;
  } = {},
): Promise<Ended> {
  return new Promise((done, reject) => {
    const child = spawn(claudeBinary(), args, {
      cwd: sandbox.project,
      env: claudeEnvironment(sandbox, options.env),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => done({ code, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    if (options.talk === undefined) return void child.stdin.end();
    options
      .talk(
        (text) => child.stdin.write(text),
        () => stdout,
      )
      .then(() => child.stdin.end())
      .catch((error: unknown) => {
        child.kill();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
  });
}
