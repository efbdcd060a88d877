/** How the user's own program is called: arguments, stdin, folder, variables. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { selectProviders } from '../../../host/providers/select.ts';
import type { ModelRequest } from '../../../orchestrator/transport.ts';
import { PROGRAM, SUCCESS, askProgram } from './fake-cli.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-cli-test-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('what the program is given', () => {
  const called = async (
    env: Readonly<Record<string, string>>,
    more: Partial<ModelRequest> = {},
  ) => {
    const record = join(dir, 'record.json');
    await askProgram(dir, { record, stdout: JSON.stringify(SUCCESS) }, { env, request: more });
    const value: {
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly stdin: string;
      readonly cwd: string;
    } = JSON.parse(readFileSync(record, 'utf8'));
    return value;
  };

  test('the prompt on stdin and never in an argument', async () => {
    const prompt = `PROMPT-CANARY ${'x'.repeat(1_000_000)}`;
    const { args, stdin } = await called({}, { prompt, effort: 'low' });
    expect(stdin).toBe(prompt);
    expect(args.join(' ')).not.toContain('CANARY diff');
    expect(args).toEqual([
      '--print',
      '--safe-mode',
      '--restricted',
      '--strict-mcp-config',
      '--setting-sources',
      '',
      '--permission-prompts',
      'none',
      '--tools',
      '',
      '--no-session-persistence',
      '--output-format',
      'json',
      '--max-budget-usd',
      '2',
      '--model',
      'opus',
      '--effort',
      'low',
      '--system-prompt',
      'SYSTEM-CANARY You review changes.',
      '--json-schema',
      expect.stringContaining('additionalProperties'),
    ]);
  });

  test('an empty folder of its own, which is gone afterwards', async () => {
    const { cwd } = await called({});
    expect(cwd).toContain('sg-review-');
    expect(existsSync(cwd)).toBe(false);
    expect(readdirSync(dir)).toEqual(['record.json']);
  });

  test('a search path without the repository and without the current folder', async () => {
    const real = process.env['PATH'] ?? '';
    const bin = join(dir, 'repo/node_modules/.bin');
    const { env } = await called({ PATH: [bin, '', '.', real].join(delimiter) });
    expect(env['PATH']).toBe(real);
  });

  test('no key, no cloud, nothing of the session around it, and the guard', async () => {
    const { env } = await called({
      ANTHROPIC_API_KEY: 'key',
      ANTHROPIC_AUTH_TOKEN: 'token',
      ANTHROPIC_BASE_URL: 'http://gateway',
      ANTHROPIC_CUSTOM_HEADERS: 'x-team: blue\nAuthorization: Bearer x\nX-Api-Key: y',
      CLAUDE_CODE_OAUTH_TOKEN: 'oauth',
      CLAUDE_CODE_USE_BEDROCK: '1',
      CLAUDE_CODE_SESSION_ID: 's',
      CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR: '3',
      CLAUDE_PLUGIN_ROOT: '/p',
      CLAUDECODE: '1',
      NODE_OPTIONS: '--no-warnings',
      HTTPS_PROXY: 'http://proxy',
    });
    const relevant = Object.keys(env).filter((name) =>
      /ANTHROPIC|CLAUDE|PROXY|NODE_OPTIONS|SG_INSIDE|DISABLE|MAX_/.test(name),
    );
    expect(relevant.sort()).toEqual([
      'ANTHROPIC_BASE_URL',
      'ANTHROPIC_CUSTOM_HEADERS',
      'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC',
      'CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK',
      'CLAUDE_CODE_MAX_OUTPUT_TOKENS',
      'CLAUDE_CODE_MAX_RETRIES',
      'CLAUDE_CODE_OAUTH_TOKEN',
      'DISABLE_AUTOUPDATER',
      'HTTPS_PROXY',
      'MAX_STRUCTURED_OUTPUT_RETRIES',
      'SECURITY_GUIDANCE_DISABLE',
      'SG_INSIDE_REVIEW',
    ]);
    expect(env['ANTHROPIC_CUSTOM_HEADERS']).toBe('x-team: blue');
    expect(env['CLAUDE_CODE_MAX_OUTPUT_TOKENS']).toBe('4000');
    expect(selectProviders(env, PROGRAM)).toMatchObject({ kind: 'none' });
  });
});
