/** What the hooks would be configured to in the shell that `sg` runs in. */
import { homedir } from 'node:os';
import { readConfig } from '../../host/config.ts';
import type { Config } from '../../host/config.ts';
import type { Io } from '../io.ts';

export function hookConfig(io: Io): Config {
  return readConfig(io.env, io.env['HOME'] || homeOrNone(), io.cwd);
}

/** `os.homedir` throws for a user that the system does not know. */
function homeOrNone(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}
