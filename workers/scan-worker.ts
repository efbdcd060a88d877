/** Entry of a pool worker: one scanner for the worker's life, batches of paths as tasks. */
import { workerData } from 'node:worker_threads';
import { lookaroundFor } from '../engine/automaton/needed.ts';
import { RulePack } from '../engine/pack/rule-pack.ts';
import { DEFAULT_RE2_LIMITS } from '../engine/re2/limits.ts';
import { createScanner } from '../engine/scanner.ts';
import { createKernel } from '../host/kernel.ts';
import { lazyWasm } from '../host/wasm.ts';
import type { ScanReply, ScanTask, WorkerSetup } from './protocol.ts';
import { FileScanner } from './scan-files.ts';

// The pool is the only caller.
const { wasmFile, snapshotFile, pack, only, rules } = workerData as WorkerSetup;

/** A scan of a few files, as before a commit, is done before 80 MB of compiled patterns would be read. */
const COMPILE_FIRST = 24;

async function start(): Promise<(task: ScanTask) => ScanReply> {
  const scanner = new FileScanner(
    createScanner({
      rules,
      // Not before a pattern has to be confirmed, and not in the thread that lists, which has enough to do.
      wasm: lazyWasm(wasmFile, snapshotFile),
      ...(await lookaroundFor(rules)),
      ...(pack !== undefined && { pack: new RulePack(pack), only: new Set(only) }),
      kernel: createKernel(),
      re2Limits: { ...DEFAULT_RE2_LIMITS, compileFirst: COMPILE_FIRST },
      nosec: true,
      once: true,
    }),
  );
  return ({ progress, ...task }) =>
    scanner.scan(task, (count) => Atomics.store(progress, 0, count));
}

/** The pool waits for it. */
const ready: Promise<(task: ScanTask) => ScanReply> = start();
export default ready;
