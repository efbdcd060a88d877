/** `sg review --deep` by the user's own `claude`, which looks around in a folder that we write. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Act } from '../support/api/acts.ts';
import { CREDENTIALS } from '../support/api/auth.ts';
import { PROGRAM } from '../host/providers/fake-cli.ts';
import { CLI } from './helpers/cli.ts';
import { FINDING, TOKEN, useDeepWorld } from './helpers/deep-world.ts';

const { api, deep, environment, home, repo, wire } = useDeepWorld();

describe('your own claude', () => {
  const subscription = (play: Record<string, unknown>): Record<string, string> => ({
    SG_PROVIDER: 'subscription',
    SG_AGENTIC_CLI_PATH: PROGRAM,
    SG_AGENTIC_ITER2: '0',
    SG_AGENTIC_FILTER: 'none',
    SG_TEST_PLAY: JSON.stringify(play),
  });
  const success = {
    type: 'result',
    subtype: 'success',
    structured_output: { findings: [FINDING] },
    usage: { input_tokens: 5, output_tokens: 6 },
  };

  test('looks around in a folder with the commit, redacted, which is gone afterwards', async () => {
    const record = join(home(), 'called.json');
    const listing = join(home(), 'listing.json');
    const play = { stdout: JSON.stringify(success), record, listing };
    const { code, stdout } = await deep(undefined, subscription(play));
    expect(stdout).toContain('app/store.py:4');
    expect(code).toBe(1);
    const called = JSON.parse(readFileSync(record, 'utf8'));
    expect(called.args).toEqual(
      expect.arrayContaining(['--restricted', '--safe-mode', '--tools', 'Read,Grep,Glob']),
    );
    expect(called.cwd).toMatch(/sg-checkout-\d+-\w{6}$/);
    const files = JSON.parse(readFileSync(listing, 'utf8'));
    expect(Object.keys(files).sort()).toEqual(['app/routes.py', 'app/store.py']);
    expect(files['app/store.py']).toContain('SG_REDACTED_github-token_');
    expect(JSON.stringify(files)).not.toMatch(/CANARY|NOT-COMMITTED/);
    expect(readdirSync(home()).filter((name) => name.startsWith('sg-'))).toEqual([]);
  });

  test('what a kill -9 left behind is gone after the next run', async () => {
    const hang = join(home(), 'hang');
    const child = spawn(process.execPath, [CLI, 'review', '--deep', '--commit', 'HEAD'], {
      cwd: repo(),
      env: { PATH: process.env['PATH'], ...environment(), ...subscription({ hang }) },
      stdio: 'ignore',
    });
    for (let tries = 0; !existsSync(hang) && tries < 500; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const pids = readFileSync(hang, 'utf8').split(' ').map(Number);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    const checkouts = () => readdirSync(home()).filter((name) => name.startsWith('sg-checkout-'));
    expect(checkouts()).toHaveLength(1);
    await deep(undefined, subscription({ stdout: JSON.stringify(success) }));
    expect(checkouts()).toEqual([]);
  });
});

describe.skipIf(!process.env['SG_E2E_CLAUDE'])('the real claude', () => {
  test('investigates in its folder, and each finding is refuted by another', async () => {
    const program = process.env['SG_E2E_CLAUDE'] ?? '';
    const hand = (input: Readonly<Record<string, unknown>>): Act => ({
      kind: 'tool',
      name: 'StructuredOutput',
      input,
    });
    api().play(
      {
        kind: 'calls',
        calls: [
          { name: 'Grep', input: { pattern: 'def load', output_mode: 'content' } },
          { name: 'Read', input: { file_path: '/etc/passwd' } },
        ],
      },
      hand({ findings: [FINDING] }),
      hand({ verdict: 'upheld', reason: 'no check', evidence: [] }),
    );
    const { code, stdout } = await deep(undefined, {
      SG_PROVIDER: 'subscription',
      SG_AGENTIC_CLI_PATH: program,
      SG_AGENTIC_ITER2: '0',
      ANTHROPIC_API_KEY: '',
      CLAUDE_CODE_OAUTH_TOKEN: CREDENTIALS.oauth,
      CLAUDE_CONFIG_DIR: join(home(), '.claude'),
    });
    expect(api().refused).toEqual([]);
    expect(stdout).toContain('app/store.py:4  high  CWE-22');
    expect(stdout).toContain('upheld 1');
    expect(code).toBe(1);
    expect(wire()).toContain('app/store.py:3:def load(name):');
    for (const secret of [TOKEN, 'CANARY', 'NOT-COMMITTED', 'root:x'])
      expect(wire()).not.toContain(secret);
    expect(readdirSync(home()).filter((name) => name.startsWith('sg-'))).toEqual([]);
  });
});
