/**
 * Scans many files on piscina's threads. A worker that crashes, runs out of memory or gets stuck costs one
 * file, which is reported as not scanned; the rest of its batch is done again by another worker.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Piscina } from 'piscina';
import { NO_PACKED_PLANS, type PackedPlans } from '../engine/match/packed-plan.ts';
import type { Rule } from '../engine/rule.ts';
import type {
  ScanReply,
  ScanTarget,
  ScanTask,
  ScanTotals,
  FileOutcome,
  WorkerSetup,
} from './protocol.ts';
import type { Sieve } from './sieve.ts';

export interface ScanPoolOptions {
  /** Built worker entry. */
  readonly workerFile: string;
  /** Built `re2.wasm`. */
  readonly wasmFile: string;
  /** Built `re2.snapshot`. */
  readonly snapshotFile: string;
  readonly rules: readonly Rule[];
  /** Plans made by the build; other patterns are planned by each worker. */
  readonly packed?: PackedPlans;
  readonly threads: number;
  /** Looks at files in this thread first; workers get those that it does not know to be clean. Made while they start. */
  readonly sieve?: () => Pick<Sieve, 'cleanBytes'>;
  /** A worker that works on one file for longer is replaced. */
  readonly fileTimeoutMs?: number;
  /** JavaScript heap of one worker in MiB. */
  readonly maxHeapMb?: number;
}

type Found = ScanTarget | readonly ScanTarget[];
/** One by one or several at a time. */
export type ScanTargets = AsyncIterable<Found> | Iterable<Found>;

export interface ScanPool {
  /** Calls `onOutcome` for files with findings or trouble, in no order; resolves with what was scanned. */
  scan(targets: ScanTargets, onOutcome: (outcome: FileOutcome) => void): Promise<ScanTotals>;
  /** Stops at once; a running `scan` then rejects. */
  close(): Promise<void>;
}

/** Paths a task: enough to hide the cost of a message, few enough to share the end of the work. */
const BATCH = 64;
/** Sieved paths a task: each of them is work. */
const ENOUGH = 24;
const QUEUED_PER_THREAD = 3;
const WATCH_INTERVAL_MS = 250;
const FILE_TIMEOUT_MS = 30_000;
const MAX_HEAP_MB = 1024;

export function createScanPool(options: ScanPoolOptions): ScanPool {
  const fileTimeoutMs = options.fileTimeoutMs ?? FILE_TIMEOUT_MS;
  const setup: WorkerSetup = {
    wasmFile: options.wasmFile,
    snapshotFile: options.snapshotFile,
    rules: options.rules.map(withoutProse),
    packed: JSON.stringify(options.packed ?? NO_PACKED_PLANS),
  };
  const piscina = new Piscina({
    filename: options.workerFile,
    minThreads: options.threads,
    maxThreads: options.threads,
    workerData: setup,
    atomics: 'disabled',
    resourceLimits: { maxOldGenerationSizeMb: options.maxHeapMb ?? MAX_HEAP_MB },
  });
  // A worker that dies while idle is replaced by piscina; a task's failure reaches the task's own promise.
  piscina.on('error', () => undefined);

  let closed = false;
  const runBatch = async (targets: readonly ScanTarget[]): Promise<ScanReply> => {
    const progress = new Int32Array(new SharedArrayBuffer(4));
    const task: ScanTask = { targets, progress };
    const watch = watchProgress(progress, fileTimeoutMs);
    try {
      // The reply is what scan-worker.ts returns.
      return (await piscina.run(task, { signal: watch.signal })) as ScanReply;
    } catch (error) {
      if (closed) throw new Error('the scan was stopped', { cause: error });
      const begun = Atomics.load(progress, 0);
      const culprit = targets[begun - 1];
      const reason = watch.signal.aborted
        ? `no result after ${fileTimeoutMs} ms`
        : crashReason(error);
      // Nothing was begun: the worker cannot start at all, and another try would not help.
      if (culprit === undefined)
        return {
          files: 0,
          bytes: 0,
          outcomes: targets.map((target) => notScanned(target, reason)),
        };
      const rest = targets.filter((target) => target !== culprit);
      const reply = rest.length === 0 ? EMPTY : await runBatch(rest);
      return { ...reply, outcomes: [...reply.outcomes, notScanned(culprit, reason)] };
    } finally {
      watch.stop();
    }
  };

  return {
    async scan(targets, onOutcome) {
      const running = new Set<Promise<void>>();
      let files = 0;
      let bytes = 0;
      let failure: unknown;
      const sift = (sieve: Pick<Sieve, 'cleanBytes'>, batch: readonly ScanTarget[]) =>
        batch.filter((target) => {
          const clean = sieve.cleanBytes(target);
          if (clean === undefined) return true;
          files++;
          bytes += clean;
          return false;
        });
      const start = (batch: readonly ScanTarget[]): void => {
        const done: Promise<void> = runBatch(batch)
          .then((reply) => {
            files += reply.files;
            bytes += reply.bytes;
            reply.outcomes.forEach(onOutcome);
          })
          .catch((error: unknown) => {
            failure ??= error;
          })
          .finally(() => running.delete(done));
        running.add(done);
      };
      let left: ScanTarget[] = [];
      const sieve = options.sieve?.();
      for await (const batch of batches(targets)) {
        if (closed) throw new Error('the scan was stopped');
        if (sieve === undefined) left = [...batch];
        else {
          left.push(...sift(sieve, batch));
          // Replies and signals come in meanwhile.
          await nextTurn();
        }
        if (left.length >= ENOUGH || (left.length > 0 && running.size === 0)) {
          start(left);
          left = [];
        }
        while (running.size >= options.threads * QUEUED_PER_THREAD) await Promise.race(running);
        if (failure !== undefined) break;
      }
      if (left.length > 0 && failure === undefined) start(left);
      await Promise.all(running);
      if (failure !== undefined) throw failure;
      return { files, bytes };
    },
    async close() {
      closed = true;
      await piscina.destroy();
    },
  };
}

/** A rule without what only its readers need. */
function withoutProse(rule: Rule): Rule {
  return { ...rule, references: [], examples: { match: [], noMatch: [] } };
}

const EMPTY: ScanReply = { files: 0, bytes: 0, outcomes: [] };

function notScanned(target: ScanTarget, reason: string): FileOutcome {
  return { kind: 'not-scanned', path: target.relative, reason };
}

async function* batches(targets: ScanTargets): AsyncGenerator<readonly ScanTarget[]> {
  let batch: ScanTarget[] = [];
  for await (const found of targets) {
    for (const target of 'relative' in found ? [found] : found) {
      batch.push(target);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Aborts when a task has begun and its count stands still for `timeoutMs`. */
function watchProgress(
  progress: Int32Array,
  timeoutMs: number,
): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  let last = 0;
  let standing = 0;
  const timer = setInterval(() => {
    const now = Atomics.load(progress, 0);
    standing = now === last && now > 0 ? standing + WATCH_INTERVAL_MS : 0;
    last = now;
    if (standing >= timeoutMs) controller.abort();
  }, WATCH_INTERVAL_MS);
  timer.unref();
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}

function crashReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'the worker ran out of memory';
  return `the worker failed: ${error instanceof Error ? error.message : String(error)}`;
}
