/** One scan on the pool: what is sorted out here, what goes to workers, and their outcomes in the order of the list. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InOrder } from './in-order.ts';
import type { Memory } from './memory.ts';
import { NOT_SCANNED } from './protocol.ts';
import type { FileOutcome, ScanReply, ScanTarget, ScanTotals } from './protocol.ts';
import type { Sieve } from './sieve.ts';
import { type Slot, Slots } from './slots.ts';

type Found = ScanTarget | readonly ScanTarget[];
/** One by one or several at a time. */
export type ScanTargets = AsyncIterable<Found> | Iterable<Found>;

export interface ScanRun {
  /** `areMany`: more batches are likely. */
  readonly runBatch: (targets: readonly ScanTarget[], areMany: boolean) => Promise<ScanReply>;
  readonly isClosed: () => boolean;
  /** Batches that wait for a worker or are at one. */
  readonly maxRunning: number;
  readonly sieve: Pick<Sieve, 'look'> | undefined;
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
  /** With what is handed to the worker. */
  readonly slot: Slot;
}

/** Calls `onOutcome` in the order of `targets`. Rejects when the list fails or the pool is closed. */
export async function runScan(
  targets: ScanTargets,
  onOutcome: (outcome: FileOutcome) => void,
  { runBatch, isClosed, maxRunning, sieve, memory }: ScanRun,
): Promise<ScanTotals> {
  const running = new Set<Promise<void>>();
  const order = new InOrder<FileOutcome>((outcomes) => outcomes.forEach(onOutcome));
  let looked = 0;
  let files = 0;
  let bytes = 0;
  let failure: unknown;
  const count = (size: number): void => {
    files++;
    bytes += size;
  };
  const add = (target: ScanTarget): void => {
    const looked = sieve?.look(target, room) ?? target;
    if ('relative' in looked) {
      group.targets.push(looked);
    } else {
      count(looked.bytes);
      if (looked.outcome === undefined) return;
      group.outcomes.set(target.relative, looked.outcome);
    }
    group.paths.push(target.relative);
  };
  const handIn = (group: Group, { sizes, outcomes, keys }: ScanReply): void => {
    for (const outcome of outcomes) group.outcomes.set(outcome.path, outcome);
    group.targets.forEach(({ relative }, index) => {
      const size = sizes[index] ?? NOT_SCANNED;
      if (size === NOT_SCANNED) return;
      count(size);
      const { key, stat } = keys[index] ?? {};
      const outcome = group.outcomes.get(relative);
      if (key === undefined || outcome?.kind === 'not-scanned') return;
      if (stat !== undefined) memory?.keepKey(relative, stat, key);
      // With more time, or memory, there may be more to find.
      if ((outcome?.result.incomplete.length ?? 0) === 0) memory?.keep(key, outcome?.result);
    });
  };
  const start = (group: Group): void => {
    const place = order.take();
    const handOn = (): void =>
      order.fill(
        place,
        group.paths.flatMap((path) => group.outcomes.get(path) ?? []),
      );
    if (group.targets.length === 0) {
      slots.release(group.slot);
      return handOn();
    }
    const done: Promise<void> = runBatch(group.targets, looked >= BATCH)
      .then((reply) => {
        handIn(group, reply);
        handOn();
      })
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => {
        slots.release(group.slot);
        running.delete(done);
      });
    running.add(done);
  };
  const slots = new Slots();
  const emptyGroup = (): Group => ({
    targets: [],
    outcomes: new Map(),
    paths: [],
    slot: slots.take(),
  });
  let group = emptyGroup();
  const room: Pick<Slot, 'add'> = {
    add(content) {
      const copy = group.slot.add(content);
      if (copy !== undefined || group.targets.length === 0) return copy;
      // What is not handed over is read and searched a second time.
      start(group);
      group = emptyGroup();
      return group.slot.add(content);
    },
  };
  const untilFree = async (): Promise<void> => {
    while (running.size >= maxRunning) await Promise.race(running);
  };
  for await (const batch of batches(targets)) {
    if (isClosed()) throw new Error('the scan was stopped');
    looked += batch.length;
    for (const target of batch) {
      add(target);
      if (running.size >= maxRunning) await untilFree();
    }
    // Replies and signals come in meanwhile.
    if (sieve !== undefined) await nextTurn();
    const enough = sieve === undefined ? 1 : ENOUGH;
    if (group.paths.length >= enough || (group.paths.length > 0 && running.size === 0)) {
      start(group);
      group = emptyGroup();
    }
    await untilFree();
    if (failure !== undefined) break;
  }
  if (group.paths.length > 0 && failure === undefined) start(group);
  await Promise.all(running);
  if (failure !== undefined) throw failure;
  return { files, bytes };
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
