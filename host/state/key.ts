/** Names of the state files of a session. */

const MAX_KEY = 128;
export const STATE_PREFIX = 'security_warnings_state_';

/**
 * State key of a session: the remote session id where there is one, else the payload's session id, with
 * every character outside `A-Za-z0-9._-` made `_`, at most 128. Sessions without an id share `default`.
 */
export function sessionKey(
  remoteSessionId: string | undefined,
  sessionId: string | undefined,
): string {
  const id = remoteSessionId || sessionId || 'default';
  return id.slice(0, MAX_KEY).replace(/[^A-Za-z0-9._-]/g, '_');
}

/** Base name of the state file of a session key. */
export function stateFileName(key: string): string {
  return `${STATE_PREFIX}${key}.json`;
}

/** Base name of the file with what is yet to be told to a session. No session key has a `~`. */
export function pendingFileName(key: string): string {
  return `${STATE_PREFIX}${key}~pending.json`;
}

/** Base name of the file with where a session's turn stands. */
export function turnFileName(key: string): string {
  return `${STATE_PREFIX}${key}~turn.json`;
}

/** Base name of the file with what a session saw of commits. */
export function commitsFileName(key: string): string {
  return `${STATE_PREFIX}${key}~commits.json`;
}

/** Base name of the file with the paths that a session edited. */
export function editsFileName(key: string): string {
  return `${STATE_PREFIX}${key}${EDITS_SUFFIX}`;
}

export const EDITS_SUFFIX = '~edits.jsonl';

/** Base name of the lock that a session's review holds. */
export function reviewLockName(key: string): string {
  return `${STATE_PREFIX}${key}~review.lock`;
}

/** Base name of the file with what sessions were told and their own files do not say yet. No session key is empty. */
export const TOLD_JOURNAL: string = `${STATE_PREFIX}~told.jsonl`;

/** Folder, inside the state folder, with folders of what files held when a session's turn began. */
export const CONTENT_FOLDER = 'content';
