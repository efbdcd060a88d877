import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { asRecord } from './api-rules.ts';
import { startApiServer } from './api-server.ts';
import type { ApiServer } from './api-server.ts';
import { createSandbox, requireProgram, ROOT_DIR, runClaude } from './claude-cli.ts';
import type { Ended, Sandbox } from './claude-cli.ts';
import { runSession } from './modes.ts';
import { createRecorder, demoSession } from './recorder.ts';
import { logged, serviceState, stateDir } from './resident.ts';
import { expectWarnings, script, SPEAKER } from './scripted.ts';
import { EDITS, PROJECT_FILES } from './session.ts';

/** Every hook works in its own process. */
const ALONE = { SG_SERVICE: '0' };

let sandbox: Sandbox;
let api: ApiServer;

beforeAll(requireProgram, 600_000);

afterEach(async () => {
  await api.close();
  expect(sandbox.remove()).toEqual([]);
});

async function expectNoService(): Promise<void> {
  expect(await serviceState(sandbox)).toBeUndefined();
  expect(existsSync(join(stateDir(sandbox), 'service'))).toBe(false);
  expect(logged(sandbox, 'service-start')).toEqual([]);
}

function expectQuietEnd({ code, stdout, stderr }: Ended): void {
  expect(code, stderr + stdout).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).not.toMatch(/hook[ _-]?error|hook failed/i);
}

describe('without the service a real session hears about dangerous edits and nothing else', () => {
  it('in print mode', async () => {
    sandbox = createSandbox(PROJECT_FILES);
    const { steps, turns } = script(sandbox.project);
    api = await startApiServer(steps);
    const recorded = join(sandbox.home, 'payloads.jsonl');
    const recorder = join(sandbox.home, 'recorder');
    createRecorder(recorder, recorded);
    const ended = await runSession('print', sandbox, api, {
      plugins: [sandbox.plugin, recorder],
      env: ALONE,
    });
    expectQuietEnd(ended);
    expect(ended.stdout).toContain('All done.');
    expectWarnings(api, turns);
    await expectNoService();
    const session = demoSession(recorded, EDITS, sandbox.project);
    const demo = join(ROOT_DIR, 'hooks/demo-session.json');
    const text = `${JSON.stringify(session, null, 2)}\n`;
    if (process.env['SG_E2E_RECORD'] === '1') writeFileSync(demo, text);
    const kept: unknown = JSON.parse(readFileSync(demo, 'utf8'));
    expect(Array.isArray(kept) && kept.map((step) => asRecord(step)?.['label'])).toEqual(
      EDITS.map(({ label }) => label),
    );
  }, 120_000);

  it('in stream mode', async () => {
    sandbox = createSandbox(PROJECT_FILES);
    const { steps, turns } = script(sandbox.project);
    api = await startApiServer(steps);
    expectQuietEnd(await runSession('stream', sandbox, api, { env: ALONE }));
    expectWarnings(api, turns);
    await expectNoService();
  }, 120_000);
});

describe('a policy', () => {
  it('keeps an edit from being made, and the model hears why', async () => {
    sandbox = createSandbox({
      ...PROJECT_FILES,
      'policy.yaml': 'block: [python-yaml-unsafe-load]\n',
    });
    const file_path = join(sandbox.project, 'blocked.py');
    const content = 'import yaml\nx = yaml.load(f)\n';
    api = await startApiServer([
      { tool: 'Write', input: { file_path, content } },
      { text: 'All done.' },
    ]);
    const env = { ...ALONE, SG_POLICY: join(sandbox.project, 'policy.yaml') };
    expectQuietEnd(await runSession('print', sandbox, api, { env }));
    expect(JSON.stringify(api.requests.at(-1)?.['messages'])).toContain(
      '- python-yaml-unsafe-load (line 2): ',
    );
    expect(existsSync(file_path)).toBe(false);
  }, 120_000);
});

describe('the plugin', () => {
  it('does nothing at all when it is switched off', async () => {
    sandbox = createSandbox(PROJECT_FILES);
    api = await startApiServer(script(sandbox.project).steps);
    const env = { SECURITY_GUIDANCE_DISABLE: '1' };
    expectQuietEnd(await runSession('print', sandbox, api, { env }));
    expect(JSON.stringify(api.requests.at(-1)?.['messages'])).not.toContain(SPEAKER);
    expect(existsSync(stateDir(sandbox))).toBe(false);
  }, 120_000);

  it('has a valid manifest', async () => {
    sandbox = createSandbox({});
    api = await startApiServer([]);
    const ended = await runClaude(['plugin', 'validate', sandbox.plugin], sandbox);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(ended.stdout).toContain('Validation passed');
  }, 60_000);
});
