/** What the hooks would be configured to in the shell that `sg` runs in. */
import { readConfig } from '../host/config.ts';
import type { Config } from '../host/config.ts';
import { homeOrNone } from '../host/home.ts';
import type { Io } from './io.ts';

export function hookConfig(io: Pick<Io, 'env' | 'cwd'>): Config {
  return readConfig(io.env, io.env['HOME'] || homeOrNone(), io.cwd);
}
