/** What a commit's tree holds: paths, kinds and ids, never content. */
import type { Skipped } from '../../orchestrator/change.ts';
import type { CommitEntry } from '../../orchestrator/tools/commit-files.ts';
import { displayPath, isSafePath, splitZ } from './path.ts';
import type { Repo } from './repo.ts';
import { LEADS_OUT } from './repos.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';

const LINE = /^(\d{6}) (?:blob|commit) ([0-9a-f]{40,64})\t([^]*)$/;

export interface Tree {
  readonly entries: readonly CommitEntry[];
  readonly left: readonly Skipped[];
}

/** `commit` is a full id. */
export async function readTree(repo: Repo, commit: string): Promise<GitResult<Tree>> {
  const args = ['-r', '-z', '--full-tree', '--end-of-options', commit];
  const answer = await repo.ask({ command: 'ls-tree', args });
  if (answer.kind === 'failed') return answer;
  const entries = new Map<string, CommitEntry>();
  const left: Skipped[] = [];
  for (const line of splitZ(answer.value)) {
    const [, mode = '', id = '', bytes = ''] = LINE.exec(line) ?? [];
    const path = displayPath(bytes);
    if (!isSafePath(bytes)) left.push({ path, reason: LEADS_OUT });
    else if (entries.has(path))
      left.push({ path, reason: 'another file has the same name in UTF-8' });
    else entries.set(path, { path, kind: kindOf(mode), id });
  }
  return ok({ entries: [...entries.values()], left });
}

function kindOf(mode: string): CommitEntry['kind'] {
  if (mode === '120000') return 'link';
  return mode === '160000' ? 'submodule' : 'file';
}
