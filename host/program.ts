/** Finds programs on the search path, and never in the current folder: a repository may hold one of that name. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The absolute folders of PATH, in their order. */
export function searchPath(env: Environment): readonly string[] {
  return (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
}

/** The first program of that name in `folders`. */
export function findProgram(
  name: string,
  folders: readonly string[],
  endings: readonly string[] = process.platform === 'win32' ? ['.exe'] : [''],
): string | undefined {
  return folders
    .flatMap((folder) => endings.map((ending) => join(folder, `${name}${ending}`)))
    .find(isProgram);
}

/** Whether it is a file that this user may run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
