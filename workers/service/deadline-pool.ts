/**
 * A pool of warm threads for work that somebody waits for. A task that is late is not waited for any longer. It goes
 * on by itself, since it is nearly done; a heavy one that does not end soon, and one that leaves no thread for
 * others, is stopped with its thread, and a new thread takes over.
 */
import { Piscina } from 'piscina';

export interface DeadlinePoolOptions<Task> {
  /**
   * Built worker entry, CommonJS: piscina tries `require`, and Node 20 aborts the whole process when a thread is
   * ended while it requires an ES module (seen with 20.20).
   */
  readonly workerFile: string;
  readonly workerData: unknown;
  /** At most, with a spare one; the pool begins with one, and starts the others when they are asked for or one is late. */
  readonly threads: number;
  /** JavaScript heap of one thread in MiB. */
  readonly maxHeapMb: number;
  /** A late task that still runs after so long is stopped, too. */
  readonly giveUpMs: number;
  /** What shows that a thread is there, and takes no time. */
  readonly wake: Task;
}

export type PoolOutcome<Reply> =
  | { readonly kind: 'done'; readonly reply: Reply }
  /** Nobody waits any more; `later` resolves with undefined when the task was stopped. Never rejects. */
  | { readonly kind: 'late'; readonly later: Promise<Reply | undefined> }
  | { readonly kind: 'failed'; readonly reason: string };

export interface DeadlinePool<Task, Reply> {
  /** Never rejects. `heavy`: the task may need seconds. */
  run(task: Task, waitMs: number, heavy?: boolean): Promise<PoolOutcome<Reply>>;
  /** Resolves when the first thread works; rejects when it cannot start, or not within `giveUpMs`. */
  warmUp(): Promise<void>;
  /** From now on there are so many threads; those that are missing start. */
  grow(threads: number): void;
  /** Threads that work. */
  readonly size: number;
  /** Threads that were replaced. */
  readonly restarts: number;
  close(): Promise<void>;
}

/** Until the last thread is stopped: enough for the answer to be on its way. */
const STOP_AFTER_MS = 10;
/** Most heavy tasks end within this, as their time is over; a new thread costs as much work. */
const HEAVY_STOP_AFTER_MS = 300;

/** A late task that has left a thread for others often ends within this, and a thread costs 0.2 s of processor time. */
const SPARE_AFTER_MS = 100;

/** Threads that end at once, one after the other, would take a processor for themselves. */
const REPLACED_EVERY_MS = 1_000;

/** A task's turn to have a thread. */
class Turn {
  isNow = false;
  readonly hasCome: Promise<void>;
  #resolve!: () => void;

