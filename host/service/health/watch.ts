/** Starts the service's process and watches it until it answers, ends, or takes too long. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readStateFile } from '../../state/file.ts';
import { SERVICE_FILE } from '../paths.ts';
import { codeOfErrno } from './codes.ts';
import type { Phase } from './codes.ts';
import { explainEnding } from './ending.ts';
import type { Exit, Failure } from './ending.ts';
import { ping, pingPatiently } from './ping.ts';
import { codeOf, errnoOf } from './start-error.ts';
import { isOlder } from './version.ts';

export interface Launch {
  /** The service's folder; its working folder as well. */
  readonly dir: string;
  /** The Node.js program. */
  readonly runtime: string;
  /** The service's script. */
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  /** Version that has to answer, at least. */
  readonly version: string;
  /** How long it may take, in milliseconds. */
  readonly limitMs: number;
}

export type Watched =
  | { readonly kind: 'started'; readonly version: string }
  /** Another service was faster, and answers. */
  | { readonly kind: 'already-running'; readonly version: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Where the process writes what it has to say before it can answer; kept while it starts. */
const STDERR_FILE = 'stderr.txt';
const MAX_STDERR = 16 * 1024;

const PING_MS = 500;
const FIRST_PAUSE_MS = 15;
const LONGEST_PAUSE_MS = 100;
/** Between the request to leave and the end by force. */
const GRACE_MS = 1000;

/** Never rejects. */
export async function launch(options: Launch): Promise<Watched> {
  const stderrFile = join(options.dir, STDERR_FILE);
  let descriptor: number;
  try {
    descriptor = openSync(stderrFile, 'w', 0o600);
  } catch (error) {
    return failedBy(error, 'lock');
  }
  try {
    return await watch(begin(options, descriptor), options, stderrFile);
  } catch (error) {
    return failedBy(error, 'spawn');
  } finally {
    closeSync(descriptor);
    quietly(() => rmSync(stderrFile, { force: true }));
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly state: { exit?: Exit; error?: Error };
}

/**
 * What Node.js is started with. One helper thread of V8 in place of four takes 4 MB less and 5 % off the time of twenty
 * edits at once, which have other uses for the processors.
 */
export function serviceArguments(main: string, dir: string): readonly string[] {
  return ['--v8-pool-size=1', main, dir];
}

/**
 * Its stderr is a file: a pipe would break under the service as soon as its starter leaves, and one that
 * nobody reads would hold it up.
 */
function begin({ runtime, main, dir, env }: Launch, stderr: number): Started {
  const child = spawn(runtime, serviceArguments(main, dir), {
    cwd: dir,
    env: { ...env },
    detached: true,
    stdio: ['ignore', 'ignore', stderr],
    windowsHide: true,
  });
  const state: Started['state'] = {};
  child.on('error', (error) => (state.error = error));
  child.on('exit', (exitCode, signal) => (state.exit = { exitCode, signal }));
  child.unref();
  return { child, state };
}

async function watch(
  { child, state }: Started,
  options: Launch,
  stderrFile: string,
): Promise<Watched> {
  const { dir, version, limitMs } = options;
  const { HOME = '' } = options.env;
  const known = [dir, options.main, dirname(options.main), options.runtime, HOME];
  const deadline = performance.now() + limitMs;
  let last = '';
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    await sleep(pause);
    if (state.error !== undefined) return notSpawned(state.error, options.runtime);
    // What was true before the answer came: one that ended cannot be the one that answers.
    const { exit } = state;
    const pong = await (exit === undefined ? ping : pingPatiently)(dir, PING_MS);
    if (pong.kind === 'version' && !isOlder(pong.version, version)) {
      const kind = exit === undefined ? 'started' : 'already-running';
      return { kind, version: pong.version };
    }
    if (exit !== undefined) {
      const reached = phaseSeen(dir, child.pid);
      // It listened, and may have answered others: who killed it did not keep it from starting.
      if (reached === 'handshake' && exit.signal !== null) return { kind: 'started', version };
      const stderr = head(stderrFile);
      // It left in peace, since another one runs; but that one does not answer.
      if (exit.exitCode === 0) return failed({ phase: 'lock', code: 'lock-held', exitCode: 0 });
      return failed(explainEnding(exit, stderr, reached, known));
    }
    last = pong.kind === 'none' ? pong.code : 'OLDER';
    if (performance.now() >= deadline) break;
  }
  await end(child, state);
  const phase = phaseSeen(dir, child.pid);
  if (last === 'OLDER') return failed({ phase, code: 'version-mismatch' });
  return failed({ phase, code: last === 'BAD_REPLY' ? 'bad-reply' : 'timeout', errno: last });
}

/** How far a process came that did not say so: it writes its file when it listens. */
function phaseSeen(dir: string, pid: number | undefined): Phase {
  const file = readStateFile(join(dir, SERVICE_FILE));
  const value = file.kind === 'value' ? file.value : undefined;
  const named = typeof value === 'object' && value !== null && 'pid' in value && value.pid === pid;
  return named ? 'handshake' : 'spawn';
}

/** Asks the process to leave, and makes it leave: a hung one would keep the next one out. */
async function end(child: ChildProcess, state: Started['state']): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    quietly(() => child.kill(signal));
    const until = performance.now() + GRACE_MS;
    while (state.exit === undefined && performance.now() < until) await sleep(20);
    if (state.exit !== undefined) return;
  }
}

/** The system says ENOENT for a program that is not there, and for a working folder that is gone. */
function notSpawned(error: Error, runtime: string): Watched {
  if (errnoOf(error) === 'ENOENT' && !existsSync(runtime)) {
    return failed({ phase: 'find-runtime', code: 'missing-runtime', errno: 'ENOENT' });
  }
  return failedBy(error, 'spawn');
}

function failedBy(error: unknown, phase: Phase): Watched {
  const errno = errnoOf(error);
  return failed({
    phase,
    code: codeOfErrno(errno ?? '') ?? codeOf(error),
    ...(error instanceof Error ? { exceptionType: error.name } : {}),
    ...(errno === undefined ? {} : { errno }),
  });
}

function failed(failure: Failure): Watched {
  return { kind: 'failed', failure };
}

function head(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(MAX_STDERR);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // Gone already.
  }
}
