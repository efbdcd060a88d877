/** The order in which providers are chosen, and what is said about it. */
import { describe, expect, test } from 'vitest';
import { INSIDE_REVIEW, selectProviders } from '../../../host/providers/select.ts';
import type { Environment } from '../../../host/config.ts';

const CLAUDE = '/opt/claude';
const KEY = { ANTHROPIC_API_KEY: 'secret-key-value' };
const TOKEN = { ANTHROPIC_AUTH_TOKEN: 'secret-token-value' };
const HEADERS = { ANTHROPIC_CUSTOM_HEADERS: 'x-token: secret-header-value' };
const GATEWAY = { ANTHROPIC_BASE_URL: 'https://user:secret-password@gateway.example/llm' };
const VERTEX = {
  CLAUDE_CODE_USE_VERTEX: '1',
  CLOUD_ML_REGION: 'global',
  ANTHROPIC_VERTEX_PROJECT_ID: 'p',
};
const BEDROCK = { CLAUDE_CODE_USE_BEDROCK: '1' };

const CHOSEN: readonly (readonly [string, Environment, string | undefined, readonly string[]])[] = [
  ['a key', KEY, CLAUDE, ['anthropic/key ANTHROPIC_API_KEY']],
  [
    'a token before a key',
    { ...KEY, ...TOKEN },
    CLAUDE,
    ['anthropic/key ANTHROPIC_AUTH_TOKEN', 'anthropic/key ANTHROPIC_API_KEY'],
  ],
  [
    'an empty key is none',
    { ANTHROPIC_API_KEY: '' },
    CLAUDE,
    ['claude-cli/subscription Claude login'],
  ],
  [
    'a gateway by its headers',
    { ...GATEWAY, ...HEADERS },
    CLAUDE,
    ['anthropic/key ANTHROPIC_CUSTOM_HEADERS'],
  ],
  ['headers alone are no login', HEADERS, CLAUDE, ['claude-cli/subscription Claude login']],
  ['an address alone is no login', GATEWAY, CLAUDE, ['claude-cli/subscription Claude login']],
  ['the program when there is nothing else', {}, CLAUDE, ['claude-cli/subscription Claude login']],
  ['a cloud before a key', { ...KEY, ...BEDROCK }, CLAUDE, ['bedrock/cloud AWS credentials']],
  [
    'a cloud that is switched off',
    { ...KEY, CLAUDE_CODE_USE_BEDROCK: '0' },
    CLAUDE,
    ['anthropic/key ANTHROPIC_API_KEY'],
  ],
  [
    'the first of two clouds',
    { ...VERTEX, ...BEDROCK },
    undefined,
    ['bedrock/cloud AWS credentials'],
  ],
  [
    'bedrock by token',
    { ...BEDROCK, AWS_BEARER_TOKEN_BEDROCK: 'secret-x' },
    undefined,
    ['bedrock/cloud AWS_BEARER_TOKEN_BEDROCK'],
  ],
  [
    'bedrock behind a gateway',
    { ...BEDROCK, CLAUDE_CODE_SKIP_BEDROCK_AUTH: '1' },
    undefined,
    ['bedrock/cloud none'],
  ],
  ['vertex', VERTEX, undefined, ['vertex/cloud Google credentials']],
  ['mantle', { CLAUDE_CODE_USE_MANTLE: 'true' }, undefined, ['mantle/cloud AWS credentials']],
  [
    'foundry',
    {
      CLAUDE_CODE_USE_FOUNDRY: 'yes',
      ANTHROPIC_FOUNDRY_RESOURCE: 'r',
      ANTHROPIC_FOUNDRY_API_KEY: 'secret-f',
    },
    undefined,
    ['foundry/cloud ANTHROPIC_FOUNDRY_API_KEY'],
  ],
  [
    'anthropic on aws',
    {
      CLAUDE_CODE_USE_ANTHROPIC_AWS: 'on',
      ANTHROPIC_AWS_WORKSPACE_ID: 'w',
      ANTHROPIC_AWS_API_KEY: 'secret-a',
    },
    undefined,
    ['anthropic-aws/cloud ANTHROPIC_AWS_API_KEY'],
  ],
  [
    'SG_PROVIDER before a cloud',
    { ...KEY, ...BEDROCK, SG_PROVIDER: 'Anthropic' },
    CLAUDE,
    ['anthropic/key ANTHROPIC_API_KEY'],
  ],
  [
    'the subscription that was asked for, and no key behind it',
    { ...KEY, ...TOKEN, ...BEDROCK, SG_PROVIDER: 'subscription' },
    CLAUDE,
    ['claude-cli/subscription Claude login'],
  ],
];

