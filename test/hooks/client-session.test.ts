/** The start of a session, a machine without Node.js, and what Node.js is started with. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rawStandIn, standIn } from './client-stand-in.ts';
import type { StandIn } from './client-stand-in.ts';
import { ClientWorld, SHELLS, isHere } from './client-world.ts';
import type { RunOptions, Seen } from './client-world.ts';

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

const START = 'service/start.js';

/** What the starter was given, within `ms`. */
async function startedWithin(ms: number): Promise<Seen | undefined> {
  for (const until = performance.now() + ms; performance.now() < until;) {
    await new Promise((done) => setTimeout(done, 25));
    if (existsSync(`${world.script(START)}.seen`)) {
      await new Promise((done) => setTimeout(done, 100));
      return world.seen(START);
    }
  }
  return undefined;
}

async function begin(options: RunOptions = {}): Promise<void> {
  const input = '{"hook_event_name":"SessionStart"}\n';
  const { stdout, ms } = await world.run(input, { ...options, event: 'session-start' });
  expect(stdout).toBe('');
  // A host that waits for the end of stdout waits for no process in the background.
  expect(ms).toBeLessThan(1_000);
}

describe('the start of a session', () => {
  for (const { name: shell, command } of SHELLS) {
    it.skipIf(!isHere(command))(`starts the service under ${shell}`, async () => {
      await begin({ shell: command });
      const seen = await startedWithin(5_000);
      expect(seen).toMatchObject({ args: [world.service], stdin: Buffer.alloc(0) });
    });
  }

  it('gives the starter a whole path', async () => {
    await begin({ env: { SECURITY_WARNINGS_STATE_DIR: 'st' } });
    expect((await startedWithin(5_000))?.args).toEqual([join(world.cwd, 'st/service')]);
  });

  it('does no more where this version answers', async () => {
    service = await standIn(world.service, 'sg1 1.2.3\n');
    await begin();
    expect(await startedWithin(700)).toBeUndefined();
    expect(service.asked).toMatchObject([{ method: 'GET', url: '/1/ping' }]);
  });

  it.each([
    ['another version', 'sg1 1.2.30\n', 200],
    ['a version as a pattern', 'sg1 *\n', 200],
    ['garbage', 'hello', 200],
    ['an error', 'sg1 1.2.3\n', 500],
  ])('leaves it to the starter where %s answers', async (_name, body, status) => {
    service = await standIn(world.service, body, status);
    await begin();
    expect(await startedWithin(5_000)).toBeDefined();
  });

  it('starts one where one does not answer', async () => {
    service = await rawStandIn(world.service, () => undefined);
    await begin();
    expect(await startedWithin(5_000)).toBeDefined();
  });

  for (const { name: shell, command } of SHELLS) {
    it.skipIf(!isHere(command))(`keeps no host waiting under ${shell}`, async () => {
      service = await standIn(world.service);
      const slow = world.fake('curl', '#!/bin/sh\nsleep 2\nexit 7\n');
      const env = { PATH: `${slow}:${process.env['PATH'] ?? ''}` };
      await begin({ shell: command, env });
      expect(world.seen(START)).toBeUndefined();
      expect(await startedWithin(10_000)).toBeDefined();
    });
  }

  it('removes what killed clients left', async () => {
    mkdirSync(world.service, { recursive: true, mode: 0o700 });
    service = await standIn(world.service, 'sg1 1.2.3\n');
    writeFileSync(join(world.service, 'in.1'), '');
    const run = world.run('', { event: 'session-start' });
    await run.catch(() => undefined);
    await startedWithin(500);
    expect(world.spools()).toEqual([]);
  });

  it('starts nothing where SG_SERVICE is 0, or nothing names a folder', async () => {
    await begin({ env: { SG_SERVICE: '0' } });
    await begin({ env: { HOME: '', SECURITY_WARNINGS_STATE_DIR: '' } });
    expect(await startedWithin(500)).toBeUndefined();
  });

  it('is silent without Node.js, and in a plugin without a service', async () => {
    await begin({ env: { PATH: world.pathOf('bin', ['sh', 'curl', 'cat', 'rm']) } });
    rmSync(world.script(START));
    await begin();
    expect(existsSync(world.state)).toBe(false);
  });
});

