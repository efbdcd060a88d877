/** `--output FILE` of the commands that write a report. */
import { accessSync, constants, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
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

function unwritable(file: string, error: unknown): string {
  return `cannot write the report to ${quote(file)}: ${reasonOf(error)}`;
}
