/** The real program with its own tools over a checkout, where `SG_E2E_CLAUDE` names one. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTransport } from '../../../host/providers/open.ts';
import { selectProviders } from '../../../host/providers/select.ts';
import type { ModelReply } from '../../../orchestrator/transport.ts';
import { CREDENTIALS } from '../../support/api/auth.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { asList, asRecord } from '../../support/api/values.ts';
import { fakeTiming, requestFor } from './world.ts';

const program = process.env['SG_E2E_CLAUDE'];

describe.skipIf(!program)('the real claude in a folder', () => {
  let api: LoopbackApi;
  let root: string;
  let folder: string;
  beforeAll(async () => {
    api = await startLoopbackApi();
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sg-claude-')));
    folder = join(root, 'checkout');
    for (const part of ['home/.claude', 'checkout/app', 'outside'])
      mkdirSync(join(root, part), { recursive: true });
    writeFileSync(join(root, 'outside/secret.txt'), 'CANARY-OUTSIDE\n');
    writeFileSync(join(root, 'home/.claude/.credentials.json'), '{"x":"CANARY-HOME"}\n');
    writeFileSync(join(root, 'home/.claude/CLAUDE.md'), 'CANARY-MEMORY\n');
    writeFileSync(join(root, 'CLAUDE.md'), 'CANARY-MEMORY\n');
    writeFileSync(join(folder, 'CLAUDE.md'), 'CANARY-MEMORY\n');
    writeFileSync(join(folder, 'app/CLAUDE.md'), 'CANARY-MEMORY\n');
    writeFileSync(join(folder, 'app/run.py'), 'import os\nos.system(x)\n');
    symlinkSync(join(root, 'outside'), join(folder, 'link'));
  });
  afterAll(async () => {
    await api.close();
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(() => api.reset());

  const ask = async (): Promise<ModelReply> => {
    const env = {
      PATH: process.env['PATH'],
      HOME: join(root, 'home'),
      CLAUDE_CONFIG_DIR: join(root, 'home/.claude'),
      ANTHROPIC_BASE_URL: `${api.url}/anthropic`,
      CLAUDE_CODE_OAUTH_TOKEN: CREDENTIALS.oauth,
      DISABLE_TELEMETRY: '1',
      SG_PROVIDER: 'subscription',
    };
    const selection = selectProviders(env, program);
    if (selection.kind !== 'chosen') throw new Error(selection.why);
    const context = { env, timing: fakeTiming(), claude: program, untrusted: [] };
    const transport = await openTransport(selection.choices[0], context);
    return transport.send(requestFor('claude-cli', env, { folder }), AbortSignal.timeout(60_000));
  };

  /** What the program answered to the calls, in their order. */
  const results = (): readonly string[] => {
    const messages = asList(api.requests.at(-1)?.json?.['messages']) ?? [];
    return messages
      .flatMap((message) => asList(asRecord(message)?.['content']) ?? [])
      .filter((block) => asRecord(block)?.['type'] === 'tool_result')
      .map((block) => JSON.stringify(block));
  };
  const done = { kind: 'tool', name: 'StructuredOutput', input: { findings: ['ä'] } } as const;

  test('reads, searches and lists in it, and answers', async () => {
    api.play(
      {
        kind: 'calls',
        calls: [
          { name: 'Read', input: { file_path: join(folder, 'app/run.py') } },
          { name: 'Grep', input: { pattern: 'os.system', output_mode: 'content' } },
          { name: 'Glob', input: { pattern: '**/*.py' } },
        ],
      },
      done,
    );
    expect(await ask()).toMatchObject({ kind: 'answer', text: '{"findings":["ä"]}' });
    expect(api.refused).toEqual([]);
    expect(results()).toHaveLength(3);
    const all = results().join('\n');
    for (const text of ['2\\tos.system(x)', 'app/run.py:2:os.system(x)', '"content":"app/run.py"'])
      expect(all).toContain(text);
    const tools = JSON.stringify(api.requests[0]?.json?.['tools']);
    expect(tools).not.toMatch(
      /"name":"(?:Bash|Edit|Write|NotebookEdit|WebFetch|WebSearch|Task|Agent)"/,
    );
    // Nothing that lies around is taken for instructions.
    expect(api.requests.map(({ body }) => body.toString()).join('')).not.toContain('CANARY-MEMORY');
  });

  test('gets nothing from anywhere else', async () => {
    const paths = [
      join(root, 'outside/secret.txt'),
      join(folder, '../outside/secret.txt'),
      join(folder, 'link/secret.txt'),
      join(root, 'home/.claude/.credentials.json'),
      '~/.claude/.credentials.json',
      '/etc/passwd',
      '/proc/self/environ',
    ];
    api.play(
      { kind: 'calls', calls: paths.map((file_path) => ({ name: 'Read', input: { file_path } })) },
      {
        kind: 'calls',
        calls: [join(root, 'outside'), '..', 'link', '/etc'].flatMap((path) => [
          { name: 'Grep', input: { pattern: 'CANARY|root:', path, output_mode: 'content' } },
          { name: 'Glob', input: { pattern: '**/*', path } },
        ]),
      },
      {
        kind: 'calls',
        calls: ['Bash', 'Write', 'WebFetch', 'Edit'].map((name) => ({
          name,
          input: {
            command: 'id',
            url: 'http://127.0.0.1:1/',
            file_path: join(folder, 'x'),
            content: '',
          },
        })),
      },
      done,
    );
    expect(await ask()).toMatchObject({ kind: 'answer' });
    expect(api.refused).toEqual([]);
    const all = results();
    expect(all).toHaveLength(paths.length + 8 + 4);
    expect(all.every((text) => text.includes('"is_error":true'))).toBe(true);
    expect(all.filter((text) => text.includes('confines the file tools'))).toHaveLength(14);
    const wire = api.requests.map(({ body }) => body.toString()).join('');
    expect(wire).not.toMatch(/CANARY-OUTSIDE|CANARY-HOME|root:x|loopback-oauth/);
  });
});
