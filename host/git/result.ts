/** What a question to git comes back with: a value, or the reason why there is none. */

/**
 * - `not-a-repo`: no `.git` here or above.
 * - `dubious-ownership`: git refuses, because the folder belongs to somebody else.
 * - `redirected`: the repository says that its files or objects are somewhere else.
 * - `git-missing`: no `git` on an absolute part of PATH outside of the repository.
 * - `bad-ref`: what the user named is no commit.
 * - `exit`: git failed for a reason of its own.
 */
export type GitFailure =
  | 'not-a-repo'
  | 'dubious-ownership'
  | 'redirected'
  | 'timeout'
  | 'too-large'
  | 'git-missing'
  | 'bad-ref'
  | 'exit';

export interface GitFailed {
  readonly kind: 'failed';
  readonly reason: GitFailure;
  /** One sentence for people; holds no text that git printed, since that may quote any file. */
  readonly detail: string;
}

export type GitResult<T> = { readonly kind: 'ok'; readonly value: T } | GitFailed;

export function ok<T>(value: T): GitResult<T> {
  return { kind: 'ok', value };
}

export function failed(reason: GitFailure, detail: string): GitFailed {
  return { kind: 'failed', reason, detail };
}
