/** The thin client where all is well: what it asks and what it prints. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configTable } from '../../host/config.ts';
import { ANSWER, editAsked, standIn } from './client-stand-in.ts';
import type { StandIn } from './client-stand-in.ts';
import { CLIENTS, ClientWorld, FROM_NODE, WAYS, isHere, processesOf } from './client-world.ts';

const PAYLOAD = `${JSON.stringify({ session_id: 's-1', tool_name: 'Write' })}\n`;

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

async function started(body?: string | Buffer, status?: number): Promise<StandIn> {
  service = await standIn(world.service, body, status);
  return service;
}

const PAYLOADS: readonly (readonly [name: string, payload: string | Buffer])[] = [
  ['an object', PAYLOAD],
  ['nothing', ''],
  ['no line break at the end', '{}'],
  ['line breaks at the end', '{}\n\n\r\n\n'],
  ['backslashes', String.raw`{"a":"\\n \\\\ \0 \c \x41 \101 \u0000"}`],
  ['percent signs', '{"a":"%s %d %% %n %b"}\n'],
  ['words of the shell', '{"a":"$(id) `id` ${HOME} \'\\" * ~ ; | & <x >y"}\n'],
  ['an option', '-n -e --help\n'],
  ['other scripts', '{"a":"é 漢字 😀 \u2028"}\n'],
  ['every byte', Buffer.from(Array.from({ length: 1024 }, (_, at) => at % 256))],
  ['5 MB', `${JSON.stringify({ a: 'x = "é\\n%s"\n'.repeat(420_000) })}\n`],
];

for (const { way, client, shell } of WAYS) {
  describe(way, () => {
    it('asks the service and prints its answer', async () => {
      const { asked } = await started();
      expect((await world.run(PAYLOAD, { client, shell })).stdout).toBe(ANSWER);
      expect(asked).toHaveLength(1);
      expect(asked[0]).toMatchObject({ method: 'POST', url: '/1/edit' });
      expect(asked[0]?.headers['expect']).toBeUndefined();
      expect(world.seen()).toBeUndefined();
    });

    it('prints nothing for an empty answer', async () => {
      await started('sg1\n');
      expect((await world.run(PAYLOAD, { client, shell })).stdout).toBe('');
      expect(world.seen()).toBeUndefined();
    });

    it.each(PAYLOADS)('hands on each byte of a payload: %s', async (_name, payload) => {
      const asked = await started();
      expect((await world.run(payload, { client, shell })).stdout).toBe(ANSWER);
      expect(editAsked(asked).payload.equals(Buffer.from(payload))).toBe(true);
    });

    it.each(PAYLOADS)('keeps each byte of a payload for Node.js: %s', async (_name, payload) => {
      await started('no', 500);
      expect((await world.run(payload, { client, shell })).stdout).toBe(FROM_NODE);
      expect(world.seen()?.stdin.equals(Buffer.from(payload))).toBe(true);
    });

    it('hands on values whatever is in them', async () => {
      const asked = await started();
      const odd = 'a b "c" \'d\'\nSG_SERVICE=0\n\\n\\0 %s $(id) é ~ *\t\n\n';
      const env = { CLAUDE_PROJECT_DIR: odd, CLAUDE_CODE_REMOTE_SESSION_ID: '%s\\' };
      await world.run(PAYLOAD, { client, shell, env });
      const { settings } = editAsked(asked);
      expect(settings).toMatchObject(env);
      expect(settings['SG_SERVICE']).toBe('');
    });
  });
}

describe.each(['perl', 'curl'] as const)('by %s', (client) => {
  it('tells every setting that host/config.ts reads, and two more', async () => {
    const asked = await started();
    await world.run(PAYLOAD, { client });
    const { settings } = editAsked(asked);
    const names = [...configTable.map(({ name }) => name), 'HOME', 'PWD'];
    expect(Object.keys(settings).toSorted()).toEqual(names.toSorted());
    expect(settings).toMatchObject({
      HOME: world.home,
      PWD: world.cwd,
      SECURITY_WARNINGS_STATE_DIR: world.state,
    });
  });

  it.skipIf(!isHere(['bash']))('hands on values that are no UTF-8', async () => {
    const asked = await started();
    const octal = Array.from({ length: 255 }, (_, at) => `\\${(at + 1).toString(8)}`).join('');
    const bytes = Buffer.from(Array.from({ length: 255 }, (_, at) => at + 1));
    const inner = `CLAUDE_PROJECT_DIR=$'${octal}' exec sh '${world.script('hooks/run.sh')}' post-tool-use`;
    await world.run(PAYLOAD, { client, shell: ['bash', '-c', inner] });
    const body = asked.asked[0]?.body ?? Buffer.alloc(0);
    const row = Buffer.concat([Buffer.from('\0CLAUDE_PROJECT_DIR='), bytes, Buffer.from('\0')]);
    expect(body.includes(row)).toBe(true);
  });

  describe('finds the state folder as Node.js does', () => {
    const table: readonly (readonly [
      name: string,
      folder: (world: ClientWorld) => string,
      env: (world: ClientWorld) => Record<string, string | undefined>,
    ])[] = [
      [
        'HOME',
        ({ home }) => join(home, '.claude/security'),
        () => ({ SECURITY_WARNINGS_STATE_DIR: '' }),
      ],
      [
        'CLAUDE_CONFIG_DIR',
        ({ scratch }) => join(scratch, 'conf\nig/security'),
        ({ scratch }) => ({
          SECURITY_WARNINGS_STATE_DIR: undefined,
          CLAUDE_CONFIG_DIR: join(scratch, 'conf\nig'),
        }),
      ],
      ['~', ({ home }) => join(home, 'st'), () => ({ SECURITY_WARNINGS_STATE_DIR: '~/st' })],
      [
        'a relative folder',
        ({ scratch }) => join(scratch, '-st *'),
        ({ scratch }) => ({ SECURITY_WARNINGS_STATE_DIR: '../-st *', CDPATH: `/:${scratch}` }),
      ],
      [
        'a relative folder like an option',
        ({ cwd }) => join(cwd, '-P'),
        () => ({ SECURITY_WARNINGS_STATE_DIR: '-P', CDPATH: '/tmp' }),
      ],
      [
        'a path that is too long for a socket',
        ({ scratch }) => join(scratch, 'x'.repeat(120)),
        ({ scratch }) => ({ SECURITY_WARNINGS_STATE_DIR: join(scratch, 'x'.repeat(120)) }),
      ],
    ];
    it.each(table)('%s', async (_name, folder, env) => {
      service = await standIn(join(folder(world), 'service'));
      expect((await world.run(PAYLOAD, { client, env: env(world) })).stdout).toBe(ANSWER);
    });
  });

  describe("is not moved by the user's own settings:", () => {
    it.each([
      ['a proxy', { http_proxy: 'http://127.0.0.1:1', ALL_PROXY: 'socks5://127.0.0.1:1' }],
      ['a locale', { LC_ALL: 'de_DE.UTF-8' }],
      ['modules for perl', { PERL5OPT: '-MNowhere', PERL5LIB: '/nowhere', PERL5DB: 'die' }],
      ['layers for perl', { PERL_UNICODE: 'SDA', PERLIO: ':crlf' }],
      ['a variable of the shell', { IFS: '1/s', PS4: 'x', ENV: '/nowhere', CDPATH: '/:.:..' }],
    ])('%s', async (_name, env) => {
      await started();
      expect((await world.run(PAYLOAD, { client, env })).stdout).toBe(ANSWER);
    });

    it('~/.curlrc', async () => {
      await started();
      writeFileSync(join(world.home, '.curlrc'), 'include\nverbose\nurl = "http://127.0.0.1:1"\n');
      expect((await world.run(PAYLOAD, { client })).stdout).toBe(ANSWER);
    });

    it('a working folder behind a link', async () => {
      const asked = await started();
      const link = join(world.scratch, 'link');
      symlinkSync(world.cwd, link);
      await world.run(PAYLOAD, { client, cwd: link, env: { PWD: link } });
      expect(editAsked(asked).settings['PWD']).toBe(world.cwd);
    });
  });

  it.skipIf(!isHere(['ps']))('leaves no process', async () => {
    await started();
    await world.run(PAYLOAD, { client });
    expect(processesOf(world.scratch)).toEqual([]);
  });

  it('waits for a host that writes slowly', async () => {
    const asked = await started();
    const parts = Array.from({ length: 4 }, () => randomBytes(100_000).toString('hex'));
    const slow = Readable.from(slowly(parts, 200));
    expect((await world.run(slow, { client })).stdout).toBe(ANSWER);
    expect(editAsked(asked).payload.toString()).toBe(parts.join(''));
  });
});

async function* slowly(parts: readonly string[], pauseMs: number): AsyncGenerator<string> {
  for (const part of parts) {
    await sleep(pauseMs);
    yield part;
  }
}

describe('keeps still', () => {
  it.each([
    { SECURITY_GUIDANCE_DISABLE: '1' },
    { SECURITY_GUIDANCE_DISABLE: 'Yes' },
    { ENABLE_SECURITY_REMINDER: '0' },
    { ENABLE_PATTERN_RULES: '0' },
  ])('where %o switches it off', async (env) => {
    const { asked } = await started();
    expect((await world.run(PAYLOAD, { env })).stdout).toBe('');
    expect((await world.run('', { env, event: 'session-start' })).stdout).toBe('');
    expect([asked, world.seen()]).toEqual([[], undefined]);
  });

  it('for a hook that the plugin does not have', async () => {
    expect((await world.run(PAYLOAD, { event: 'another' })).stdout).toBe('');
  });
});

it.skipIf(!isHere(['perl'])).each(['client.pl', 'client-rest.pl'])(
  '%s is strict, though it does not load that',
  (name) => {
    const file = resolve(import.meta.dirname, '../../hooks', name);
    const { stderr } = spawnSync('perl', ['-Mstrict', '-Mwarnings', '-c', file], {
      encoding: 'utf8',
    });
    expect(stderr).toBe(`${file} syntax OK\n`);
  },
);

it('leaves no file when it is killed while it reads', async () => {
  await started();
  const bin = world.pathOf('bin', CLIENTS.curl);
  const line = `(printf x; sleep 2) | timeout -s KILL 0.5 env PATH='${bin}' sh '${world.script('hooks/run.sh')}' post-tool-use`;
  const env = { PATH: process.env['PATH'], SECURITY_WARNINGS_STATE_DIR: world.state };
  spawnSync('sh', ['-c', line], { env });
  expect(world.spools()).toEqual([]);
});

describe('hooks.json', () => {
  const file = resolve(import.meta.dirname, '../../hooks/hooks.json');
  const commands = [...readFileSync(file, 'utf8').matchAll(/"command": ("(?:[^"\\]|\\.)*")/g)].map(
    ([, text = '""']) => String(JSON.parse(text)),
  );

  it('starts it at each edit, in the shell of the host, at the start of a session, around a turn, and before an edit', () => {
    expect(commands).toEqual([
      'set -- post-tool-use; . "${CLAUDE_PLUGIN_ROOT}/hooks/run.sh"',
      'set -- commits; . "${CLAUDE_PLUGIN_ROOT}/hooks/run.sh"',
      'set -- commits; . "${CLAUDE_PLUGIN_ROOT}/hooks/run.sh"',
      'sh "${CLAUDE_PLUGIN_ROOT}/hooks/run.sh" session-start',
      'sh "${CLAUDE_PLUGIN_ROOT}/hooks/run.sh" user-prompt-submit',
      'sh "${CLAUDE_PLUGIN_ROOT}/hooks/run.sh" stop',
      'set -- commits; . "${CLAUDE_PLUGIN_ROOT}/hooks/run.sh"',
      'sh "${CLAUDE_PLUGIN_ROOT}/hooks/run.sh" subagent-stop',
      '. "${CLAUDE_PLUGIN_ROOT}/hooks/block.sh"',
    ]);
  });

  for (const { way, client, shell } of WAYS) {
    const run = () => {
      const env = { CLAUDE_PLUGIN_ROOT: world.script('.') };
      return world.run(PAYLOAD, { client, shell, command: commands[0] ?? '', env });
    };

    it(`${way}, an edit is answered`, async () => {
      await started();
      expect((await run()).stdout).toBe(ANSWER);
    });

    it(`${way}, an edit that the service does not answer is Node.js's`, async () => {
      await started('no', 500);
      expect((await run()).stdout).toBe(FROM_NODE);
      const seen = { failure: 'status-500', cwd: world.cwd, stdin: Buffer.from(PAYLOAD) };
      expect(world.seen()).toMatchObject(seen);
    });
  }
});
