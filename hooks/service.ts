/**
 * Entry of the resident service: `node service/main.js FOLDER`. It serves the state folder that FOLDER lies
 * in until it is idle, replaced or asked to leave. A start that fails writes one line to stderr.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RulePack } from '../engine/pack/rule-pack.ts';
import { takeServiceDir } from '../host/service/health/folder.ts';
import { failureLine, startErrorOf, StartError } from '../host/service/health/start-error.ts';
import type { Phase } from '../host/service/health/codes.ts';
import { VERSION } from '../host/service/health/version.ts';
import { PROTOCOL } from '../host/service/paths.ts';
import { garbageCollector } from '../host/collect-garbage.ts';
import { setV8Flags } from '../host/v8-flags.ts';
import { compileWasm, openSnapshotFile } from '../host/wasm.ts';
import { holdAddress } from '../workers/service/address.ts';
import type { HeldAddress } from '../workers/service/address.ts';
import { BackgroundQueue } from '../workers/service/background.ts';
import { createDeadlinePool } from '../workers/service/deadline-pool.ts';
import { createServiceServer } from '../workers/service/server.ts';
import { ServiceStats } from '../workers/service/stats.ts';
import { readWarmUp } from './edit-rules.ts';
import { EditService } from './edit-service.ts';
import type { EditReply, EditTask, EditWorkerSetup } from './edit-task.ts';

/** One that works and the spare one. */
const THREADS = 2;
/** From when one is late for long, or two are. */
const MOST_THREADS = 3;
const MAX_HEAP_MB = 256;
const GIVE_UP_MS = 10_000;
const IDLE_MS = 30 * 60 * 1000;
/** Memory that a heavy edit took is not all given back; a pause is the time to begin anew, in bytes. */
const LARGE_RSS = 220 * 1024 * 1024;
const SHORT_IDLE_MS = 20_000;
const WATCH_MS = 2_000;
/** Requests above this leave garbage that is worth collecting, in bytes. */
const LARGE = 256 * 1024;
/** Without an edit for so long, what was cut is worked on: two threads at work would make the next edit wait. */
const CALM_MS = 500;
/** Where edits never pause it is worked on all the same. */
const LONGEST_CALM_MS = 3_000;
/** For answers that are on their way when the service leaves. */
const DRAIN_MS = 2_000;
/** How often is looked whether they are out. */
const DRAINED_MS = 20;

// An edit runs through much code a little: to optimise it as soon as V8 does by default took a quarter of the processor
// time of the first thousand edits. Loops over a large one are optimised all the same.
setV8Flags('--interrupt-budget=300000');
void main(process.argv[2]);

async function main(dir: string | undefined): Promise<void> {
  let phase: Phase = 'lock';
  const enter = (next: Phase): void => {
    phase = next;
  };
  try {
    if (dir === undefined)
      throw new StartError('lock', 'folder-gone', 'expected the folder of the service');
    const started = await start(dir, enter);
    // Somebody else serves: whoever started this one is answered by that one.
    if (!started) process.exit(0);
  } catch (error) {
    process.stderr.write(failureLine(startErrorOf(phase, error)));
    process.exit(1);
  }
}

