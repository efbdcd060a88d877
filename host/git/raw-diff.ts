/** Which paths differ between two trees, or a tree and the index: ids and modes, never content. */
import type { BytePath } from './path.ts';
import { splitZ } from './path.ts';
import type { ObjectFormat, Repo } from './repo.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';

/** What is at a path: six octal digits, and the id of the blob (of the commit for `160000`). */
export interface Identity {
  readonly mode: string;
  readonly oid: string;
}

export interface RawChange {
  readonly before: Identity | undefined;
  readonly after: Identity | undefined;
  /** In conflict: there is no one content in the index. */
  readonly unmerged: boolean;
}

export type RawDiff = ReadonlyMap<BytePath, RawChange>;

const OPTIONS = [
  '--raw',
  '-z',
  '-r',
  '--no-abbrev',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=none',
];

/** The tree without files, which every repository knows. */
export function emptyTree(format: ObjectFormat): string {
  return format === 'sha256'
    ? '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'
    : '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
}

/** Differences from commit or tree `before` to `after`; undefined stands for no commit yet. */
export async function diffTrees(
  repo: Repo,
  before: string | undefined,
  after: string | undefined,
): Promise<GitResult<RawDiff>> {
  if (before === after) return ok(new Map());
  const empty = emptyTree(repo.format);
  const args = [...OPTIONS, '--end-of-options', before ?? empty, after ?? empty];
  const answer = await repo.ask({ command: 'diff-tree', args });
  return answer.kind === 'failed' ? answer : ok(parseRaw(answer.value));
}

/** Differences from `tree` to the index. Paths in conflict have no `after`. */
export async function diffIndex(repo: Repo, tree: string | undefined): Promise<GitResult<RawDiff>> {
  const args = [...OPTIONS, '--cached', '--end-of-options', tree ?? emptyTree(repo.format)];
  const answer = await repo.ask({ command: 'diff-index', args });
  return answer.kind === 'failed' ? answer : ok(parseRaw(answer.value));
}

const COMMIT_ID = /^[0-9a-f]{40,64}$/;

/** What each of `commits` changed against its first parent; nothing of a merge. */
export async function readRaw(
  repo: Repo,
  commits: readonly string[],
): Promise<GitResult<ReadonlyMap<string, RawDiff>>> {
  const diffs = new Map<string, RawDiff>();
  if (commits.length === 0) return ok(diffs);
  const input = `${commits.join('\n')}\n`;
  const args = [...OPTIONS, '--root', '--stdin'];
  const answer = await repo.ask({ command: 'diff-tree', args, input });
  if (answer.kind === 'failed') return answer;
  let changes = new Map<BytePath, RawChange>();
  const parts = splitZ(answer.value);
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    if (COMMIT_ID.test(part)) diffs.set(part, (changes = new Map()));
    else changes.set(parts[++i] ?? '', rawChange(part));
  }
  return ok(diffs);
}

const LINE = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/;

function parseRaw(output: Buffer): RawDiff {
  const changes = new Map<BytePath, RawChange>();
  const parts = splitZ(output);
  for (let i = 0; i + 1 < parts.length; i += 2) {
    changes.set(parts[i + 1] ?? '', rawChange(parts[i] ?? ''));
  }
  return changes;
}

function rawChange(line: string): RawChange {
  const [, oldMode = '', newMode = '', oldOid = '', newOid = '', letter] = LINE.exec(line) ?? [];
  return {
    before: identity(oldMode, oldOid),
    after: identity(newMode, newOid),
    unmerged: letter === 'U',
  };
}

function identity(mode: string, oid: string): Identity | undefined {
  return mode === '000000' || mode === '' ? undefined : { mode, oid };
}
