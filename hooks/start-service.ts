/**
 * `node start.js FOLDER [--probe] [--json]`: one attempt to start the service of a folder, which is
 * `service` in the state folder. Runs in the background of a session: silent, and ends with 0 whatever
 * happens. `--probe` tries in a cooldown as well; `--json` prints the attempt for `sg doctor`.
 */
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../host/config.ts';
import { homeOrNone } from '../host/home.ts';
import { createLog } from '../host/log.ts';
import { isAbandoned } from '../host/service/health/folder.ts';
import { startService } from '../host/service/health/starter.ts';
import { VERSION } from '../host/service/health/version.ts';

const [dir = '', ...flags] = process.argv.slice(2);
const config = readConfig(process.env, homeOrNone());
const ownLog = isAbsolute(dir) ? join(dir, '..', 'log.txt') : undefined;
const log = createLog({ path: config.logPath ?? ownLog, now: Date.now });

void main().catch((error: unknown) => {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
  log.write('service-start', { outcome: 'failed', reason });
});

async function main(): Promise<void> {
  if (!isAbsolute(dir))
    return log.write('service-start', { outcome: 'failed', reason: 'no folder' });
  const wanted = flags.includes('--probe');
  if (!wanted && isAbandoned(dir)) return;
  // What this process and the service make is the user's alone.
  process.umask(0o077);
  const result = await startService({
    dir,
    main: join(fileURLToPath(new URL('.', import.meta.url)), 'main.js'),
    runtime: process.execPath,
    runtimeVersion: process.versions.node,
    version: VERSION,
    wanted,
    env: process.env,
    log,
    now: Date.now,
  });
  if (flags.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
}
