import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteAsked, readAsked } from '../../../../host/service/health/asked.ts';
import { readHealth, writeHealth } from '../../../../host/service/health/attempts.ts';
import { createStandIn, endProcess, serving } from './stand-in.ts';
import type { StandIn } from './stand-in.ts';

let world: StandIn;
beforeEach(() => {
  world = createStandIn();
});
afterEach(() => world.remove());

const HOUR = 60 * 60 * 1000;

describe('a start that goes well', () => {
  it('is recorded and logged once', async () => {
    world.write(serving());
    const result = await world.start();
    expect(result).toMatchObject({ outcome: 'started', version: '1.0.0', probe: false });
    expect(readHealth(world.dir)).toEqual({ attempts: [result], cooldown: undefined });
    expect(world.logged).toEqual([
      { event: 'service-start', fields: expect.objectContaining({ outcome: 'started' }) },
    ]);
    expect(statSync(world.dir).mode & 0o777).toBe(0o700);
    expect(existsSync(join(world.dir, 'starting.lock'))).toBe(false);
    expect(existsSync(join(world.dir, 'stderr.txt'))).toBe(false);
  });

  it('gives the service its folder and nothing of the session', async () => {
    world.write(serving());
    await world.start({
      env: {
        PATH: '/bin',
        HOME: '/home/ada',
        LANG: 'C.UTF-8',
        ANTHROPIC_API_KEY: 'sk-secret',
        CLAUDE_CODE_OAUTH_TOKEN: 'secret',
        GITHUB_TOKEN: 'secret',
        NODE_OPTIONS: '--require /evil.js',
        LD_PRELOAD: '/evil.so',
        SG_SERVICE: '1',
      },
    });
    const { env, cwd } = world.read('env.json');
    const ofOurs = process.platform === 'linux' ? { MALLOC_TRIM_THRESHOLD_: '131072' } : {};
    expect(env).toEqual({ PATH: '/bin', HOME: '/home/ada', LANG: 'C.UTF-8', ...ofOurs });
    expect(cwd).toBe(world.dir);
  });

  it('is not made again while the service answers', async () => {
    world.write(serving());
    await world.start();
    const { pid } = world.read('service.json');
    expect(await world.start()).toMatchObject({ outcome: 'already-running' });
    expect(await world.start({ version: '0.9.0' })).toMatchObject({ outcome: 'already-running' });
    expect(world.read('service.json')['pid']).toBe(pid);
  });

  it('is one, however many try at once', async () => {
    world.write(serving('1.0.0', 100));
    const results = await Promise.all(Array.from({ length: 30 }, () => world.start()));
    const outcomes = results.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'started')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(29);
  });

  it('takes the request of a hook up', async () => {
    world.write(serving());
    mkdirSync(world.dir, { recursive: true, mode: 0o700 });
    noteAsked(world.dir, { at: 1, count: 4 }, Date.now());
    await world.start();
    expect(readAsked(world.dir)).toBeUndefined();
  });

  it('waits for the version that it starts where an older one answers', async () => {
    world.write(serving('1.0.0'));
    await world.start();
    const old = Number(world.read('service.json')['pid']);
    world.write(serving('1.1.0', 300));
    expect(await world.start({ version: '1.1.0' })).toMatchObject({ outcome: 'started' });
    expect(world.read('service.json')).toMatchObject({ version: '1.1.0' });
    await endProcess(() => old);
  });
});

it('a service that is killed as soon as it serves has started', async () => {
  const listening = "writeFileSync('env.json'";
  world.write(serving().replace(listening, `process.kill(process.pid, 'SIGKILL'); ${listening}`));
  expect(await world.start()).toMatchObject({ outcome: 'started' });
  expect(readHealth(world.dir).cooldown).toBeUndefined();
});

