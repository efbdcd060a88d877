/** A cloud that is chosen and has no credentials: an answer in words, and no crash while nobody waits. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { hide, secretsOf } from '../../../host/providers/hide.ts';
import { openTransport } from '../../../host/providers/open.ts';
import { selectProviders } from '../../../host/providers/select.ts';
import { systemTiming } from '../../../host/providers/timing.ts';
import { requestFor } from './world.ts';

beforeAll(() => {
  // The libraries of the clouds look at this process and at the user's home.
  process.env['HOME'] = mkdtempSync(join(tmpdir(), 'sg-nobody-'));
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  for (const name of Object.keys(process.env)) {
    if (/^(?:AWS_(?!EC2)|GOOGLE_|GCE_|CLOUDSDK_|ANTHROPIC_)/.test(name)) delete process.env[name];
  }
});

test.each([
  [
    'vertex',
    {
      CLAUDE_CODE_USE_VERTEX: '1',
      CLOUD_ML_REGION: 'global',
      GOOGLE_CLOUD_PROJECT: 'p',
      ANTHROPIC_VERTEX_BASE_URL: 'http://127.0.0.1:9',
    },
  ],
  ['bedrock', { CLAUDE_CODE_USE_BEDROCK: '1', ANTHROPIC_BEDROCK_BASE_URL: 'http://127.0.0.1:9' }],
  [
    'mantle',
    { CLAUDE_CODE_USE_MANTLE: '1', ANTHROPIC_BEDROCK_MANTLE_BASE_URL: 'http://127.0.0.1:9' },
  ],
  [
    'anthropic-aws',
    {
      CLAUDE_CODE_USE_ANTHROPIC_AWS: '1',
      ANTHROPIC_AWS_BASE_URL: 'http://127.0.0.1:9',
      ANTHROPIC_AWS_WORKSPACE_ID: 'w',
    },
  ],
] as const)('%s', async (provider, env) => {
  const selection = selectProviders(env, undefined);
  if (selection.kind !== 'chosen') throw new Error(selection.why);
  const context = { env, timing: systemTiming, claude: undefined, untrusted: [] };
  const transport = await openTransport(selection.choices[0], context);
  // Long enough for a promise that nobody waits for to end the process.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const reply = await transport.send(requestFor(provider, env), new AbortController().signal);
  expect(reply).toMatchObject({
    kind: 'failure',
    failure: 'auth',
    message: expect.stringMatching(/credentials/),
  });
});

test('settings that make no client are an auth failure in words', async () => {
  const env = {
    ANTHROPIC_API_KEY: 'a-secret-key',
    ANTHROPIC_BASE_URL: 'http://x',
    HTTP_PROXY: 'socks5://u:a-secret-password@p',
  };
  const selection = selectProviders(env, undefined);
  if (selection.kind !== 'chosen') throw new Error(selection.why);
  const transport = await openTransport(selection.choices[0], {
    env,
    timing: systemTiming,
    claude: undefined,
    untrusted: [],
  });
  const reply = await transport.send(requestFor('anthropic', env), new AbortController().signal);
  expect(reply).toMatchObject({ kind: 'failure' });
  expect(JSON.stringify(reply)).not.toContain('a-secret');
});

test.each([
  ['a value', { ANTHROPIC_API_KEY: 'abcdef-1' }, 'no abcdef-1 here', 'no [hidden] here'],
  [
    'the longer of two',
    { AWS_ACCESS_KEY_ID: 'abcdef', AWS_SECRET_ACCESS_KEY: 'abcdef-long' },
    'abcdef-long',
    '[hidden]',
  ],
  [
    'a password of an address',
    { HTTPS_PROXY: 'http://u:pass%21word@p' },
    'pass!word pass%21word',
    '[hidden] [hidden]',
  ],
  [
    'what looks like a key',
    {},
    'got sk-ant-api03-abcdefgh, Bearer eyJhbGciOi.x',
    'got [hidden], [hidden]',
  ],
  ['a short word is none', { ANTHROPIC_API_KEY: 'key' }, 'the key', 'the key'],
  ['control characters', {}, 'a\u001b[31mb\nc', 'a [31mb c'],
] as const)('hide: %s', (_name, env, text, expected) => {
  expect(hide(text, secretsOf(env, {}))).toBe(expected);
});

test('hide: headers, with and without their scheme, and length', () => {
  const secrets = secretsOf({}, { Authorization: 'Token abcdefgh', 'x-team': 'blue' });
  expect(hide('Token abcdefgh / abcdefgh / blue', secrets)).toBe('[hidden] / [hidden] / blue');
  expect(hide('x'.repeat(1000), [])).toHaveLength(401);
});
