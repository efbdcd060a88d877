/** Starts the service for the next edit, after this one was answered without. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../host/config.ts';
import type { Log } from '../host/log.ts';
import { noteAsked, readAsked, shouldAsk } from '../host/service/health/asked.ts';
import { readHealth } from '../host/service/health/attempts.ts';
import { serviceEnvironment } from '../host/service/health/environment.ts';
import { VERSION } from '../host/service/health/version.ts';
import { serviceDir } from '../host/service/paths.ts';
import { makePrivateDir } from '../host/state/dir.ts';

export interface EnsureOptions {
  readonly config: Pick<Config, 'stateDir'>;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** `start.js` of the plugin, absolute. */
  readonly script: string;
}

/** Names of variables that say where the log is; the starter writes to it. */
const OF_THE_LOG = [
  'SECURITY_GUIDANCE_DEBUG_LOG',
  'SECURITY_WARNINGS_STATE_DIR',
  'CLAUDE_CONFIG_DIR',
];

/**
 * Starts a starter in the background when none was asked for a moment ago and no cooldown forbids it. Reads
 * two small files; never throws, never waits. The caller has checked that a service is wanted at all.
 */
export function ensureService({ config, log, now, script }: EnsureOptions): void {
  if (config.stateDir === undefined) return;
  const dir = serviceDir(config.stateDir);
  try {
    const time = now();
    const asked = readAsked(dir);
    if (!shouldAsk(readHealth(dir), asked, { now: time, version: VERSION })) return;
    // A copy of the plugin without its service works as it did before there was one.
    if (!existsSync(script)) return;
    makePrivateDir(dir);
    if (!noteAsked(dir, asked, time)) return;
    const starter = spawn(process.execPath, [script, dir], {
      cwd: dirname(script),
      env: serviceEnvironment(process.env, process.platform, OF_THE_LOG),
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
    });
    starter.on('error', (error) => {
      log.write('service-start', { outcome: 'failed', phase: 'spawn', reason: error.message });
    });
    starter.unref();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    log.write('service-start', { outcome: 'failed', phase: 'spawn', reason });
  }
}
