/** Scans files and folders on the pool, and goes on with a scan that was broken off. */
import { availableParallelism } from 'node:os';
import type { Rule } from '../../engine/rule.ts';
import { VERSION } from '../../host/service/health/version.ts';
import { escapeControls } from '../escape.ts';
import { hookConfig } from '../hook-config.ts';
import type { Io } from '../io.ts';
import { createProgress } from '../progress.ts';
import type { Gate } from '../gate/gate.ts';
import type { Shard } from '../report/model.ts';
import { counted } from '../words.ts';
import { openJournal } from './journal.ts';
import type { Journal } from './journal.ts';
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
  { paths, values, shard, resume = false, gate }: FolderRequest,
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
  const journal = resume ? await journalOf({ ...what, shard }, io) : undefined;
  try {
    const scanned = await scanPaths({
      ...what,
      ...(shard !== undefined && { wants: (path: string) => isInShard(shard, path) }),
      ...(journal !== undefined && { memory: journal }),
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
    journal?.finish();
    return scanned;
  } catch (error) {
    journal?.close();
    throw error;
  }
}

/** Undefined, and said, where none can be kept: the scan itself does not need it. */
async function journalOf(identity: unknown, io: Io): Promise<Journal | undefined> {
  const { stateDir } = hookConfig(io);
  const opened =
    stateDir === undefined
      ? { kind: 'refused' as const, reason: 'there is no folder for state; set HOME' }
      : await openJournal(stateDir, [VERSION, identity], Date.now());
  if (opened.kind === 'refused') {
    await io.stderr.write(`sg scan: --resume has no effect: ${escapeControls(opened.reason)}\n`);
    return undefined;
  }
  if (opened.journal.known > 0)
    await io.stderr.write(
      `sg scan: going on with a scan that was broken off; ${counted(opened.journal.known, 'file')} known\n`,
    );
  return opened.journal;
}