describe('without Node.js', () => {
  const payload = (session: unknown): string =>
    `${JSON.stringify({ session_id: session, tool_name: 'Write', 'x "session_id"': 'y' })}\n`;
  let bin: string;

  beforeEach(() => {
    bin = world.pathOf('bin', ['sh', 'curl', 'tee', 'rm', 'find', 'mkdir', 'dd']);
  });

  async function isTold(
    session: unknown,
    env: RunOptions['env'] = {},
    shell: readonly string[] = ['sh'],
  ): Promise<boolean> {
    const { stdout } = await world.run(payload(session), { shell, env: { PATH: bin, ...env } });
    if (stdout === '') return false;
    expect(JSON.parse(stdout)).toEqual({ systemMessage: expect.stringContaining('Node.js 20') });
    expect(stdout.indexOf('\n')).toBe(stdout.length - 1);
    return true;
  }

  for (const { name: shell, command } of SHELLS) {
    it.skipIf(!isHere(command))(`says so once a session under ${shell}`, async () => {
      const told = (session: string): Promise<boolean> => isTold(session, {}, command);
      expect([await told('a'), await told('a'), await told('b'), await told('a')]).toEqual([
        true,
        false,
        true,
        false,
      ]);
    });
  }

  it('says so with a service that does not answer, too', async () => {
    service = await standIn(world.service, 'no', 500);
    expect([await isTold('a'), await isTold('a'), await isTold('b')]).toEqual([true, false, true]);
  });

  it('says nothing while the service answers', async () => {
    service = await standIn(world.service, 'sg1\n');
    expect(await isTold('a')).toBe(false);
    expect(existsSync(join(world.state, 'no-node'))).toBe(false);
  });

  it("goes by the host's variable where there is one", async () => {
    const told: boolean[] = [];
    for (const [session, name] of [
      ['a', 'x'],
      ['b', 'x'],
      ['a', 'y'],
    ] as const) {
      told.push(await isTold(session, { CLAUDE_CODE_SESSION_ID: name }));
    }
    expect(told).toEqual([true, false, true]);
  });

  it.each([
    ['no text', 7],
    ['a path', '../../x'],
    ['odd', '$(id) \n"\\'],
    ['long', 'x'.repeat(5000)],
    ['of other scripts', 'é'],
  ])('says so once a day where the session is %s', async (_name, session) => {
    expect([await isTold(session), await isTold(session)]).toEqual([true, false]);
    expect(readdirSync(join(world.state, 'no-node'))).toEqual(['unknown']);
    const marker = join(world.state, 'no-node/unknown');
    utimesSync(marker, 0, 0);
    expect(await isTold(session)).toBe(true);
  });

  it('keeps few markers, empty, for the user alone', async () => {
    await isTold('old');
    utimesSync(join(world.state, 'no-node/old'), 0, 0);
    await isTold('new');
    expect(readdirSync(join(world.state, 'no-node'))).toEqual(['new']);
    expect(readFileSync(join(world.state, 'no-node/new'), 'utf8')).toBe('');
  });

  it('is silent where the telling cannot be remembered', async () => {
    expect(await isTold('a', { SECURITY_WARNINGS_STATE_DIR: '/proc/none/of/this' })).toBe(false);
    expect(await isTold('a', { HOME: '', SECURITY_WARNINGS_STATE_DIR: '' })).toBe(false);
  });

  it('tells one of many hooks that run at once', async () => {
    const told = await Promise.all(Array.from({ length: 8 }, () => isTold('a')));
    expect(told.filter(Boolean)).toHaveLength(1);
  });

  it('says so where Node.js is too old for the program, and not where it crashes', async () => {
    const old = world.fake('node', '#!/bin/sh\nexit 1\n');
    expect(await isTold('a', { PATH: `${old}:${bin}` })).toBe(true);
    const crash = world.fake('node', '#!/bin/sh\n[ "$1" = -e ] && exit 0\nkill -ABRT $$\n');
    expect(await isTold('b', { PATH: `${crash}:${bin}` })).toBe(false);
  });
});

it.each([
  ['post-tool-use', 'hooks/post-tool-use.js', undefined],
  ['user-prompt-submit', 'turn/main.js', undefined],
  ['stop', 'turn/main.js', '/dev/null'],
])('%s has Node.js read certificates for a network only', async (event, script, certificates) => {
  await world.run('{}\n', { event, env: { SG_SERVICE: '0', NODE_EXTRA_CA_CERTS: '/dev/null' } });
  expect(world.seen(script)).toMatchObject({ stdin: Buffer.from('{}\n'), certificates });
});
