/** Asks other programs. */
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import type { Io } from '../io.ts';

const TIMEOUT_MS = 5000;

/** What the program prints, trimmed; undefined when it fails. */
export function runProgram(
  file: string,
  args: readonly string[],
  io: Io,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      file,
      [...args],
      {
        cwd: dirname(file),
        env: { ...io.env },
        timeout: TIMEOUT_MS,
        maxBuffer: 64 * 1024,
        windowsHide: true,
        signal: io.signal,
      },
      (error, stdout) => resolve(error === null ? stdout.trim() : undefined),
    );
  });
}
