/** The built starter and the built service, in the circumstances in which starts fail. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHealth } from '../../host/service/health/attempts.ts';
import { ping } from '../../host/service/health/ping.ts';
import { ensureService } from '../../hooks/ensure-service.ts';
import {
  isBuilt,
  isRoot,
  jsonIn,
  kill,
  mountSmall,
  NOBODY,
  processesOf,
  remountReadOnly,
  StartCopy,
  unmount,
  until,
} from './start-support.ts';
import { cpuMs } from '../support/cpu-time.ts';

let copy: StartCopy;
beforeAll(() => {
  copy = new StartCopy();
});
afterAll(() => copy.remove());

const isLinux = process.platform === 'linux';

function logged(dir: string): string[] {
  const path = join(dirname(dir), 'log.txt');
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

describe.skipIf(!isBuilt)('node start.js', () => {
  it('starts the service, once, and leaves it running', async () => {
    const dir = copy.nextDir();
    const first = await copy.start(dir);
    expect(first).toMatchObject({ code: 0, stderr: '', result: { outcome: 'started' } });
    expect(await ping(dir, 1000)).toMatchObject({ kind: 'version' });
    const { pid } = jsonIn(join(dir, 'service.json'));
    expect((await copy.start(dir)).result).toMatchObject({ outcome: 'already-running' });
    expect(jsonIn(join(dir, 'service.json'))['pid']).toBe(pid);
    expect(logged(dir).filter((line) => line.includes('"service-start"'))).toHaveLength(2);
    if (isLinux) {
      const names = readFileSync(`/proc/${String(pid)}/environ`, 'utf8')
        .split('\0')
        .map((row) => row.split('=')[0]);
      expect(new Set(names)).toEqual(new Set(['', 'HOME', 'MALLOC_TRIM_THRESHOLD_', 'PATH']));
    }
  });

  it('says nothing without --json, and ends with 0 for a folder that is none', async () => {
    const quiet = await copy.start('relative');
    expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('a path longer than a socket may have', async () => {
    const dir = join(
      copy.nextDir(),
      ...Array.from({ length: 6 }, () => 'a long way down'.repeat(3)),
    );
    mkdirSync(dir, { recursive: true });
    expect((await copy.start(copy.track(dir))).result).toMatchObject({ outcome: 'started' });
  });

  it.each<[string, (folder: string) => void, Record<string, unknown>]>([
    [
      'no main.js',
      (folder) => rmSync(join(folder, 'service', 'main.js')),
      { phase: 'find-runtime', code: 17 },
    ],
    [
      'a damaged main.js',
      (folder) => writeFileSync(join(folder, 'service', 'main.js'), 'const half = `of it'),
      { phase: 'spawn', exitCode: 1 },
    ],
    ['no re2.wasm', (folder) => rmSync(join(folder, 're2.wasm')), { phase: 'wasm', code: 17 }],
    [
      'a damaged re2.wasm',
      (folder) => truncateSync(join(folder, 're2.wasm'), 5000),
      { phase: 'wasm', code: 18 },
    ],
    ['no rules.pack', (folder) => rmSync(join(folder, 'rules.pack')), { phase: 'rules', code: 17 }],
    [
      'a damaged rules.pack',
      (folder) => writeFileSync(join(folder, 'rules.pack'), '[{'),
      { phase: 'rules', code: 18 },
    ],
  ])('%s', async (_name, change, expected) => {
    const dir = copy.nextDir();
    const run = await copy.start(dir, { script: copy.damaged(change) });
    expect(run).toMatchObject({ code: 0, result: { outcome: 'failed', ...expected } });
    expect(readHealth(dir).cooldown).toBeUndefined();
    if (isLinux) expect(processesOf(dir)).toEqual([]);
  });
});

describe.skipIf(!isBuilt || !isLinux)('limits and kills', () => {
  it('ulimit -v: whatever gives way, it is told and rested from', async () => {
    const seen = new Set<string>();
    for (const mib of [400, 600, 700, 760, 900, 1200, 1600, 2000]) {
      const dir = copy.nextDir('limited');
      const { code, signal, result } = await copy.startLimited(dir, mib * 1024);
      const { outcome } = result;
      seen.add(typeof outcome === 'string' ? outcome : 'no starter');
      if (outcome === undefined) {
        // Node.js itself did not come up: nobody was there to write anything down.
        expect(signal !== null || code !== 0).toBe(true);
        continue;
      }
      if (outcome !== 'failed') continue;
      expect([9, 10, 16, 24, 99]).toContain(result['code']);
      const { cooldown } = readHealth(dir);
      expect(cooldown?.signal).toBe(result['signal']);
      if (cooldown === undefined) continue;
      seen.add('rested');
      expect((await copy.startLimited(dir, 4e6)).result).toMatchObject({ outcome: 'cooldown' });
      const probe = await copy.start(dir, { flags: ['--probe'] });
      expect(probe.result).toMatchObject({ outcome: 'started', probe: true });
      expect(readHealth(dir).cooldown).toBeUndefined();
    }
    expect([...seen]).toContain('no starter');
    expect([...seen]).toContain('rested');
  });

  it('the engine gets no memory, and says so', async () => {
    const script = copy.damaged((folder) => {
      const main = join(folder, 'service', 'main.js');
      const line = 'new WebAssembly.Memory({ initial: 16383, maximum: 65536 });\n';
      writeFileSync(main, line + readFileSync(main, 'utf8'));
    });
    const dir = copy.nextDir('limited');
    const { result } = await copy.startLimited(dir, 2 * 1024 * 1024, script);
    expect(result).toMatchObject({ outcome: 'failed', code: 9, exceptionType: 'RangeError' });
    expect(readHealth(dir).cooldown).toBeUndefined();
  });

  it('SIGKILL between spawn and handshake', async () => {
    const dir = copy.nextDir();
    const starting = copy.start(dir);
    kill(await until(() => processesOf(dir, 'main.js')[0]));
    expect((await starting).result).toMatchObject({
      outcome: 'failed',
      phase: 'spawn',
      code: 10,
      signal: 'SIGKILL',
    });
    expect((await copy.start(dir)).result).toMatchObject({ outcome: 'cooldown', code: 19 });
    expect(processesOf(dir)).toEqual([]);
  });

  it('SIGKILL of the starter and its service', async () => {
    const dir = copy.nextDir();
    const script = copy.damaged((folder) =>
      writeFileSync(join(folder, 'service', 'main.js'), 'setInterval(() => {}, 1000)'),
    );
    const starter = copy.launch(dir, script);
    const service = await until(() => processesOf(dir, 'main.js')[0]);
    starter.kill('SIGKILL');
    await until(() => starter.signalCode ?? undefined);
    kill(service);
    expect(readHealth(dir).attempts).toMatchObject([{ outcome: 'begun', pid: starter.pid }]);
    expect((await copy.start(dir)).result).toMatchObject({ outcome: 'cooldown' });
    expect(readHealth(dir).attempts).toMatchObject([
      { outcome: 'failed', code: 10 },
      { outcome: 'cooldown' },
    ]);
  });

  it('SIGKILL of the starter alone: the service that came up counts', async () => {
    const dir = copy.nextDir();
    const starter = copy.launch(dir);
    await until(() => (processesOf(dir, 'main.js').length > 0 ? true : undefined));
    starter.kill('SIGKILL');
    await until(() => (existsSync(join(dir, 's')) ? true : undefined));
    expect((await copy.start(dir)).result).toMatchObject({ outcome: 'already-running' });
    expect(readHealth(dir).cooldown).toBeUndefined();
  });
});

describe.skipIf(!isBuilt)('folders that refuse', () => {
  it.skipIf(!isRoot && process.platform === 'win32')('read-only for this user', async () => {
    const dir = copy.nextDir();
    mkdirSync(dirname(dir), { mode: 0o555 });
    const run = await copy.start(dir, isRoot ? { uid: NOBODY, gid: NOBODY } : {});
    chmodSync(dirname(dir), 0o755);
    expect(run).toMatchObject({
      code: 0,
      stderr: '',
      result: { outcome: 'failed', phase: 'lock', code: 2, errno: 'EACCES' },
    });
  });

  it.skipIf(!isRoot)('of another user', async () => {
    const dir = copy.nextDir();
    mkdirSync(dir, { recursive: true, mode: 0o777 });
    chmodSync(dir, 0o777);
    const { result } = await copy.start(dir, { uid: NOBODY, gid: NOBODY });
    expect(result).toMatchObject({ outcome: 'failed', phase: 'lock', code: 13 });
    expect(readdirSync(dir)).toEqual([]);
  });

  it.skipIf(!isRoot || !isLinux)('on a full or read-only disk', async (context) => {
    const dir = copy.nextDir();
    const state = dirname(dir);
    mkdirSync(state);
    if (!mountSmall(state)) return context.skip('no file system may be mounted here');
    try {
      mkdirSync(dir, { mode: 0o700 });
      expect(() => {
        for (;;) appendFileSync(join(state, 'fill'), Buffer.alloc(4096));
      }).toThrow('ENOSPC');
      const full = await copy.start(dir);
      expect(full).toMatchObject({
        code: 0,
        result: { outcome: 'failed', phase: 'lock', code: 3 },
      });
      remountReadOnly(state);
      const readOnly = await copy.start(dir);
      expect(readOnly.result).toMatchObject({ outcome: 'failed', phase: 'lock', code: 4 });
      expect(processesOf(dir)).toEqual([]);
    } finally {
      unmount(state);
    }
  });
});

describe.skipIf(!isBuilt)('ensureService', () => {
  const ensure = (
    dir: string,
    now: number = Date.now(),
    script: string = copy.script,
  ): string[] => {
    const events: string[] = [];
    ensureService({
      config: { stateDir: dirname(dir) },
      log: { write: (event) => void events.push(event) },
      now: () => now,
      script,
    });
    return events;
  };

  it('starts a service in the background, at little cost', async () => {
    const dir = copy.nextDir();
    const begun = cpuMs();
    expect(ensure(dir)).toEqual([]);
    expect(cpuMs() - begun).toBeLessThan(100);
    await until(() => (readHealth(dir).attempts[0]?.outcome === 'started' ? true : undefined));
    expect(await ping(dir, 1000)).toMatchObject({ kind: 'version' });
  });

  it('asks once, however often it is called', async () => {
    const dir = copy.nextDir();
    const begun = cpuMs();
    for (let round = 0; round < 200; round++) ensure(dir);
    expect(cpuMs() - begun).toBeLessThan(1000);
    await until(() => (readHealth(dir).attempts[0]?.outcome === 'started' ? true : undefined));
    expect(readHealth(dir).attempts).toHaveLength(1);
  });

  it.each<[string, (dir: string) => void]>([
    ['a file in the place of the state folder', (dir) => writeFileSync(dirname(dir), '')],
    ['health that is a folder', (dir) => mkdirSync(join(dir, 'health.json'), { recursive: true })],
    ['a request that is a folder', (dir) => mkdirSync(join(dir, 'asked'), { recursive: true })],
  ])('never throws: %s', (_name, prepare) => {
    const dir = copy.nextDir();
    prepare(dir);
    expect(() => ensure(dir)).not.toThrow();
  });

  it('does nothing for a plugin without a service, and without a state folder', () => {
    const dir = copy.nextDir();
    expect(ensure(dir, Date.now(), join(copy.scratch, 'none.js'))).toEqual([]);
    expect(existsSync(dir)).toBe(false);
    const options = { log: { write: () => undefined }, now: Date.now, script: copy.script };
    expect(() => ensureService({ config: { stateDir: undefined }, ...options })).not.toThrow();
  });
});
