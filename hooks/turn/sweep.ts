/** What became of the warnings that rules gave earlier in the session: fixed, or still there. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { locate } from '../paths.ts';
import type { StopDeps } from './deps.ts';
import type { TurnRules } from './rules.ts';

export interface Sweep {
  readonly fixed: number;
  readonly standing: readonly {
    readonly shown: string;
    readonly line: number;
    readonly ruleId: string;
  }[];
}

/** Newest warnings that are looked at. */
const MAX_WARNINGS = 100;
const MAX_BYTES = 2 * 1024 * 1024;

/** `warnings` are keys of the ledger, see `warningKey`. A file that cannot be read counts neither way. */
export function sweep(
  warnings: readonly string[],
  rules: TurnRules,
  { config, payload }: Pick<StopDeps, 'config' | 'payload'>,
): Sweep {
  let fixed = 0;
  const standing: Sweep['standing'][number][] = [];
  for (const warning of warnings.slice(-MAX_WARNINGS)) {
    const end = warning.lastIndexOf('#');
    const absolute = warning.slice(0, end);
    const ruleId = warning.slice(end + 1);
    const bytes = read(absolute);
    if (bytes === undefined) continue;
    const line = bytes === 'gone' ? undefined : rules.standing(absolute, ruleId, bytes);
    if (line === undefined) fixed += 1;
    else standing.push({ shown: locate(absolute, payload.cwd, config).shown, line, ruleId });
  }
  return { fixed, standing };
}

function read(path: string): Uint8Array | 'gone' | undefined {
  let file: number;
  try {
    file = openSync(
      path,
      constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0),
    );
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : undefined;
  }
  try {
    const stat = fstatSync(file);
    return stat.isFile() && stat.size <= MAX_BYTES ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}
