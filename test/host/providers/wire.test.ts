/** What goes over the wire: the request's texts, the documented headers, and nothing else. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTransport } from '../../../host/providers/open.ts';
import { selectProviders } from '../../../host/providers/select.ts';
import type { ModelReply, ModelRequest, Turn } from '../../../orchestrator/transport.ts';
import type { Act } from '../../support/api/acts.ts';
import { CREDENTIALS, GATEWAY_HEADER } from '../../support/api/auth.ts';
import type { RecordedRequest } from '../../support/api/record.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { useLoopbackGoogle } from './google.ts';
import { WAYS, fakeTiming, requestFor } from './world.ts';

let api: LoopbackApi;
beforeAll(async () => {
  api = await startLoopbackApi();
  useLoopbackGoogle(api);
});
afterAll(() => api.close());
beforeEach(() => api.reset());

/** Sent by every client: what it is, what it sends, and on which system it runs. */
const COMMON = [
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'content-type',
  'host',
  'sec-fetch-mode',
  'user-agent',
  'x-stainless-arch',
  'x-stainless-lang',
  'x-stainless-os',
  'x-stainless-package-version',
  'x-stainless-retry-count',
  'x-stainless-runtime',
  'x-stainless-runtime-version',
  'x-stainless-timeout',
];
const SIGNATURE = ['authorization', 'x-amz-date', 'x-amz-content-sha256'];
const OWN: Readonly<Record<string, readonly string[]>> = {
  'anthropic, key': ['anthropic-version', 'authorization'],
  'anthropic, token': ['anthropic-version', 'authorization'],
  'gateway, own header': ['anthropic-version', GATEWAY_HEADER, 'x-team'],
  foundry: ['anthropic-version', 'x-api-key'],
  'anthropic on aws, key': ['anthropic-version', 'anthropic-workspace-id', 'authorization'],
  'anthropic on aws, signed': ['anthropic-version', 'anthropic-workspace-id', ...SIGNATURE],
  'mantle, token': ['anthropic-version', 'authorization'],
  'mantle, signed': ['anthropic-version', ...SIGNATURE],
  'bedrock, token': ['authorization'],
  'bedrock, signed': SIGNATURE,
  vertex: ['authorization'],
};

