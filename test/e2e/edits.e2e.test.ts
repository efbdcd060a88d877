import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { asRecord, blocksOf } from './api-rules.ts';
import type { JsonRecord } from './api-rules.ts';
import { startApiServer, toolUseId } from './api-server.ts';
import type { ApiServer, Step } from './api-server.ts';
import { claudeBinary, createSandbox, PLUGIN_DIR, ROOT_DIR, runClaude } from './claude-cli.ts';
import type { Ended, Sandbox } from './claude-cli.ts';
import { createRecorder, demoSession } from './recorder.ts';
import { EDITS, PROJECT_FILES } from './session.ts';

const SPEAKER = 'Automated message of the security-guidance plugin';

let sandbox: Sandbox;
let api: ApiServer;

beforeAll(() => {
  if (!existsSync(PLUGIN_DIR)) throw new Error('dist/plugin is missing: run `npm run build`');
  claudeBinary();
}, 600_000);

afterEach(async () => {
  await api.close();
  sandbox.remove();
});

/** The model's calls, and for each edit the number of the call that makes it, counted from 1. */
function script(project: string): { readonly steps: Step[]; readonly turns: number[] } {
  const steps: Step[] = [];
  const turns: number[] = [];
  const known = new Set<string>();
  for (const { tool, file, input } of EDITS) {
    const path = join(project, file);
    if (tool === 'NotebookEdit') {
      steps.push({ tool: 'ToolSearch', input: { query: 'select:NotebookEdit', max_results: 5 } });
    }
    // The host refuses to change a file that the model has not seen.
    if (tool !== 'Write' && !known.has(file)) {
      steps.push({ tool: 'Read', input: { file_path: path } });
    }
    known.add(file);
    const pathField = tool === 'NotebookEdit' ? 'notebook_path' : 'file_path';
    steps.push({ tool, input: { [pathField]: path, ...input } });
    turns.push(steps.length);
  }
  steps.push({ text: 'All done.' });
  return { steps, turns };
}

/** The result of a tool call, and all that came to the model with it and before its next answer. */
function after(request: JsonRecord | undefined, turn: number): { result: string; beside: string } {
  const messages = Array.isArray(request?.['messages']) ? request['messages'].map(asRecord) : [];
  const isResult = (block: JsonRecord): boolean =>
    block['type'] === 'tool_result' && block['tool_use_id'] === toolUseId(turn);
  const at = messages.findIndex((message) => blocksOf(message).some(isResult));
  if (at < 0) throw new Error(`request ${turn + 1} has no result of call ${turn}`);
  const blocks = messages.slice(at).flatMap(blocksOf);
  return {
    result: JSON.stringify(blocks.filter(isResult)),
    beside: blocks
      .filter((block) => !isResult(block))
      .map(({ text }) => (typeof text === 'string' ? text : ''))
      .join('\n'),
  };
}

function expectWarnings(turns: readonly number[]): void {
  expect(api.refused).toEqual([]);
  for (const [index, { label, tool, kind, file, ruleId }] of EDITS.entries()) {
    const turn = turns[index] ?? 0;
    // Request N + 1 carries what call N led to.
    const { result, beside } = after(api.requests[turn], turn);
    expect(result, label).not.toContain('"is_error":true');
    if (kind === 'dangerous') {
      expect(beside.split(SPEAKER), label).toHaveLength(2);
      expect(beside, label).toContain(`PostToolUse:${tool} hook additional context`);
      expect(beside, label).toContain(`1. ${file}`);
      expect(beside, label).toContain(`[rule ${ruleId ?? ''},`);
    } else {
      expect(beside, label).not.toContain('security-guidance');
    }
  }
}

function expectQuietEnd({ code, stdout, stderr }: Ended): void {
  expect(code, stderr + stdout).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).not.toMatch(/hook[ _-]?error|hook failed/i);
}

const FLAGS = ['--permission-mode', 'acceptEdits', '--model', 'claude-sonnet-5-5'];

describe('a real session hears about dangerous edits and nothing else', () => {
  it('in print mode', async () => {
    sandbox = createSandbox(PROJECT_FILES);
    const { steps, turns } = script(sandbox.project);
    api = await startApiServer(steps);
    const recorded = join(sandbox.home, 'payloads.jsonl');
    const recorder = join(sandbox.home, 'recorder');
    createRecorder(recorder, recorded);
    const args = [
      '-p',
      'Build it.',
      '--plugin-dir',
      PLUGIN_DIR,
      '--plugin-dir',
      recorder,
      ...FLAGS,
    ];
    const ended = await runClaude(args, sandbox, { env: { ANTHROPIC_BASE_URL: api.url } });
    expectQuietEnd(ended);
    expect(ended.stdout).toContain('All done.');
    expectWarnings(turns);
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
    const stream = ['--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'];
    const ended = await runClaude(
      ['-p', ...stream, '--plugin-dir', PLUGIN_DIR, ...FLAGS],
      sandbox,
      {
        env: { ANTHROPIC_BASE_URL: api.url },
        stdin: `${JSON.stringify({ type: 'user', message: { role: 'user', content: 'Build it.' } })}\n`,
        endStdin: (stdout) => stdout.includes('"type":"result"'),
      },
    );
    expectQuietEnd(ended);
    expectWarnings(turns);
  }, 120_000);

  it('and nothing at all when it is switched off', async () => {
    sandbox = createSandbox(PROJECT_FILES);
    api = await startApiServer(script(sandbox.project).steps);
    const ended = await runClaude(
      ['-p', 'Build it.', '--plugin-dir', PLUGIN_DIR, ...FLAGS],
      sandbox,
      {
        env: { ANTHROPIC_BASE_URL: api.url, SECURITY_GUIDANCE_DISABLE: '1' },
      },
    );
    expectQuietEnd(ended);
    expect(JSON.stringify(api.requests.at(-1)?.['messages'])).not.toContain(SPEAKER);
    expect(existsSync(join(sandbox.home, '.claude/security'))).toBe(false);
  }, 120_000);

  it('and the manifest is valid', async () => {
    sandbox = createSandbox({});
    api = await startApiServer([]);
    const ended = await runClaude(['plugin', 'validate', PLUGIN_DIR], sandbox);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(ended.stdout).toContain('Validation passed');
  }, 60_000);
});
