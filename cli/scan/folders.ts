/** Scans files and folders on the pool, with what earlier scans of them found. */
import { availableParallelism } from 'node:os';
import type { Rule } from '../../engine/rule.ts';
import { BUILD } from '../../host/service/health/version.ts';
import { cacheRoot } from '../cache/root.ts';
import { escapeControls } from '../escape.ts';
import type { Io } from '../io.ts';
import { createProgress } from '../progress.ts';
import type { Gate } from '../gate/gate.ts';
import type { Shard } from '../report/model.ts';
import { counted } from '../words.ts';
import { openScanCache, type ScanCache } from './cache.ts';
import { createLineReader } from './lines.ts';
import type { FileValues } from './options.ts';
import type { ReportStream } from './report-stream.ts';
import { scanPaths } from './scan-paths.ts';
import type { Scanned } from './scan-paths.ts';
import { isInShard } from './shard.ts';
import type { Source } from './source.ts';

export interface FolderRequest {
  /** The current folder when there are none. */
  readonly paths: readonly string[];
  readonly values: FileValues;
  readonly shard?: Shard | undefined;
  /** Without: everything is searched again. */
  readonly cache: boolean;
  /** It is a scan that was killed, and how much of it is known is to be said. */
  readonly resume?: boolean;
  readonly gate: Gate;
}

export function folderSource(request: FolderRequest, io: Io): Source {
  return {
    lineOf: createLineReader(io.cwd),
    scan: (stream, rules) => scanFolders(request, stream, rules, io),
  };
}

async function scanFolders(
  { paths, values, shard, cache: isCached, resume = false, gate }: FolderRequest,
  stream: ReportStream,
  rules: readonly Rule[],
  io: Io,
): Promise<Scanned> {
  const progress = createProgress(io.stderr, () => performance.now());
  let listed = 0;
  const what = {
    cwd: io.cwd,
    paths: paths.length === 0 ? ['.'] : paths,
    include: values.include,
    exclude: values.exclude,
    gitignore: !values['no-ignore'],
    rules,
  };
  const cache =
    isCached && (resume || !isCi(io.env)) ? await openCache(rules, resume, io) : undefined;
  const isWhole =
    (paths.length === 0 || paths.includes('.')) && isEverything(values) && shard === undefined;
  try {
    const scanned = await scanPaths({
      ...what,
      ...(shard !== undefined && { wants: (path: string) => isInShard(shard, path) }),
      ...(cache !== undefined && { memory: cache }),
      threads: values.jobs ?? availableParallelism(),
      assets: io.assets,
      signal: io.signal,
      select: (files) => gate.select(files),
      onOutcome: (outcome) => stream.add(outcome),
      async onProgress(files) {
        listed = files;
        // What is written may go to the terminal that shows the progress.
        if (stream.isWaiting) progress.clear();
        await stream.flush();
        progress.update(`scanning, ${files} files so far`);
      },
    });
    progress.clear();
    if (listed === 0 && scanned.problems.length === 0 && shard === undefined) {
      // Exit code 0, but a gate that looks at nothing is hardly meant.
      await io.stderr.write(
        'sg scan: no file was scanned: none is there, or all are ignored or left out\n',
      );
    }
    cache?.close(isWhole, Date.now());
    if (resume && cache?.problem !== undefined) await sayUnkept(cache.problem, io);
    return scanned;
  } catch (error) {
    cache?.close(false, Date.now());
    throw error;
  }
}

/** There whatever ran before, the code to be scanned included, may have written a cache. */
function isCi(env: Io['env']): boolean {
  return !['', '0', 'false'].includes(env['CI'] ?? '');
}

function isEverything({ include, exclude }: FileValues): boolean {
  return include.length + exclude.length === 0;
}

/** Undefined where none can be kept: the scan does not need it. */
async function openCache(
  rules: readonly Rule[],
  resume: boolean,
  io: Io,
): Promise<ScanCache | undefined> {
  const root = cacheRoot(io.env, process.platform);
  const opened =
    root === undefined
      ? { kind: 'refused' as const, reason: 'there is no folder for it; set HOME' }
      : openScanCache(root, [BUILD, io.cwd, rules.map(identityOf)], Date.now());
  if (opened.kind === 'refused') {
    if (resume) await sayUnkept(opened.reason, io);
    return undefined;
  }
  const { cache } = opened;
  if (resume && cache.size > 0)
    await io.stderr.write(
      `sg scan: going on with what an earlier scan found; ${counted(cache.size, 'file')} known\n`,
    );
  return cache;
}

/** The build says what its own rules are. */
function identityOf(rule: Rule): unknown {
  return rule.origin === 'builtin' ? rule.id : rule;
}

function sayUnkept(reason: string, io: Io): Promise<void> {
  return io.stderr.write(
    `sg scan: --resume has no effect: cannot keep what is found: ${escapeControls(reason)}\n`,
  );
}
