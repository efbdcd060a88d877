/** What `--diff` and `--staged` scan: the files that git says were changed, and which of their lines. */
import { existsSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Finding } from '../../engine/finding.ts';
import { decodeText } from '../../engine/text/decode.ts';
import { decodeUtf8 } from '../../engine/text/utf8.ts';
import { hasBinaryExtension } from '../../host/files/binary.ts';
import { globFilter } from '../../host/files/list.ts';
import type { ListOptions, ListProblem } from '../../host/files/list.ts';
import { changesFromBase, changesStaged } from '../../host/git/between.ts';
import type { ContentLimits } from '../../host/git/content.ts';
import type { ChangedFile } from '../../orchestrator/change.ts';
import { diffLines } from '../../orchestrator/hunks-diff.ts';
import { splitLines } from '../../orchestrator/hunks-lines.ts';
import type { Io } from '../io.ts';

/** `ref`: the worktree against the commit where HEAD and `ref` parted. Without it the index against HEAD. */
export interface ChangeRequest extends Pick<
  ListOptions,
  'cwd' | 'paths' | 'include' | 'exclude' | 'wants'
> {
  readonly ref: string | undefined;
}

export interface ChangedText {
  /** Relative to the current folder, with `/`. */
  readonly path: string;
  readonly absolute: string;
  readonly bytes: Buffer;
  /** Content before, undefined for a new file. */
  readonly before: Uint8Array | undefined;
}

export type Changes =
  | {
      readonly kind: 'changes';
      /** By path. */
      readonly texts: readonly ChangedText[];
      readonly binaries: number;
      readonly problems: readonly ListProblem[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** All of it is in memory at once. */
const LIMITS: ContentLimits = {
  maxFiles: 50_000,
  maxFileBytes: 32 * 1024 * 1024,
  maxTotalBytes: 512 * 1024 * 1024,
};
/** What stands in a worktree and has content of its own; a link has not, and a submodule is a repository. */
const FILE_MODE = /^100/;

export async function findChanges(request: ChangeRequest, env: Io['env']): Promise<Changes> {
  const cwd = realpathSync(request.cwd);
  const found = await (request.ref === undefined
    ? changesStaged(cwd, env, LIMITS)
    : changesFromBase(cwd, request.ref, env, LIMITS));
  if (found.kind === 'failed') {
    const hint = found.reason === 'bad-ref' ? '; a shallow clone has to fetch it first' : '';
    return { kind: 'refused', reason: found.detail + hint };
  }
  const { changes, roots } = found.value;
  const root = roots.get('') ?? cwd;
  const asked = request.paths.map((path) => resolve(cwd, path));
  const isGlobbed = globFilter(request);
  const isAsked = (absolute: string): boolean => {
    const path = shown(cwd, absolute);
    return (
      asked.some((each) => each === absolute || absolute.startsWith(folder(each))) &&
      // As where folders are walked.
      !path.split('/').includes('node_modules') &&
      isGlobbed(path) &&
      request.wants?.(path) !== false
    );
  };
  const texts: ChangedText[] = [];
  let binaries = 0;
  for (const file of changes.files) {
    const absolute = join(root, file.path);
    if (!isText(file) || !isAsked(absolute)) continue;
    if (hasBinaryExtension(file.path)) binaries += 1;
    else texts.push({ path: shown(cwd, absolute), absolute, ...contentOf(file) });
  }
  const problems: ListProblem[] = [];
  for (const { path, reason } of changes.skipped) {
    const absolute = join(root, path);
    if (!isAsked(absolute)) continue;
    if (reason === 'binary') binaries += 1;
    else problems.push({ path: shown(cwd, absolute), reason });
  }
  const touched = [...changes.files, ...changes.skipped].map(({ path }) => join(root, path));
  for (const [index, path] of asked.entries()) {
    const isKnown = existsSync(path) || touched.some((each) => `${each}/`.startsWith(folder(path)));
    const reason = 'no such file or folder';
    if (!isKnown) problems.push({ path: request.paths[index] ?? '', reason });
  }
  texts.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { kind: 'changes', texts, binaries, problems };
}

/** Whether a finding touches a line that was added or modified. */
export function onChangedLines(texts: readonly ChangedText[]): (finding: Finding) => boolean {
  const byPath = new Map(texts.map((text) => [text.path, text]));
  const lines = new Map<string, ReadonlySet<number>>();
  return ({ path, start, end }) => {
    const text = byPath.get(path);
    if (text === undefined) return false;
    const changed = lines.get(path) ?? changedLines(text);
    lines.set(path, changed);
    // A match that takes the line end with it ends at the first column of the next line.
    const last = end.column === 1 ? Math.max(start.line, end.line - 1) : end.line;
    for (let line = start.line; line <= last; line++) if (changed.has(line)) return true;
    return false;
  };
}

function changedLines({ before, bytes }: ChangedText): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const change of diffLines(linesOf(before ?? new Uint8Array(0)), linesOf(bytes)))
    for (let line = change.afterStart; line < change.afterEnd; line++) lines.add(line + 1);
  return lines;
}

function linesOf(bytes: Uint8Array): string[] {
  return splitLines(decodeUtf8(decodeText(bytes)));
}

function isText({ after, afterMode }: ChangedFile): boolean {
  return after !== undefined && FILE_MODE.test(afterMode ?? '');
}

/** What became a file out of a link or a submodule is new. */
function contentOf({ before, after, beforeMode }: ChangedFile): {
  bytes: Buffer;
  before: Uint8Array | undefined;
} {
  return {
    bytes: Buffer.from(after ?? []),
    before: FILE_MODE.test(beforeMode ?? '') ? before : undefined,
  };
}

function shown(cwd: string, absolute: string): string {
  return relative(cwd, absolute).split(sep).join('/') || '.';
}

function folder(path: string): string {
  return path.endsWith(sep) ? path : path + sep;
}
