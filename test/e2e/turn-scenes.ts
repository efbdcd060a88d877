/**
 * Turns of the real program. Its own model is scripted; the model that reviews is a strict stand-in, reached by way
 * of another provider, so that the two are never mixed up.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Act } from '../support/api/acts.ts';
import { CREDENTIALS } from '../support/api/auth.ts';
import { startLoopbackApi } from '../support/api/server.ts';
import type { LoopbackApi } from '../support/api/server.ts';
import { startApiServer } from './api-server.ts';
import type { ApiServer, Step } from './api-server.ts';
import { createSandbox, requireProgram } from './claude-cli.ts';
import type { Sandbox } from './claude-cli.ts';
import { modesWith } from './modes.ts';
import type { Mode } from './modes.ts';
import { pause, until } from './processes.ts';
import { logged } from './resident.ts';
import { terminalKind } from './terminal.ts';
import { runTurns } from './turns.ts';
import type { Prompt } from './turns.ts';

/** Code that no rule knows. */
const BUG = 'def read(name):\n    return open("/srv/" + name).read()\n';
const TITLE = 'A name leads out of its folder';

const terminal = terminalKind();

let sandbox: Sandbox;
let reviewer: LoopbackApi;
let api: ApiServer;

beforeAll(requireProgram, 600_000);

beforeEach(async () => {
  sandbox = createSandbox({ 'app/main.py': 'def main():\n    return 1\n' });
  reviewer = await startLoopbackApi();
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    [...who, 'commit', '-qm', 'first'],
  ])
    execFileSync('git', args, { cwd: sandbox.project, env: { PATH: process.env['PATH'] } });
});

afterEach(async () => {
  await api.close();
  await reviewer.close();
  expect(sandbox.remove()).toEqual([]);
});

async function play(
  mode: Mode,
  steps: readonly Step[],
  acts: readonly Act[],
  prompts: readonly Prompt[],
): Promise<string> {
  api = await startApiServer(steps);
  reviewer.play(...acts);
  const shown = await runTurns(mode, sandbox, api, prompts, {
    terminal,
    env: {
      SG_SERVICE: '0',
      SG_PROVIDER: 'foundry',
      ANTHROPIC_FOUNDRY_BASE_URL: `${reviewer.url}/foundry`,
      ANTHROPIC_FOUNDRY_API_KEY: CREDENTIALS.foundry,
    },
  });
  expect(api.refused).toEqual([]);
  return shown;
}

function write(path: string, content: string): Step {
  return { tool: 'Write', input: { file_path: join(sandbox.project, path), content } };
}

function findingIn(path: string): Act {
  const finding = {
    path,
    quote: 'return open("/srv/" + name).read()',
    category: 'path-traversal',
    severity: 'high',
    confidence: 'high',
    title: TITLE,
    attack: 'Asks for ../../etc/passwd.',
    fix: 'Resolve the path and compare its beginning.',
    symbol: 'read',
  };
  return { kind: 'message', text: JSON.stringify({ findings: [finding] }) };
}

/** Resolves when so many reviews are in the log. */
function reviews(count: number): () => Promise<true> {
  return () =>
    until(`${count} reviews`, () => logged(sandbox, 'review').length >= count || undefined);
}

const lastMessages = (): string => JSON.stringify(api.requests.at(-1)?.['messages']);

/** Declares the tests of turns, one group a mode; one that this machine has no terminal for is left out. */
export function testTurns(...modes: readonly Mode[]): void {
  describe.each(modesWith(terminal).filter((mode) => modes.includes(mode)))('in %s mode', turnsIn);
}

