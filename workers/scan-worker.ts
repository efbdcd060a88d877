/** Entry of a pool worker: one scanner for the worker's life, batches of paths as tasks. */
import { workerData } from 'node:worker_threads';
import { planLookaround } from '../engine/lookaround/plan.ts';
import { createScanner } from '../engine/scanner.ts';
import { unpackSnapshot } from '../engine/re2/snapshot.ts';
import { createKernel, MAXIMUM_PAGES, runtimeOf } from '../host/wasm.ts';
import type { ScanReply, ScanTask, WorkerSetup } from './protocol.ts';
import { FileScanner } from './scan-files.ts';

// The pool is the only caller.
const setup = workerData as WorkerSetup;
const runtime = runtimeOf(setup.module, MAXIMUM_PAGES, unpackSnapshot(setup.snapshot));
const scanner = new FileScanner(
  createScanner({
    rules: setup.rules,
    wasm: () => runtime,
    planLookaround,
    packed: setup.packed,
    kernel: createKernel(),
  }),
);

export default function scan({ targets, progress }: ScanTask): ScanReply {
  return scanner.scan(targets, (count) => Atomics.store(progress, 0, count));
}
