/** Something else stands where the socket of the service should be. */
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runUntilItSays } from './programs.ts';
import { serviceWorld } from './service-world.ts';

const world = serviceWorld();
let control = 0;
let fake: Server | undefined;
const connections: Socket[] = [];

beforeEach(async () => {
  mkdirSync(world.dir, { recursive: true, mode: 0o700 });
  // What the same edit costs without a service, here and now.
  if (control === 0) control = await world.ownProcessMs();
});
afterEach(() => {
  for (const connection of connections.splice(0)) connection.destroy();
  fake?.close();
  fake = undefined;
});

function listen(onConnection: (socket: Socket) => void): Promise<void> {
  return new Promise((done) => {
    fake = createServer((socket) => {
      connections.push(socket);
      socket.on('error', () => undefined);
      onConnection(socket);
    }).listen(world.socket, done);
  });
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n';

function answered(text: string): string {
  return `${HEAD}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** An edit is told by the hook's own process, within a bounded time and without a word about it. */
async function expectFallback(): Promise<void> {
  const run = await world.edit();
  expect(run.context).toContain('a.py:2');
  expect(run.notice).toBeUndefined();
  await world.expectBounded(run, control, 300 + 1_000);
  await world.expectSilence();
}

describe('what answers is not the service', () => {
  const ignore = (): void => undefined;
  const reply =
    (text: string, ends = true) =>
    (socket: Socket): void => {
      socket.once('data', () => (ends ? socket.end(text) : socket.write(text)));
    };
  it.each<readonly [string, (socket: Socket) => void]>([
    ['it never says a word', ignore],
    ['it hangs up at once', (socket) => socket.destroy()],
    ['it hangs up on the request', (socket) => socket.once('data', () => socket.destroy())],
    ['no HTTP', reply('hello\n')],
    ['bytes', reply('\0\xff\xfe\0'.repeat(1_000))],
    ['half a head', reply(HEAD, false)],
    ['half an answer, then silence', reply(`${HEAD}content-length: 99\r\n\r\nsg1\n{`, false)],
    ['half an answer, then the end', reply(`${HEAD}content-length: 99\r\n\r\nsg1\n{`)],
    ['HTTP 500', reply('HTTP/1.1 500 Oops\r\ncontent-length: 4\r\n\r\nsg1\n')],
    ['HTTP 204', reply('HTTP/1.1 204 No Content\r\n\r\n')],
    ['another protocol', reply(answered('sg2\n'))],
    ['an answer without the first line', reply(answered('{"systemMessage":"all is well"}\n'))],
    ['text that is no JSON', reply(answered('sg1\nall is well\n'))],
    ['two lines', reply(answered('sg1\n{}\n{}\n'))],
    ['an empty answer', reply(answered(''))],
    ['a redirection', reply('HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\n\r\n')],
  ])('%s', async (_name, onConnection) => {
    await listen(onConnection);
    await expectFallback();
    expect(connections.length).toBeGreaterThan(0);
  });

  it.each([
    ['an endless head', HEAD],
    ['an endless body', `${HEAD}\r\nsg1\n`],
  ])('%s', async (_name, head) => {
    const line = `x-more: ${'a'.repeat(60_000)}\r\n`;
    await listen((socket) => {
      const more = (): void => {
        while (socket.writable && socket.write(line));
      };
      socket.on('drain', more);
      socket.once('data', () => {
        socket.write(head);
        more();
      });
    });
    await expectFallback();
  });
});

describe('what is replaced by the service', () => {
  it('a socket that nobody listens on', async () => {
    // A process that dies leaves its socket.
    const leave = `require('net').createServer().listen(process.argv.at(-1), () => {
      console.log('listening');
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);
    });`;
    await runUntilItSays(leave, [world.socket]);
    expect(lstatSync(world.socket).isSocket()).toBe(true);
    await expectFallback();
    await world.serving();
    await world.expectToldOnce({ name: 'b.py' });
  });

  it('a plain file', async () => {
    writeFileSync(world.socket, 'not a socket');
    await expectFallback();
    await world.serving();
    await world.expectToldOnce({ name: 'b.py' });
  });

  it('a socket that never answers', async () => {
    await listen(() => undefined);
    await expectFallback();
    await world.serving();
    await world.expectToldOnce({ name: 'b.py' });
  });

  it('a socket that answers garbage', async () => {
    await listen((socket) => socket.once('data', () => socket.end('hello\n')));
    await expectFallback();
    await world.serving();
    await world.expectToldOnce({ name: 'b.py' });
  });

  it('a plain file that took the place of a service that runs', async () => {
    const old = await world.startService();
    rmSync(world.socket);
    writeFileSync(world.socket, 'not a socket');
    await expectFallback();
    // It sees that it cannot be reached any longer.
    await world.gone(old);
    expect(readFileSync(world.socket, 'utf8')).toBe('not a socket');
    await world.startService();
    await world.expectToldOnce({ name: 'b.py' });
  });
});

describe('what nobody replaces', () => {
  it('a folder with something in it: every edit is told without a service', async () => {
    mkdirSync(join(world.socket, 'more'), { recursive: true });
    await expectFallback();
    await world.startersLeft();
    await world.expectToldOnce({ name: 'b.py' });
    expect(existsSync(join(world.socket, 'more'))).toBe(true);
    expect(readFileSync(join(world.dir, 'health.json'), 'utf8')).toMatch(/"phase":"listen"/);
    // Each of those edits may have asked for a start, which is in vain.
    await world.startersLeft();
    expect(world.services()).toEqual([]);
  });
});