describe('a start that fails', () => {
  it.each<[string, string, Record<string, unknown>]>([
    [
      'says why',
      `process.stderr.write('sg-service: wasm: corrupt-file: [CompileError] bad magic\\n'); process.exit(1)`,
      { phase: 'wasm', code: 18, exceptionType: 'CompileError', exitCode: 1 },
    ],
    ['ends in silence', 'process.exit(3)', { phase: 'spawn', code: 24, exitCode: 3 }],
    ['leaves to one that does not answer', 'process.exit(0)', { phase: 'lock', code: 22 }],
    [
      'throws',
      `throw new TypeError('odd 17')`,
      { phase: 'spawn', code: 99, exceptionType: 'TypeError', bucket: expect.any(Number) },
    ],
    ['is no script', '{{{', { phase: 'spawn', code: 18 }],
    ['needs what is missing', `require('./gone.js')`, { phase: 'spawn', code: 17 }],
    ['gets no memory', 'new ArrayBuffer(2 ** 46)', { code: 9, exceptionType: 'RangeError' }],
  ])('%s', async (_name, script, expected) => {
    world.write(script);
    const result = await world.start();
    expect(result).toMatchObject({ outcome: 'failed', ...expected });
    expect(readHealth(world.dir)).toEqual({ attempts: [result], cooldown: undefined });
  });

  it('hangs: it is ended, without a cooldown', async () => {
    const script = `require('fs').writeFileSync('service.json', JSON.stringify({ pid: process.pid }))`;
    world.write(`${script}; process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`);
    const result = await world.start({ limitMs: 300 });
    expect(result).toMatchObject({ outcome: 'failed', phase: 'handshake', code: 11 });
    expect(readHealth(world.dir).cooldown).toBeUndefined();
    const pid = Number(world.read('service.json')['pid']);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('answers in another tongue', async () => {
    world.write(serving().replace('sg1 1.0.0', 'hello'));
    expect(await world.start({ limitMs: 300 })).toMatchObject({ phase: 'handshake', code: 23 });
  });

  it('an older version that does not leave', async () => {
    world.write(serving('0.9.0'));
    await world.start({ version: '0.9.0' });
    const old = Number(world.read('service.json')['pid']);
    world.write('setInterval(() => {}, 1000)');
    expect(await world.start({ limitMs: 300 })).toMatchObject({ outcome: 'failed', code: 8 });
    await endProcess(() => old);
  });

  it.each<[string, () => Partial<Parameters<StandIn['start']>[0]>, Record<string, unknown>]>([
    ['no script', () => ({ main: join(world.scratch, 'gone.js') }), { code: 17 }],
    ['no runtime', () => ({ runtime: join(world.scratch, 'no-node') }), { code: 1 }],
    ['an old runtime', () => ({ runtimeVersion: '18.20.0' }), { code: 20 }],
  ])('%s', async (_name, options, expected) => {
    world.write(serving());
    const result = await world.start(options());
    expect(result).toMatchObject({ outcome: 'failed', phase: 'find-runtime', ...expected });
    expect(readHealth(world.dir).attempts).toHaveLength(1);
  });

  it.each<[string, () => void, number]>([
    ['a file in the place of the folder', () => writeFileSync(world.dir, ''), 12],
    ['a link in its place', () => symlinkSync(world.scratch, world.dir), 12],
  ])('%s', async (_name, prepare, code) => {
    world.write(serving());
    mkdirSync(dirname(world.dir), { recursive: true });
    prepare();
    expect(await world.start()).toMatchObject({ outcome: 'failed', phase: 'lock', code });
    expect(world.logged[0]?.fields).toMatchObject({ outcome: 'failed', code });
  });

  it('a folder of ours that others may enter is closed', async () => {
    world.write(serving());
    mkdirSync(world.dir, { recursive: true });
    chmodSync(world.dir, 0o777);
    expect(await world.start()).toMatchObject({ outcome: 'started' });
    expect(statSync(world.dir).mode & 0o777).toBe(0o700);
  });

  it('a corrupt health file costs its history alone', async () => {
    world.write(serving());
    mkdirSync(world.dir, { recursive: true, mode: 0o700 });
    writeFileSync(join(world.dir, 'health.json'), '\0\0');
    expect(await world.start()).toMatchObject({ outcome: 'started' });
    expect(readHealth(world.dir).attempts).toHaveLength(1);
    expect(existsSync(join(world.dir, 'health.json.corrupt'))).toBe(true);
  });

  it('something else that listens is no service of ours', async () => {
    mkdirSync(world.dir, { recursive: true, mode: 0o700 });
    const server = createServer((_request, answer) => answer.end('sg1 <script>\n'));
    await new Promise<void>((ready) => {
      server.listen(join(world.dir, 's'), ready);
    });
    world.write('process.exit(0)');
    expect(await world.start()).toMatchObject({ outcome: 'failed', phase: 'lock', code: 22 });
    server.close();
  });
});

describe('a start that is killed', () => {
  it.each<[string, string, string]>([
    ['SIGKILL', `process.kill(process.pid, 'SIGKILL')`, 'SIGKILL'],
    ['SIGABRT', `process.abort()`, 'SIGABRT'],
    ['137', 'process.exit(137)', 'SIGKILL'],
    ['139', 'process.exit(139)', 'SIGSEGV'],
  ])('%s: rests, probes once an hour later, and rests on', async (_name, script, signal) => {
    let now = Date.now();
    const start = (wanted = false): ReturnType<StandIn['start']> =>
      world.start({ now: () => now, wanted });
    world.write(script);
    expect(await start()).toMatchObject({ outcome: 'failed', code: 10, signal, probe: false });
    expect(readHealth(world.dir).cooldown).toMatchObject({ signal, version: '1.0.0' });

    now += HOUR / 2;
    expect(await start()).toMatchObject({ outcome: 'cooldown', code: 19 });
    now += HOUR / 2;
    expect(await start()).toMatchObject({ outcome: 'failed', probe: true, signal });
    now += HOUR / 2;
    // The probe was killed: a window of its own has begun.
    expect(await start()).toMatchObject({ outcome: 'cooldown' });
    expect(await start(true)).toMatchObject({ outcome: 'failed', probe: true, signal });

    world.write(serving());
    now += HOUR;
    expect(await start()).toMatchObject({ outcome: 'started', probe: true });
    expect(readHealth(world.dir).cooldown).toBeUndefined();
  });

  it('a probe that fails in another way is the one of its window', async () => {
    let now = Date.now();
    world.write(`process.kill(process.pid, 'SIGKILL')`);
    await world.start({ now: () => now });
    world.write('process.exit(3)');
    now += HOUR;
    expect(await world.start({ now: () => now })).toMatchObject({ outcome: 'failed', code: 24 });
    now += 5 * HOUR;
    expect(await world.start({ now: () => now })).toMatchObject({ outcome: 'cooldown' });
    now += 18 * HOUR;
    expect(await world.start({ now: () => now })).toMatchObject({
      outcome: 'failed',
      probe: false,
    });
  });

  it('another version is not bound by it', async () => {
    world.write(`process.kill(process.pid, 'SIGKILL')`);
    await world.start();
    world.write(serving('1.0.1'));
    expect(await world.start({ version: '1.0.1' })).toMatchObject({ outcome: 'started' });
    expect(readHealth(world.dir).cooldown).toBeUndefined();
  });

  it('a starter that died with it is noticed by the next one', async () => {
    mkdirSync(world.dir, { recursive: true, mode: 0o700 });
    const at = new Date().toISOString();
    const begun = {
      at,
      outcome: 'begun' as const,
      version: '1.0.0',
      probe: false,
      pid: 2 ** 22 + 1,
    };
    writeHealth(world.dir, { attempts: [begun], cooldown: undefined });
    world.write(serving());
    expect(await world.start()).toMatchObject({ outcome: 'cooldown' });
    expect(readHealth(world.dir)).toMatchObject({
      attempts: [{ outcome: 'failed', code: 10, phase: 'spawn' }, { outcome: 'cooldown' }],
      cooldown: { signal: 'unknown' },
    });
  });
});
