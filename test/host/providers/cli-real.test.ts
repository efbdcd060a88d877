/** The real program against the stand-in, where `SG_E2E_CLAUDE` names one. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTransport } from '../../../host/providers/open.ts';
import { selectProviders } from '../../../host/providers/select.ts';
import type { FailureClass, ModelReply } from '../../../orchestrator/transport.ts';
import type { Act } from '../../support/api/acts.ts';
import { CREDENTIALS } from '../../support/api/auth.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { fakeTiming, requestFor, until } from './world.ts';

const program = process.env['SG_E2E_CLAUDE'];

describe.skipIf(!program)('the real claude', () => {
  let api: LoopbackApi;
  let root: string;
  beforeAll(async () => {
    api = await startLoopbackApi();
    root = mkdtempSync(join(tmpdir(), 'sg-claude-'));
    // A hook of the user's, which a review must not set off.
    mkdirSync(join(root, '.claude'));
    const hooks = ['UserPromptSubmit', 'Stop', 'SessionStart'].map((event) => [
      event,
      [{ hooks: [{ type: 'command', command: `touch ${join(root, 'fired')}` }] }],
    ]);
    const settings = JSON.stringify({ hooks: Object.fromEntries(hooks) });
    writeFileSync(join(root, '.claude/settings.json'), settings);
  });
  afterAll(async () => {
    await api.close();
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(() => api.reset());

  const ask = async (signal: AbortSignal = AbortSignal.timeout(60_000)): Promise<ModelReply> => {
    const env = {
      PATH: process.env['PATH'],
      HOME: root,
      CLAUDE_CONFIG_DIR: join(root, '.claude'),
      ANTHROPIC_BASE_URL: `${api.url}/anthropic`,
      ANTHROPIC_API_KEY: CREDENTIALS.key,
      CLAUDE_CODE_OAUTH_TOKEN: CREDENTIALS.oauth,
      DISABLE_TELEMETRY: '1',
      SG_PROVIDER: 'subscription',
    };
    const selection = selectProviders(env, program);
    if (selection.kind !== 'chosen') throw new Error(selection.why);
    const context = { env, timing: fakeTiming(), claude: program, untrusted: [] };
    const transport = await openTransport(selection.choices[0], context);
    return transport.send(requestFor('claude-cli', env), signal);
  };

  test('answers by the subscription, with no key, tool, hook or file of the user', async () => {
    const input = { findings: ['ä'] };
    api.play({ kind: 'tool', name: 'StructuredOutput', input });
    expect(await ask()).toEqual({
      kind: 'answer',
      text: '{"findings":["ä"]}',
      usage: { inputTokens: 120, outputTokens: 30, cacheReadTokens: 400, cacheWriteTokens: 50 },
      model: 'claude-opus-5-5',
    });
    expect(api.refused).toEqual([]);
    expect(api.requests).toHaveLength(1);
    const [request] = api.requests;
    expect(request?.headers['authorization']).toBe(`Bearer ${CREDENTIALS.oauth}`);
    expect(request?.body.toString()).toContain('PROMPT-CANARY');
    expect(request?.body.toString()).not.toContain(process.cwd());
    const tools: unknown = request?.json?.['tools'];
    expect(tools).toEqual(expect.not.arrayContaining([expect.objectContaining({ name: 'Read' })]));
    expect(JSON.stringify(tools)).not.toMatch(/"(?:Read|Bash|Grep|Glob|Edit|Write|WebFetch)"/);
    expect(existsSync(join(root, 'fired'))).toBe(false);
  });

  const refusal: Act = { kind: 'message', text: '', stopReason: 'refusal', category: 'cyber' };
  const cases: readonly (readonly [string, Act, FailureClass])[] = [
    ['401', { kind: 'error', status: 401, type: 'authentication_error' }, 'auth'],
    ['404', { kind: 'error', status: 404, type: 'not_found_error' }, 'unknown-model'],
    ['413', { kind: 'error', status: 413, type: 'request_too_large' }, 'too-large'],
    ['429', { kind: 'error', status: 429, type: 'rate_limit_error' }, 'rate-limit'],
    ['500', { kind: 'error', status: 500, type: 'api_error' }, 'server'],
    ['529', { kind: 'error', status: 529, type: 'overloaded_error' }, 'overloaded'],
    [
      'overloaded inside the stream',
      { kind: 'error-event', type: 'overloaded_error', message: 'x' },
      'overloaded',
    ],
    ['a reset', { kind: 'reset' }, 'network'],
    ['a stream that is cut', { kind: 'truncate', how: 'cut' }, 'network'],
    ['a page', { kind: 'page', status: 200 }, 'not-json'],
    ['a page with 502', { kind: 'page', status: 502 }, 'server'],
    ['a refusal', refusal, 'refusal'],
    ['max_tokens', { kind: 'message', text: '{"find', stopReason: 'max_tokens' }, 'truncated'],
    ['the wrong schema', { kind: 'tool', name: 'StructuredOutput', input: { nope: 1 } }, 'schema'],
  ];
  test.each(cases)('%s', async (_name, act, failure) => {
    api.play(...Array.from({ length: 8 }, () => act));
    const reply = await ask();
    expect(reply).toMatchObject({ kind: 'failure', failure });
    expect(JSON.stringify(reply)).not.toContain('loopback-');
  });

  test('a hang ends with the caller', async () => {
    api.play({ kind: 'hang' });
    const controller = new AbortController();
    const reply = ask(controller.signal);
    await until(() => api.requests.length === 1, 'the request');
    controller.abort();
    expect(await reply).toMatchObject({ kind: 'failure', failure: 'cancelled' });
  });
});
