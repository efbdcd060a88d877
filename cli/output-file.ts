/** `--output FILE` of the commands that write a report. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { reasonOf } from '../host/files/reason.ts';
import type { Io } from './io.ts';
import { quote } from './options.ts';

export const OUTPUT = {
  type: 'value',
  short: 'o',
  placeholder: 'FILE',
  description: 'write the report to a file',
} as const;

/** Why a report cannot go to `file`: told before the work for it is done. Undefined when it can, or is absent. */
export function outputProblem(file: string | undefined, cwd: string): string | undefined {
  if (file === undefined) return undefined;
  if (file === '' || file === '-')
    return `option --output is ${quote(file)}, expected a file; without it the report goes to standard output`;
  const path = resolve(cwd, file);
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory() === true)
      return `option --output is ${quote(file)}, which is a folder; name a file in it`;
    const folder = dirname(path);
    if (there === undefined && statSync(folder, { throwIfNoEntry: false }) === undefined)
      return `option --output is ${quote(file)}, but there is no folder ${quote(folder)}; make it first`;
    accessSync(there === undefined ? folder : path, constants.W_OK);
    return undefined;
  } catch (error) {
    return unwritable(file, error);
  }
}

/** Writes to `file`, or to standard output without one; says why not, undefined when done. */
export async function writeOutput(
  text: string,
  file: string | undefined,
  io: Io,
): Promise<string | undefined> {
  if (file === undefined) {
    await io.stdout.write(text);
    return undefined;
  }
  try {
    await writeFile(resolve(io.cwd, file), text);
    return undefined;
  } catch (error) {
    return unwritable(file, error);
  }
}

/** Takes a report in parts. */
export interface ReportOutput {
  /** Resolves when more can be taken. A failure is told by `commit`. */
  write(text: string): Promise<void>;
  /** Says why the report could not be written; undefined when it is there. */
  commit(): Promise<string | undefined>;
  /** Leaves nothing behind of a report that has no end. */
  discard(): Promise<void>;
}

/** A file gets its name when the report is whole; standard output, a pipe and a device get each part at once. */
export async function openOutput(file: string | undefined, io: Io): Promise<ReportOutput> {
  if (file === undefined)
    return {
      write: (text) => io.stdout.write(text),
      commit: () => Promise.resolve(undefined),
      discard: () => Promise.resolve(),
    };
  const named = resolve(io.cwd, file);
  const there = statSync(named, { throwIfNoEntry: false });
  // What a link points to is replaced, not the link.
  const path = there === undefined ? named : realpathSync(named);
  const isWhole = there === undefined || there.isFile();
  const partial = isWhole ? `${path}.${process.pid}.partial` : path;
  let handle: FileHandle | undefined;
  let failure: unknown;
  const attempt = async (action: () => Promise<unknown>): Promise<void> => {
    if (failure !== undefined) return;
    try {
      await action();
    } catch (error) {
      failure = error;
    }
  };
  await attempt(async () => {
    handle = await open(partial, isWhole ? 'wx' : 'w');
  });
  const discard = async (): Promise<void> => {
    await handle?.close().catch(() => undefined);
    if (isWhole && handle !== undefined) await rm(partial, { force: true });
  };
  return {
    write: (text) => attempt(async () => handle?.writeFile(text)),
    async commit() {
      await attempt(async () => {
        await handle?.close();
        if (isWhole) await rename(partial, path);
      });
      if (failure === undefined) return undefined;
      await discard();
      return unwritable(file, failure);
    },
    discard,
  };
}

function unwritable(file: string, error: unknown): string {
  return `cannot write the report to ${quote(file)}: ${reasonOf(error)}`;
}
