/**
 * A pool of warm threads for work that somebody waits for. A task that is late is not waited for any longer. It goes
 * on by itself, since it is nearly done; a heavy one that does not end soon, and one that leaves no thread for
 * others, is stopped with its thread, and a new thread takes over.
 *
 * A task has a thread to itself or waits in a line. Each thread is a piscina of one: a larger one starts threads for a
 * burst that is over before they are there, and those cost 0.2 s of processor time each when it is wanted most.
 */
import { Seat } from './seat.ts';
import type { SeatOptions } from './seat.ts';

export interface DeadlinePoolOptions<Task> extends SeatOptions<Task> {
  /** At most, with a spare one; the pool begins with one, and starts the others when they are asked for or one is late. */
  readonly threads: number;
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
/** A late task that has left a thread for others often ends within this, and a thread is dear. */
const SPARE_AFTER_MS = 100;
/** Threads that end as they start, one after the other, would take a processor for themselves. */
const TRIED_EVERY_MS = 1_000;

/** A task's turn to have a thread. */
class Turn<Task, Reply> {
  seat: Seat<Task, Reply> | undefined;
  readonly hasCome: Promise<Seat<Task, Reply>>;
  #resolve!: (seat: Seat<Task, Reply>) => void;
  fail!: (error: unknown) => void;

  constructor() {
    this.hasCome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.fail = reject;
    });
    // Whoever waits for it hears of a failure.
    this.hasCome.catch(() => undefined);
  }

  come(seat: Seat<Task, Reply>): void {
    this.seat = seat;
    this.#resolve(seat);
  }
}

export function createDeadlinePool<Task, Reply>(
  options: DeadlinePoolOptions<Task>,
): DeadlinePool<Task, Reply> {
  const { giveUpMs, threads: most } = options;
  const seats = new Set<Seat<Task, Reply>>();
  const line: Turn<Task, Reply>[] = [];
  let wanted = 1;
  let late = 0;
  let failedAt = -Infinity;
  /** Of threads that have gone for good. */
  let restarts = 0;
  let closed = false;

  const advance = (): void => {
    for (const seat of seats) {
      if (line.length === 0) return;
      if (seat.take()) line.shift()?.come(seat);
    }
  };
  const lose = (seat: Seat<Task, Reply>, error: unknown): void => {
    if (!seats.delete(seat)) return;
    failedAt = performance.now();
    restarts += seat.restarts;
    void seat.close();
    if (seats.size === 0) for (const turn of line.splice(0)) turn.fail(error);
  };
  /** A thread that cannot start is not tried again at once. */
  const start = (): void => {
    if (closed || performance.now() - failedAt < TRIED_EVERY_MS) return;
    while (seats.size < wanted) {
      const seat: Seat<Task, Reply> = new Seat(options, {
        free: advance,
        lost: (error) => lose(seat, error),
      });
      seats.add(seat);
    }
  };
  const grow = (threads: number): void => {
    wanted = Math.max(wanted, Math.min(threads, most));
    start();
  };
  const runInTurn = async (
    task: Task,
    turn: Turn<Task, Reply>,
    signal: AbortSignal,
  ): Promise<Reply> => {
    start();
    if (seats.size === 0) throw new Error('no thread can be started');
    line.push(turn);
    advance();
    const seat = await turn.hasCome;
    try {
      return await seat.run(task, signal);
    } finally {
      advance();
    }
  };

  start();
  return {
    async run(task, waitMs, heavy = false) {
      const stop = new AbortController();
      const turn = new Turn<Task, Reply>();
      const ended = runInTurn(task, turn, stop.signal).then(
        (reply): PoolOutcome<Reply> => ({ kind: 'done', reply }),
        (error: unknown): PoolOutcome<Reply> => ({
          kind: 'failed',
          reason: error instanceof Error ? error.message : String(error),
        }),
      );
      const first = await Promise.race([ended, after(waitMs)]);
      if (first !== undefined) return first;
      // One that was only in the line holds nobody up.
      const isSlow = turn.seat !== undefined;
      const overstay = turn.hasCome.then(
        () => {
          const isLastFree = late >= most - 1;
          late += 1;
          // Others are answered all the while, and when it takes longer with one to spare again.
          if (isSlow) grow(late + 1);
          const spare = setTimeout(() => grow(most), SPARE_AFTER_MS);
          const timer = setTimeout(
            () => stop.abort(),
            isLastFree ? STOP_AFTER_MS : heavy ? HEAVY_STOP_AFTER_MS : giveUpMs,
          );
          return () => {
            clearTimeout(spare);
            clearTimeout(timer);
            late -= 1;
          };
        },
        () => () => undefined,
      );
      const unserved = setTimeout(() => {
        if (![...seats].some((seat) => seat.isUp)) grow(seats.size + 1);
      }, SPARE_AFTER_MS);
      const later = ended.then(async (outcome) => {
        clearTimeout(unserved);
        (await overstay)();
        return outcome.kind === 'done' ? outcome.reply : undefined;
      });
      return { kind: 'late', later };
    },
    async warmUp() {
      const [seat] = seats;
      if (seat === undefined) throw new Error('no thread could be started');
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('the threads did not start in time')), giveUpMs);
      });
      try {
        await Promise.race([seat.ready, tooLate]);
      } finally {
        clearTimeout(timer);
      }
    },
    grow,
    get size() {
      return [...seats].filter((seat) => seat.isUp).length;
    },
    get restarts() {
      return [...seats].reduce((sum, seat) => sum + seat.restarts, restarts);
    },
    async close() {
      closed = true;
      await Promise.all([...seats].map((seat) => seat.close()));
    },
  };
}

/** Resolves with undefined; does not keep the process. */
function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms).unref();
  });
}
