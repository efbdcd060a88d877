/** `hooks/run.sh` and `client.pl` in a plugin of its own, whose programs write down how they were started. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'vitest';
import { processesWith } from '../support/processes.ts';

const HOOKS = resolve(import.meta.dirname, '../../hooks');

/** The shells that `sh` may be, and whether this machine has them. */
export const SHELLS: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'sh', command: ['sh'] },
  { name: 'dash', command: ['dash'] },
  { name: 'bash', command: ['bash'] },
  { name: 'bash --posix', command: ['bash', '--posix'] },
  { name: 'busybox ash', command: ['busybox', 'ash'] },
  { name: 'mksh', command: ['mksh'] },
];

/** What the client asks with, and all the programs that it has then. */
export const CLIENTS = {
  perl: ['sh', 'node', 'perl'],
  // printf: mksh has none of its own.
  curl: ['sh', 'node', 'curl', 'tee', 'rm', 'printf'],
} as const;
export type Client = keyof typeof CLIENTS;

/** Each client under each shell of this machine. */
export const WAYS: readonly {
  readonly way: string;
  readonly client: Client;
  readonly shell: readonly string[];
}[] = (['perl', 'curl'] as const)
  .filter((client) => isHere([client]))
  .flatMap((client) =>
    SHELLS.filter(({ command }) => isHere(command)).map(({ name, command }) => ({
      way: `by ${client} under ${name}`,
      client,
      shell: command,
    })),
  );

export function isHere(command: readonly string[]): boolean {
  return which(command[0] ?? '') !== undefined;
}

export const FROM_NODE = '{"systemMessage":"from Node.js"}\n';

/** Writes what it was started with beside itself; the shell's words are compared as bytes. */
const RECORDER = `
const { readFileSync, writeFileSync } = require('node:fs');
const stdin = readFileSync(0);
const args = process.argv.slice(2);
const failure = process.env.SG_CLIENT_FAILURE;
const { LC_ALL: locale, NODE_EXTRA_CA_CERTS: certificates } = process.env;
writeFileSync(__filename + '.seen', JSON.stringify({ stdin: stdin.toString('base64'), args, failure, locale, certificates, cwd: process.cwd() }));
`;

export interface Seen {
  readonly stdin: Buffer;
  readonly args: readonly string[];
  readonly failure: string | undefined;
  /** `LC_ALL`. */
  readonly locale: string | undefined;
  /** `NODE_EXTRA_CA_CERTS`. */
  readonly certificates: string | undefined;
  readonly cwd: string;
}

export interface Run {
  readonly stdout: string;
  readonly ms: number;
}

export interface RunOptions {
  readonly shell?: readonly string[];
  /** By default both are there, and perl is asked with. */
  readonly client?: Client;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly event?: string;
  /** In place of `run.sh EVENT`: what the shell is given to run. */
  readonly command?: string;
  readonly cwd?: string;
}

export class ClientWorld {
  readonly scratch: string = mkdtempSync(join(tmpdir(), 'sg client '));
  readonly state: string = join(this.scratch, 'state');
  readonly service: string = join(this.state, 'service');
  readonly home: string = join(this.scratch, 'home');
  readonly cwd: string = join(this.scratch, 'work');
  private readonly plugin = join(this.scratch, 'plug in');

  constructor() {
    for (const dir of [this.home, this.cwd, join(this.plugin, 'hooks')]) {
      mkdirSync(dir, { recursive: true });
    }
    mkdirSync(join(this.plugin, 'service'));
    mkdirSync(join(this.plugin, 'turn'));
    mkdirSync(join(this.plugin, '.claude-plugin'));
    for (const name of ['run.sh', 'client.pl', 'client-rest.pl'])
      cpSync(join(HOOKS, name), join(this.plugin, 'hooks', name));
    const answer = `process.stdout.write(${JSON.stringify(FROM_NODE)});`;
    writeFileSync(this.script('hooks/post-tool-use.js'), `${RECORDER}${answer}`);
    writeFileSync(this.script('service/start.js'), RECORDER);
    writeFileSync(this.script('turn/main.js'), RECORDER);
    const manifest = JSON.stringify({ name: 'x', version: '1.2.3' }, null, 2);
    writeFileSync(join(this.plugin, '.claude-plugin/plugin.json'), manifest);
  }

