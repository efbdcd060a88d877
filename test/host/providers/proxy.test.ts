/** Which requests go through a proxy, and that they do. */
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTransport } from '../../../host/providers/open.ts';
import { proxyFor } from '../../../host/providers/proxy.ts';
import { selectProviders } from '../../../host/providers/select.ts';
import type { ModelReply } from '../../../orchestrator/transport.ts';
import { CREDENTIALS } from '../../support/api/auth.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { fakeTiming, requestFor } from './world.ts';

test.each([
  ['https', 'https://api.example/v1', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
  [
    'lower case wins',
    'https://api.example',
    { HTTPS_PROXY: 'http://a', https_proxy: 'http://b' },
    'http://b',
  ],
  ['no scheme', 'https://api.example', { HTTPS_PROXY: 'p:3128' }, 'http://p:3128'],
  ['http has its own', 'http://api.example', { HTTPS_PROXY: 'http://p:1' }, undefined],
  [
    'an excepted host',
    'https://api.example',
    { HTTPS_PROXY: 'http://p', NO_PROXY: 'x, api.example' },
    undefined,
  ],
  [
    'below a domain',
    'https://api.example',
    { HTTPS_PROXY: 'http://p', NO_PROXY: '.example' },
    undefined,
  ],
  ['a star', 'https://api.example', { HTTPS_PROXY: 'http://p', no_proxy: '*' }, undefined],
  [
    'the end of a name only',
    'https://notexample',
    { HTTPS_PROXY: 'http://p', NO_PROXY: 'example' },
    'http://p',
  ],
  [
    'a port',
    'https://api.example:8443',
    { HTTPS_PROXY: 'http://p', NO_PROXY: 'api.example:443' },
    'http://p',
  ],
  [
    'the same port',
    'https://api.example',
    { HTTPS_PROXY: 'http://p', NO_PROXY: 'api.example:443' },
    undefined,
  ],
  ['none', 'https://api.example', {}, undefined],
])('proxyFor: %s', (_name, url, env, proxy) => {
  expect(proxyFor(url, env)).toBe(proxy);
});

let api: LoopbackApi;
/** Targets that the proxy was asked for. */
const targets: string[] = [];
const authorizations: unknown[] = [];
const proxy = createServer();
let proxyHost = '';

beforeAll(async () => {
  api = await startLoopbackApi();
  proxy.on('connect', (request, client, head) => {
    const target = request.url ?? '';
    targets.push(target);
    authorizations.push(request.headers['proxy-authorization']);
    const [host = '', port = ''] = target.split(':');
    if (host !== '127.0.0.1') return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const server = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      server.write(head);
      server.pipe(client).pipe(server);
    });
    for (const socket of [server, client]) {
      socket.on('error', () => {
        server.destroy();
        client.destroy();
      });
    }
  });
  proxyHost = await new Promise((resolve) => {
    proxy.listen(0, '127.0.0.1', () => {
      const address = proxy.address();
      resolve(typeof address === 'object' ? `127.0.0.1:${address?.port}` : '');
    });
  });
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await api.close();
});
beforeEach(() => {
  targets.length = 0;
  api.reset();
});

async function ask(env: Readonly<Record<string, string>>): Promise<ModelReply> {
  const all = { ANTHROPIC_API_KEY: CREDENTIALS.key, ...env };
  const selection = selectProviders(all, undefined);
  if (selection.kind !== 'chosen') throw new Error(selection.why);
  const context = { env: all, timing: fakeTiming(), claude: undefined, untrusted: [] };
  const transport = await openTransport(selection.choices[0], context);
  return transport.send(requestFor('anthropic', all), new AbortController().signal);
}

test('an answer comes through the proxy, which learns no more than the target', async () => {
  const reply = await ask({
    ANTHROPIC_BASE_URL: `${api.url}/anthropic`,
    HTTP_PROXY: `http://someone:proxy-password@${proxyHost}`,
  });
  expect(reply).toMatchObject({ kind: 'answer' });
  expect(targets).toEqual([api.host]);
  expect(authorizations.at(-1)).toMatch(/^Basic /);
  const [request] = api.requests;
  expect(request?.headers).not.toHaveProperty('proxy-authorization');
});

test('an exception goes the direct way', async () => {
  const reply = await ask({
    ANTHROPIC_BASE_URL: `${api.url}/anthropic`,
    HTTP_PROXY: `http://${proxyHost}`,
    NO_PROXY: '127.0.0.1',
  });
  expect(reply).toMatchObject({ kind: 'answer' });
  expect(targets).toEqual([]);
});

test('a proxy that says no is a network failure, without its password', async () => {
  const reply = await ask({
    ANTHROPIC_BASE_URL: 'https://api.invalid',
    HTTPS_PROXY: `http://someone:proxy-password@${proxyHost}`,
  });
  expect(reply).toMatchObject({ kind: 'failure', failure: 'network' });
  expect(JSON.stringify(reply)).not.toContain('proxy-password');
  expect(targets).toEqual(['api.invalid:443']);
});

test.each([
  ['no address', 'gateway.example'],
  ['another protocol', 'file:///etc/passwd'],
])('a base URL that is %s', async (_name, url) => {
  expect(await ask({ ANTHROPIC_BASE_URL: url })).toMatchObject({
    kind: 'failure',
    failure: 'auth',
    message: expect.stringContaining('no http or https address'),
  });
});