  constructor() {
    this.hasCome = new Promise((resolve) => (this.#resolve = resolve));
  }

  come(): void {
    this.isNow = true;
    this.#resolve();
  }
}

export function createDeadlinePool<Task, Reply>(
  options: DeadlinePoolOptions<Task>,
): DeadlinePool<Task, Reply> {
  const { giveUpMs, wake } = options;
  /** By their ids. */
  const working = new Set<number>();
  const piscina = new Piscina<Task, Reply>({
    filename: options.workerFile,
    minThreads: 1,
    maxThreads: options.threads,
    idleTimeout: Infinity,
    // Piscina's own would give a task to a thread that is still starting while another is free again.
    loadBalancer: ({ isAbortable }, threads) =>
      threads.find(
        ({ id, currentUsage }) => currentUsage === 0 && (!isAbortable || working.has(id)),
      ) ?? null,
    workerData: options.workerData,
    atomics: 'disabled',
    env: {},
    resourceLimits: {
      maxOldGenerationSizeMb: options.maxHeapMb,
      // A small nursery: the service waits most of the time, and memory is what it costs then.
      maxYoungGenerationSizeMb: 3,
    },
  });
  let wanted = 1;
  let running = 0;
  const line: Turn[] = [];
  /** Lets those in who have a thread. With more of them piscina would start one, for a burst that ends sooner. */
  const advance = (): void => {
    while (running < Math.max(1, working.size) && line.length > 0) {
      running += 1;
      line.shift()?.come();
    }
  };
  /** Who waits in the line is let in when this has ended. */
  const occupy = async (task: Task, signal?: AbortSignal): Promise<Reply> => {
    try {
      return await piscina.run(task, signal === undefined ? {} : { signal });
    } finally {
      running -= 1;
      advance();
    }
  };
  const runInTurn = async (task: Task, turn: Turn, signal: AbortSignal): Promise<Reply> => {
    line.push(turn);
    advance();
    await turn.hasCome;
    return occupy(task, signal);
  };
  let restarts = 0;
  let late = 0;
  let replaced = -Infinity;
  let closed = false;
  /** Piscina starts a thread for a task that no thread is free for. */
  const start = (): void => {
    if (closed) return;
    const most = working.size + options.threads;
    for (let i = 0; i < most && piscina.threads.length < wanted; i += 1) {
      running += 1;
      occupy(wake).catch(() => undefined);
    }
  };
  const grow = (threads: number): void => {
    wanted = Math.max(wanted, threads);
    start();
  };
  piscina.on('workerCreate', ({ id }: { id: number }) => {
    working.add(id);
    // Piscina gives it no task before this event is over.
    queueMicrotask(advance);
  });
  piscina.on('workerDestroy', () => {
    // One that has ended has no id any more, and is still counted until piscina has replaced it.
    setImmediate(() => {
      const left = new Set(piscina.threads.map(({ threadId }) => threadId));
      const lost = [...working].filter((id) => !left.has(id));
      for (const id of lost) working.delete(id);
      restarts += lost.length;
      const now = performance.now();
      // One that cannot start, or ends as soon as it has, is not tried for ever: the next late task asks for it again.
      if (lost.length === 0 || now - replaced < REPLACED_EVERY_MS) return;
      replaced = now;
      start();
    });
  });
  // A task's failure reaches the task.
  piscina.on('error', () => undefined);

  return {
    async run(task, waitMs, heavy = false) {
      const stop = new AbortController();
      const turn = new Turn();
      const ended = runInTurn(task, turn, stop.signal).then(
        (reply): PoolOutcome<Reply> => ({ kind: 'done', reply }),
        (error: unknown): PoolOutcome<Reply> => ({
          kind: 'failed',
          reason: error instanceof Error ? error.message : String(error),
        }),
      );
      const first = await Promise.race([ended, after(waitMs)]);
      if (first !== undefined) return first;
      // One that was only in a line holds nobody up.
      const isStuck = turn.isNow;
      const overstay = turn.hasCome.then(() => {
        const isLastFree = late >= options.threads - 1;
        late += 1;
        // Others are answered all the while, and when it takes longer with one to spare again.
        if (isStuck) grow(Math.min(late + 1, options.threads));
        const spare = setTimeout(() => grow(options.threads), SPARE_AFTER_MS);
        const timer = setTimeout(
          () => stop.abort(),
          isLastFree ? STOP_AFTER_MS : heavy ? HEAVY_STOP_AFTER_MS : giveUpMs,
        );
        return () => {
          clearTimeout(spare);
          clearTimeout(timer);
          late -= 1;
        };
      });
      const later = ended.then(async (outcome) => {
        (await overstay)();
        return outcome.kind === 'done' ? outcome.reply : undefined;
      });
      return { kind: 'late', later };
    },
    async warmUp() {
      const woken = piscina.run(wake);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('the threads did not start in time')), giveUpMs);
      });
      try {
        await Promise.race([woken, late]);
      } finally {
        clearTimeout(timer);
        // The other one may still reject; what happened is known by now.
        woken.catch(() => undefined);
      }
    },
    grow,
    get size() {
      return working.size;
    },
    get restarts() {
      return restarts;
    },
    async close() {
      closed = true;
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
