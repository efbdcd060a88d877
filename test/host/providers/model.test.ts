/** Which model is asked, and how long a list is believed. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { chooseModel } from '../../../host/providers/model.ts';
import type { ChosenModel, ModelStore, RememberedModel } from '../../../host/providers/model.ts';
import { modelForm } from '../../../host/providers/model-form.ts';
import { newestOpus } from '../../../host/providers/newest.ts';
import { openTransport } from '../../../host/providers/open.ts';
import { selectProviders } from '../../../host/providers/select.ts';
import type { Environment } from '../../../host/config.ts';
import { CREDENTIALS } from '../../support/api/auth.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { NOW, WAYS, fakeTiming, until } from './world.ts';

let api: LoopbackApi;
beforeAll(async () => {
  api = await startLoopbackApi();
});
afterAll(() => api.close());
beforeEach(() => api.reset());

const HOUR = 60 * 60 * 1000;

function storeOf(
  entries: Map<string, RememberedModel> = new Map<string, RememberedModel>(),
): ModelStore & { readonly entries: Map<string, RememberedModel> } {
  return {
    entries,
    get: (key) => Promise.resolve(entries.get(key)),
    set: (key, value) => Promise.resolve(void entries.set(key, value)),
  };
}

async function choose(
  env: Environment,
  store: ModelStore,
  now: number = NOW,
): Promise<ChosenModel> {
  const selection = selectProviders(env, undefined);
  if (selection.kind !== 'chosen') throw new Error(selection.why);
  const timing = { ...fakeTiming(), now: () => now };
  const transport = await openTransport(selection.choices[0], {
    env,
    timing,
    claude: undefined,
    untrusted: [],
  });
  const { provider } = selection.choices[0];
  const { signal } = new AbortController();
  return chooseModel({ provider, env, transport, store, timing, signal });
}

const listing = WAYS.filter(({ provider }) => provider.startsWith('anthropic'));

test.each(listing)('$name: the newest Opus of the list', async ({ env }) => {
  const store = storeOf();
  expect(await choose(env(api.url), store)).toMatchObject({
    model: 'claude-opus-5-5',
    source: 'listed',
  });
  expect(api.refused).toEqual([]);
  expect(JSON.stringify([...store.entries])).not.toContain('loopback');
});

test('a list is asked once a day', async () => {
  const env = { ANTHROPIC_BASE_URL: `${api.url}/anthropic`, ANTHROPIC_API_KEY: CREDENTIALS.key };
  const store = storeOf();
  await choose(env, store);
  await choose(env, store, NOW + 23 * HOUR);
  expect(api.requests).toHaveLength(1);
  await choose(env, store, NOW + 25 * HOUR);
  expect(api.requests).toHaveLength(2);
  // A clock that went back.
  await choose(env, store, NOW - HOUR);
  expect(api.requests).toHaveLength(3);
});

test('an endpoint without a list is pinned, and asked again after an hour', async () => {
  const env = { ANTHROPIC_BASE_URL: `${api.url}/no-such`, ANTHROPIC_API_KEY: CREDENTIALS.key };
  const store = storeOf();
  expect(await choose(env, store)).toMatchObject({ model: 'claude-opus-5-5', source: 'pinned' });
  expect([...store.entries.values()]).toEqual([{ model: undefined, at: NOW }]);
  const [key] = store.entries.keys();
  store.entries.set(String(key), { model: 'claude-opus-9', at: NOW });
  expect(await choose(env, store, NOW + HOUR)).toMatchObject({ model: 'claude-opus-9' });
});

test('a list that never comes holds nothing up', async () => {
  const env = { ANTHROPIC_API_KEY: CREDENTIALS.key };
  const timing = fakeTiming();
  const selection = selectProviders(env, undefined);
  if (selection.kind !== 'chosen') throw new Error(selection.why);
  const silent = { ...env, ANTHROPIC_BASE_URL: 'http://192.0.2.1' };
  const transport = await openTransport(selection.choices[0], {
    env: silent,
    timing,
    claude: undefined,
    untrusted: [],
  });
  const newest = transport.newestModel?.(new AbortController().signal);
  await until(() => timing.pending()[0] === 5000, 'the wait');
  timing.elapse();
  expect(await newest).toBeUndefined();
});

test.each([
  ['what the user says', { SECURITY_REVIEW_MODEL: ' claude-sonnet-5-5 ' }, 'claude-sonnet-5-5'],
  ['what Claude Code calls Opus', { ANTHROPIC_DEFAULT_OPUS_MODEL: 'my-opus' }, 'my-opus'],
  ['the first of both', { SECURITY_REVIEW_MODEL: 'a', ANTHROPIC_DEFAULT_OPUS_MODEL: 'b' }, 'a'],
])('%s goes before any list', async (_name, more, model) => {
  const env = { ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: CREDENTIALS.key, ...more };
  expect(await choose(env, storeOf())).toMatchObject({ model });
  expect(api.requests).toEqual([]);
});

test.each([
  ['anthropic', {}, 'claude-opus-5-5'],
  ['anthropic-aws', {}, 'claude-opus-5-5'],
  ['foundry', {}, 'claude-opus-5-5'],
  ['vertex', {}, 'claude-opus-5-5'],
  ['mantle', {}, 'anthropic.claude-opus-5-5'],
  ['bedrock', {}, 'us.anthropic.claude-opus-5-5'],
  ['bedrock', { AWS_REGION: 'eu-west-1' }, 'eu.anthropic.claude-opus-5-5'],
  ['bedrock', { AWS_DEFAULT_REGION: 'ap-south-1' }, 'global.anthropic.claude-opus-5-5'],
  ['bedrock', { AWS_REGION: 'us-gov-west-1' }, 'us-gov.anthropic.claude-opus-5-5'],
  ['claude-cli', {}, 'opus'],
] as const)('%s has the pinned model as %s', (provider, env, form) => {
  expect(modelForm(provider, env)).toBe(form);
});

const model = (id: string, created_at: string, lifecycle?: string): object => ({
  id,
  created_at,
  ...(lifecycle === undefined ? {} : { lifecycle }),
});

test.each([
  [
    'by date',
    [model('claude-opus-5', '2026-01-01'), model('claude-opus-4-9', '2026-02-01')],
    'claude-opus-4-9',
  ],
  [
    'by number without dates',
    [model('claude-opus-4-10', ''), model('claude-opus-4-9', '')],
    'claude-opus-4-10',
  ],
  [
    'not a retired one',
    [
      model('claude-opus-6', '2027-01-01', 'retired'),
      model('claude-opus-5', '2026-01-01', 'active'),
    ],
    'claude-opus-5',
  ],
  ['not a deprecated one', [model('claude-opus-6', '2027-01-01', 'deprecated')], undefined],
  [
    'no other line',
    [model('claude-sonnet-9', '2027-01-01'), model('gpt', '2027-01-01')],
    undefined,
  ],
  ['no name that is more than an id', [model('claude-opus-5\nSECURITY', '2027-01-01')], undefined],
  ['nothing', [], undefined],
  ['no models', ['x', null, 3], undefined],
])('newest: %s', (_name, data, id) => {
  expect(newestOpus(JSON.stringify({ data }))).toBe(id);
});

test.each(['', '<html>', '[]', '{"data":{}}'])('newest of %j is none', (text) => {
  expect(newestOpus(text)).toBeUndefined();
});
