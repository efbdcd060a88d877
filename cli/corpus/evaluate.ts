/**
 * Runs rules over a corpus, and of what is known from earlier runs only what has changed: new or changed files
 * for all rules, changed rules for the files that hold their literals. What it reports is what a scan of all
 * files with all rules would.
 */
import { lookaroundFor } from '../../engine/automaton/needed.ts';
import { buildRuleSet, type RuleProblem, type PlannedRuleSet } from '../../engine/rule-set.ts';
import type { Rule } from '../../engine/rule.ts';
import { placeOf } from '../../engine/sight.ts';
import { isUtf16 } from '../../engine/text/decode.ts';
import { reasonOf } from '../../host/files/reason.ts';
import { readRulePack } from '../../host/rule-pack.ts';
import { createKernel } from '../../host/kernel.ts';
import type { Assets } from '../assets.ts';
import { type CorpusCache, hashOf } from './cache.ts';
import { type CorpusFile, type CorpusListing, decodeTable, listCorpus } from './files.ts';
import { decodeGates, decodeRecord, gateKey, type Gate, ruleHash } from './records.ts';
import { LevelScanners, type Work } from './scanners.ts';

export interface Hit {
  /** From the corpus's root. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly key: string;
}

export interface RuleOutcome {
  readonly rule: Rule;
  /** By path and line. */
  readonly hits: readonly Hit[];
  /** Milliseconds, of the runs in which its files were scanned. */
  readonly ms: number;
  readonly incomplete: number;
}

export interface CorpusOutcome {
  readonly root: string;
  readonly files: number;
  readonly lines: number;
  /** Files that this run read, to know them or to scan them. */
  readonly read: number;
  readonly rules: readonly RuleOutcome[];
  readonly notRead: CorpusListing['notRead'];
  /** Rules that were left out. */
  readonly problems: readonly RuleProblem[];
  /** Why the cache was not written, when it was to be. */
  readonly cacheTrouble?: string;
}

