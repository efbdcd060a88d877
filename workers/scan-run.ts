/** One scan on the pool: what is sorted out here, what goes to workers, and their outcomes in the order of the list. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InOrder } from './in-order.ts';
import { NOT_SCANNED } from './protocol.ts';
import type { FileOutcome, ScanReply, ScanTarget, ScanTotals } from './protocol.ts';
import type { Sieve } from './sieve.ts';

type Found = ScanTarget | readonly ScanTarget[];
/** One by one or several at a time. */
export type ScanTargets = AsyncIterable<Found> | Iterable<Found>;

/** What is known of a file before it is looked at, for whoever looked at it earlier. */
export interface Memory {
  /** Undefined: it has to be scanned. */
  recall(target: ScanTarget): Remembered | undefined;
  /** Told of each file that was scanned now, in no order. */
  keep(target: ScanTarget, scanned: Remembered): void;
}
/** Bytes of a file, and its outcome where there was something to tell. */
export interface Remembered {
  readonly bytes: number;
  readonly outcome?: FileOutcome;
}

export interface ScanRun {
  readonly runBatch: (targets: readonly ScanTarget[]) => Promise<ScanReply>;
  readonly isClosed: () => boolean;
  /** Batches that wait for a worker or are at one. */
  readonly maxRunning: number;
  readonly sieve: Pick<Sieve, 'cleanBytes'> | undefined;
  readonly memory: Memory | undefined;
}

/** Paths a task: enough to hide the cost of a message, few enough to share the end of the work. */
const BATCH = 64;
/** Sieved paths a task: each of them is work. */
const ENOUGH = 24;

/** Files that follow each other in the list and whose outcomes are handed on together. */
interface Group {
  /** For a worker. */
  readonly targets: ScanTarget[];
  /** Of all files, by path; those of a worker come later. */
  readonly outcomes: Map<string, FileOutcome>;
  /** Paths whose outcomes are known or awaited. */
  readonly paths: string[];
}

/** Calls `onOutcome` in the order of `targets`. Rejects when the list fails or the pool is closed. */
export async function runScan(
  targets: ScanTargets,
  onOutcome: (outcome: FileOutcome) => void,
  { runBatch, isClosed, maxRunning, sieve, memory }: ScanRun,
): Promise<ScanTotals> {
  const running = new Set<Promise<void>>();
  const order = new InOrder<FileOutcome>((outcomes) => outcomes.forEach(onOutcome));
  let files = 0;
  let bytes = 0;
  let failure: unknown;
  const count = (size: number): void => {
    files++;
    bytes += size;
  };
  const add = (group: Group, target: ScanTarget): void => {
    const known = memory?.recall(target);
    if (known !== undefined) {
      count(known.bytes);
      if (known.outcome === undefined) return;
      group.outcomes.set(target.relative, known.outcome);
    } else {
      const clean = sieve?.cleanBytes(target);
      if (clean !== undefined) {
        count(clean);
        memory?.keep(target, { bytes: clean });
        return;
      }
      group.targets.push(target);
    }
    group.paths.push(target.relative);
  };
  const handIn = (group: Group, { sizes, outcomes }: ScanReply): void => {
    for (const outcome of outcomes) group.outcomes.set(outcome.path, outcome);
    group.targets.forEach((target, index) => {
      const size = sizes[index] ?? NOT_SCANNED;
      if (size === NOT_SCANNED) return;
      count(size);
      const outcome = group.outcomes.get(target.relative);
      memory?.keep(target, { bytes: size, ...(outcome !== undefined && { outcome }) });
    });
  };
  const start = (group: Group): void => {
    const place = order.take();
    const handOn = (): void =>
      order.fill(
        place,
        group.paths.flatMap((path) => group.outcomes.get(path) ?? []),
      );
    if (group.targets.length === 0) return handOn();
    const done: Promise<void> = runBatch(group.targets)
      .then((reply) => {
        handIn(group, reply);
        handOn();
      })
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => running.delete(done));
    running.add(done);
  };
  let group = emptyGroup();
  for await (const batch of batches(targets)) {
    if (isClosed()) throw new Error('the scan was stopped');
    for (const target of batch) add(group, target);
    // Replies and signals come in meanwhile.
    if (sieve !== undefined) await nextTurn();
    const enough = sieve === undefined ? 1 : ENOUGH;
    if (group.paths.length >= enough || (group.paths.length > 0 && running.size === 0)) {
      start(group);
      group = emptyGroup();
    }
    while (running.size >= maxRunning) await Promise.race(running);
    if (failure !== undefined) break;
  }
  if (group.paths.length > 0 && failure === undefined) start(group);
  await Promise.all(running);
  if (failure !== undefined) throw failure;
  return { files, bytes };
}

function emptyGroup(): Group {
  return { targets: [], outcomes: new Map(), paths: [] };
}

async function* batches(targets: ScanTargets): AsyncGenerator<readonly ScanTarget[]> {
  let batch: ScanTarget[] = [];
  for await (const found of targets) {
    for (const target of 'relative' in found ? [found] : found) {
      batch.push(target);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