describe.each(WAYS)('$name', ({ name, provider, env: envOf }) => {
  const ask = async (more: Partial<ModelRequest> = {}): Promise<ModelReply> => {
    const env = envOf(api.url);
    const selection = selectProviders(env, undefined);
    if (selection.kind !== 'chosen') throw new Error(selection.why);
    expect(selection.choices[0].provider).toBe(provider);
    const context = { env, timing: fakeTiming(), claude: undefined, untrusted: [] };
    const transport = await openTransport(selection.choices[0], context);
    return transport.send(requestFor(provider, env, more), new AbortController().signal);
  };
  const sent = (): RecordedRequest => {
    const [request] = api.requests;
    if (request === undefined) throw new Error('nothing was sent');
    return request;
  };

  test('an answer comes as it was given, with its usage', async () => {
    const text = '{"findings":["ä→😀\\n","\\u0000"]}';
    api.play({ kind: 'message', text });
    const reply = await ask({ effort: 'high', thinking: true });
    expect(reply).toEqual({
      kind: 'answer',
      text,
      usage: { inputTokens: 120, outputTokens: 30, cacheReadTokens: 400, cacheWriteTokens: 50 },
      model: expect.stringContaining('claude-opus-5-5'),
    });
    expect(api.refused).toEqual([]);
    expect(api.requests).toHaveLength(1);
  });

  test('an answer in one piece is an answer too', async () => {
    api.play({ kind: 'message', text: '{"findings":[]}', whole: true });
    expect(await ask()).toMatchObject({ kind: 'answer', text: '{"findings":[]}' });
  });

  test('the headers are the documented ones', async () => {
    await ask();
    const allowed = new Set([...COMMON, ...(OWN[name] ?? [])]);
    expect(Object.keys(sent().headers).filter((header) => !allowed.has(header))).toEqual([]);
    for (const header of OWN[name] ?? []) expect(sent().headers).toHaveProperty(header);
    const values = Object.values(sent().headers).join('\n');
    expect(values).not.toContain('CANARY');
    expect(values).not.toContain(hostname());
    expect(values).not.toContain(process.cwd());
  });

  test('the body is the request and nothing else', async () => {
    await ask({ effort: 'low', thinking: true });
    const inPath = provider === 'bedrock' || provider === 'vertex';
    const request = requestFor(provider, envOf(api.url));
    expect(sent().json).toEqual({
      ...(inPath ? { anthropic_version: expect.any(String) } : { model: request.model }),
      ...(provider === 'bedrock' ? {} : { stream: true }),
      max_tokens: 4000,
      thinking: { type: 'adaptive' },
      output_config: { effort: 'low', format: { type: 'json_schema', schema: request.schema } },
      system: [{ type: 'text', text: request.system, cache_control: { type: 'ephemeral' } }],
      messages: [{ role: 'user', content: request.prompt }],
    });
    expect(sent().body.toString()).not.toContain(userInfo().homedir);
  });

  test('the prefix is the same byte for byte, whatever the prompt', async () => {
    await ask({ prompt: 'one' });
    await ask({ prompt: 'another' });
    const [first = '', second = ''] = api.requests.map(({ body }) => body.toString());
    const at = first.indexOf('"messages":');
    expect(at).toBeGreaterThan(0);
    expect(second.slice(0, at)).toBe(first.slice(0, at));
  });

  const tools = [
    {
      name: 'Read',
      description: 'A file.',
      inputSchema: { type: 'object', additionalProperties: false },
    },
  ];
  const FIRST: Act = {
    kind: 'calls',
    thinking: 'where is it→?',
    text: 'I look.',
    calls: [
      { name: 'Read', input: { path: 'ä/😀' } },
      { name: 'Grep', input: '{"pattern": no json' },
    ],
  };

  test('a conversation goes on: calls, results, the answer', async () => {
    api.play(FIRST, { kind: 'message', text: '{"findings":["x"]}' });
    const called = await ask({ tools, thinking: true });
    if (called.kind !== 'calls') throw new Error(called.kind);
    const { calls, blocks } = called;
    expect(calls).toEqual([
      { id: expect.any(String), name: 'Read', input: { path: 'ä/😀' } },
      { id: expect.any(String), name: 'Grep', input: undefined },
    ]);
    const results = calls.map(({ id }, nth) => ({ callId: id, text: `r${nth}`, isError: nth > 0 }));
    const turns: readonly Turn[] = [
      { role: 'assistant', blocks },
      { role: 'user', results, text: 'Answer now.' },
    ];
    const last = await ask({ tools, thinking: true, turns, mayCallTools: false });
    expect(last).toMatchObject({ kind: 'answer', text: '{"findings":["x"]}' });
    expect(api.refused).toEqual([]);
    const cached = { cache_control: { type: 'ephemeral' } };
    expect(api.requests[1]?.json).toMatchObject({
      tools: [{ name: 'Read', strict: true, input_schema: { additionalProperties: false } }],
      tool_choice: { type: 'none' },
      messages: [
        { role: 'user', content: [{ type: 'text', ...cached }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'where is it→?', signature: expect.any(String) },
            { type: 'text', text: 'I look.' },
            { type: 'tool_use', name: 'Read', input: { path: 'ä/😀' } },
            { type: 'tool_use', name: 'Grep', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', content: 'r0' },
            { type: 'tool_result', content: 'r1', is_error: true },
            { type: 'text', text: 'Answer now.', ...cached },
          ],
        },
      ],
    });
  });

  test('calls come in one piece too, and are a failure where none may be made', async () => {
    api.play({ ...FIRST, whole: true }, FIRST, FIRST);
    expect(await ask({ tools })).toMatchObject({ kind: 'calls', calls: [{ name: 'Read' }, {}] });
    expect(await ask({ tools, mayCallTools: false })).toMatchObject({ failure: 'schema' });
    expect(await ask()).toMatchObject({ failure: 'schema' });
  });

  test('a model in a form of another provider is unknown, and the message says the form', async () => {
    const reply = await ask({ model: 'arn:other' });
    expect(reply).toMatchObject({ kind: 'failure', failure: 'unknown-model' });
    expect(reply).toHaveProperty('message', expect.stringMatching(/"arn:other".*claude-opus-5-5/));
  });

  test('a retired model is unknown', async () => {
    const model = requestFor(provider, envOf(api.url)).model.replace('opus-5-5', 'opus-4-1');
    const reply = await ask({ model });
    expect(reply).toMatchObject({ kind: 'failure', failure: 'unknown-model' });
  });

  test('what the API would refuse is refused', async () => {
    expect(await ask({ maxTokens: 10_000_000 })).toMatchObject({ failure: 'bad-request' });
    expect(await ask({ schema: { type: 'object' } })).toMatchObject({ failure: 'bad-request' });
  });
});

test('no program of the search path is run to find credentials', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sg-path-'));
  const ran = join(dir, 'ran');
  for (const name of ['gcloud', 'aws', 'claude', 'node', 'git', 'sh']) {
    writeFileSync(join(dir, name), `#!/bin/sh\n: > ${ran}\n`, { mode: 0o755 });
  }
  const path = process.env['PATH'];
  process.env['PATH'] = [dir, path].join(delimiter);
  try {
    for (const way of WAYS) {
      const env = way.env(api.url);
      const selection = selectProviders(env, undefined);
      if (selection.kind !== 'chosen') throw new Error(selection.why);
      const context = { env, timing: fakeTiming(), claude: undefined, untrusted: [] };
      const transport = await openTransport(selection.choices[0], context);
      const { signal } = new AbortController();
      const reply = await transport.send(requestFor(way.provider, env), signal);
      expect(reply).toMatchObject({ kind: 'answer' });
    }
    expect(existsSync(ran)).toBe(false);
  } finally {
    process.env['PATH'] = path;
    rmSync(dir, { recursive: true, force: true });
  }
});

test('a wrong credential is an auth failure on every wire', async () => {
  for (const way of WAYS) {
    const env = Object.fromEntries(
      Object.entries(way.env(api.url)).map(([name, value]) => [
        name,
        /KEY|TOKEN|SECRET|HEADERS/.test(name) ? value?.replace('loopback', 'wrong') : value,
      ]),
    );
    const selection = selectProviders(env, undefined);
    if (selection.kind !== 'chosen' || way.provider === 'vertex') continue;
    const context = { env, timing: fakeTiming(), claude: undefined, untrusted: [] };
    const transport = await openTransport(selection.choices[0], context);
    const reply = await transport.send(requestFor(way.provider, env), new AbortController().signal);
    expect(reply, way.name).toMatchObject({ kind: 'failure', failure: 'auth' });
    expect(JSON.stringify(reply)).not.toContain(CREDENTIALS.signing.secret);
  }
});
