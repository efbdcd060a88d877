/** A built plugin with its real service, in folders of its own, for tests that break something. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, onTestFailed, vi } from 'vitest';
import { askService } from '../../../host/service/client.ts';
import type { Reply } from '../../../host/service/client.ts';
import { ping } from '../../../host/service/health/ping.ts';
import { payload } from '../payloads.ts';
import { PluginCopy } from '../plugin-copy.ts';
import type { Run } from '../plugin-copy.ts';
import { processesWith } from '../../support/processes.ts';

export const BAD = 'import yaml\ndata = yaml.load(f)\n';

/** How long a service may take to come or go on a busy machine, in milliseconds. */
const PATIENCE = { timeout: 60_000, interval: 75 };

export type Env = Readonly<Record<string, string | undefined>>;

export interface EditOptions {
  /** Base name, below the project. */
  readonly name?: string;
  readonly content?: string;
  readonly session?: string;
  /** Names the tool call; a new one each time when absent. */
  readonly id?: string;
  /** Further fields of the payload. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly env?: Env;
  readonly plugin?: string;
}

/** Each test has a new project, home and state; afterwards no process of it is left. */
export class ServiceWorld {
  readonly copy: PluginCopy = new PluginCopy();
  #calls = 0;
  #tests = 0;

  begin(): void {
    this.#tests += 1;
    this.copy.nextProject();
    mkdirSync(this.home);
  }

  get home(): string {
    return join(this.copy.scratch, `home ${this.#tests}`);
  }

  /** The service's folder. */
  get dir(): string {
    return join(this.copy.state, 'service');
  }

  get socket(): string {
    return join(this.dir, 's');
  }

  /** What is hook's stdin for a Write of a new file; the file itself is of no interest to the hook. */
  payload(options: EditOptions = {}): unknown {
    const { root } = this.copy;
    this.#calls += 1;
    const input = {
      file_path: join(root, options.name ?? 'a.py'),
      content: options.content ?? BAD,
    };
    return payload(
      'Write',
      input,
      { type: 'create', originalFile: null },
      {
        cwd: root,
        session_id: options.session ?? 's-1',
        tool_use_id: options.id ?? `toolu_${this.#calls}`,
        ...options.more,
      },
    );
  }

  /** Runs the hook for an edit; whatever happens it is silent on stderr and ends with 0. */
  async edit(options: EditOptions = {}): Promise<Run> {
    return this.send(this.payload(options), options);
  }

  async send(sent: unknown, { env, plugin }: EditOptions = {}): Promise<Run> {
    const run = await this.copy.send(sent, {
      env: { HOME: this.home, SG_SERVICE: undefined, SG_EDIT_DEADLINE_MS: '200', ...env },
      ...(plugin === undefined ? {} : { plugin }),
    });
    expect(run.stderr).toBe('');
    return run;
  }

  /** What an edit costs in the hook's own process, here and now, in milliseconds. */
  async ownProcessMs(): Promise<number> {
    return (await this.edit({ env: { SG_SERVICE: '0' }, session: 's-control' })).ms;
  }

  /**
   * `run` took no longer than `extraMs` and three times an edit in the hook's own process: `controlMs`, or as of now
   * where the machine has become busier since that was measured.
   */
  async expectBounded(run: Run, controlMs: number, extraMs: number): Promise<void> {
    const isSlow = run.ms >= extraMs + 3 * controlMs;
    const control = isSlow ? Math.max(controlMs, await this.ownProcessMs()) : controlMs;
    expect(run.ms).toBeLessThan(extraMs + 3 * control);
  }

  /** An edit is told, and the same finding by another tool call is not. */
  async expectToldOnce(options: EditOptions = {}): Promise<void> {
    const run = await this.edit(options);
    expect(await this.told(run, options), run.stdout).toContain(options.name ?? 'a.py');
    await this.expectSilence(options);
  }

  /** What was told before is not told again. */
  async expectSilence(options: EditOptions = {}): Promise<void> {
    const said = await this.everythingSaid(options);
    expect(said).not.toContain('additionalContext');
    if (!said.includes('incomplete')) expect(said).toBe('');
  }

  /** What the hook prints for an edit, and what it adds when the edit's time was over. */
  async everythingSaid(options: EditOptions): Promise<string> {
    const run = await this.edit(options);
    if (run.notice?.includes('incomplete') !== true) return run.stdout;
    await vi.waitFor(async () => expect((await this.status()).background.queued).toBe(0), PATIENCE);
    await sleep(700);
    return run.stdout + (await this.#cleanEdit(options)).stdout;
  }

  /**
   * What `run` told, or what a later edit of the session does when the time of `run` was over: on a machine
   * that has other things to do that may come to any edit, and no warning is lost by it.
   */
  async told(run: Run, options: EditOptions = {}): Promise<string | undefined> {
    if (!isIncomplete(run)) return run.context;
    return vi.waitFor(async () => {
      const { context } = await this.#cleanEdit(options);
      if (context === undefined) throw new Error('the rest of an edit does not come');
      return context;
    }, PATIENCE);
  }

  #cleanEdit(options: EditOptions): Promise<Run> {
    return this.edit({ ...options, name: 'clean.txt', content: 'nothing\n' });
  }

