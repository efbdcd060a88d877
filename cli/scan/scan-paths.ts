/** Lists files, scans them on the pool and hands on what comes back. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { lookaroundFor } from '../../engine/automaton/needed.ts';
import { RulePack } from '../../engine/pack/rule-pack.ts';
import type { Rule } from '../../engine/rule.ts';
import type { Scanner } from '../../engine/scanner.ts';
import { once } from '../../engine/once.ts';
import { listFiles } from '../../host/files/list.ts';
import type { ListedFile, ListOptions, ListProblem } from '../../host/files/list.ts';
import { readPackFile } from '../../host/rule-pack.ts';
import { createKernel } from '../../host/kernel.ts';
import { createScanPool } from '../../workers/pool.ts';
import type { FileOutcome, ScanTarget, ScanTotals } from '../../workers/protocol.ts';
import type { Memory } from '../../workers/memory.ts';
import { Sieve } from '../../workers/sieve.ts';
import type { Assets } from '../assets.ts';
import { byPath } from '../report/model.ts';
import { splitRules } from './pack.ts';

export interface ScanRequest extends ListOptions {
  readonly rules: readonly Rule[];
  readonly threads: number;
  readonly assets: Assets;
  readonly signal: AbortSignal;
  /** Told of each file with findings or trouble, by path. */
  readonly onOutcome: (outcome: FileOutcome) => void;
  /** Leaves out files of the listing. */
  readonly select: (files: readonly ListedFile[]) => Promise<readonly ListedFile[]>;
  /** Called between files with the number listed so far; the scan waits for it. */
  readonly onProgress: (listed: number) => Promise<void>;
  /** What earlier scans found. */
  readonly memory?: Memory;
}

/** What was scanned, and what could not be listed. */
export interface Scanned extends ScanTotals {
  /** Files left out because of a binary extension. */
  readonly binaries: number;
  readonly problems: readonly ListProblem[];
}

const FEW_PATHS = 32;

/** Scans; rejects when the signal is aborted, after the workers are gone. */
export async function scanPaths(request: ScanRequest): Promise<Scanned> {
  const listing = listFiles(request);
  let listed = 0;
  async function* targets(): AsyncGenerator<readonly ScanTarget[]> {
    for await (const found of listing.batches) {
      const batch = await request.select(found);
      listed += batch.length;
      await request.onProgress(listed);
      yield batch;
    }
  }
  const late: FileOutcome[] = [];
  const totals = await scanOnPool(
    request,
    targets(),
    listing.isSorted ? request.onOutcome : (outcome) => late.push(outcome),
  );
  late.sort(byPath).forEach(request.onOutcome);
  return { ...totals, ...listing.report() };
}

/** The pool is made first: its threads start while the first folders are read. */
async function scanOnPool(
  request: ScanRequest,
  targets: AsyncIterable<readonly ScanTarget[]>,
  onOutcome: (outcome: FileOutcome) => void,
): Promise<ScanTotals> {
  const { assets, rules, signal } = request;
  signal.throwIfAborted();
  // A scan in which nothing has changed needs neither rules nor what searches for them.
  const packed = once(() => {
    const file = readPackFile(assets.pack);
    const pack = new RulePack(file);
    return { file, pack, ...splitRules(rules, pack.ids) };
  });
  const loadEngine = () => import('../../engine/scanner.ts');
  let engine = (request.memory?.size ?? 0) === 0 ? await loadEngine() : undefined;
  let loading: Promise<void> | undefined;
  const lookaround = await lookaroundFor(rules);
  const createSieveScanner = (): Pick<Scanner, 'look'> | undefined => {
    if (engine === undefined) {
      loading ??= loadEngine().then((loaded) => void (engine = loaded));
      return undefined;
    }
    const { pack, only, own } = packed();
    const kernel = createKernel();
    return engine.createScanner({ pack, only, rules: own, ...lookaround, kernel, wasm: noRe2 });
  };
  const pool = createScanPool({
    workerFile: assets.worker,
    wasmFile: assets.wasm,
    snapshotFile: assets.snapshot,
    rules: () => {
      const { file, only, own } = packed();
      return { pack: file, only, rules: own };
    },
    threads: threadsFor(request),
    sieve: (memory) => new Sieve(createSieveScanner, memory),
  });
  const stop = (): void => void pool.close();
  signal.addEventListener('abort', stop);
  try {
    const totals = await pool.scan(targets, onOutcome, request.memory);
    signal.throwIfAborted();
    return totals;
  } finally {
    signal.removeEventListener('abort', stop);
    const closed = pool.close();
    // The report need not wait until idle threads are gone.
    if (signal.aborted) await closed;
  }
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
