/** One warm thread that does one task at a time, and the one that takes over when it ends. */
import { Piscina } from 'piscina';

export interface SeatOptions<Task> {
  /**
   * Built worker entry, CommonJS: piscina tries `require`, and Node 20 aborts the whole process when a thread is
   * ended while it requires an ES module (seen with 20.20).
   */
  readonly workerFile: string;
  readonly workerData: unknown;
  /** JavaScript heap of the thread in MiB. */
  readonly maxHeapMb: number;
  /** What shows that a thread is there, and takes no time. */
  readonly wake: Task;
}

export interface SeatEvents {
  /** The thread works: a task can be taken. */
  free(): void;
  /** No thread can be started; the seat is to be closed. */
  lost(error: unknown): void;
}

export class Seat<Task, Reply> {
  readonly #piscina: Piscina<Task, Reply>;
  readonly #wake: Task;
  readonly #events: SeatEvents;
  /** Resolves when the first thread works; rejects when it cannot start. */
  readonly ready: Promise<void>;
  #isUp = false;
  #isBusy = false;
  #hasLost = false;
  #isClosed = false;
  #restarts = 0;

  constructor(options: SeatOptions<Task>, events: SeatEvents) {
    this.#wake = options.wake;
    this.#events = events;
    this.#piscina = new Piscina<Task, Reply>({
      filename: options.workerFile,
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Infinity,
      workerData: options.workerData,
      atomics: 'disabled',
      env: {},
      resourceLimits: {
        maxOldGenerationSizeMb: options.maxHeapMb,
        // A small nursery: the service waits most of the time, and memory is what it costs then.
        maxYoungGenerationSizeMb: 3,
      },
    });
    // A task's failure reaches the task.
    this.#piscina.on('error', () => undefined);
    this.#piscina.on('workerDestroy', () => {
      this.#hasLost = true;
      if (this.#isUp && !this.#isBusy) this.#renew();
    });
    this.ready = this.#start();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Threads that were replaced. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Whether the thread is the caller's now, who is to call `run` once. */
  take(): boolean {
    if (!this.#isUp || this.#isBusy) return false;
    this.#isBusy = true;
    return true;
  }

  /** Rejects when the thread ends; `signal` ends it. */
  async run(task: Task, signal: AbortSignal): Promise<Reply> {
    try {
      return await this.#piscina.run(task, { signal });
    } finally {
      this.#isBusy = false;
      if (this.#hasLost && !this.#isClosed) this.#renew();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isUp = false;
    await this.#piscina.destroy();
  }

  #renew(): void {
    this.#hasLost = false;
    this.#isUp = false;
    this.#restarts += 1;
    // By then piscina has started another thread in place of the one that ended.
    setImmediate(() => {
      if (!this.#isClosed) void this.#start();
    });
  }

  #start(): Promise<void> {
    const ready = this.#piscina.run(this.#wake).then(() => {
      this.#isUp = true;
      this.#events.free();
    });
    ready.catch((error: unknown) => this.#events.lost(error));
    return ready;
  }
}
