/** One run of rules over corpora: what is found, what was found before, and how both compare with labels. */
import { lstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Rule } from '../../engine/rule.ts';
import { reasonOf } from '../../host/files/reason.ts';
import { BUILD } from '../../host/service/health/version.ts';
import { acquireLock } from '../../host/state/lock.ts';
import { MAX_FILE_BYTES } from '../../workers/scan-files.ts';
import { boundCache } from '../cache/bound.ts';
import { cacheRoot } from '../cache/root.ts';
import type { Io } from '../io.ts';
import { createProgress } from '../progress.ts';
import { readRaw } from '../scan/read-raw.ts';
import { CorpusCache, corpusFolder } from './cache.ts';
import {
  compare,
  decodeRun,
  type Difference,
  type KnownHit,
  type KnownRun,
  repositoryOf,
} from './compare.ts';
import { type CorpusOutcome, evaluateCorpus } from './evaluate.ts';
import { type Labels, readLabels, score, type Scores } from './labels.ts';

export interface Corpus {
  /** As the user wrote it. */
  readonly name: string;
  readonly outcome: CorpusOutcome;
  readonly labels: Labels | undefined;
  readonly scores: Scores | undefined;
}

export interface CorpusRun {
  readonly corpora: readonly Corpus[];
  readonly hits: KnownRun;
  readonly differences: readonly Difference[];
  /** What `differences` is against: `the last run`, a file's name; undefined when there is nothing. */
  readonly since: string | undefined;
  /** Files and rules that were left out, and a cache that could not be kept. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

export interface CorpusRequest {
  /** Folders, relative to the current one. */
  readonly corpora: readonly string[];
  readonly rules: readonly Rule[];
  /** Report of an earlier run. */
  readonly baseline: string | undefined;
}

/** A run, or why there is none. */
export async function runCorpora(
  request: CorpusRequest,
  io: Io,
): Promise<CorpusRun | { readonly refused: string }> {
  const baseline = await readBaseline(request.baseline, io);
  if ('refused' in baseline) return baseline;
  const cache = cacheRoot(io.env, process.platform);
  const corpora: Corpus[] = [];
  const hits = new Map<string, KnownHit[]>(request.rules.map(({ id }) => [id, []]));
  const last = new Map<string, KnownHit[]>();
  const problems: string[] = [];
  const notes: string[] = [];
  for (const name of new Set(request.corpora.map((path) => path.replace(/\/+$/, '') || '/'))) {
    const root = resolve(io.cwd, name);
    const refused = folderProblem(name, root);
    if (refused !== undefined) return { refused };
    const folder = corpusFolder(cache, root);
    const held = folder === undefined ? undefined : await acquireLock(join(folder, 'lock'), LOCK);
    const store = folder === undefined ? undefined : new CorpusCache(folder, held?.kind === 'held');
    if (held?.kind !== 'held')
      notes.push(
        `${name}: what is found is not kept for the next run: ${cacheReason(cache, held?.kind)}`,
      );
    const release = held?.kind === 'held' ? held.release : () => undefined;
    try {
      const outcome = await evaluate(root, request.rules, store, io);
      readLast(store, name, last);
      const found = knownHits(name, outcome);
      for (const [id, list] of found) hits.get(id)?.push(...list);
      writeLast(store, outcome);
      const labels = readLabels(root);
      corpora.push({ name, outcome, labels, scores: labels && score(outcome.rules, labels) });
      problems.push(...outcome.notRead.map(({ path, reason }) => `${name}/${path}: ${reason}`));
      problems.push(...(labels?.problems ?? []).map((problem) => `${name}/${problem}`));
      if (outcome.cacheTrouble !== undefined)
        notes.push(`${name}: what is found is not kept for the next run: ${outcome.cacheTrouble}`);
    } finally {
      release();
    }
  }
  problems.push(
    ...(corpora[0]?.outcome.problems ?? []).map(
      ({ ruleId, field, error }) => `${ruleId}: ${field}: ${error.message}`,
    ),
  );
  if (cache !== undefined && notes.length === 0) boundCache(join(cache, 'corpus'), Date.now());
  const before = baseline.run ?? last;
  const isKnown = [...hits.keys()].some((id) => before.has(id));
  const since = request.baseline ?? 'the last run';
  const differences = compare(before, hits);
  return { corpora, hits, differences, since: isKnown ? since : undefined, problems, notes };
}

