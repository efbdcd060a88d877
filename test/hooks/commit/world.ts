/** Commands of an agent in real repositories, with the hooks that the host runs before and after them. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeLedger } from '../../../host/commits/ledger-file.ts';
import type { CommitEntry } from '../../../host/commits/ledger-file.ts';
import { openTestRepo } from '../../host/git/support.ts';
import type { TestRepo } from '../../host/git/support.ts';
import type { Ran, RunOptions, TurnWorld } from '../turn/world.ts';

/** What any command may need: an author, and nothing of the machine. */
const WHO = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_EDITOR: 'true',
  GIT_ALLOW_PROTOCOL: 'file',
};
/** No limit but the one under test. */
const UNLIMITED = { MAX_COMMIT_REVIEWS_PER_HOUR: '1000', SG_BUDGET_USD_DAY: '0' };

export interface CommandOptions extends RunOptions {
  /** Of the command and of the agent; the repository when absent. */
  readonly cwd?: string;
}

/** One session of an agent in a repository of its own. */
export class Agent {
  readonly turn: TurnWorld;
  readonly folder: string;
  readonly repo: TestRepo;
  readonly session: string;
  readonly #env: Readonly<Record<string, string>>;

  /** Its repository is `repo` in its folder, which is there once `fill` has been. */
  constructor(
    turn: TurnWorld,
    name: string,
    fill?: (folder: string) => void,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.turn = turn;
    this.session = name;
    this.folder = join(turn.world.folder, name);
    mkdirSync(this.folder, { recursive: true });
    fill?.(this.folder);
    this.repo = openTestRepo(turn.world, join(this.folder, 'repo'));
    this.#env = env;
  }

  options(options: CommandOptions = {}): RunOptions {
    const { cwd = this.repo.root, env, payload } = options;
    return {
      session: this.session,
      ...options,
      env: {
        CLAUDE_PROJECT_DIR: this.repo.root,
        SECURITY_GUIDANCE_DEBUG_LOG: join(this.folder, 'log.txt'),
        ...UNLIMITED,
        ...this.#env,
        ...env,
      },
      payload: { cwd, ...payload },
    };
  }

  prompt(options?: CommandOptions): Promise<Ran> {
    return this.turn.prompt('Build it.', this.options(options));
  }

  /** Runs `command`, then the hook that the host runs after it. */
  async bash(command: string, options: CommandOptions = {}): Promise<Ran> {
    const begun = performance.now();
    const code = await this.shell(command, options);
    return this.after(command, code, performance.now() - begun, options);
  }

  /** The hook alone. */
  after(command: string, code: number, ms: number, options: CommandOptions = {}): Promise<Ran> {
    const common = { tool_name: 'Bash', tool_use_id: 'toolu_1', tool_input: { command } };
    const { payload, ...rest } = this.options(options);
    return this.turn.run(code === 0 ? 'PostToolUse' : 'PostToolUseFailure', {
      ...rest,
      hook: 'commits',
      payload: {
        ...common,
        ...(code === 0
          ? {
              duration_ms: Math.round(ms),
              tool_response: { stdout: '', stderr: '', interrupted: false },
            }
          : { error: `Exit code ${code}`, is_interrupt: false }),
        ...payload,
      },
    });
  }

  stop(options: CommandOptions = {}): Promise<Ran> {
    const { payload, ...rest } = this.options(options);
    return this.turn.run('Stop', {
      ...rest,
      hook: 'commits',
      payload: { stop_hook_active: false, background_tasks: [], ...payload },
    });
  }

  /** What was done an hour ago, by somebody. */
  past(command: string): Promise<number> {
    const date = `@${Math.floor(Date.now() / 1000) - 3600} +0000`;
    return this.shell(`export GIT_AUTHOR_DATE='${date}' GIT_COMMITTER_DATE='${date}'; ${command}`);
  }

  /** Exit code. */
  shell(command: string, { cwd = this.repo.root }: CommandOptions = {}): Promise<number> {
    return new Promise((done, reject) => {
      const child = spawn('sh', ['-c', command], {
        cwd,
        env: { ...this.turn.world.env, ...WHO },
        stdio: 'ignore',
      });
      child.on('error', reject);
      child.on('close', (code) => done(code ?? 1));
    });
  }

  /** Entries of the ledger by the subject of their commit. */
  ledger(root: string = this.repo.root): ReadonlyMap<string, CommitEntry> {
    const common = this.git(root, 'rev-parse', '--path-format=absolute', '--git-common-dir');
    const path = join(common, 'security-guidance/commits.json');
    if (!existsSync(path)) return new Map();
    const commits = decodeLedger(JSON.parse(readFileSync(path, 'utf8'))) ?? new Map();
    return new Map([...commits].map(([id, entry]) => [this.subject(root, id), entry]));
  }

  /** Lines of its own log, of one event. */
  logged(event = 'review'): Record<string, unknown>[] {
    const path = join(this.folder, 'log.txt');
    return existsSync(path) ? this.turn.logged(event, path) : [];
  }

  /** Subjects of the commits that reviews were about, in their order; one that no model was asked about in brackets. */
  reviewed(root: string = this.repo.root): string[] {
    return this.logged()
      .filter(({ layer, outcome }) => layer === 'commit' && outcome !== 'not-reviewed')
      .flatMap(({ commits, api_calls }) =>
        String(commits)
          .split(' ')
          .flatMap((id) => {
            const subject = this.subject(root, id);
            return subject === '' ? [] : [api_calls === undefined ? `(${subject})` : subject];
          }),
      );
  }

  private subject(root: string, id: string): string {
    try {
      return this.git(root, 'log', '-1', '--no-show-signature', '--format=%s', id);
    } catch {
      return '';
    }
  }

  private git(root: string, ...args: string[]): string {
    return execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      env: this.turn.world.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  }
}
