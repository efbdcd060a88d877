/** What a service did, for `sg status`. Counts and times; nothing of what was edited. */

export interface EditCounts {
  readonly answered: number;
  readonly told: number;
  readonly incomplete: number;
  readonly refused: number;
  readonly failed: number;
}

export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

const KEPT = 1000;
/** Different reasons kept; some name a field of the payload. */
const MAX_REASONS = 50;

export class ServiceStats {
  #edits = { answered: 0, told: 0, incomplete: 0, refused: 0, failed: 0 };
  readonly #skipped = new Map<string, number>();
  readonly #times: number[] = [];
  #next = 0;

  count(what: keyof EditCounts): void {
    this.#edits[what] += 1;
  }

  skip(reason: string): void {
    const known = this.#skipped.get(reason);
    const name = known === undefined && this.#skipped.size >= MAX_REASONS ? 'other' : reason;
    this.#skipped.set(name, (this.#skipped.get(name) ?? 0) + 1);
  }

  /** Milliseconds from the request's last byte to the answer. */
  time(ms: number): void {
    this.#times[this.#next] = ms;
    this.#next = (this.#next + 1) % KEPT;
  }

  get edits(): EditCounts {
    return { ...this.#edits };
  }

  get skipped(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#skipped);
  }

  /** Of the last 1,000 edits; null before the first. */
  get latencies(): Latencies | null {
    if (this.#times.length === 0) return null;
    const sorted = [...this.#times].sort((a, b) => a - b);
    const at = (share: number): number => {
      const value = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
      return Math.round(value * 1000) / 1000;
    };
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
  }
}