/** A run of another process over the same corpus may take long; this one then goes without. */
const LOCK = { waitMs: 100, staleMs: 3_600_000 };

function cacheReason(cache: string | undefined, kind: string | undefined): string {
  if (cache === undefined) return 'there is no home folder; name a folder in XDG_CACHE_HOME';
  return kind === 'busy' ? 'another run is at work' : `${cache} cannot be written`;
}

function folderProblem(name: string, root: string): string | undefined {
  try {
    return lstatSync(root).isFile()
      ? `--corpus ${JSON.stringify(name)} is a file, expected a folder`
      : undefined;
  } catch (error) {
    return `--corpus ${JSON.stringify(name)}: ${reasonOf(error)}`;
  }
}

async function evaluate(
  root: string,
  rules: readonly Rule[],
  cache: CorpusCache | undefined,
  io: Io,
): Promise<CorpusOutcome> {
  const progress = createProgress(io.stderr, () => performance.now());
  try {
    return await evaluateCorpus({
      root,
      rules,
      cache,
      assets: io.assets,
      engine: BUILD,
      now: () => Date.now(),
      clock: () => performance.now(),
      signal: io.signal,
      readContent({ absolute, raw }) {
        const path = raw ?? Buffer.from(absolute);
        const { size } = lstatSync(path);
        if (size > MAX_FILE_BYTES)
          throw new Error(`${size} bytes; expected at most ${MAX_FILE_BYTES}`);
        return readRaw(path);
      },
      onProgress: (done, of) => progress.update(`${done} of ${of} files`),
    });
  } finally {
    progress.clear();
  }
}

function knownHits(name: string, { rules }: CorpusOutcome): Map<string, KnownHit[]> {
  return new Map(
    rules.map(({ rule, hits }) => [
      rule.id,
      hits.map(({ path, line, endLine, key }) => ({
        file: `${name}/${path}`,
        repository: repositoryOf(name, path),
        line,
        endLine,
        key,
      })),
    ]),
  );
}

type LastRow = readonly [path: string, line: number, endLine: number, key: string];

function readLast(
  store: CorpusCache | undefined,
  name: string,
  into: Map<string, KnownHit[]>,
): void {
  for (const [id, rows] of Object.entries(lastRows(store))) {
    const hits = rows.map(([path, line, endLine, key]) => ({
      file: `${name}/${path}`,
      repository: repositoryOf(name, path),
      line,
      endLine,
      key,
    }));
    into.set(id, [...(into.get(id) ?? []), ...hits]);
  }
}

/** Written by this program into a folder of the user's own; anything else counts as nothing. */
function lastRows(store: CorpusCache | undefined): Record<string, readonly LastRow[]> {
  const entries = Object.entries(Object(store?.read('last')));
  return Object.fromEntries(
    entries.flatMap(([id, rows]) =>
      Array.isArray(rows) && rows.every((row) => Array.isArray(row) && row.length === 4)
        ? [[id, rows as LastRow[]]]
        : [],
    ),
  );
}

/** Rules that did not run keep what was last found. */
function writeLast(store: CorpusCache | undefined, { rules }: CorpusOutcome): void {
  const rows = rules.map(({ rule, hits }): [string, LastRow[]] => [
    rule.id,
    hits.map(({ path, line, endLine, key }) => [path, line, endLine, key]),
  ]);
  store?.write('last', { ...lastRows(store), ...Object.fromEntries(rows) });
}

type Baseline = { readonly run: KnownRun | undefined } | { readonly refused: string };

async function readBaseline(file: string | undefined, io: Io): Promise<Baseline> {
  if (file === undefined) return { run: undefined };
  try {
    const run = decodeRun(await readFile(resolve(io.cwd, file), 'utf8'));
    return typeof run === 'string'
      ? { refused: `--baseline ${JSON.stringify(file)}: ${run}` }
      : { run };
  } catch (error) {
    return { refused: `--baseline ${JSON.stringify(file)}: ${reasonOf(error)}` };
  }
}
