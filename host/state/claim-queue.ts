/** Claims of this process that are on their way to their files: an answer does not wait for a disk. */
import type { Claim } from './claims.ts';

export class ClaimQueue {
  readonly #putOff: (work: () => void) => void;
  /** By path of the state file, oldest first. */
  readonly #waiting = new Map<string, Claim[]>();

  /** `putOff` runs `work` once, when nobody has to wait for it. */
  constructor(putOff: (work: () => void) => void) {
    this.#putOff = putOff;
  }

  /** What the file at `path` does not say yet, or not for certain. */
  waiting(path: string): readonly Claim[] {
    return this.#waiting.get(path) ?? [];
  }

  /** `write` gets all that wait for `path` by then; it must not reject. */
  add(path: string, claim: Claim, write: (claims: readonly Claim[]) => Promise<void>): void {
    const claims = this.#waiting.get(path);
    if (claims !== undefined) {
      claims.push(claim);
      return;
    }
    this.#waiting.set(path, [claim]);
    this.#putOff(() => void this.#drain(path, write));
  }

  async #drain(path: string, write: (claims: readonly Claim[]) => Promise<void>): Promise<void> {
    const claims = this.#waiting.get(path) ?? [];
    const count = claims.length;
    await write([...claims]);
    // More may have come while the lock was waited for.
    claims.splice(0, count);
    if (claims.length === 0) this.#waiting.delete(path);
    else this.#putOff(() => void this.#drain(path, write));
  }
}
