/** Work that no answer waits for: it is done between requests, or after a while where they do not end. */

/** At the latest, in milliseconds: who looks at the log should find it there, and a process that is killed lose little. */
const LATEST_MS = 100;

export class Behind {
  readonly #latestMs: number;
  #answering = 0;
  #works: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(latestMs: number = LATEST_MS) {
    this.#latestMs = latestMs;
  }

  /** A request is being answered until the returned function is called, once. */
  begin(): () => void {
    this.#answering += 1;
    return () => {
      this.#answering -= 1;
      this.#whenCalm();
    };
  }

  /** In order. `work` must not throw. */
  add(work: () => void): void {
    this.#works.push(work);
    this.#timer ??= setTimeout(() => this.finish(), this.#latestMs);
    this.#whenCalm();
  }

  /** Does all of it now. */
  finish(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const works = this.#works;
    this.#works = [];
    for (const work of works) work();
  }

  /** Behind the answer that is on its way. */
  #whenCalm(): void {
    if (this.#answering > 0 || this.#works.length === 0) return;
    setImmediate(() => {
      if (this.#answering === 0) this.finish();
    });
  }
}
