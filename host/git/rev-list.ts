/** Commits with their parents and dates, many by one process. */
import type { Repo } from './repo.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';

export interface ListedCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** Committer's date, in seconds since 1970. */
  readonly seconds: number;
}

const ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Of what `tips` reach and none of `without`, at most `max`, children before parents. Unknown ids count for nothing. */
export async function listCommits(
  repo: Repo,
  tips: readonly string[],
  without: readonly string[],
  max: number,
): Promise<GitResult<readonly ListedCommit[]>> {
  const wanted = tips.filter((id) => ID.test(id));
  if (wanted.length === 0) return ok([]);
  const hidden = [...new Set(without)].filter((id) => ID.test(id)).map((id) => `^${id}`);
  return list(repo, ['--topo-order', `--max-count=${max}`], [...wanted, ...hidden]);
}

/** Those of `ids` that are commits, in their order. */
export async function showCommits(
  repo: Repo,
  ids: readonly string[],
): Promise<GitResult<readonly ListedCommit[]>> {
  const wanted = ids.filter((id) => ID.test(id));
  return wanted.length === 0 ? ok([]) : list(repo, ['--no-walk=unsorted'], wanted);
}

async function list(
  repo: Repo,
  args: readonly string[],
  lines: readonly string[],
): Promise<GitResult<readonly ListedCommit[]>> {
  const answer = await repo.ask({
    command: 'rev-list',
    args: [...args, '--timestamp', '--parents', '--ignore-missing', '--stdin'],
    input: `${lines.join('\n')}\n`,
  });
  if (answer.kind === 'failed') return answer;
  const rows = answer.value.toString('latin1').split('\n').filter(Boolean);
  return ok(
    rows.flatMap((row) => {
      const [seconds = '', id, ...parents] = row.split(' ');
      return id === undefined ? [] : [{ id, parents, seconds: Number(seconds) }];
    }),
  );
}
