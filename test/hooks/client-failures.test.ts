/** Whatever is wrong with the service, Node.js answers the same edit, and nobody sees it. */
import { chmodSync, chownSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANSWER, editAsked, rawStandIn, standIn } from './client-stand-in.ts';
import type { StandIn } from './client-stand-in.ts';
import {
  CLIENTS,
  ClientWorld,
  FROM_NODE,
  WAYS,
  isHere,
  processesOf,
  which,
} from './client-world.ts';
import type { Client } from './client-world.ts';

const PAYLOAD = `${JSON.stringify({ session_id: 's-1', tool_name: 'Write' })}\n`;
const LARGE = Buffer.from(`${JSON.stringify({ a: 'x = "é\\n%s"\n'.repeat(420_000) })}\n`);
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

let world: ClientWorld;
let service: StandIn | undefined;

beforeEach(() => {
  world = new ClientWorld();
});
afterEach(async () => {
  await service?.close();
  service = undefined;
  world.remove();
});

/** Fails unless Node.js was given `payload` for `failure`. */
async function fallsBack(
  failure: string | undefined,
  options: Parameters<ClientWorld['run']>[1] = {},
  payload: string | Buffer = PAYLOAD,
): Promise<number> {
  const { stdout, ms } = await world.run(payload, options);
  expect(stdout).toBe(FROM_NODE);
  const seen = world.seen();
  expect(seen?.failure).toBe(failure);
  expect(seen?.stdin.equals(Buffer.from(payload))).toBe(true);
  expect(seen?.cwd).toBe(world.cwd);
  return ms;
}

