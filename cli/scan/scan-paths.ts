/** Lists files, scans them on the pool and gathers what came back. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Finding, Incomplete, SuppressedFinding } from '../../engine/finding.ts';
import { lookaroundFor } from '../../engine/lookaround/needed.ts';
import type { Rule } from '../../engine/rule.ts';
import { createScanner } from '../../engine/scanner.ts';
import { listFiles } from '../../host/files/list.ts';
import type { ListOptions } from '../../host/files/list.ts';
import { createKernel } from '../../host/wasm.ts';
import { createScanPool } from '../../workers/pool.ts';
import type { FileOutcome, ScanTarget } from '../../workers/protocol.ts';
import { Sieve } from '../../workers/sieve.ts';
import type { Assets } from '../assets.ts';
import type { NotScanned } from '../report/model.ts';
import { readPackedPlans } from './local-scanner.ts';

export interface ScanFacts {
  readonly findings: Finding[];
  readonly suppressed: SuppressedFinding[];
  readonly incomplete: Incomplete[];
  readonly notScanned: NotScanned[];
  files: number;
  bytes: number;
  binaries: number;
}

export interface ScanRequest extends ListOptions {
  readonly rules: readonly Rule[];
  readonly threads: number;
  readonly assets: Assets;
  readonly signal: AbortSignal;
  /** Told the number of files listed so far. */
  readonly onProgress: (listed: number) => void;
}

const FEW_PATHS = 32;

export function noFacts(): ScanFacts {
  return {
    findings: [],
    suppressed: [],
    incomplete: [],
    notScanned: [],
    files: 0,
    bytes: 0,
    binaries: 0,
  };
}

/** Scans; rejects when the signal is aborted, after the workers are gone. */
export async function scanPaths(request: ScanRequest): Promise<ScanFacts> {
  const facts = noFacts();
  const listing = listFiles(request);
  let listed = 0;
  async function* targets(): AsyncGenerator<readonly ScanTarget[]> {
    for await (const batch of listing.batches) {
      listed += batch.length;
      request.onProgress(listed);
      yield batch;
    }
  }
  await scanOnPool(request, targets(), facts);
  const report = listing.report();
  facts.notScanned.push(...report.problems);
  facts.binaries = report.binaries;
  return facts;
}

/** The pool is made first: its threads start while the first folders are read. */
async function scanOnPool(
  request: ScanRequest,
  targets: AsyncIterable<readonly ScanTarget[]>,
  facts: ScanFacts,
): Promise<void> {
  const { assets, rules, signal } = request;
  signal.throwIfAborted();
  const packed = readPackedPlans(assets);
  const lookaround = await lookaroundFor(rules);
  const pool = createScanPool({
    workerFile: assets.worker,
    wasmFile: assets.wasm,
    snapshotFile: assets.snapshot,
    rules,
    packed,
    threads: threadsFor(request),
    sieve: () =>
      new Sieve(
        createScanner({ rules, packed, ...lookaround, kernel: createKernel(), wasm: noRe2 }),
      ),
  });
  const stop = (): void => void pool.close();
  signal.addEventListener('abort', stop);
  try {
    const totals = await pool.scan(targets, (outcome) => addOutcome(facts, outcome));
    facts.files += totals.files;
    facts.bytes += totals.bytes;
  } finally {
    signal.removeEventListener('abort', stop);
    const closed = pool.close();
    // The report need not wait until idle threads are gone.
    if (signal.aborted) await closed;
  }
  signal.throwIfAborted();
}

/** Workers beside this thread, which lists and sieves. A few files named one by one are not worth a second. */
function threadsFor({ cwd, paths, threads }: ScanRequest): number {
  const few = paths.length <= FEW_PATHS && paths.every((path) => isFile(resolve(cwd, path)));
  return few ? 1 : Math.max(1, threads - 1);
}

function noRe2(): never {
  throw new Error('RE2 is for workers');
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Whatever is wrong with it is reported when it is listed.
    return false;
  }
}

export function addOutcome(facts: ScanFacts, outcome: FileOutcome): void {
  if (outcome.kind === 'not-scanned') {
    facts.notScanned.push({ path: outcome.path, reason: outcome.reason });
    return;
  }
  const { findings, suppressed, incomplete } = outcome.result;
  // One at a time: a file can have more findings than a call takes arguments.
  for (const finding of findings) facts.findings.push(finding);
  for (const hidden of suppressed) facts.suppressed.push(hidden);
  for (const part of incomplete) facts.incomplete.push(part);
}
