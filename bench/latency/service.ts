/** The resident service of a scratch folder: started, asked for its counters, stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { askService } from '../../host/service/client.ts';
import { serviceArguments } from '../../host/service/health/watch.ts';
import type { Scratch } from './scratch.ts';

/** The part of the service's status that is read here. */
export interface Status {
  readonly version: string;
  readonly pid: number;
  readonly rssBytes: number;
  readonly workers: number;
  readonly rules: number;
  readonly edits: {
    readonly answered: number;
    readonly told: number;
    readonly incomplete: number;
    readonly refused: number;
    readonly failed: number;
  };
}

const START_MS = 15_000;
const ASK_MS = 5_000;
const STOP_MS = 5_000;

export class Service {
  /** From the start of its process to its first answer, in milliseconds. */
  readonly startMs: number;
  readonly #child: ChildProcess;
  readonly #dir: string;

  private constructor(child: ChildProcess, dir: string, startMs: number) {
    this.#child = child;
    this.#dir = dir;
    this.startMs = startMs;
  }

  /** Rejects with what the program said when it does not answer in time. */
  static async start(scratch: Scratch, signal: AbortSignal): Promise<Service> {
    const dir = scratch.serviceDir;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const begun = performance.now();
    const args = serviceArguments(join(scratch.plugin, 'service/main.js'), dir);
    const child = spawn(process.execPath, args, {
      cwd: scratch.root,
      env: scratch.environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('error', (error) => (said += error.message));
    while (performance.now() - begun < START_MS && child.exitCode === null && !signal.aborted) {
      const reply = await askService(dir, { method: 'GET', path: '/1/ping', timeoutMs: 1_000 });
      if (reply.kind === 'reply' && reply.status === 200)
        return new Service(child, dir, performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGKILL');
    throw new Error(`the service did not start: ${said.trim() || `exit ${child.exitCode}`}`);
  }

  async status(): Promise<Status> {
    const asked = { method: 'GET', path: '/1/status', timeoutMs: ASK_MS } as const;
    const reply = await askService(this.#dir, asked);
    if (reply.kind === 'failed') throw new Error(`the service's status: ${reply.code}`);
    const status: unknown = JSON.parse(reply.body.toString());
    if (!isStatus(status))
      throw new Error(`the service's status: ${reply.status} ${reply.body.toString()}`);
    return status;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }
}

function isStatus(value: unknown): value is Status {
  const status = Object(value) as Partial<Status>;
  const edits = Object(status.edits) as Partial<Status['edits']>;
  return (
    typeof status.version === 'string' &&
    [status.pid, status.rssBytes, status.workers, status.rules].every(Number.isFinite) &&
    [edits.answered, edits.told, edits.incomplete, edits.refused, edits.failed].every(
      Number.isFinite,
    )
  );
}
