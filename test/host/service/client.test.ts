/** The Node client against sockets that answer well, badly and never. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askService } from '../../../host/service/client.ts';
import { withinFolder } from '../../../host/service/within-folder.ts';

let scratch: string;
let server: Server | undefined;
const sockets = new Set<Socket>();

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'sg-client-'));
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => (server === undefined ? done(0) : server.close(done)));
  server = undefined;
  rmSync(scratch, { recursive: true, force: true });
});

/** Answers each connection with `text` as soon as something arrives; undefined never answers. */
async function listen(dir: string, text: string | undefined): Promise<void> {
  const made = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      if (text !== undefined) socket.end(text);
    });
  });
  server = made;
  await withinFolder(dir, (path) => new Promise<void>((done) => made.listen(path, done)));
}

const ask = (dir: string, timeoutMs = 2_000) =>
  askService(dir, { method: 'GET', path: '/1/ping', timeoutMs });

const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nsg1 1.2.3\n';

describe('askService', () => {
  test('gives status and body', async () => {
    await listen(scratch, GOOD);
    const reply = await ask(scratch);
    expect(reply).toMatchObject({ kind: 'reply', status: 200 });
    expect(reply.kind === 'reply' && reply.body.toString()).toBe('sg1 1.2.3\n');
  });

  test('reaches a folder whose path is longer than a socket’s may be', async () => {
    const deep = join(scratch, 'd'.repeat(120), 'e'.repeat(120));
    mkdirSync(deep, { recursive: true });
    await listen(deep, GOOD);
    expect(await ask(deep)).toMatchObject({ kind: 'reply', status: 200 });
  });

  test.each<[string, string | undefined, string]>([
    ['no HTTP', 'hello\n', 'BAD_REPLY'],
    ['a body cut short', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsg1', 'ECONNRESET'],
    ['nothing at all', '', 'ECONNRESET'],
    ['two megabytes', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(2 << 20)}`, 'BAD_REPLY'],
    ['never', undefined, 'TIMEOUT'],
  ])('%s is a failure', async (_, text, code) => {
    await listen(scratch, text);
    expect(await ask(scratch, 300)).toEqual({ kind: 'failed', code });
  });

  test.each([
    ['short', (dir: string) => dir],
    ['long', (dir: string) => join(dir, 'x'.repeat(200))],
  ])('a folder that is not there, %s', async (_, path) => {
    expect(await ask(path(join(scratch, 'none')))).toEqual({ kind: 'failed', code: 'ENOENT' });
  });
});