export interface EvaluateRequest {
  /** Absolute. */
  readonly root: string;
  readonly rules: readonly Rule[];
  readonly assets: Assets;
  readonly engine: string;
  readonly cache: CorpusCache | undefined;
  readonly now: () => number;
  /** Milliseconds of a clock that only goes forward. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
  readonly readContent: (file: Pick<CorpusFile, 'absolute' | 'raw'>) => Buffer;
  readonly onProgress: (done: number, of: number) => void;
}

const MAX_GATES = 5000;

export async function evaluateCorpus(request: EvaluateRequest): Promise<CorpusOutcome> {
  const { root, rules, engine, cache, now, signal } = request;
  const listing = await listCorpus({
    root,
    known: decodeTable(cache?.read('files'), engine),
    newEpoch: hashOf(root, engine, String(now()), String(request.clock())),
    now: now(),
    readContent: request.readContent,
  });
  const { table, files } = listing;
  const pack = readRulePack(request.assets.pack);
  const set = buildRuleSet(rules, {
    ...(await lookaroundFor(rules)),
    packed: ({ id, origin }) => (origin === 'builtin' ? pack.plansOf(id) : undefined),
    kernel: createKernel(),
  });
  const gates = decodeGates(cache?.read('gates'), table.epoch);
  const works = set.rules.map(({ rule }, index): Work => {
    const name = `rule-${ruleHash(rule, engine)}`;
    const record = decodeRecord(cache?.read(name), table.epoch);
    if (record !== undefined) cache?.touch(name, new Date(now()));
    const key = gateKey(set, index);
    const gate = gates.get(key);
    return {
      rule,
      index,
      name,
      key,
      from: record?.upTo ?? 0,
      known: record?.hits ?? [],
      found: [],
      ms: record?.ms ?? 0,
      incomplete: record?.incomplete ?? 0,
      gate,
      gateFiles: new Set(gate?.files),
    };
  });
  const { read, failed } = await scanWhatIsNew(request, { listing, set, works });
  signal.throwIfAborted();
  const cacheTrouble = save(request, withoutFiles(listing, failed), works, gates);
  return {
    root,
    files: files.length,
    lines: files.reduce((sum, { lines }) => sum + lines, 0),
    read,
    rules: outcomes(works, files),
    notRead: [...listing.notRead, ...failed.values()],
    problems: set.problems,
    ...(cacheTrouble === undefined ? {} : { cacheTrouble }),
  };
}

interface Job {
  readonly listing: CorpusListing;
  readonly set: PlannedRuleSet;
  readonly works: readonly Work[];
}

type Failed = ReadonlyMap<number, CorpusListing['notRead'][number]>;

/** Returns the number of files that were read in all, and by number those that could not be. */
async function scanWhatIsNew(
  request: EvaluateRequest,
  job: Job,
): Promise<{ readonly read: number; readonly failed: Failed }> {
  const { listing, works } = job;
  const { files, contents } = listing;
  const scanners = new LevelScanners(request, works);
  const failed = new Map<number, CorpusListing['notRead'][number]>();
  let read = listing.read;
  for (const [at, file] of files.entries()) {
    const due = works.filter(({ from }) => file.id >= from);
    const unknown = due.filter(({ gate }) => file.id >= (gate?.upTo ?? 0));
    const candidates = due.filter(({ gateFiles }) => gateFiles.has(file.id));
    if (unknown.length === 0 && candidates.length === 0) continue;
    if (at % 64 === 0) {
      request.onProgress(at, files.length);
      // Signals come in meanwhile.
      await new Promise((resume) => setImmediate(resume));
      if (request.signal.aborted) break;
    }
    const kept = contents.get(file.id);
    if (kept === undefined) read++;
    const content = kept ?? readAgain(request, file);
    if (typeof content === 'string') {
      failed.set(file.id, { path: file.path, reason: content });
      continue;
    }
    const sighted = unknown.length === 0 ? [] : candidatesIn(job, file, content, unknown);
    for (const work of sighted) work.gateFiles.add(file.id);
    if (candidates.length + sighted.length > 0) await scanners.scan(file, content);
  }
  scanners.dispose();
  return { read, failed };
}

/** The content that the file is known by, or why that cannot be had. */
function readAgain({ readContent }: EvaluateRequest, file: CorpusFile): Buffer | string {
  try {
    const content = readContent(file);
    return hashOf(content) === file.hash ? content : 'it changed while it was read';
  } catch (error) {
    return reasonOf(error);
  }
}

/** A file that is in no table is new to the next run. */
function withoutFiles(listing: CorpusListing, failed: Failed): CorpusListing {
  const { table } = listing;
  return { ...listing, table: { ...table, rows: table.rows.filter(([, id]) => !failed.has(id)) } };
}

/** Those of `unknown` that the scanner would try on the file, by scope and literals, or has to look at itself. */
function candidatesIn(
  { set, works }: Job,
  file: CorpusFile,
  content: Buffer,
  unknown: Work[],
): Work[] {
  const place = placeOf(file.path, file.absolute, content);
  const { language } = place;
  const inScope = unknown.filter((work) => {
    const ready = set.rules[work.index];
    return ready?.speaks(language) === true && ready.applies(place);
  });
  // What is read otherwise than byte by byte shows its literals only there.
  if (inScope.length === 0 || isUtf16(content) || language === 'notebook') return inScope;
  const { flagged } = set.search(content, language);
  const rules = new Set(
    [...flagged, ...set.unfiltered].map((plan) => works[set.ruleOf[plan] ?? 0]),
  );
  return inScope.filter((work) => rules.has(work));
}

/** The table first: a record of files that no table tells of would be wrong, the other way round is only late. */
function save(
  { engine, cache }: EvaluateRequest,
  { table, files }: CorpusListing,
  works: readonly Work[],
  before: ReadonlyMap<string, Gate>,
): string | undefined {
  if (cache === undefined) return undefined;
  const { epoch, next } = table;
  const live = new Set(files.map(({ id }) => id));
  let trouble = cache.write('files', { engine, table });
  if (trouble !== undefined) return trouble;
  const changed = works.filter(({ from }) => from < next);
  // Files below `from` are only looked at where their gate is known.
  const whole = works.filter(({ from, gate }) => (gate?.upTo ?? 0) >= from);
  const fresh = whole.map(({ key, gateFiles }) => [
    key,
    { upTo: next, files: [...gateFiles].filter((file) => live.has(file)) },
  ]);
  const old = before.size > MAX_GATES ? [] : [...before];
  if (changed.length > 0)
    trouble = cache.write('gates', { epoch, gates: Object.fromEntries([...old, ...fresh]) });
  for (const { name, known, found, ms, incomplete } of changed) {
    const hits = [...known, ...found].filter(([file]) => live.has(file));
    trouble ??= cache.write(name, { epoch, upTo: next, hits, ms, incomplete });
  }
  return trouble;
}

function outcomes(works: readonly Work[], files: readonly CorpusFile[]): RuleOutcome[] {
  const paths = new Map(files.map(({ id, path }) => [id, path]));
  return works.map(({ rule, known, found, ms, incomplete }) => {
    const hits = [...known, ...found].flatMap(([file, line, column, endLine, key]): Hit[] => {
      const path = paths.get(file);
      return path === undefined ? [] : [{ path, line, column, endLine, key }];
    });
    hits.sort((a, b) =>
      a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line || a.column - b.column,
    );
    return { rule, hits, ms, incomplete };
  });
}
