/** What the latency suite found out. Times are milliseconds. */
import type { Distribution, Percentile } from '../statistics.ts';

export type Ratios = Readonly<Record<Percentile, number>>;

/** A process from its start to its end. */
export interface ProcessRow {
  readonly name: string;
  readonly role: 'control' | 'cold' | 'warm';
  readonly ms: Distribution;
  /** To `node -e 0` in the same rounds, percentile by percentile. */
  readonly ratio: Ratios;
  /** Answers that said that the deadline had cut them. */
  readonly cut: number;
  /** Every time that was taken, ascending. */
  readonly samples: readonly number[];
}

export type TextKind = 'clean' | 'mixed';

/** A request over the socket, from its first byte to the answer's last. */
export interface RequestRow {
  readonly text: TextKind;
  /** Of the edit's content; the request holds it twice. */
  readonly bytes: number;
  readonly rules: number;
  readonly ms: Distribution;
  /** One plain pass over the content's bytes. */
  readonly loop: Distribution;
  /** Median to median. */
  readonly ratio: number;
  /** Answers that said that the deadline had cut them. */
  readonly cut: number;
  /** Requests that the service left to the hook's own process; they have no time here. */
  readonly refused: number;
}

/** `told`: the planted finding; `cut`: that not everything was looked at; `missed`: neither. */
export type HostileOutcome = 'told' | 'cut' | 'told and cut' | 'missed';

export interface HostileRow {
  readonly name: string;
  /** Of the whole request. */
  readonly bytes: number;
  /** Over the socket. */
  readonly service: Distribution;
  /** The whole hook as a process. */
  readonly hook: Distribution;
  /** The worst one seen. */
  readonly outcome: HostileOutcome;
  /** Edits that the service did not answer: the hook fell back to a process of its own. */
  readonly fallbacks: number;
}

export interface SessionsResults {
  readonly sessions: number;
  readonly rounds: number;
  readonly rows: readonly ProcessRow[];
  /** 95th percentile of all sessions' hooks as a multiple of the median of `node -e 0` alone. */
  readonly p95ToAlone: number;
  /** Edits that the service did not answer: the hook fell back to a process of its own. */
  readonly fallbacks: number;
}

export interface MemoryRow {
  readonly when: string;
  /** Megabytes (2^20 bytes) as the service says, and as the kernel says where it can be asked. */
  readonly rssMb: number;
  readonly kernelMb?: number;
  readonly peakMb?: number;
}

export interface LatencyResults {
  readonly service: {
    readonly version: string;
    readonly rules: number;
    readonly workers: number;
    /** From the start of the program to its first answer. */
    readonly startMs: number;
    /** Edits that it cut or refused before it was warm. */
    readonly cutAtStart: number;
    readonly deadlineMs: number;
  };
  readonly processes: readonly ProcessRow[];
  readonly requests: readonly RequestRow[];
  readonly hostile: readonly HostileRow[];
  readonly sessions: SessionsResults;
  readonly memory: readonly MemoryRow[];
}

/** Microseconds are as fine as anybody reads. */
export function rounded(samples: readonly number[]): number[] {
  return samples.map((each) => Math.round(each * 1000) / 1000);
}
