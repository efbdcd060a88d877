/** Which file an edit is about: its absolute path, the path that rules see, and files never checked. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Config } from '../host/config.ts';

export interface EditedFile {
  readonly absolute: string;
  /** With `/`: relative to the project where it lies inside, else absolute. */
  readonly shown: string;
  readonly projectDir: string | undefined;
}

/** Resolves the payload's path against its `cwd`; the project is `CLAUDE_PROJECT_DIR`, else `cwd`. */
export function locate(path: string, cwd: string | undefined, config: Config): EditedFile {
  const base = cwd !== undefined && isAbsolute(cwd) ? cwd : (config.projectDir ?? resolve('.'));
  const absolute = resolve(base, path);
  const projectDir = config.projectDir ?? base;
  const shown = isInside(projectDir, absolute) ? relative(projectDir, absolute) : absolute;
  return { absolute, shown: shown.split(sep).join('/'), projectDir };
}

/** Plans that the host writes for itself, and our own state, are no code of the project. */
export function isExempt(absolute: string, config: Config): boolean {
  const { configDir, stateDir } = config;
  const plans = configDir === undefined ? undefined : resolve(configDir, 'plans');
  return [plans, stateDir].some((folder) => folder !== undefined && isInside(folder, absolute));
}

/** Decided by folders: `/a/plans-old` is not inside `/a/plans`. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
