/** What another user of the machine can do: nothing. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { serviceWorld } from './service-world.ts';
import { give, isRoot, OTHER, runProgram, runUntilItSays } from './programs.ts';

const world = serviceWorld();

describe('the files of a service', () => {
  it('are of the user alone', async () => {
    await world.startService();
    await world.expectToldOnce();
    const modes = [
      '',
      'log.txt',
      'service',
      'service/s',
      'service/service.json',
      'service/health.json',
    ];
    for (const name of modes)
      expect(statSync(join(world.copy.state, name)).mode & 0o077, name).toBe(0);
  });
});

describe.skipIf(!isRoot)('another user', () => {
  beforeEach(() => {
    // As the folder for temporary files: nothing but the state's own mode is in the way.
    chmodSync(world.copy.scratch, 0o1777);
  });

  it('cannot connect, list or read', async () => {
    const pid = await world.startService();
    await world.expectToldOnce();
    const { state } = world.copy;
    const before = (await world.status()).edits;
    const curl = (path: string): Promise<{ code: number | null; stdout: string }> =>
      runProgram(['curl', '-q', '-s', '-m', '2', '--unix-socket', world.socket, path], {
        other: true,
      });
    for (const path of ['ping', 'status']) {
      const { code, stdout } = await curl(`http://localhost/1/${path}`);
      expect(code).not.toBe(0);
      expect(stdout).toBe('');
    }
    for (const command of [
      ['ls', state],
      ['ls', world.dir],
      ['cat', join(world.dir, 'service.json')],
      ['cat', join(state, 'log.txt')],
      ['touch', join(state, 'x')],
      ['rm', '-f', world.socket],
      ['mv', state, `${state} gone`],
    ] as const) {
      const { code, stdout } = await runProgram([...command], { other: true });
      expect(code, command.join(' ')).not.toBe(0);
      expect(stdout).toBe('');
    }
    expect((await world.status()).edits).toEqual(before);
    expect(await world.serving()).toBe(pid);
  });

  /** Listens as the other user, answers that all is well, and notes who asked. */
  const impostor = `
    const fs = require('fs');
    const [socket, log] = process.argv.slice(-2);
    const answer = 'sg1\\n{"systemMessage":"all is well"}\\n';
    require('http').createServer((request, reply) => {
      fs.appendFileSync(log, request.url + '\\n');
      request.resume();
      reply.end(request.url.endsWith('ping') ? 'sg1 99.0.0\\n' : answer);
    }).listen(socket, () => { fs.chmodSync(socket, 0o777); console.log('listening'); });`;

  async function pretend(folder: string): Promise<string> {
    const log = join(world.copy.scratch, 'asked.txt');
    await runUntilItSays(impostor, [join(folder, 's'), log], { uid: OTHER, gid: OTHER });
    return log;
  }

  async function expectNotAsked(log: string): Promise<void> {
    const run = await world.edit();
    expect(run.context).toContain('a.py:2');
    expect(run.stdout).not.toContain('all is well');
    world.beginSession();
    await world.startersLeft();
    expect(existsSync(log) ? readFileSync(log, 'utf8') : '').not.toContain('edit');
    expect((await world.edit({ name: 'b.py' })).context).toContain('b.py:2');
    expect(existsSync(log) ? readFileSync(log, 'utf8') : '').not.toContain('edit');
    expect(world.services()).toEqual([]);
  }

  it('is not asked in a state folder of theirs', async () => {
    mkdirSync(world.dir, { recursive: true });
    give(world.copy.state, 0o777);
    give(world.dir, 0o777);
    await expectNotAsked(await pretend(world.dir));
  });

  it('is not asked through a link', async () => {
    const theirs = join(world.copy.scratch, `theirs ${world.copy.state.length} link`);
    mkdirSync(theirs);
    mkdirSync(world.copy.state, { mode: 0o700 });
    give(theirs, 0o777);
    symlinkSync(theirs, world.dir);
    await expectNotAsked(await pretend(theirs));
  });

  it('is not asked by a socket in a folder of ours that was open to all', async () => {
    mkdirSync(world.dir, { recursive: true });
    chmodSync(world.copy.state, 0o777);
    chmodSync(world.dir, 0o777);
    const log = await pretend(world.dir);
    const run = await world.edit();
    expect(run.context).toContain('a.py:2');
    expect(existsSync(log)).toBe(false);
    // The folder is made private and the socket replaced.
    await world.startService();
    expect(statSync(world.dir).mode & 0o777).toBe(0o700);
    await world.expectToldOnce({ name: 'b.py' });
    expect(existsSync(log) ? readFileSync(log, 'utf8') : '').not.toContain('edit');
  });
});