test.each(CHOSEN)('%s', (_name, env, claude, choices) => {
  const selection = selectProviders(env, claude);
  expect(selection).toMatchObject({ kind: 'chosen' });
  if (selection.kind !== 'chosen') return;
  const got = selection.choices.map(
    ({ provider, billing, credential }) => `${provider}/${billing} ${credential}`,
  );
  expect(got).toEqual(choices);
  expect(JSON.stringify(selection)).not.toContain('secret');
});

const NONE: readonly (readonly [string, Environment, string | undefined, RegExp])[] = [
  ['nothing at all', {}, undefined, /ANTHROPIC_API_KEY/],
  ['inside a review', { ...KEY, [INSIDE_REVIEW]: '1' }, CLAUDE, /part of a review/],
  [
    'an unknown provider',
    { ...KEY, SG_PROVIDER: 'openai' },
    CLAUDE,
    /"openai": expected one of anthropic,/,
  ],
  [
    'a subscription without the program',
    { ...KEY, SG_PROVIDER: 'claude-cli' },
    undefined,
    /no `claude` program/,
  ],
  [
    'a forced provider without a key',
    { SG_PROVIDER: 'anthropic' },
    CLAUDE,
    /none of ANTHROPIC_AUTH_TOKEN/,
  ],
  [
    'vertex without a region',
    { ...KEY, CLAUDE_CODE_USE_VERTEX: '1' },
    CLAUDE,
    /CLOUD_ML_REGION is not set/,
  ],
  [
    'vertex without a project',
    { CLAUDE_CODE_USE_VERTEX: '1', CLOUD_ML_REGION: 'global' },
    CLAUDE,
    /ANTHROPIC_VERTEX_PROJECT_ID is not set/,
  ],
  [
    'foundry without an address',
    { CLAUDE_CODE_USE_FOUNDRY: '1' },
    CLAUDE,
    /ANTHROPIC_FOUNDRY_RESOURCE/,
  ],
  [
    'aws without a workspace',
    { CLAUDE_CODE_USE_ANTHROPIC_AWS: '1' },
    CLAUDE,
    /WORKSPACE_ID is not set/,
  ],
];

test.each(NONE)('none: %s', (_name, env, claude, why) => {
  const selection = selectProviders(env, claude);
  expect(selection).toEqual({ kind: 'none', why: expect.stringMatching(why) });
});

describe('the explanation', () => {
  test.each([
    [
      { ...GATEWAY, ...KEY },
      'ANTHROPIC_API_KEY is set; anthropic with ANTHROPIC_API_KEY at gateway.example.',
    ],
    [
      { ...BEDROCK, ...VERTEX },
      'CLAUDE_CODE_USE_BEDROCK is set, before CLAUDE_CODE_USE_VERTEX; bedrock with AWS credentials.',
    ],
    [{}, 'no key, token or cloud is set; claude-cli with Claude login.'],
    [{ SG_PROVIDER: 'cli', ...KEY }, 'SG_PROVIDER is claude-cli; claude-cli with Claude login.'],
  ])('%#', (env, why) => {
    const selection = selectProviders(env, CLAUDE);
    expect(selection.kind === 'chosen' && selection.choices[0].why).toBe(why);
  });
});
