/** What sessions were told, in the memory of a process that lives long: most edits are of few sessions. */
import { statSync } from 'node:fs';
import { Told } from './claims.ts';
import type { State } from './claims.ts';
import type { Journal } from './journal.ts';

/** Of all sessions; the oldest are forgotten above it, and read again. */
const MAX_KEYS = 20_000;

interface Known {
  readonly told: Told;
  /** Of the session's file. */
  readonly signature: string;
  /** Of the journal. */
  readonly readings: number;
}

export class ToldCache {
  readonly #known = new Map<string, Known>();

  /**
   * What the session was told whose state is in the file at `path`, which `load` reads, and in the journal, which was
   * refreshed. Undefined where `load` says so.
   */
  of(
    key: string,
    path: string,
    journal: Journal,
    load: (path: string) => State | undefined,
  ): Told | undefined {
    const { readings } = journal;
    const signature = signatureOf(path);
    const known = this.#known.get(key);
    this.#known.delete(key);
    if (known?.signature === signature && known.readings === readings) {
      this.#known.set(key, known);
      return known.told;
    }
    const state = signature === ABSENT ? {} : load(path);
    if (state === undefined) return undefined;
    const told = new Told(state, journal.claims(key));
    this.#known.set(key, { told, signature, readings });
    this.#forget();
    return told;
  }

  #forget(): void {
    let size = [...this.#known.values()].reduce((sum, { told }) => sum + told.size, 0);
    for (const [key, { told }] of this.#known) {
      if (size <= MAX_KEYS) return;
      this.#known.delete(key);
      size -= told.size;
    }
  }
}

const ABSENT = '';

/** Whatever changes when a file is replaced. */
function signatureOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? ABSENT : [stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs].join(' ');
}
