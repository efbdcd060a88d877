/** What the stand-in refuses about tools and conversations. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CREDENTIALS } from './auth.ts';
import { startLoopbackApi } from './server.ts';
import type { LoopbackApi } from './server.ts';
import { thinkingBlock } from './thinking.ts';
import { asList } from './values.ts';
import type { JsonRecord } from './values.ts';

let api: LoopbackApi;
beforeAll(async () => {
  api = await startLoopbackApi();
});
afterAll(() => api.close());
beforeEach(() => api.reset());

async function post(
  change: JsonRecord,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${api.url}/anthropic/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'anthropic-version': '2026-10-21',
      authorization: `Bearer ${CREDENTIALS.key}`,
    },
    body: JSON.stringify({
      model: 'claude-opus-5-5',
      max_tokens: 100,
      messages: [user],
      ...change,
    }),
  });
  return { status: response.status, text: await response.text() };
}

const user = { role: 'user', content: 'x' };
const use = { type: 'tool_use', id: 't1', name: 'a', input: {} };
const text = (words: string): JsonRecord => ({ type: 'text', text: words });
const cached = { cache_control: { type: 'ephemeral' } };
const FAKE = { type: 'thinking', thinking: 'x', signature: 'y' };
const open = { type: 'object' };
const both = (...messages: readonly JsonRecord[]): JsonRecord => ({
  role: 'user',
  content: messages.flatMap(({ content }) => asList(content) ?? []),
});
const call = { role: 'assistant', content: [use] };
const answer = (id: string): JsonRecord => ({
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: id, content: 'y' }],
});
const tools = [{ name: 'a', input_schema: open }];

const REFUSED: readonly (readonly [string, JsonRecord, RegExp])[] = [
  ['a tool without a name', { tools: [{ input_schema: open }] }, /tools.0.name/],
  ['a tool of an odd name', { tools: [{ name: 'a b', input_schema: open }] }, /pattern/],
  ['a tool without a schema', { tools: [{ name: 'a' }] }, /input_schema: Field required/],
  ['a tool for a text', { tools: [{ name: 'a', input_schema: { type: 'string' } }] }, /object/],
  [
    'a strict tool with an open schema',
    { tools: [{ name: 'a', strict: true, input_schema: open }] },
    /additionalProperties/,
  ],
  ['a choice without tools', { tool_choice: { type: 'auto' } }, /while providing tools/],
  ['an unknown choice', { tools, tool_choice: { type: 'maybe' } }, /tool_choice.type/],
  [
    'the choice of another tool',
    { model: 'claude-haiku-5-5', tools, tool_choice: { type: 'tool', name: 'b' } },
    /Tool 'b' not found/,
  ],
  ['calls without tools', { messages: [user, call, answer('t1')] }, /must define tools/],
  [
    'two calls of one id',
    { tools, messages: [user, call, answer('t1'), call, answer('t1')] },
    /ids must be unique/,
  ],
  [
    'two results of a call',
    { tools, messages: [user, call, both(answer('t1'), answer('t1'))] },
    /single result/,
  ],
  [
    'a result behind a text',
    { tools, messages: [user, call, both({ content: [text('x')] }, answer('t1'))] },
    /before all other content/,
  ],
  [
    'a call that the user makes',
    { tools, messages: [{ ...call, role: 'user' }] },
    /in `assistant` messages/,
  ],
  [
    'an input that is no object',
    { tools, messages: [user, { ...call, content: [{ ...use, input: 'x' }] }, answer('t1')] },
    /valid dictionary/,
  ],
  ['a blank text', { messages: [{ role: 'user', content: ' ' }] }, /non-whitespace/],
  [
    'thinking that it never had',
    { messages: [user, { role: 'assistant', content: [FAKE, text('x')] }, user] },
    /Invalid `signature`/,
  ],
  [
    'a beginning of the answer',
    { messages: [user, { role: 'assistant', content: 'x' }] },
    /prefill/,
  ],
  [
    'five marks of the cache',
    {
      messages: [
        { role: 'user', content: Array.from({ length: 5 }, () => ({ ...text('x'), ...cached })) },
      ],
    },
    /maximum of 4/,
  ],
];

test.each(REFUSED)('refuses %s', async (_name, change, message) => {
  expect(await post(change)).toEqual({ status: 400, text: expect.stringMatching(message) });
  expect(api.refused).toHaveLength(1);
});

test.each<[string, JsonRecord]>([
  ['no more calls', { messages: [user, call, answer('t1')], tools, tool_choice: { type: 'none' } }],
  [
    'its own thinking',
    { messages: [user, { role: 'assistant', content: [thinkingBlock('x'), text('x')] }, user] },
  ],
  [
    'a beginning for a model that goes on',
    { model: 'claude-haiku-5-5', messages: [user, { role: 'assistant', content: 'x' }] },
  ],
])('takes %s', async (_name, change) => {
  expect(await post(change)).toMatchObject({ status: 200 });
});