  /** As the host begins a session; resolves when the service of that copy has started. */
  async startService(plugin: string = this.copy.plugin): Promise<number> {
    this.beginSession(plugin);
    const pid = await this.serving(versionOf(plugin));
    // What happens to a service before its starter has seen it well counts as a failed start.
    await this.startersLeft();
    return pid;
  }

  /** As the host begins a session; the service is started in the background. */
  beginSession(plugin: string = this.copy.plugin, env: Env = {}): void {
    const own = { PATH: process.env['PATH'], HOME: this.home };
    const state = { SECURITY_WARNINGS_STATE_DIR: this.copy.state };
    const out = execFileSync('sh', [join(plugin, 'hooks/run.sh'), 'session-start'], {
      cwd: this.copy.root,
      env: { ...own, ...state, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    expect(out).toBe('');
  }

  /** Resolves with the id of the process that answers, once one does. */
  async serving(version: string = versionOf(this.copy.plugin)): Promise<number> {
    return vi.waitFor(async () => {
      expect(await ping(this.dir, 1_000)).toEqual({ kind: 'version', version });
      return (await this.status()).pid;
    }, PATIENCE);
  }

  async status(): Promise<Status> {
    const reply = await this.ask({ method: 'GET', path: '/1/status' });
    if (reply.kind === 'failed') throw new Error(reply.code);
    return JSON.parse(reply.body.toString('utf8')) as Status;
  }

  ask(request: { method: 'GET' | 'POST'; path: string; body?: Buffer }): Promise<Reply> {
    return askService(this.dir, { ...request, timeoutMs: 5_000 });
  }

  /** Ids of this world's services, whatever folder they serve. */
  services(): number[] {
    return this.#processes('service/main.js');
  }

  /** Resolves when `pid` has ended. */
  async gone(pid: number): Promise<void> {
    await vi.waitFor(() => expect(this.services()).not.toContain(pid), PATIENCE);
  }

  /** Resolves when every starter has left. */
  async startersLeft(): Promise<void> {
    await vi.waitFor(() => expect(this.#processes('service/start.js')).toEqual([]), PATIENCE);
  }

  async kill(pid: number): Promise<void> {
    process.kill(pid, 'SIGKILL');
    await this.gone(pid);
  }

  /** Lets the pause between two attempts to start a service be over. */
  async minutePasses(): Promise<void> {
    await this.startersLeft();
    const path = join(this.dir, 'health.json');
    const text = readFileSync(path, 'utf8');
    const earlier = (at: string): string => new Date(Date.parse(at) - 60_000).toISOString();
    writeFileSync(path, text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, earlier));
    rmSync(join(this.dir, 'asked'), { force: true });
  }

  /** A second copy of the plugin that says to be another version. */
  versioned(version: string): string {
    const plugin = this.copy.damaged(`plugin ${version}`, []);
    const own = versionOf(this.copy.plugin);
    const list = execFileSync('grep', ['-rlF', own, plugin], { encoding: 'utf8' });
    for (const path of list.trim().split('\n')) {
      let text = readFileSync(path, 'utf8');
      for (const quote of ['"', "'", '`'])
        text = text.replaceAll(`${quote}${own}${quote}`, `${quote}${version}${quote}`);
      writeFileSync(path, text);
    }
    expect(versionOf(plugin)).toBe(version);
    return plugin;
  }

  /** Ends every process of this world, stopped ones included. */
  async end(): Promise<void> {
    await vi.waitFor(() => {
      const left = this.#processes('');
      for (const pid of left) killIfThere(pid);
      expect(left).toEqual([]);
    }, PATIENCE);
  }

  remove(): void {
    this.copy.remove();
  }

  /** The scratch folder's name is in the command of each process that was started here. */
  #processes(program: string): number[] {
    return processesWith(`${this.copy.scratch}/`)
      .filter(({ args }) => args.includes(program))
      .map(({ pid }) => pid);
  }
}

/** The part of the status that tests look at. */
export interface Status {
  readonly pid: number;
  readonly version: string;
  readonly workers: number;
  readonly restarts: number;
  readonly customRuleSets: number;
  readonly problems: readonly string[];
  readonly edits: {
    readonly answered: number;
    readonly told: number;
    readonly incomplete: number;
    readonly failed: number;
  };
  readonly background: { readonly queued: number; readonly finished: number };
}

/** A world for each test of the file that calls this. */
export function serviceWorld(): ServiceWorld {
  const world = new ServiceWorld();
  beforeEach(() => {
    world.begin();
    onTestFailed(() => console.error(world.copy.logged()));
  });
  afterEach(() => world.end());
  afterAll(() => world.remove());
  return world;
}

export function isIncomplete({ context, notice }: Run): boolean {
  return context === undefined && notice?.includes('incomplete') === true;
}

export function versionOf(plugin: string): string {
  const manifest = readFileSync(join(plugin, '.claude-plugin/plugin.json'), 'utf8');
  return /"version": "([^"]*)"/.exec(manifest)?.[1] ?? '';
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
