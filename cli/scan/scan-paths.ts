/** Lists files, scans them on the pool and gathers what came back. */
import type { Finding, Incomplete, SuppressedFinding } from '../../engine/finding.ts';
import type { Rule } from '../../engine/rule.ts';
import { listFiles, reasonOf } from '../../host/files/list.ts';
import type { ListedFile, ListOptions } from '../../host/files/list.ts';
import { createScanPool } from '../../workers/pool.ts';
import type { FileOutcome, ScanTarget } from '../../workers/protocol.ts';
import type { Assets } from '../assets.ts';
import type { NotScanned } from '../report/model.ts';
import { createLocalScanner, readPackedPlans } from './local-scanner.ts';
import { readRaw } from './read-raw.ts';

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

/** A thread pays for its start only when it has about this many files to itself. */
const FILES_PER_THREAD = 32;

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
  const files = listing.files[Symbol.asyncIterator]();
  const first = await take(files, request.threads * FILES_PER_THREAD);
  const threads = Math.max(
    1,
    Math.min(request.threads, Math.ceil(first.length / FILES_PER_THREAD)),
  );
  const rawFiles: ListedFile[] = [];
  let listed = 0;
  async function* targets(): AsyncGenerator<ScanTarget> {
    for await (const file of chain(first, files)) {
      listed += 1;
      request.onProgress(listed);
      if (file.raw === undefined) yield file;
      else rawFiles.push(file);
    }
  }
  if (first.length > 0) await scanOnPool(request, threads, targets(), facts);
  scanRaw(request, rawFiles, facts);
  const report = listing.report();
  facts.notScanned.push(...report.problems);
  facts.binaries = report.binaries;
  return facts;
}

async function scanOnPool(
  request: ScanRequest,
  threads: number,
  targets: AsyncIterable<ScanTarget>,
  facts: ScanFacts,
): Promise<void> {
  const { assets, rules, signal } = request;
  signal.throwIfAborted();
  const pool = createScanPool({
    workerFile: assets.worker,
    wasmFile: assets.wasm,
    snapshotFile: assets.snapshot,
    rules,
    packed: readPackedPlans(assets),
    threads,
  });
  const stop = (): void => void pool.close();
  signal.addEventListener('abort', stop);
  try {
    const totals = await pool.scan(targets, (outcome) => addOutcome(facts, outcome));
    facts.files += totals.files;
    facts.bytes += totals.bytes;
  } finally {
    signal.removeEventListener('abort', stop);
    await pool.close();
  }
  signal.throwIfAborted();
}

/** Files whose names cannot be sent to a worker are scanned here. */
function scanRaw(request: ScanRequest, files: readonly ListedFile[], facts: ScanFacts): void {
  if (files.length === 0) return;
  const scanner = createLocalScanner(request.rules, request.assets);
  for (const { raw, relative: path, absolute } of files) {
    try {
      const bytes = readRaw(raw ?? Buffer.from(absolute));
      const result = scanner.scan(path, bytes, absolute);
      facts.files += 1;
      facts.bytes += bytes.length;
      addOutcome(facts, { kind: 'scanned', path, bytes: bytes.length, result });
    } catch (error) {
      addOutcome(facts, { kind: 'not-scanned', path, reason: reasonOf(error) });
    }
  }
  scanner.dispose();
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

async function take(files: AsyncIterator<ListedFile>, most: number): Promise<ListedFile[]> {
  const taken: ListedFile[] = [];
  while (taken.length < most) {
    const next = await files.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

async function* chain(
  first: readonly ListedFile[],
  rest: AsyncIterator<ListedFile>,
): AsyncGenerator<ListedFile> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
