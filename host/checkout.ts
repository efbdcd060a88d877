/**
 * A commit as a folder, for a reviewer that is a program with tools of its own. Everything in it is written
 * by us from git's objects, redacted: no filters, no links, no hooks, no secret files, nothing that the program
 * would take for its own settings.
 */
import { lstat, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Skipped } from '../orchestrator/change.ts';
import type { Checkout } from '../orchestrator/deep/investigate.ts';
import type { CommitEntry, CommitFiles } from '../orchestrator/tools/commit-files.ts';
import type { CommitTexts } from '../orchestrator/tools/texts.ts';

export interface CheckoutOptions {
  readonly files: CommitFiles;
  readonly texts: CommitTexts;
  /** Paths that are written first, before a limit is reached. */
  readonly first: readonly string[];
  readonly limits?: CheckoutLimits;
}

export interface CheckoutLimits {
  readonly files: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

const LIMITS: CheckoutLimits = { files: 20_000, bytes: 64_000_000, milliseconds: 20_000 };
/** Files that are read at once. */
const BATCH = 64;
/** Entries of `left`, the last of which says how many more there are. */
const MAX_LEFT = 100;
const PREFIX = 'sg-checkout-';
const NAME = /^sg-checkout-(\d{1,10})-[A-Za-z0-9]{6}$/;
/** Longer than any review: whoever has the process id by then is somebody else. */
const STALE_MS = 2 * 60 * 60 * 1000;
/** What agents take for instructions or settings wherever they find it. */
const FOR_AGENTS =
  /(?:^|\/)(?:\.claude|\.claude-plugin|\.mcp\.json|claude(?:\.local)?\.md|agents\.md)(?:\/|$)/i;

export async function makeCheckout(options: CheckoutOptions): Promise<Checkout> {
  await removeStale();
  let folder: string;
  try {
    // As the program sees it, which compares paths.
    folder = await realpath(await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`)));
  } catch (error) {
    return { ok: false, reason: `no folder could be made for the commit: ${wordsOf(error)}` };
  }
  const remove = (): Promise<void> =>
    rm(folder, { recursive: true, force: true }).catch(() => undefined);
  try {
    const left = await write(folder, options);
    return { ok: true, folder, left, remove };
  } catch (error) {
    await remove();
    return { ok: false, reason: `the commit could not be written: ${wordsOf(error)}` };
  }
}

async function write(
  folder: string,
  { files, texts, first, limits = LIMITS }: CheckoutOptions,
): Promise<readonly Skipped[]> {
  const until = performance.now() + limits.milliseconds;
  const urgent = new Set(first);
  const ordered = [
    ...files.entries.filter(({ path }) => urgent.has(path)),
    ...files.entries.filter(({ path }) => !urgent.has(path)),
  ];
  const left: Skipped[] = [];
  const readable: CommitEntry[] = [];
  for (const entry of ordered) {
    const reason = FOR_AGENTS.test(entry.path)
      ? 'instructions to agents are not given to one'
      : await texts.refusal(entry);
    if (reason === undefined) readable.push(entry);
    else left.push({ path: entry.path, reason });
  }
  let bytes = 0;
  let written = 0;
  for (let at = 0; at < readable.length; at += BATCH) {
    const batch = readable.slice(at, at + BATCH);
    const contents = await files.read(batch);
    for (const [index, entry] of batch.entries()) {
      const content = contents[index] ?? { kind: 'none', reason: 'it could not be read' };
      const isOver = bytes >= limits.bytes || written >= limits.files || performance.now() > until;
      const text = isOver
        ? ({ kind: 'none', reason: 'beyond the limits of a checkout' } as const)
        : texts.textOf(entry, content);
      if (text.kind === 'none') {
        left.push({ path: entry.path, reason: text.reason });
        continue;
      }
      const body = text.lines.map((line) => `${line}\n`).join('');
      if (await writeNew(join(folder, entry.path), body)) {
        written += 1;
        bytes += Buffer.byteLength(body);
      } else left.push({ path: entry.path, reason: 'its name cannot be used here' });
    }
  }
  const more = left.length - MAX_LEFT;
  return more <= 0
    ? left
    : [...left.slice(0, MAX_LEFT), { path: `${more} more files`, reason: 'not named one by one' }];
}

/** False for a name that this system does not take or takes for another one that is there. */
async function writeNew(path: string, body: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, body, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS') throw error;
    return false;
  }
}

/** What a run left that was killed. Only folders of this user's own. */
async function removeStale(): Promise<void> {
  const parent = tmpdir();
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined) continue;
    const path = join(parent, name);
    const stat = await lstat(path).catch(() => undefined);
    const isOurs = stat?.isDirectory() === true && stat.uid === (process.getuid?.() ?? stat.uid);
    if (!isOurs) continue;
    if (!isAlive(Number(pid)) || Date.now() - stat.mtimeMs > STALE_MS)
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
