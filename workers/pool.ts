/**
 * Scans many files on piscina's threads. A worker that crashes, runs out of memory or gets stuck costs one
 * file, which is reported as not scanned; the rest of its batch is done again by another worker.
 */
import type { Piscina } from 'piscina';
import { type Rule, withoutProse } from '../engine/rule.ts';
import { NOT_SCANNED } from './protocol.ts';
import type {
  ScanReply,
  ScanTarget,
  ScanTask,
  ScanTotals,
  FileOutcome,
  WorkerSetup,
} from './protocol.ts';
import { runScan } from './scan-run.ts';
import type { Memory } from './memory.ts';
import type { ScanTargets } from './scan-run.ts';
import type { Sieve } from './sieve.ts';

export interface ScanPoolOptions {
  /**
   * Built worker entry, CommonJS: piscina tries `require`, and Node 20 aborts the whole process when a thread is
   * ended while it requires an ES module (seen with 20.20).
   */
  readonly workerFile: string;
  /** Built `re2.wasm`. */
  readonly wasmFile: string;
  /** Built `re2.snapshot`. */
  readonly snapshotFile: string;
  /** Asked for when threads are started. */
  readonly rules: () => PoolRules;
  readonly threads: number;
  /** Looks at files in this thread first; workers get those that it does not settle. Made while they start. */
  readonly sieve?: (memory: Memory | undefined) => Pick<Sieve, 'look'>;
  /** A worker that works on one file for longer is replaced. */
  readonly fileTimeoutMs?: number;
  /** JavaScript heap of one worker in MiB. */
  readonly maxHeapMb?: number;
}

export interface PoolRules {
  /** Built `rules.pack`, read by `readPackFile`. */
  readonly pack?: Uint8Array;
  /** Ids of those rules of the pack that are searched for. */
  readonly only?: ReadonlySet<string>;
  /** Others, which each worker plans. */
  readonly rules: readonly Rule[];
}

export interface ScanPool {
  /** Calls `onOutcome` for files with findings or trouble, in the order of `targets`; resolves with what was scanned. */
  scan(
    targets: ScanTargets,
    onOutcome: (outcome: FileOutcome) => void,
    memory?: Memory,
  ): Promise<ScanTotals>;
  /** Stops at once; a running `scan` then rejects. */
  close(): Promise<void>;
}

const QUEUED_PER_THREAD = 3;
const WATCH_INTERVAL_MS = 250;
const FILE_TIMEOUT_MS = 30_000;
const MAX_HEAP_MB = 1024;
/** What is new in a worker is soon of no use; the default keeps three times as much of it. */
const YOUNG_HEAP_MB = 16;

export function createScanPool(options: ScanPoolOptions): ScanPool {
  const fileTimeoutMs = options.fileTimeoutMs ?? FILE_TIMEOUT_MS;
  const setup = (): WorkerSetup => {
    const { pack, only = [], rules } = options.rules();
    return {
      wasmFile: options.wasmFile,
      snapshotFile: options.snapshotFile,
      ...(pack !== undefined && { pack }),
      only: [...only],
      rules: rules.map(withoutProse),
    };
  };
  const begin = async (): Promise<Piscina> => {
    // A scan in which nothing has changed needs no threads, and not the time that reading this takes.
    const piscina = await import('piscina');
    const made = new piscina.Piscina({
      filename: options.workerFile,
      minThreads: options.threads,
      maxThreads: options.threads,
      workerData: setup(),
      atomics: 'disabled',
      resourceLimits: {
        maxOldGenerationSizeMb: options.maxHeapMb ?? MAX_HEAP_MB,
        maxYoungGenerationSizeMb: YOUNG_HEAP_MB,
      },
    });
    // A worker that dies while idle is replaced by piscina; a task's failure reaches the task's own promise.
    made.on('error', () => undefined);
    return made;
  };
  let threads: Promise<Piscina> | undefined;

  let closed = false;
  const runBatch = async (batch: Omit<ScanTask, 'progress'>): Promise<ScanReply> => {
    const { targets } = batch;
    const progress = new Int32Array(new SharedArrayBuffer(4));
    const task: ScanTask = { ...batch, progress };
    if (closed) throw new Error('the scan was stopped');
    const piscina = await (threads ??= begin());
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
          sizes: targets.map(() => NOT_SCANNED),
          keys: [],
          outcomes: targets.map((target) => notScanned(target, reason)),
        };
      const rest = targets.filter((target) => target !== culprit);
      const reply = rest.length === 0 ? EMPTY : await runBatch({ ...batch, targets: rest });
      return {
        sizes: reply.sizes.toSpliced(begun - 1, 0, NOT_SCANNED),
        keys: reply.keys.toSpliced(begun - 1, 0, undefined),
        outcomes: [...reply.outcomes, notScanned(culprit, reason)],
      };
    } finally {
      watch.stop();
    }
  };

  return {
    scan(targets, onOutcome, memory) {
      // Of a tree that was scanned before there may be nothing left for them.
      if ((memory?.size ?? 0) === 0) threads ??= begin();
      return runScan(targets, onOutcome, {
        runBatch: (targets, areMany) => runBatch({ targets, areMany, keys: memory !== undefined }),
        isClosed: () => closed,
        maxRunning: options.threads * QUEUED_PER_THREAD,
        sieve: options.sieve?.(memory),
        memory,
      });
    },
    async close() {
      closed = true;
      await (await threads)?.destroy();
    },
  };
}

const EMPTY: ScanReply = { sizes: [], keys: [], outcomes: [] };

function notScanned(target: ScanTarget, reason: string): FileOutcome {
  return { kind: 'not-scanned', path: target.relative, reason };
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