const head = (length: number, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\ncontent-length: ${length}\r\n\r\n`;
const write =
  (text: string) =>
  (socket: Socket): void =>
    void socket.end(text);

const LIARS: readonly (readonly [
  name: string,
  failure: string,
  start: (dir: string) => Promise<StandIn>,
])[] = [
  ['status 500', 'status-500', (dir) => standIn(dir, `sg1\n${ANSWER}`, 500)],
  ['status 202', 'status-202', (dir) => standIn(dir, `sg1\n${ANSWER}`, 202)],
  ['no prefix', 'garbage', (dir) => standIn(dir, ANSWER)],
  ['another protocol', 'garbage', (dir) => standIn(dir, `sg2\n${ANSWER}`)],
  ['the prefix in part', 'garbage', (dir) => standIn(dir, 'sg1')],
  ['nothing', 'garbage', (dir) => standIn(dir, '')],
  ['two lines', 'garbage', (dir) => standIn(dir, `sg1\n${ANSWER}${ANSWER}`)],
  ['a line that does not end', 'garbage', (dir) => standIn(dir, `sg1\n${ANSWER.trimEnd()}`)],
  ['an object over two lines', 'garbage', (dir) => standIn(dir, 'sg1\n{"a": 1,\n"b": 2}\n')],
  ['a bare bracket', 'garbage', (dir) => standIn(dir, 'sg1\n{')],
  ['a word', 'garbage', (dir) => standIn(dir, 'sg1\nhello\n')],
  ['a blank line', 'garbage', (dir) => standIn(dir, 'sg1\n\n')],
  ['random bytes', 'garbage', (dir) => standIn(dir, Buffer.from([0xff, 0, 0x80, 10, 13]))],
  ['2 MB', 'garbage', (dir) => standIn(dir, `sg1\n{${'x'.repeat(2_000_000)}}\n`)],
  ['no HTTP', 'garbage', (dir) => rawStandIn(dir, write(`sg1\n${ANSWER}`))],
  ['an end at once', 'garbage', (dir) => rawStandIn(dir, (socket) => void socket.destroy())],
  ['a cut answer', 'garbage', (dir) => rawStandIn(dir, write(`${head(500)}sg1\n${ANSWER}`))],
  ['a cut line', 'garbage', (dir) => rawStandIn(dir, write(`HTTP/1.1 200 OK\r\n\r\nsg1\n{"a`))],
  ['an echo', 'garbage', (dir) => rawStandIn(dir, echo)],
  ['silence', 'timeout', (dir) => rawStandIn(dir, () => undefined)],
  ['a head and silence', 'timeout', (dir) => rawStandIn(dir, (socket) => socket.write(head(500)))],
  ['a drip', 'timeout', (dir) => rawStandIn(dir, drip)],
];

function echo(socket: Socket, first: Buffer): void {
  socket.write(first);
  socket.pipe(socket);
}

function drip(socket: Socket): void {
  socket.write(`${head(500)}sg1\n{`);
  const timer = setInterval(() => socket.write('x'), 50);
  socket.on('close', () => clearInterval(timer));
}

for (const { way, client, shell } of WAYS) {
  describe(`${way}, a service that says`, () => {
    it.each(LIARS)('%s', async (_name, failure, start) => {
      service = await start(world.service);
      const ms = await fallsBack(failure, { client, shell });
      expect(ms).toBeLessThan(5_000);
    });
  });

  describe(`${way}, 5 MB and`, () => {
    it('a socket that nobody listens at', async () => {
      await staleSocket();
      await fallsBack('refused', { client, shell }, LARGE);
    });

    it.runIf(client === 'curl')('no curl', async () => {
      service = await standIn(world.service);
      const tools = CLIENTS.curl.filter((tool) => tool !== 'curl');
      await fallsBack('no-curl', { shell, env: { PATH: world.pathOf('bin', tools) } }, LARGE);
    });

    it('silence', async () => {
      service = await rawStandIn(world.service, () => undefined);
      await fallsBack('timeout', { client, shell }, LARGE);
    });
  });
}

const BROKEN: readonly (readonly [client: Client, how: string, script: string])[] = [
  ['curl', 'too old to know of sockets', '#!/bin/sh\necho noise\necho noise >&2\nexit 2\n'],
  ['curl', 'killed', '#!/bin/sh\nkill -9 $$\n'],
  ['perl', 'too old', '#!/bin/sh\necho noise >&2\nexit 255\n'],
  ['perl', 'killed', '#!/bin/sh\nkill -9 $$\n'],
];

/** A socket whose owner was killed. */
async function staleSocket(): Promise<void> {
  const other = join(world.scratch, 'o');
  mkdirSync(world.service, { recursive: true, mode: 0o700 });
  const server = createServer();
  await new Promise<void>((done) => server.listen(join(other), done));
  renameSync(other, join(world.service, 's'));
  await new Promise((done) => server.close(done));
}

describe('Node.js answers', () => {
  it('where there is no state folder', () => fallsBack('absent'));

  it('where nothing names a state folder', () =>
    fallsBack('absent', { env: { HOME: '', SECURITY_WARNINGS_STATE_DIR: '' } }));

  it('where a file has the place of the socket', async () => {
    mkdirSync(world.service, { recursive: true, mode: 0o700 });
    writeFileSync(join(world.service, 's'), '');
    await fallsBack('absent');
  });

  it('where a file has the place of the folder', async () => {
    mkdirSync(world.state);
    writeFileSync(world.service, '');
    await fallsBack('absent');
  });

  it('without a question where SG_SERVICE is 0', async () => {
    service = await standIn(world.service);
    await fallsBack(undefined, { env: { SG_SERVICE: '0', SG_CLIENT_FAILURE: 'of another' } });
    expect(service.asked).toEqual([]);
  });

  it.each([{ OS: 'Windows_NT' }, { MSYSTEM: 'MINGW64' }, { MSYSTEM: 'MSYS' }])(
    'without a question where %o',
    async (env) => {
      service = await standIn(world.service);
      await fallsBack(undefined, { env });
      expect(service.asked).toEqual([]);
    },
  );

  it.each(['rm', 'tee'])('where there is no %s to keep the payload with', async (missing) => {
    service = await standIn(world.service);
    const tools = CLIENTS.curl.filter((tool) => tool !== missing);
    await fallsBack('no-tools', { env: { PATH: world.pathOf('bin', tools) } });
    expect(service.asked).toEqual([]);
  });

  it.each(BROKEN)('where %s is %s', async (client, _how, script) => {
    service = await standIn(world.service);
    const bin = world.fake(client, script);
    const others = world.pathOf(
      'bin',
      CLIENTS[client].filter((tool) => tool !== client),
    );
    await fallsBack(client, { env: { PATH: `${bin}:${others}` } }, LARGE);
  });

  it.each(['perl', 'curl'] as const)(
    'within about 300 ms of the question by %s',
    async (client) => {
      service = await rawStandIn(world.service, () => undefined);
      const ms = await fallsBack('timeout', { client });
      expect(ms).toBeGreaterThan(290);
      expect(ms).toBeLessThan(2_000);
    },
  );

  it.skipIf(!isHere(['ps'])).each(['perl', 'curl'] as const)(
    'and nothing of %s is left running',
    async (client) => {
      service = await rawStandIn(world.service, () => undefined);
      await fallsBack('timeout', { client });
      expect(processesOf(world.scratch)).toEqual([]);
    },
  );
});

describe.each(['perl', 'curl'] as const)('%s does not ask', (client) => {
  it('through a folder that is a link', async () => {
    const other = join(world.scratch, 'other');
    service = await standIn(other);
    mkdirSync(world.state);
    symlinkSync(other, world.service);
    await fallsBack('unsafe', { client });
    expect(service.asked).toEqual([]);
  });

  it('through a socket that is a link', async () => {
    service = await standIn(world.service);
    renameSync(join(world.service, 's'), join(world.service, 't'));
    symlinkSync('t', join(world.service, 's'));
    await fallsBack('unsafe', { client });
    expect(service.asked).toEqual([]);
  });

  it.skipIf(!isRoot)('in a folder of somebody else', async () => {
    service = await standIn(world.service);
    chownSync(world.service, NOBODY, NOBODY);
    await fallsBack('unsafe', { client });
    expect(service.asked).toEqual([]);
  });

  it.skipIf(!isRoot)('at a socket of somebody else', async () => {
    service = await standIn(world.service);
    chownSync(join(world.service, 's'), NOBODY, NOBODY);
    await fallsBack('unsafe', { client });
    expect(service.asked).toEqual([]);
  });
});

it.each([undefined, '', 'C.UTF-8'])('gives Node.js LC_ALL as it is: %j', async (locale) => {
  service = await standIn(world.service, 'no', 500);
  await world.run(PAYLOAD, { client: 'perl', env: { LC_ALL: locale } });
  expect(world.seen()).toMatchObject({ failure: 'status-500', locale });
});

it.each(['', 'this is no perl {\n'])('where what is rare in the client is %j', async (text) => {
  writeFileSync(world.script('hooks/client-rest.pl'), text);
  service = await standIn(world.service);
  chmodSync(world.service, 0o770);
  await fallsBack('perl');
});

describe('perl does not ask', () => {
  it('in a folder that others may write to', async () => {
    service = await standIn(world.service);
    chmodSync(world.service, 0o770);
    await fallsBack('unsafe');
    expect(service.asked).toEqual([]);
  });

  it('about more than the hook reads', async () => {
    service = await standIn(world.service);
    await fallsBack('too-large', {}, Buffer.alloc(65 * 1024 * 1024, 'x'));
    expect(service.asked).toEqual([]);
  });
});

for (const { way, client, shell } of WAYS) {
  const [program = 'sh', ...args] = shell;
  const inner = (): string =>
    [which(program), ...args, `'${world.script('hooks/run.sh')}' post-tool-use`].join(' ');

  it(`${way}, the service gets all of what is cut on disk`, async () => {
    service = await standIn(world.service);
    const limited = ['sh', '-c', `ulimit -f 1; exec ${inner()}`];
    expect((await world.run(LARGE, { client, shell: limited })).stdout).toBe(ANSWER);
    expect(editAsked(service).payload.equals(LARGE)).toBe(true);
  });

  it.runIf(client === 'curl')(`${way}, where the payload cannot be kept`, async () => {
    service = await standIn(world.service);
    // The name that the process would take is taken.
    const taken = ['sh', '-c', `: >'${world.service}'/in.$$; exec ${inner()}`];
    await fallsBack('no-spool', { client, shell: taken });
    expect(service.asked).toEqual([]);
  });
}
