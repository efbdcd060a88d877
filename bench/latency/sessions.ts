/** Many sessions that edit at the same moment: each is a process of its own that starts its own hooks. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { distributionOf } from '../statistics.ts';
import { readAnswer } from './answer.ts';
import { payloadOf } from './edit.ts';
import { hookCommand } from './hook-process.ts';
import { FINDING, rowAgainst } from './processes.ts';
import type { SessionsResults } from './results.ts';
import type { Scratch } from './scratch.ts';

export const SESSIONS = 20;
const WARM_UPS = 3;

/** Runs what each line of its input names, one after the other, and says how long it took. */
const SESSION_PROGRAM = `
const { spawnSync } = require('node:child_process');
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { file, args, input } = JSON.parse(line);
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(file, args, { input });
  const ms = performance.now() - begun;
  const text = { stdout: String(stdout), stderr: String(stderr) };
  process.stdout.write(JSON.stringify({ ms, status, ...text }) + '\\n');
});
`;

interface Task {
  readonly file: string;
  readonly args: readonly string[];
  readonly input: string;
}

interface Ended {
  readonly ms: number;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

class Session {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;

  constructor(scratch: Scratch) {
    this.#child = spawn(process.execPath, ['-e', SESSION_PROGRAM], {
      cwd: scratch.project,
      env: scratch.watchedEnvironment(),
    });
    this.#child.on('error', () => undefined);
    this.#child.stdin.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#child.stdout });
  }

  run(task: Task): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`a session: exit ${code}`));
      this.#child.once('exit', ended);
      this.#lines.once('line', (line) => {
        this.#child.off('exit', ended);
        // The program above wrote it.
        resolve(JSON.parse(line) as Ended);
      });
      this.#child.stdin.write(`${JSON.stringify(task)}\n`);
    });
  }

  end(): void {
    this.#child.kill();
  }
}

const NODE: Task = { file: process.execPath, args: ['-e', '0'], input: '' };

/**
 * In turn: `node -e 0` alone, `node -e 0` in all sessions at once, the edit hook in all sessions at once, each
 * with a finding. Throws when one of them is neither told of its own nor that the answer was cut.
 */
export async function benchSessions(
  scratch: Scratch,
  { sessions = SESSIONS, rounds, signal, onRound }: SessionOptions,
  serial: Generator<number, never>,
): Promise<SessionsResults> {
  const command = hookCommand(scratch.plugin);
  const all = Array.from({ length: sessions }, () => new Session(scratch));
  const alone: number[] = [];
  const nodes: number[] = [];
  const hooks: number[] = [];
  let cut = 0;
  /** A file that the session has not edited before: it is told each thing of a file once. */
  const edits = (): Task[] =>
    all.map((_, index) => {
      const number = serial.next().value;
      const edit = { ...FINDING, path: `src/run-${number}.ts` };
      const input = payloadOf(scratch, edit, number, `bench-session-${index}`);
      return { file: 'sh', args: ['-c', command], input };
    });
  const together = async (tasks: readonly Task[]): Promise<Ended[]> =>
    Promise.all(all.map((session, index) => session.run(tasks[index] ?? NODE)));
  const endAll = (): void => all.forEach((session) => session.end());
  signal.addEventListener('abort', endAll);
  try {
    // The sessions' own programs have started, and the service has met a crowd, before any time counts.
    await together(all.map(() => NODE));
    for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) (await together(edits())).forEach(wasCut);
    const before = scratch.nodeStarts;
    for (let round = 0; round < rounds; round++) {
      onRound(round);
      for (const session of all.slice(0, 3)) alone.push((await session.run(NODE)).ms);
      nodes.push(...(await together(all.map(() => NODE))).map(({ ms }) => ms));
      const ended = await together(edits());
      cut += ended.filter(wasCut).length;
      hooks.push(...ended.map(({ ms }) => ms));
    }
    const fallbacks = scratch.nodeStarts - before;
    const row = rowAgainst(alone);
    const rows = [
      row('node -e 0 alone', 'control', alone),
      row(`node -e 0, ${sessions} at once`, 'control', nodes),
      row(`warm finding, ${sessions} at once`, 'warm', hooks, cut),
    ];
    const p95ToAlone = distributionOf(hooks).p95 / distributionOf(alone).p50;
    return { sessions, rounds, rows, p95ToAlone, fallbacks };
  } finally {
    signal.removeEventListener('abort', endAll);
    endAll();
  }
}

export interface SessionOptions {
  readonly sessions?: number;
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly onRound: (round: number) => void;
}

/** Throws unless the edit was told of or its answer says that it was cut. */
function wasCut({ status, stdout, stderr }: Ended): boolean {
  if (status === 0 && stderr === '') {
    const { told, cut } = readAnswer(stdout);
    if (told || cut) return cut;
  }
  throw new Error(
    `an edit among others was not told of: exit ${status}, stdout ${JSON.stringify(stdout)}, stderr ${JSON.stringify(stderr)}`,
  );
}
