/** Work that nobody waits for, one piece after the other, a heavy one when nobody waits for anything else. */

export interface BackgroundCounts {
  readonly queued: number;
  readonly finished: number;
  readonly dropped: number;
}

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_JOBS = 100;
/** What keeps more than this in memory, in bytes, may work for seconds. */
const HEAVY = 256 * 1024;

export class BackgroundQueue {
  readonly #calm: () => Promise<void>;
  #jobs: { readonly bytes: number; readonly run: () => Promise<void> }[] = [];
  #bytes = 0;
  #running = false;
  #finished = 0;
  #dropped = 0;

  /** `calm` resolves when a heavy piece may begin; it must not reject. */
  constructor(calm: () => Promise<void> = () => Promise.resolve()) {
    this.#calm = calm;
  }

  /** False when the queue is full; `bytes` is what the job keeps in memory. `run` must not reject. */
  add(bytes: number, run: () => Promise<void>): boolean {
    if (this.#jobs.length >= MAX_JOBS || this.#bytes + bytes > MAX_BYTES) {
      this.#dropped += 1;
      return false;
    }
    this.#jobs.push({ bytes, run });
    this.#bytes += bytes;
    void this.#work();
    return true;
  }

  /** A job that was begun and given up. */
  countDropped(): void {
    this.#dropped += 1;
  }

  get counts(): BackgroundCounts {
    const queued = this.#jobs.length + (this.#running ? 1 : 0);
    return { queued, finished: this.#finished, dropped: this.#dropped };
  }

  async #work(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      if (job.bytes > HEAVY) await this.#calm();
      await job.run();
      this.#bytes -= job.bytes;
      this.#finished += 1;
    }
    this.#running = false;
  }
}
