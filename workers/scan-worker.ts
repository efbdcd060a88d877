/** Entry of a pool worker: one scanner for the worker's life, batches of paths as tasks. */
import { workerData } from 'node:worker_threads';
import { planLookaround } from '../engine/lookaround/plan.ts';
import type { PackedPlans } from '../engine/match/packed-plan.ts';
import { createScanner } from '../engine/scanner.ts';
import { createKernel, lazyWasm } from '../host/wasm.ts';
import type { ScanReply, ScanTask, WorkerSetup } from './protocol.ts';
import { FileScanner } from './scan-files.ts';

// The pool is the only caller.
const { wasmFile, snapshotFile, rules, packed } = workerData as WorkerSetup;
const scanner = new FileScanner(
  createScanner({
    rules,
    // Not before a pattern has to be confirmed, and not in the thread that lists, which has enough to do.
    wasm: lazyWasm(wasmFile, snapshotFile),
    planLookaround,
    packed: JSON.parse(packed) as PackedPlans,
    kernel: createKernel(),
  }),
);

export default function scan({ targets, progress }: ScanTask): ScanReply {
  return scanner.scan(targets, (count) => Atomics.store(progress, 0, count));
}
