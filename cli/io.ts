/** What a command may know of its process: read once in `main.ts`, passed as an argument from there on. */
import type { Assets } from './assets.ts';

export interface Output {
  /** Resolves when the stream takes more, so that a slow reader gets everything; never rejects. */
  write(text: string): Promise<void>;
  readonly isTTY: boolean;
  readonly color: boolean;
}

export interface Io {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** All of standard input. */
  readonly stdin: () => Promise<Buffer>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by Ctrl-C: release what is held and return. */
  readonly signal: AbortSignal;
  readonly assets: Assets;
}

/**
 * Wraps a stream. A reader that went away (`sg scan | head`) ends the output quietly; any other failure is
 * given to `onError` once.
 */
export function outputOf(
  stream: NodeJS.WriteStream,
  env: Io['env'],
  onError: (error: Error) => void,
): Output {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    const first = open;
    open = false;
    if (first && error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') onError(error);
  });
  const isTTY = stream.isTTY;
  return {
    isTTY,
    color: wantsColor(env, isTTY),
    write: (text) =>
      new Promise((resolve) => {
        if (!open || text === '') resolve();
        // The callback comes when the chunk has left for the reader, or with the error that ended the stream.
        else stream.write(text, () => resolve());
      }),
  };
}

/** `FORCE_COLOR` first, then `NO_COLOR`, then whether a terminal that knows colors is there. */
export function wantsColor(env: Io['env'], isTTY: boolean): boolean {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  return isTTY && env['TERM'] !== 'dumb';
}
