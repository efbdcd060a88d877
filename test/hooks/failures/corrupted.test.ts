/** Files of the state that hold anything but what they should, or that come from the future. */
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOLD_JOURNAL, pendingFileName, stateFileName } from '../../../host/state/key.ts';
import { serviceWorld } from './service-world.ts';

const world = serviceWorld();

/** Each of them in the state folder, for the session `s-1`. */
const FILES: readonly (readonly [string, string])[] = [
  ['state', stateFileName('s-1')],
  ['pending', pendingFileName('s-1')],
  ['journal', TOLD_JOURNAL],
  ['health', 'service/health.json'],
  ['service', 'service/service.json'],
  ['request', 'service/asked'],
  ['log', 'log.txt'],
];

const CONTENTS: readonly (readonly [string, ((path: string) => void) | string | Buffer])[] = [
  ['is cut', '{"shown_warnings":["a'],
  ['holds bytes', Buffer.from([0, 0xff, 0xfe, 0xd8, 0, 0x80])],
  [
    'holds a wrong shape',
    '{"attempts":[null,{"at":5}],"cooldown":7,"shown_warnings":{},"pid":"x"}',
  ],
  ['is huge', Buffer.alloc(9_000_000, 0x5b)],
  ['is a folder', (path): void => void mkdirSync(join(path, 'more'), { recursive: true })],
];

function damage(name: string, how: (typeof CONTENTS)[number][1]): void {
  const path = join(world.copy.state, name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { recursive: true, force: true });
  if (typeof how === 'function') how(path);
  else writeFileSync(path, how);
}

describe.each(CONTENTS)('every file of the state %s', (_name, how) => {
  it('and no service runs', async () => {
    for (const [, file] of FILES) damage(file, how);
    await world.expectToldOnce();
    await world.expectToldOnce({ name: 'b.py' });
    for (const [, file] of FILES.slice(2)) damage(file, how);
    world.beginSession();
    await world.startersLeft();
    await world.expectToldOnce({ name: 'c.py' });
    // A folder cannot be replaced by a file; everything else does not keep a service from starting.
    if (typeof how !== 'function') await world.serving();
  });

  it('and a service runs', async () => {
    const pid = await world.startService();
    for (const [, file] of FILES) damage(file, how);
    await world.expectToldOnce();
    await world.expectToldOnce({ name: 'b.py' });
    expect(await world.serving()).toBe(pid);
  });
});

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

describe('a clock that was set back', () => {
  const later = new Date(Date.now() + YEAR_MS);
  const write = (name: string, text: string): void => {
    const path = join(world.copy.state, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text);
    utimesSync(path, later, later);
  };
  const lockNames = FILES.slice(0, 2).map(([, name]) => name.replace(/json$/, 'lock'));

  it('leaves locks and files of the future', async () => {
    const at = later.toISOString();
    write(stateFileName('s-1'), '{"shown_warnings":[]}');
    write(pendingFileName('s-1'), '[]');
    write(TOLD_JOURNAL, '');
    // Of a process that lives: this one.
    for (const name of [...lockNames, 'service/service.lock', 'service/starting.lock'])
      write(name, `${process.pid} abc`);
    write('service/asked', `${later.getTime()} 3`);
    write(
      'service/health.json',
      JSON.stringify({ attempts: [{ at, outcome: 'failed', version: '0.1.0', probe: false }] }),
    );
    write('service/service.json', JSON.stringify({ pid: 1, version: '99.0.0', startedAt: at }));
    write('log.txt', '{}\n');
    await world.expectToldOnce();
    await world.serving();
    await world.expectToldOnce({ name: 'b.py' });
    const entry: unknown = JSON.parse(
      readFileSync(join(world.copy.state, 'service/service.json'), 'utf8'),
    );
    expect(entry).toMatchObject({
      version: expect.not.stringMatching(/^99/),
      pid: expect.any(Number),
    });
    expect(existsSync(join(world.copy.state, lockNames[0] ?? ''))).toBe(false);
  });

  it('a service that runs goes on', async () => {
    const pid = await world.startService();
    await world.expectToldOnce();
    for (const name of [TOLD_JOURNAL, 'service/health.json', 'service/service.json', 'log.txt'])
      utimesSync(join(world.copy.state, name), later, later);
    for (const name of lockNames) write(name, `${process.pid} abc`);
    await world.expectSilence();
    await world.expectToldOnce({ name: 'b.py' });
    expect(await world.serving()).toBe(pid);
  });
});
