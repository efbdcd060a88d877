/**
 * Memory in which files are handed to workers. It is used again and again: what each file had for itself would be given
 * back late, and a scan of many files would hold a hundred megabytes of them.
 */

/** A task's files are as long together, mostly. */
const SLOT_BYTES: number = 1 << 20;
/** As long as a file that is read before it is handed over; few are longer than a slot. */
const MOST_BYTES: number = 4 << 20;

/** For the files of one task. */
export class Slot {
  #bytes: Uint8Array = new Uint8Array(new SharedArrayBuffer(SLOT_BYTES));
  #used = 0;

  /** A copy, which is there until the slot is released; undefined when there is no room for it. */
  add(content: Uint8Array): Uint8Array | undefined {
    const end = this.#used + content.length;
    if (end > this.#bytes.length && !this.#grow(end)) return undefined;
    const copy = this.#bytes.subarray(this.#used, end);
    copy.set(content);
    this.#used = end;
    return copy;
  }

  clear(): void {
    this.#used = 0;
  }

  /** For one file that is longer; where there are several the slot is full. */
  #grow(bytes: number): boolean {
    if (this.#used > 0 || bytes > MOST_BYTES) return false;
    this.#bytes = new Uint8Array(new SharedArrayBuffer(bytes));
    return true;
  }
}

export class Slots {
  readonly #free: Slot[] = [];

  take(): Slot {
    return this.#free.pop() ?? new Slot();
  }

  /** What is in the slot is no longer looked at. */
  release(slot: Slot): void {
    slot.clear();
    this.#free.push(slot);
  }
}
