/** Runs the user's own `claude` to add and remove the plugin. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, searchPath } from '../../host/program.ts';
import { fieldsOf } from '../../host/rules/document.ts';
import type { Io } from '../io.ts';

/** The program in the absolute folders of PATH. */
export function findClaude(env: Io['env']): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  return findProgram('claude', searchPath(env), endings);
}

/** Names in the marketplace file that the build wrote. */
export interface MarketplaceNames {
  readonly marketplace: string;
  readonly plugin: string;
}

/** Reads `<dist>/.claude-plugin/marketplace.json`; undefined when it is not there or not ours. */
export function readMarketplace(dist: string): MarketplaceNames | undefined {
  try {
    const text = readFileSync(join(dist, '.claude-plugin', 'marketplace.json'), 'utf8');
    const fields = fieldsOf(JSON.parse(text));
    const marketplace = fields?.get('name');
    const plugins = fields?.get('plugins');
    const plugin = fieldsOf(Array.isArray(plugins) ? plugins[0] : undefined)?.get('name');
    if (typeof marketplace !== 'string' || typeof plugin !== 'string') return undefined;
    return { marketplace, plugin };
  } catch {
    return undefined;
  }
}

export interface Ran {
  /** 127 when the program could not be started. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `claude` with arguments and no standard input. */
export function runClaude(claude: string, args: readonly string[], io: Io): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(claude, args, {
      cwd: io.cwd,
      env: { ...io.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A .cmd file runs only through a shell; every argument is ours and none holds a metacharacter.
      shell: claude.endsWith('.cmd'),
      signal: io.signal,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => resolve({ code: 127, stdout, stderr: stderr + error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}
