/** What the portable layers need of the machine; the host hands it in. */
import type { AbortSignalLike } from './transport.ts';

export interface Clock {
  /** Milliseconds of a clock that nobody can set; the origin means nothing. */
  monotonic(): number;
  /** Milliseconds since 1970. */
  wall(): number;
  /** Resolves after `ms`, or as soon as `signal` is aborted. Never rejects. */
  sleep(ms: number, signal: AbortSignalLike): Promise<void>;
}

export interface Abort {
  readonly signal: AbortSignalLike;
  abort(): void;
}

/** One for each review: its deadline and its caller end it. */
export type MakeAbort = () => Abort;
