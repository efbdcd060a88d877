/** Which edit a payload is about, told from its first part: when nobody could read all of it. */
import type { Config } from '../host/config.ts';
import { sessionKey } from '../host/state/key.ts';
import type { EditIdentity } from './inspect.ts';
import { locate } from './paths.ts';

/** The host writes the session and the path before the long texts. */
const HEAD_BYTES = 64 * 1024;

/** Undefined when the session is not in the first part. What it says is shown and kept, never believed. */
export function guessIdentity(payload: Uint8Array, config: Config): EditIdentity | undefined {
  const head = Buffer.from(payload.subarray(0, HEAD_BYTES)).toString('utf8');
  const session = textOf(head, 'session_id');
  if (session === undefined) return undefined;
  const path = textOf(head, 'file_path') ?? textOf(head, 'notebook_path') ?? 'a file';
  return {
    session: sessionKey(config.remoteSessionId, session),
    toolUseId: undefined,
    file: locate(path, textOf(head, 'cwd'), config),
  };
}

/** The first string of that name; one with an escape in it counts as none. */
function textOf(head: string, name: string): string | undefined {
  const at = head.indexOf(`"${name}"`);
  if (at < 0) return undefined;
  const value = /^\s{0,8}:\s{0,8}"([^"\\]{1,4096})"/.exec(head.slice(at + name.length + 2));
  return value?.[1];
}
