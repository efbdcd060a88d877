/** Small scripts in the place of the service, each with one way to come up or not. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LogFields } from '../../../../host/log.ts';
import { startService } from '../../../../host/service/health/starter.ts';
import type { StarterOptions, StartResult } from '../../../../host/service/health/starter.ts';

/** Serves as the real one does, as far as a starter sees. `VERSION` and `DELAY` are replaced. */
const SERVES = `
const { createServer } = require('node:http');
const { rmSync, writeFileSync } = require('node:fs');
process.chdir(process.argv[2]);
setTimeout(() => {
  rmSync('s', { force: true });
  createServer((request, answer) => answer.end('sg1 VERSION\\n')).listen('s', () => {
    writeFileSync('service.json', JSON.stringify({ pid: process.pid, version: 'VERSION' }));
    writeFileSync('env.json', JSON.stringify({ env: process.env, cwd: process.cwd() }));
  });
}, DELAY);
process.on('SIGTERM', () => { rmSync('s', { force: true }); process.exit(0); });
`;

export function serving(version = '1.0.0', delayMs = 0): string {
  return SERVES.replaceAll('VERSION', version).replace('DELAY', String(delayMs));
}

export interface StandIn {
  readonly scratch: string;
  readonly dir: string;
  readonly main: string;
  readonly logged: { event: string; fields: LogFields }[];
  write(script: string): void;
  start(more?: Partial<StarterOptions>): Promise<StartResult>;
  /** The object in a file of the service's folder. */
  read(name: string): Record<string, unknown>;
  /** Ends the service, if one runs, and removes everything. */
  remove(): Promise<void>;
}

export function createStandIn(): StandIn {
  const scratch = mkdtempSync(join(tmpdir(), 'sg start '));
  const dir = join(scratch, 'state', 'service');
  const main = join(scratch, 'plug in', 'main.js');
  const logged: StandIn['logged'] = [];
  mkdirSync(dirname(main));
  const read = (name: string): Record<string, unknown> => {
    const value: unknown = JSON.parse(readFileSync(join(dir, name), 'utf8'));
    if (typeof value !== 'object' || value === null) throw new TypeError('expected an object');
    return { ...value };
  };
  return {
    scratch,
    dir,
    main,
    logged,
    read,
    write: (script) => writeFileSync(main, script),
    start: (more = {}) =>
      startService({
        dir,
        main,
        runtime: process.execPath,
        runtimeVersion: process.versions.node,
        version: '1.0.0',
        wanted: false,
        env: process.env,
        log: { write: (event, fields = {}) => void logged.push({ event, fields }) },
        now: Date.now,
        limitMs: 5000,
        ...more,
      }),
    async remove() {
      await endProcess(() => Number(read('service.json')['pid']));
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** Ends the process that `find` names, and waits until it is gone. */
export async function endProcess(find: () => number): Promise<void> {
  try {
    const pid = find();
    process.kill(pid, 'SIGKILL');
    for (let round = 0; round < 100; round++) {
      process.kill(pid, 0);
      await new Promise((done) => {
        setTimeout(done, 10);
      });
    }
  } catch {
    // There is none, or it is gone.
  }
}
