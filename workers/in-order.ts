/** Hands on in the order of their places what is ready in any order. */
export class InOrder<T> {
  readonly #handOn: (items: readonly T[]) => void;
  readonly #ready = new Map<number, readonly T[]>();
  #places = 0;
  #next = 0;

  constructor(handOn: (items: readonly T[]) => void) {
    this.#handOn = handOn;
  }

  /** A place behind all that were taken; each has to be filled once. */
  take(): number {
    return this.#places++;
  }

  fill(place: number, items: readonly T[]): void {
    this.#ready.set(place, items);
    for (let next = this.#ready.get(this.#next); next !== undefined;) {
      this.#ready.delete(this.#next++);
      this.#handOn(next);
      next = this.#ready.get(this.#next);
    }
  }
}
