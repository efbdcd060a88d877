/** Finds and asks other programs, never one that a repository holds. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import type { Io } from '../io.ts';

/** The program in the absolute folders of PATH; the current folder is never looked at. */
export function findProgram(
  name: string,
  env: Io['env'],
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const file = platform === 'win32' ? `${name}.exe` : name;
  return (env['PATH'] ?? env['Path'] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, file))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

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
