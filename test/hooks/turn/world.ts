/**
 * Turns of a session as Claude Code plays them: a real repository, the built plugin run as its hooks.json says, and a
 * strict stand-in for the model's endpoint.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Act } from '../../support/api/acts.ts';
import { CREDENTIALS } from '../../support/api/auth.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { makeRepo, makeWorld } from '../../host/git/support.ts';
import type { TestRepo, World } from '../../host/git/support.ts';

const DIST = resolve(import.meta.dirname, '../../../dist/plugin');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly session?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly onStart?: (child: ChildProcess) => void;
  /** A part of the command, where an event has several. */
  readonly hook?: string;
}

export class TurnWorld {
  readonly world: World = makeWorld();
  readonly state: string = join(this.world.folder, 'state');
  readonly plugin: string = join(this.world.folder, 'plug in');
  readonly repo: TestRepo;
  private readonly api: LoopbackApi;

  /** A repository with one commit, of a file that is not about security. */
  constructor(api: LoopbackApi) {
    if (!existsSync(join(DIST, 'turn/main.js'))) throw new Error('run `npm run build`');
    this.api = api;
    cpSync(DIST, this.plugin, { recursive: true });
    this.repo = makeRepo(this.world);
    this.repo.write('app/main.py', 'def main():\n    return 1\n');
    this.repo.commit();
  }

  remove(): void {
    this.world.remove();
  }

  prompt(prompt = 'Build it.', options: RunOptions = {}): Promise<Ran> {
    return this.run('UserPromptSubmit', { ...options, payload: { prompt, ...options.payload } });
  }

  stop(options: RunOptions = {}): Promise<Ran> {
    return this.run('Stop', {
      ...options,
      payload: { stop_hook_active: false, ...options.payload },
    });
  }

  /** What the agent is woken by, and its next stop. */
  async goOn(options: RunOptions = {}): Promise<Ran> {
    await this.prompt('<task-notification>\n<summary>x</summary>\n</task-notification>', options);
    return this.stop({ ...options, payload: { stop_hook_active: true } });
  }

  subagentStop(options: RunOptions = {}): Promise<Ran> {
    return this.run('SubagentStop', options);
  }

  /** Writes a file as an editing tool does, with the hook that follows. */
  edit(path: string, content: string, options: RunOptions = {}): Promise<Ran> {
    const full = join(this.repo.root, path);
    const originalFile = existsSync(full) ? readFileSync(full, 'utf8') : null;
    this.write(path, content);
    return this.run('PostToolUse', {
      ...options,
      payload: {
        tool_name: 'Write',
        tool_use_id: `toolu_${randomUUID()}`,
        tool_input: { file_path: full, content },
        tool_response: { filePath: full, content, originalFile, structuredPatch: [] },
      },
    });
  }

  /** Writes a file as a command does: no hook sees it. */
  write(path: string, content: string | Uint8Array): void {
    const full = join(this.repo.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  }

  /** Runs the command of an event as the host does; the environment is that of no other program. */
  run(event: string, options: RunOptions = {}): Promise<Ran> {
    const { session = 's-1', env, payload, onStart, hook = '' } = options;
    const child = spawn('sh', ['-c', commandOf(this.plugin, event, hook)], {
      cwd: this.repo.root,
      env: {
        ...this.world.env,
        CLAUDE_PLUGIN_ROOT: this.plugin,
        CLAUDE_PROJECT_DIR: this.repo.root,
        SECURITY_WARNINGS_STATE_DIR: this.state,
        SG_SERVICE: '0',
        ANTHROPIC_BASE_URL: `${this.api.url}/anthropic`,
        ANTHROPIC_API_KEY: CREDENTIALS.key,
        ...env,
      },
      detached: true,
    });
    onStart?.(child);
    return new Promise((done, reject) => {
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.on('error', reject);
      child.on('close', (code) => done({ code, stdout, stderr }));
      child.stdin.on('error', () => undefined);
      const common = { session_id: session, cwd: this.repo.root, hook_event_name: event };
      child.stdin.end(`${JSON.stringify({ ...common, ...payload })}\n`);
    });
  }

  /** Lines of the log, of one event. */
  logged(event = 'review', path: string = join(this.state, 'log.txt')): Record<string, unknown>[] {
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Object(JSON.parse(line)) as Record<string, unknown>)
      .filter((line) => line['event'] === event);
  }

  /** Bodies of the requests for a message, in order. */
  asked(): string[] {
    return this.api.requests
      .filter(({ url }) => url.includes('/messages'))
      .map(({ body }) => body.toString());
  }

  /** The next answer has these findings. */
  answer(...findings: readonly Finding[]): void {
    this.api.play(answerOf(...findings));
  }

  /** Permissions of all that is in the state folder, and of itself; each once. */
  modes(): { readonly folders: readonly string[]; readonly files: readonly string[] } {
    const all = readdirSync(this.state, { recursive: true, encoding: 'utf8' });
    const stats = ['.', ...all].map((name) => statSync(join(this.state, name)));
    const modesOf = (isFolder: boolean): string[] => [
      ...new Set(
        stats
          .filter((stat) => stat.isDirectory() === isFolder)
          .map(({ mode }) => (mode & 0o777).toString(8)),
      ),
    ];
    return { folders: modesOf(true), files: modesOf(false) };
  }
}

export function answerOf(...findings: readonly Finding[]): Act {
  return { kind: 'message', text: JSON.stringify({ findings }) };
}

export interface Finding {
  readonly path: string;
  readonly quote: string;
  readonly category: string;
  readonly severity: string;
  readonly confidence: string;
  readonly title: string;
  readonly attack: string;
  readonly fix: string;
  readonly symbol: string;
}

/** Code that no rule knows, and the finding of a model about it. */
export const BUG = 'def read(name):\n    return open("/srv/" + name).read()\n';
export const FINDING: Finding = {
  path: 'app/files.py',
  quote: 'return open("/srv/" + name).read()',
  category: 'path-traversal',
  severity: 'high',
  confidence: 'high',
  title: 'A name leads out of its folder',
  attack: 'Asks for ../../etc/passwd.',
  fix: 'Resolve the path and compare its beginning.',
  symbol: 'read',
};
/** Code that a rule knows. */
export const RULE_BUG = 'import yaml\n\n\ndef read(stream):\n    return yaml.load(stream)\n';

export const NOTHING: Ran = { code: 0, stdout: '', stderr: '' };

export function noticeOf({ stdout }: Ran): string {
  if (stdout === '') return '';
  const { systemMessage, ...rest } = Object(JSON.parse(stdout)) as Record<string, unknown>;
  if (Object.keys(rest).length > 0) throw new Error(`more than a notice: ${stdout}`);
  return String(systemMessage);
}

function commandOf(plugin: string, event: string, part: string): string {
  const text = readFileSync(join(plugin, 'hooks/hooks.json'), 'utf8');
  const { hooks } = JSON.parse(text) as {
    hooks: Record<string, { hooks: { command: string }[] }[]>;
  };
  const commands = hooks[event]?.flatMap((group) => group.hooks.map((each) => each.command));
  const command = commands?.find((each) => each.includes(part));
  if (command === undefined) throw new Error(`no command for ${event}`);
  return command;
}