  script(name: string): string {
    return join(this.plugin, name);
  }

  remove(): void {
    rmSync(this.scratch, { recursive: true, force: true });
  }

  /** Runs the client; fails unless it ends with 0, silent on stderr, and leaves no file. */
  async run(input: string | Buffer | Readable, options: RunOptions = {}): Promise<Run> {
    const { shell = ['sh'], event = 'post-tool-use', client, command } = options;
    const [program = 'sh', ...args] = shell;
    const env = {
      PATH:
        client === undefined ? process.env['PATH'] : this.pathOf(`by ${client}`, CLIENTS[client]),
      HOME: this.home,
      SECURITY_WARNINGS_STATE_DIR: this.state,
      ...options.env,
    };
    const given = command === undefined ? [this.script('hooks/run.sh'), event] : ['-c', command];
    const started = performance.now();
    const run = await collect(
      spawn(which(program) ?? program, [...args, ...given], {
        cwd: options.cwd ?? this.cwd,
        env,
      }),
      input,
    );
    const ms = performance.now() - started;
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
    expect(this.spools()).toEqual([]);
    return { stdout: run.stdout, ms };
  }

  /** What the service's folder holds beside the socket. */
  spools(): string[] {
    if (!existsSync(`${this.service}/.`)) return [];
    return readdirSync(this.service).filter((name) => name.startsWith('in.'));
  }

  /** How a program was started; undefined when it was not. Forgets it. */
  seen(name: string = 'hooks/post-tool-use.js'): Seen | undefined {
    const path = `${this.script(name)}.seen`;
    if (!existsSync(path)) return undefined;
    const seen: unknown = JSON.parse(readFileSync(path, 'utf8'));
    rmSync(path);
    return decodeSeen(seen);
  }

  /** A folder for PATH with `tools` only. */
  pathOf(name: string, tools: readonly string[]): string {
    const bin = join(this.scratch, name);
    if (existsSync(bin)) return bin;
    mkdirSync(bin);
    for (const tool of tools) symlinkSync(which(tool) ?? tool, join(bin, tool));
    return bin;
  }

  /** A program in a folder of its own, to be put in front of PATH. */
  fake(name: string, text: string): string {
    const bin = mkdtempSync(join(this.scratch, 'bin '));
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
    return bin;
  }
}

/** Processes whose command line contains `text`. */
export function processesOf(text: string): string[] {
  return processesWith(text).map(({ args }) => args);
}

export function which(tool: string): string | undefined {
  if (tool === 'node') return process.execPath;
  const dirs = (process.env['PATH'] ?? '').split(':');
  return dirs.map((dir) => join(dir, tool)).find((path) => existsSync(path));
}

function decodeSeen(value: unknown): Seen {
  if (typeof value !== 'object' || value === null) throw new Error('expected an object');
  const { stdin, args, failure, locale, certificates, cwd }: Record<string, unknown> = { ...value };
  if (typeof stdin !== 'string' || !Array.isArray(args)) throw new Error('expected a record');
  return {
    stdin: Buffer.from(stdin, 'base64'),
    args: args.map(String),
    failure: typeof failure === 'string' ? failure : undefined,
    locale: typeof locale === 'string' ? locale : undefined,
    certificates: typeof certificates === 'string' ? certificates : undefined,
    cwd: String(cwd),
  };
}

function collect(
  child: ChildProcessWithoutNullStreams,
  input: string | Buffer | Readable,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((done, reject) => {
    const stdout: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => done({ code, stdout: Buffer.concat(stdout).toString(), stderr }));
    child.stdin.on('error', () => undefined);
    if (input instanceof Readable) input.pipe(child.stdin);
    else child.stdin.end(input);
  });
}