function turnsIn(mode: Mode): void {
  it('a turn with a planted bug wakes the agent with the finding', async () => {
    const steps = [write('app/files.py', BUG), { text: 'Written.' }, { text: 'All done.' }];
    const prompt = { text: 'Build it.', farewell: 'All done.', over: reviews(2) };
    await play(mode, steps, [findingIn('app/files.py')], [prompt]);
    expect(api.requests).toHaveLength(3);
    expect(JSON.stringify(api.requests[1]?.['messages'])).not.toContain(TITLE);
    expect(lastMessages()).toContain(`1. app/files.py:2: ${TITLE} [high, high confidence, CWE-22]`);
    expect(lastMessages()).toContain('Then go on with what the user asked for');
    expect(lastMessages().split(TITLE)).toHaveLength(2);
    expect(reviewer.refused).toEqual([]);
    expect(reviewer.requests.map(({ body }) => body.toString()).join('')).toContain('/srv/');
  }, 120_000);

  it('a clean turn says nothing', async () => {
    const steps = [write('app/files.py', 'x = 1\n'), { text: 'All done.' }];
    const shown = await play(
      mode,
      steps,
      [],
      [{ text: 'Build it.', farewell: 'All done.', over: reviews(1) }],
    );
    expect(reviewer.requests).toHaveLength(1);
    expect(api.requests).toHaveLength(2);
    expect(lastMessages()).not.toContain('security-guidance');
    expect(shown).not.toContain('not reviewed');
    expect(shown).not.toContain('hook error');
  }, 120_000);

  it('a 401 says so once', async () => {
    const error: Act = { kind: 'error', status: 401, type: 'authentication_error' };
    const turns = [1, 2, 3];
    const steps = turns.flatMap((turn) => [
      write(`app/files${turn}.py`, BUG),
      { text: `Turn ${turn} over.` },
    ]);
    const prompts = turns.map((turn) => ({
      text: `Build part ${turn}.`,
      farewell: `Turn ${turn} over.`,
      over: reviews(turn),
    }));
    const shown = await play(mode, steps, [error, error, error], prompts);
    expect(reviewer.requests).toHaveLength(3);
    expect(api.requests).toHaveLength(6);
    const said = shown.replaceAll(/\s+/g, ' ').split('refused the credentials').length - 1;
    // A process for each prompt is told at the end of one, and the session by the next one's prompt.
    expect(said).toBe(mode === 'print' ? 2 : 1);
    expect(lastMessages()).not.toContain('not reviewed');
  }, 180_000);

  it('three firings end the loop', async () => {
    const rounds = [1, 2, 3, 4];
    const steps = rounds.flatMap((round) => [
      write(`app/files${round}.py`, BUG),
      { text: round === 4 ? 'All done.' : `Round ${round}.` },
    ]);
    const acts = rounds.map((round) => findingIn(`app/files${round}.py`));
    const prompt = { text: 'Build it.', farewell: 'All done.', over: reviews(4) };
    await play(mode, steps, acts, [prompt]);
    expect(reviewer.requests).toHaveLength(3);
    expect(api.requests).toHaveLength(8);
    expect(lastMessages().split(TITLE)).toHaveLength(4);
    expect(logged(sandbox, 'review').at(-1)).toMatchObject({ skip_reason: 2 });
  }, 180_000);

  it.each([
    ['is missing', undefined],
    ['cannot be read', 'const = 1;'],
    ['crashes', 'process.abort();'],
    ['ends with 2', 'console.error("noise"); process.exit(2);'],
  ])(
    'a hook whose program %s never wakes',
    async (_, text) => {
      const program = join(sandbox.plugin, 'turn/main.js');
      if (text === undefined) rmSync(program);
      else writeFileSync(program, text);
      const steps = [write('app/files.py', BUG), { text: 'All done.' }];
      const shown = await play(
        mode,
        steps,
        [],
        [{ text: 'Build it.', farewell: 'All done.', over: () => pause(1_500) }],
      );
      expect(api.requests).toHaveLength(2);
      expect(lastMessages()).not.toContain('security-guidance');
      expect(shown).not.toMatch(/noise|hook[ _-]?error|hook failed/i);
    },
    120_000,
  );
}
