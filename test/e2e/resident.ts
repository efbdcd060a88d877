/** The resident service of a sandbox: what it says of itself, its end, and what the log says of it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askService } from '../../host/service/client.ts';
import { asRecord } from './api-rules.ts';
import type { JsonRecord } from './api-rules.ts';
import type { Sandbox } from './claude-cli.ts';
import { processesOf, sendSignal, until } from './processes.ts';

export interface ServiceState {
  readonly pid: number;
  readonly workers: number;
  /** Counters by name: `answered`, `told`, `incomplete`, `refused`, `failed`. */
  readonly edits: Readonly<Record<string, unknown>>;
  readonly restarts: unknown;
}

/** The state folder of the sandbox's configuration. */
export function stateDir({ home }: Sandbox): string {
  return join(home, '.claude/security');
}

function serviceFolder(sandbox: Sandbox): string {
  return join(stateDir(sandbox), 'service');
}

/** What the service says; undefined when none answers. */
export async function serviceState(sandbox: Sandbox): Promise<ServiceState | undefined> {
  const reply = await askService(serviceFolder(sandbox), {
    method: 'GET',
    path: '/1/status',
    timeoutMs: 2_000,
  });
  if (reply.kind === 'failed' || reply.status !== 200) return undefined;
  const status = asRecord(JSON.parse(reply.body.toString('utf8')));
  return {
    pid: Number(status?.['pid']),
    workers: Number(status?.['workers']),
    edits: asRecord(status?.['edits']) ?? {},
    restarts: status?.['restarts'],
  };
}

/** Waits for a service; `not` is the process of one that does not count. */
export function serviceAnswers(sandbox: Sandbox, not?: number): Promise<ServiceState> {
  return until('a service', async () => {
    const state = await serviceState(sandbox);
    return state?.pid === not ? undefined : state;
  });
}

/** Kills it without a chance to clean up behind itself. */
export async function killService(sandbox: Sandbox, pid: number): Promise<void> {
  if (!sendSignal(pid, 'SIGKILL')) throw new Error(`there is no service ${pid}`);
  await processEnds(sandbox, pid);
  const dir = serviceFolder(sandbox);
  if (!existsSync(join(dir, 's'))) throw new Error('its socket is gone as well');
  // A dying process has given its memory back, arguments included, before it closes its descriptors.
  await until(`the end of what ${pid} listens on`, async () => {
    const reply = await askService(dir, { method: 'GET', path: '/1/status', timeoutMs: 2_000 });
    return reply.kind === 'failed' && reply.code === 'ECONNREFUSED' ? true : undefined;
  });
}

/** Asks it to leave; resolves when its process and its socket are gone. */
export async function endService(sandbox: Sandbox, pid: number): Promise<void> {
  sendSignal(pid, 'SIGTERM');
  await processEnds(sandbox, pid);
  const socket = join(serviceFolder(sandbox), 's');
  if (existsSync(socket)) throw new Error(`it left ${socket} behind`);
}

/** Not by a signal: a dead process can be sent one for as long as its parent does not look. */
function processEnds({ root }: Sandbox, pid: number): Promise<true> {
  return until(`the end of ${pid}`, () =>
    processesOf(root).some((running) => running.pid === pid) ? undefined : true,
  );
}

/** Lines of the plugin's log with this event; none without a log. */
export function logged(sandbox: Sandbox, event: string): readonly JsonRecord[] {
  const file = join(stateDir(sandbox), 'log.txt');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => asRecord(JSON.parse(line)) ?? {})
    .filter((line) => line['event'] === event);
}

/** When the last start ended well, in milliseconds since 1970. Throws when none did. */
export function lastStart(sandbox: Sandbox): number {
  const [last] = logged(sandbox, 'service-start').slice(-1);
  if (last?.['outcome'] !== 'started') throw new Error('no service was started');
  return Date.parse(String(last['time']));
}

/** Whether an edit met a time limit: that of the thin client, or the service's own. */
export function wasTooBusy(sandbox: Sandbox, states: readonly ServiceState[]): boolean {
  return (
    logged(sandbox, 'service-not-used').some(({ reason }) => reason === 'timeout') ||
    states.some(({ edits }) => edits['incomplete'] !== 0)
  );
}
