/** The stand-in refuses what the real API refuses: a lenient one would prove nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CREDENTIALS } from './auth.ts';
import { startLoopbackApi } from './server.ts';
import type { LoopbackApi } from './server.ts';
import type { JsonRecord } from './values.ts';

let api: LoopbackApi;
beforeAll(async () => {
  api = await startLoopbackApi({ maxBody: 100_000 });
});
afterAll(() => api.close());
beforeEach(() => api.reset());

const GOOD: JsonRecord = {
  model: 'claude-opus-5-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'hello' }],
};
const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'anthropic-version': '2026-10-21',
  authorization: `Bearer ${CREDENTIALS.key}`,
};

async function post(
  body: string | JsonRecord,
  headers: Readonly<Record<string, string>> = HEADERS,
  path = '/anthropic/v1/messages',
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

test('a good request is answered, in one piece or as a stream', async () => {
  const whole = await post(GOOD);
  expect(whole).toMatchObject({
    status: 200,
    text: expect.stringContaining('"stop_reason":"end_turn"'),
  });
  const stream = await post({ ...GOOD, stream: true });
  expect(stream).toMatchObject({
    status: 200,
    text: expect.stringContaining('event: message_stop'),
  });
  expect(api.refused).toEqual([]);
  expect(api.requests.map(({ json }) => json)).toEqual([GOOD, { ...GOOD, stream: true }]);
});

const user = { role: 'user', content: 'x' };
const call = { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'a', input: {} }] };
const answer = (id: string): JsonRecord => ({
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: id, content: 'y' }],
});
const tools = [{ name: 'a', input_schema: { type: 'object' } }];
const format = (schema: unknown): JsonRecord => ({
  output_config: { format: { type: 'json_schema', schema } },
});
const closed = { type: 'object', additionalProperties: false };

const REFUSED: readonly (readonly [string, JsonRecord, number, RegExp])[] = [
  ['no model', { model: undefined }, 400, /model: Field required/],
  ['an unknown model', { model: 'claude-opus-99' }, 404, /model: claude-opus-99/],
  ['a retired model', { model: 'claude-opus-4-1' }, 404, /claude-opus-4-1/],
  ['no max_tokens', { max_tokens: undefined }, 400, /max_tokens: Field required/],
  ['max_tokens of a text', { max_tokens: '100' }, 400, /valid integer/],
  ['max_tokens of nothing', { max_tokens: 0 }, 400, /greater than or equal to 1/],
  ['max_tokens above the limit', { max_tokens: 128_001 }, 400, /128001 > 128000/],
  ['temperature', { temperature: 0 }, 400, /temperature/],
  ['top_p', { top_p: 1 }, 400, /top_p/],
  ['top_k', { top_k: 1 }, 400, /top_k/],
  ['an unknown field', { betas: [] }, 400, /betas: Extra inputs/],
  ['a forced tool on Opus', { tools, tool_choice: { type: 'any' } }, 400, /forced tool use/],
  [
    'a forced tool on Sonnet',
    { model: 'claude-sonnet-5-5', tools, tool_choice: { type: 'tool', name: 'a' } },
    400,
    /forced tool use/,
  ],
  ['disabled thinking on Opus', { thinking: { type: 'disabled' } }, 400, /thinking.type/],
  [
    'budgeted thinking on Opus',
    { thinking: { type: 'enabled', budget_tokens: 1024 } },
    400,
    /thinking.type/,
  ],
  [
    'a budget above max_tokens',
    { model: 'claude-haiku-5-5', thinking: { type: 'enabled', budget_tokens: 1024 } },
    400,
    /budget_tokens/,
  ],
  ['an open schema', format({ type: 'object' }), 400, /additionalProperties/],
  [
    'an open schema inside',
    format({ ...closed, properties: { a: { type: 'array', items: { type: 'object' } } } }),
    400,
    /additionalProperties/,
  ],
  ['a limit in a schema', format({ type: 'string', maxLength: 3 }), 400, /maxLength/],
  [
    'a required property that is not there',
    format({ ...closed, required: ['a'] }),
    400,
    /required property/,
  ],
  ['an unknown effort', { output_config: { effort: 'huge' } }, 400, /effort/],
  ['another output setting', { output_config: { depth: 1 } }, 400, /output_config.depth/],
  ['an empty system', { system: '' }, 400, /system/],
  ['an empty system block', { system: [{ type: 'text', text: '' }] }, 400, /system/],
  ['no messages', { messages: [] }, 400, /at least one message/],
  ['messages of another type', { messages: 'hello' }, 400, /messages: Field required/],
  ['another role', { messages: [{ role: 'tool', content: 'x' }] }, 400, /role/],
  ['an assistant first', { messages: [{ role: 'assistant', content: 'x' }] }, 400, /first message/],
  ['an empty message', { messages: [{ role: 'user', content: '' }] }, 400, /non-empty/],
  [
    'an empty block',
    { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
    400,
    /non-empty/,
  ],
  ['a field in a message', { messages: [{ ...user, name: 'x' }] }, 400, /name: Extra inputs/],
  ['a result without its call', { messages: [answer('t1')] }, 400, /unexpected `tool_use_id`/],
  ['a result of another call', { messages: [user, call, answer('t2')] }, 400, /unexpected/],
  ['a call without a result', { messages: [user, call, user] }, 400, /without `tool_result`/],
  ['a call at the end', { messages: [user, call] }, 400, /without `tool_result`/],
  ['two tools of one name', { tools: [...tools, ...tools] }, 400, /must be unique/],
];

test.each(REFUSED)('refuses %s', async (_name, change, status, message) => {
  const got = await post({ ...GOOD, ...change });
  expect(got).toEqual({ status, text: expect.stringMatching(message) });
  expect(api.refused).toHaveLength(1);
});

test.each([
  ['adaptive thinking', { thinking: { type: 'adaptive' } }],
  ['a tool that may be used', { tools, tool_choice: { type: 'auto' } }],
  ['a call with its result', { messages: [user, call, answer('t1')], tools }],
  ['a closed schema', format(closed)],
  [
    'a budget on Haiku',
    {
      model: 'claude-haiku-5-5',
      max_tokens: 4096,
      thinking: { type: 'enabled', budget_tokens: 1024 },
    },
  ],
])('takes %s', async (_name, change) => {
  expect(await post({ ...GOOD, ...change })).toMatchObject({ status: 200 });
});

describe('heads', () => {
  const without = (name: string): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(HEADERS).filter(([known]) => known !== name));
  test.each([
    ['no version', without('anthropic-version'), 400, /anthropic-version: header is required/],
    [
      'an unknown version',
      { ...HEADERS, 'anthropic-version': '2020-01-01' },
      400,
      /not a valid version/,
    ],
    ['no credential', without('authorization'), 401, /x-api-key header is required/],
    ['a wrong credential', { ...HEADERS, authorization: 'Bearer x' }, 401, /invalid x-api-key/],
    ['a text', { ...HEADERS, 'content-type': 'text/plain' }, 400, /application\/json/],
  ])('refuses %s', async (_name, headers, status, message) => {
    expect(await post(GOOD, headers)).toEqual({ status, text: expect.stringMatching(message) });
  });

  test('the credential of one wire opens no other', async () => {
    for (const path of ['/foundry/v1/messages', '/aws/v1/messages', '/mantle/v1/messages']) {
      expect(await post(GOOD, HEADERS, path), path).toMatchObject({ status: 401 });
    }
    const bedrock = '/bedrock/model/us.anthropic.claude-opus-5-5/invoke';
    expect(await post(GOOD, HEADERS, bedrock)).toMatchObject({ status: 403 });
  });
});

test('bodies: no JSON, and too much of it', async () => {
  expect(await post('{')).toMatchObject({
    status: 400,
    text: expect.stringContaining('not valid JSON'),
  });
  const content = 'x'.repeat(100_001);
  expect(await post({ ...GOOD, messages: [{ role: 'user', content }] })).toMatchObject({
    status: 413,
    text: expect.stringContaining('request_too_large'),
  });
});

describe('bedrock', () => {
  const headers = { ...HEADERS, authorization: `Bearer ${CREDENTIALS.bedrock}` };
  const { model: _, ...body } = GOOD;
  const versioned = { ...body, anthropic_version: '2026-10-21' };
  const path = (id: string): string => `/bedrock/model/${id}/invoke`;
  test.each([
    ['a good request', versioned, 'eu.anthropic.claude-opus-5-5', 200],
    ['no version', body, 'us.anthropic.claude-opus-5-5', 400],
    ['a model in the body', { ...versioned, model: 'x' }, 'us.anthropic.claude-opus-5-5', 400],
    ['stream in the body', { ...versioned, stream: true }, 'us.anthropic.claude-opus-5-5', 400],
    ['the id of another provider', versioned, 'claude-opus-5-5', 400],
  ])('%s', async (_name, json, id, status) => {
    expect(await post(json, headers, path(id))).toMatchObject({ status });
  });
});

describe('models', () => {
  const get = async (path: string, headers = HEADERS): Promise<readonly [number, string]> => {
    const response = await fetch(`${api.url}${path}`, { headers });
    return [response.status, await response.text()];
  };
  test('listed, found, not found, and not without a credential', async () => {
    const [status, text] = await get('/anthropic/v1/models');
    expect([status, text]).toEqual([200, expect.stringContaining('"lifecycle":"retired"')]);
    expect(await get('/anthropic/v1/models/claude-opus-5-5')).toMatchObject([
      200,
      expect.any(String),
    ]);
    expect(await get('/anthropic/v1/models/nope')).toMatchObject([404, expect.any(String)]);
    expect(await get('/anthropic/v1/models', {})).toMatchObject([401, expect.any(String)]);
    expect(await get('/foundry/v1/models')).toMatchObject([404, expect.any(String)]);
  });
});
