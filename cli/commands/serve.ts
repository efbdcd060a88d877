/** `sg serve`: the service in the foreground, for looking at it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serviceEnvironment } from '../../host/service/health/environment.ts';
import { prepareServiceDir } from '../../host/service/health/folder.ts';
import { codeEntry } from '../../host/service/health/codes.ts';
import { ping } from '../../host/service/health/ping.ts';
import { startErrorOf } from '../../host/service/health/start-error.ts';
import { serviceDir } from '../../host/service/paths.ts';
import { defineCommand } from '../command.ts';
import type { Command } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, TROUBLE } from '../exit.ts';
import { hookConfig } from '../hook-config.ts';
import type { Io } from '../io.ts';

const PING_MS = 500;

export const command: Command = defineCommand({
  usage: '',
  details: [
    'Runs the service of the current configuration until Ctrl-C. Sessions start it by themselves; this shows what it says when it does not come up.',
  ],
  options: {},
  positionals: { name: '', min: 0, max: 0 },
  examples: [
    { command: 'sg serve', does: 'run the service here' },
    {
      command: 'SECURITY_WARNINGS_STATE_DIR=/tmp/s sg serve',
      does: 'run one that no session uses',
    },
  ],
  async run(_values, _positionals, io) {
    const fail = async (message: string): Promise<number> => {
      await io.stderr.write(`sg serve: ${escapeControls(message)}\n`);
      return TROUBLE;
    };
    const { stateDir } = hookConfig(io);
    if (stateDir === undefined)
      return fail('there is no state folder: set SECURITY_WARNINGS_STATE_DIR or HOME');
    const main = join(io.assets.plugin, 'service', 'main.js');
    if (!existsSync(main)) return fail(`${main} is missing; build or install again`);
    const dir = serviceDir(stateDir);
    try {
      prepareServiceDir(dir);
    } catch (error) {
      const { code, message } = startErrorOf('lock', error);
      const { meaning, action } = codeEntry(code);
      return fail(`${meaning}: ${message}; ${action}`);
    }
    const pong = await ping(dir, PING_MS);
    if (pong.kind === 'version')
      return fail(
        `a service of version ${pong.version} runs already; "sg status" shows it, and its process id to end it`,
      );
    await io.stderr.write(`sg serve: in ${escapeControls(dir)}; Ctrl-C ends it\n`);
    return runUntilEnd(main, dir, io);
  },
});

function runUntilEnd(main: string, dir: string, io: Io): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, dir], {
      cwd: dir,
      env: serviceEnvironment(io.env),
      stdio: 'inherit',
    });
    // The terminal's Ctrl-C reaches the child by itself; a signal to this process alone does not.
    const end = (): void => void child.kill('SIGTERM');
    io.signal.addEventListener('abort', end, { once: true });
    child.on('error', (error) => {
      void io.stderr.write(`sg serve: ${escapeControls(error.message)}\n`);
      resolve(TROUBLE);
    });
    child.on('close', (code) => resolve(code === 0 || io.signal.aborted ? CLEAN : TROUBLE));
  });
}
