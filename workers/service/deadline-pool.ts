/**
 * A pool of warm threads for work that somebody waits for. A task that is late is not waited for any longer. It goes
 * on by itself, since it is nearly done; a heavy one that does not end soon, and one that leaves no thread for
 * others, is stopped with its thread, and a new thread takes over.
 */
import { Piscina } from 'piscina';

export interface DeadlinePoolOptions {
  /** Built worker entry. */
  readonly workerFile: string;
  readonly workerData: unknown;
  /** With the spare one. */
  readonly threads: number;
  /** JavaScript heap of one thread in MiB. */
  readonly maxHeapMb: number;
  /** A late task that still runs after so long is stopped, too. */
  readonly giveUpMs: number;
}

export type PoolOutcome<Reply> =
  | { readonly kind: 'done'; readonly reply: Reply }
  /** Nobody waits any more; `later` resolves with undefined when the task was stopped. Never rejects. */
  | { readonly kind: 'late'; readonly later: Promise<Reply | undefined> }
  | { readonly kind: 'failed'; readonly reason: string };

export interface DeadlinePool<Task, Reply> {
  /** Never rejects. `heavy`: the task may need seconds. */
  run(task: Task, waitMs: number, heavy?: boolean): Promise<PoolOutcome<Reply>>;
  /** Has each thread do `task` once; rejects when one cannot start, or not within `giveUpMs`. */
  warmUp(task: Task): Promise<void>;
  /** Threads that were replaced. */
  readonly restarts: number;
  close(): Promise<void>;
}

/** Until the last thread is stopped: enough for the answer to be on its way. */
const STOP_AFTER_MS = 10;
/** Most heavy tasks end within this, as their time is over; a new thread costs as much work. */
const HEAVY_STOP_AFTER_MS = 300;

export function createDeadlinePool<Task, Reply>(
  options: DeadlinePoolOptions,
): DeadlinePool<Task, Reply> {
  const { threads, giveUpMs } = options;
  const piscina = new Piscina<Task, Reply>({
    filename: options.workerFile,
    minThreads: threads,
    maxThreads: threads,
    workerData: options.workerData,
    atomics: 'disabled',
    env: {},
    resourceLimits: {
      maxOldGenerationSizeMb: options.maxHeapMb,
      // A small nursery: the service waits most of the time, and memory is what it costs then.
      maxYoungGenerationSizeMb: 3,
    },
  });
  let started = 0;
  let lateRunning = 0;
  piscina.on('workerCreate', () => {
    started += 1;
  });
  // A thread that dies while it is idle is replaced by piscina; a task's failure reaches the task.
  piscina.on('error', () => undefined);

  return {
    async run(task, waitMs, heavy = false) {
      const stop = new AbortController();
      const ended = piscina.run(task, { signal: stop.signal }).then(
        (reply): PoolOutcome<Reply> => ({ kind: 'done', reply }),
        (error: unknown): PoolOutcome<Reply> => ({
          kind: 'failed',
          reason: error instanceof Error ? error.message : String(error),
        }),
      );
      const first = await Promise.race([ended, after(waitMs)]);
      if (first !== undefined) return first;
      const isLastFree = lateRunning >= threads - 1;
      lateRunning += 1;
      const timer = setTimeout(
        () => stop.abort(),
        isLastFree ? STOP_AFTER_MS : heavy ? HEAVY_STOP_AFTER_MS : giveUpMs,
      );
      const later = ended.then((outcome) => {
        clearTimeout(timer);
        lateRunning -= 1;
        return outcome.kind === 'done' ? outcome.reply : undefined;
      });
      return { kind: 'late', later };
    },
    async warmUp(task) {
      // A thread that works takes no second task, so each gets one; it begins when the program is loaded.
      const outcomes = Promise.all(Array.from({ length: threads }, () => piscina.run(task)));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('the threads did not start in time')), giveUpMs);
      });
      try {
        await Promise.race([outcomes, late]);
      } finally {
        clearTimeout(timer);
        // The other one may still reject; what happened is known by now.
        outcomes.catch(() => undefined);
      }
    },
    get restarts() {
      return Math.max(0, started - threads);
    },
    async close() {
      await piscina.destroy();
    },
  };
}

/** Resolves with undefined; does not keep the process. */
function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms).unref();
  });
}
