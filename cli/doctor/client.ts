/** What the edit hook asks the service with, as `hooks/run.sh` chooses it. */
import { join } from 'node:path';
import type { Io } from '../io.ts';
import { ok, warn } from './check.ts';
import type { Check } from './check.ts';
import { findProgram, searchPath } from '../../host/program.ts';
import { runProgram } from './program.ts';

export async function checkClient(
  io: Io,
  platform: NodeJS.Platform = process.platform,
): Promise<Check> {
  if (platform === 'win32') return ok('client', 'Node.js, as always on Windows');
  const slow = 'each edit starts Node.js';
  const perl = findProgram('perl', searchPath(io.env));
  if (perl !== undefined) {
    // Without the user's own settings for perl, which the hook does not hand on.
    const bare = { ...io, env: { PATH: io.env['PATH'] } };
    const read = await runProgram(
      perl,
      ['-f', '-c', join(io.assets.plugin, 'hooks/client.pl')],
      bare,
    );
    return read === undefined
      ? warn('client', `${perl} cannot read client.pl: ${slow}`, 'repair perl (5.10 or newer)')
      : ok('client', `perl at ${perl}`);
  }
  const curl = findProgram('curl', searchPath(io.env));
  return curl === undefined
    ? warn('client', `neither perl nor curl in the folders of PATH: ${slow}`, 'install perl')
    : ok('client', `curl at ${curl}; with perl an edit waits less`);
}