/** False when the same version or a newer one serves already. */
async function start(dir: string, enter: (phase: Phase) => void): Promise<boolean> {
  // Its starter has made it: where it is gone, so is whoever wanted the service.
  takeServiceDir(dir);
  process.chdir(dir);
  process.umask(0o077);

  enter('wasm');
  const module = compileWasm(besideService('re2.wasm'));
  const snapshot = openSnapshotFile(besideService('re2.snapshot'));
  enter('rules');
  const pack = shared(readFileSync(besideService('rules.pack')));
  const { ids } = new RulePack(pack);
  const setup: EditWorkerSetup = {
    module,
    snapshot,
    pack,
    warmUp: readWarmUp(besideService('warm-up.json')),
  };
  enter('pool');
  const pool = createDeadlinePool<EditTask, EditReply>({
    workerFile: fileURLToPath(new URL('edit-worker.js', import.meta.url)),
    workerData: setup,
    threads: MOST_THREADS,
    maxHeapMb: MAX_HEAP_MB,
    giveUpMs: GIVE_UP_MS,
    wake: { kind: 'warm' },
  });
  await pool.warmUp();

  enter('listen');
  const stats = new ServiceStats();
  let lastUse = performance.now();
  const calm = async (): Promise<void> => {
    const until = performance.now() + LONGEST_CALM_MS;
    for (
      let left = CALM_MS;
      left > 0;
      left = Math.min(lastUse + CALM_MS, until) - performance.now()
    )
      await new Promise((resolve) => setTimeout(resolve, left));
  };
  const background = new BackgroundQueue(calm);
  const startedAt = Date.now();
  const begun = performance.now();
  const edits = new EditService({
    pool,
    background,
    stats,
    ruleIds: ids,
    now: Date.now,
  });
  const collectGarbage = garbageCollector();
  let leave = (): void => undefined;
  const server = createServiceServer(VERSION, {
    edit(body, begunMs) {
      lastUse = performance.now();
      const answer = edits.answer(body, begunMs);
      return body.length > LARGE ? answer.finally(collectGarbage) : answer;
    },
    async turnEnd(body, event) {
      lastUse = performance.now();
      const { answerIdleTurn } = await import('./turn/idle.ts');
      return answerIdleTurn(body, event, process.env);
    },
    async command(body) {
      lastUse = performance.now();
      const { answerIdleCommand } = await import('./commit/idle.ts');
      return answerIdleCommand(body, process.env, Date.now);
    },
    status: () => ({
      version: VERSION,
      protocol: PROTOCOL,
      pid: process.pid,
      startedAt: new Date(startedAt).toISOString(),
      uptimeMs: Math.round(performance.now() - begun),
      rssBytes: process.memoryUsage.rss(),
      workers: pool.size,
      rules: ids.length,
      edits: stats.edits,
      latencyMs: stats.latencies,
      skipped: stats.skipped,
      restarts: pool.restarts,
      background: background.counts,
      customRuleSets: edits.customRules.size,
      problems: edits.customRules.problems,
    }),
    retire: () => leave(),
  });
  const identity = {
    version: VERSION,
    pid: process.pid,
    startedAt: new Date(startedAt).toISOString(),
  };
  const outcome = await holdAddress(dir, server, identity);
  if (outcome.kind === 'served') {
    await pool.close();
    return false;
  }
  const { address } = outcome;
  // A thread costs as much processor time as the whole rest of a start, and the host starts just now, too.
  void calm().then(() => pool.grow(THREADS));
  leave = once(() => {
    address.leave();
    edits.finish();
    setTimeout(() => process.exit(0), DRAIN_MS);
    if (process.platform === 'win32') server.close();
    // Elsewhere not: closing removes what has the socket's name by now, a successor's socket as well.
    setInterval(() => {
      server.closeIdleConnections();
      server.getConnections((_error, count) => {
        if (count === 0) process.exit(0);
      });
    }, DRAINED_MS);
  });
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
  // The terminal that it was started from is not its life.
  process.on('SIGHUP', () => undefined);
  const isDone = (): boolean => {
    const idle = performance.now() - lastUse;
    const large = process.memoryUsage.rss() > LARGE_RSS && background.counts.queued === 0;
    return idle > IDLE_MS || (large && idle > SHORT_IDLE_MS);
  };
  watch(address, isDone, leave);
  return true;
}

/** Leaves when nothing was asked for long, or the folder, the socket or this program is not what it was. */
function watch(address: HeldAddress, isIdle: () => boolean, leave: () => void): void {
  const program = fileURLToPath(import.meta.url);
  const own = stampOf(program);
  setInterval(() => {
    if (isIdle() || !address.isMine() || stampOf(program) !== own) leave();
  }, WATCH_MS).unref();
}

function stampOf(file: string): string {
  try {
    const { ino, mtimeMs, size } = statSync(file);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return 'gone';
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** `service/` stands beside the files of the plugin. */
function besideService(name: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), '..', name);
}
