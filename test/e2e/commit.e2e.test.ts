/**
 * Commits of the real program. Its own model is scripted; the reviewer, reached by way of another provider, is scripted
 * as well, and looks around in the commit by the plugin's own tools.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeLedger } from '../../host/commits/ledger-file.ts';
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
import { pause, processesOf, until } from './processes.ts';
import { endService, logged, serviceAnswers } from './resident.ts';
import { terminalKind } from './terminal.ts';
import { runTurns } from './turns.ts';
import type { Prompt } from './turns.ts';

const STORE = 'def load(name):\n    path = "/srv/" + name\n    return open(path).read()\n';
const ROUTES = 'from store import load\n\ndef show(request):\n    return load(request["name"])\n';
const BUG = 'def read(name):\n    return open("/srv/" + name).read()\n';
const TITLE = 'A name leads out of its folder';

const CLAIM = {
  path: 'app/files.py',
  quote: 'return open("/srv/" + name).read()',
  symbol: 'read',
  category: 'path-traversal',
  severity: 'high',
  confidence: 'high',
  title: TITLE,
  attack: 'Asks for ../../etc/passwd and reads it.',
  fix: 'Take os.path.basename of the name.',
};
/** The sink was there before the session; what makes it reachable is in the commit. */
const ACROSS_FILES = {
  ...CLAIM,
  path: 'app/store.py',
  quote: 'return open(path).read()',
  symbol: 'load',
  trace: [
    { path: 'app/routes.py', line: 4, code: 'return load(request["name"])', note: 'any caller' },
    { path: 'app/store.py', line: 2, code: 'path = "/srv/" + name', note: 'joined' },
  ],
};

const says = (value: unknown): Act => ({ kind: 'message', text: JSON.stringify(value) });
const NOTHING_MORE = says({ findings: [] });
const UPHELD = says({ verdict: 'upheld', reason: 'There is no check.', evidence: [] });
const LOOK_AROUND: Act = {
  kind: 'calls',
  calls: [
    { name: 'Grep', input: { pattern: 'def load' } },
    { name: 'Glob', input: { pattern: 'app/*.py' } },
    { name: 'Read', input: { path: 'app/store.py' } },
  ],
};

const terminal = terminalKind();
const modes = modesWith(terminal);

let sandbox: Sandbox;
let reviewer: LoopbackApi;
let api: ApiServer;

beforeAll(requireProgram, 600_000);

beforeEach(async () => {
  sandbox = createSandbox({ 'app/store.py': STORE });
  reviewer = await startLoopbackApi();
  for (const args of [
    ['init', '-q'],
    ['config', 'user.name', 'a'],
    ['config', 'user.email', 'a@example.com'],
    ['add', '.'],
    ['commit', '-qm', 'first'],
  ])
    git(...args);
  // Only edits are accepted without a question.
  const settings = { permissions: { allow: ['Bash'] } };
  writeFileSync(join(sandbox.home, '.claude/settings.json'), JSON.stringify(settings));
});

afterEach(async () => {
  await api.close();
  await reviewer.close();
  expect(sandbox.remove()).toEqual([]);
});

function git(...args: readonly string[]): string {
  const env = { PATH: process.env['PATH'], HOME: sandbox.home };
  return execFileSync('git', args, { cwd: sandbox.project, env, encoding: 'utf8' }).trim();
}

interface Script {
  readonly steps: readonly Step[];
  /** Of the reviewer. */
  readonly acts?: readonly Act[];
  readonly prompts: readonly Prompt[];
  readonly before?: (turn: number) => Promise<void>;
  readonly env?: Readonly<Record<string, string>>;
}

async function play(
  mode: Mode,
  { steps, acts = [], prompts, before, env = { SG_SERVICE: '0' } }: Script,
): Promise<string> {
  api = await startApiServer(steps, before);
  reviewer.play(...acts);
  const shown = await runTurns(mode, sandbox, api, prompts, {
    terminal,
    env: {
      SG_PROVIDER: 'foundry',
      ANTHROPIC_FOUNDRY_BASE_URL: `${reviewer.url}/foundry`,
      ANTHROPIC_FOUNDRY_API_KEY: CREDENTIALS.foundry,
      ...env,
    },
  });
  expect(api.refused).toEqual([]);
  expect(reviewer.refused).toEqual([]);
  expect(shown).not.toMatch(/hook[ _-]?error|hook failed/i);
  return shown;
}

/** What is there when the session begins is no part of a turn, so that its end has nothing to review. */
function write(path: string, content: string): void {
  writeFileSync(join(sandbox.project, path), content);
}

const bash = (command: string): Step => ({
  tool: 'Bash',
  input: { command, description: 'A step of the script' },
});
const commit = (path: string): Step => bash(`git add ${path} && git commit -qm "Add ${path}"`);

/** What the ledger says of the newest commit. */
function headState(): string | undefined {
  const path = join(sandbox.project, '.git/security-guidance/commits.json');
  if (!existsSync(path)) return undefined;
  return decodeLedger(JSON.parse(readFileSync(path, 'utf8')))?.get(git('rev-parse', 'HEAD'))?.state;
}

const isReviewed = (): Promise<true> =>
  until('a verdict on the commit', () => headState() === 'reviewed' || undefined, 60_000);

/** All hooks are over after this many ends of a turn, and the host has had time to see that. */
async function hooksEnd(stops: number): Promise<void> {
  await until(`stop ${stops}`, () => {
    const log = readFileSync(sandbox.debugFile, 'utf8');
    return timesIn(log, ' Hooks: Stop [') >= 2 * stops || undefined;
  });
  await until('the end of all hooks', () =>
    processesOf(sandbox.root).some(({ args }) => args.includes('/plugin/hooks/run.sh'))
      ? undefined
      : true,
  );
  await pause(300);
}

const reviews = (): number =>
  logged(sandbox, 'review').filter(({ layer }) => layer === 'commit').length;

/** Requests of the session's own model, as text. */
const asked = (): readonly string[] => api.requests.map(({ messages }) => JSON.stringify(messages));
const timesIn = (text: string, part: string): number => text.split(part).length - 1;

const over = (stops: number): Promise<void> => isReviewed().then(() => hooksEnd(stops));

describe.each(modes)('in %s mode', (mode) => {
  it('a clean commit says nothing, and a planted bug across files wakes the agent once', async () => {
    write('app/clean.py', 'x = 1\n');
    write('app/routes.py', ROUTES);
    // Where the host waits for the hook, the agent hears of it with the result of its command.
    const idle = mode === 'print' ? [] : [{ text: 'Committed.' }];
    const steps = [
      commit('app/clean.py'),
      commit('app/routes.py'),
      ...idle,
      bash('git commit -q --amend -m "Show files"'),
      bash('git status --short'),
      { text: 'All done.' },
    ];
    const found = [LOOK_AROUND, says({ findings: [ACROSS_FILES] }), NOTHING_MORE, UPHELD];
    let service = 0;
    await play(mode, {
      steps,
      acts: [NOTHING_MORE, ...found],
      env: {},
      async before(turn) {
        if (turn === 1) service = (await serviceAnswers(sandbox)).pid;
        if (turn === 2) await over(0);
      },
      prompts: [{ text: 'Commit it.', farewell: 'All done.', over: () => over(1 + idle.length) }],
    });
    await endService(sandbox, service);

    const texts = asked();
    const woken = 2 + idle.length;
    expect(texts.slice(0, woken).join('')).not.toContain('security-guidance');
    expect(texts.slice(woken).map((text) => timesIn(text, TITLE))).toEqual([1, 1, 1]);
    expect(texts.at(-1)).toMatch(/A review of commit [0-9a-f]{9} found a security problem/);
    expect(texts.at(-1)).toContain(
      [
        `1. app/store.py:3: ${TITLE} [high, medium confidence, CWE-22, outside of the change itself]`,
        '   Code: return open(path).read()',
        '   By way of: app/routes.py:4 any caller',
        '   By way of: app/store.py:2 joined',
      ].join('\\n'),
    );
    // Only the reviewer's own look around led to the sink.
    const [, first, second] = reviewer.requests.map(({ body }) => body.toString());
    expect(first).not.toContain('/srv/');
    expect(second).toContain(String.raw`path = \"/srv/\" + name`);
    // Neither the new message of the same commit nor a command that commits nothing costs anything.
    expect(git('log', '-1', '--format=%s')).toBe('Show files');
    expect(reviewer.requests).toHaveLength(1 + found.length);
    expect(reviews()).toBe(2);
  }, 120_000);

  it('a 401 says so once, and wakes nobody', async () => {
    const error: Act = { kind: 'error', status: 401, type: 'authentication_error' };
    for (const path of ['app/files1.py', 'app/files2.py']) write(path, BUG);
    // Where the host does not wait, what there is to say of the second commit would come with a third prompt.
    const turns = mode === 'print' ? [1, 2] : [1, 2, 3];
    const shown = await play(mode, {
      steps: [
        commit('app/files1.py'),
        { text: 'Turn 1 over.' },
        commit('app/files2.py'),
        { text: 'Turn 2 over.' },
        { text: 'Turn 3 over.' },
      ],
      // A commit without a verdict is tried again when the agent stops after it.
      acts: Array.from({ length: 6 }, () => error),
      prompts: turns.map((turn) => ({
        text: `Do part ${turn}.`,
        farewell: `Turn ${turn} over.`,
        over: () => hooksEnd(turn),
      })),
    });
    expect(reviewer.requests.length).toBeGreaterThan(1);
    expect(asked()).toHaveLength(2 + turns.length);
    expect(asked().at(-1)).not.toContain('security-guidance');
    const said = timesIn(shown.replaceAll(/\s+/g, ' '), 'refused the credentials');
    // A process for each prompt is told after its command, and the session by the next one's prompt.
    expect(said).toBe(mode === 'print' ? 2 : 1);
  }, 120_000);
});

it('a busy agent hears of its commit with its next request, and at the end of the turn not again', async () => {
  const input = { file_path: join(sandbox.project, 'app/files.py'), content: BUG };
  const steps = [
    { tool: 'Write', input },
    commit('app/files.py'),
    bash('git status --short'),
    { text: 'All done.' },
  ];
  const found = [says({ findings: [{ ...CLAIM, trace: [] }] }), NOTHING_MORE, UPHELD];
  await play('stream', {
    steps,
    acts: [...found, says({ findings: [CLAIM] })],
    async before(turn) {
      if (turn === 3) await over(0);
    },
    prompts: [{ text: 'Build it.', farewell: 'All done.', over: () => hooksEnd(1) }],
  });
  expect(reviewer.requests).toHaveLength(found.length + 1);
  expect(asked().map((text) => timesIn(text, TITLE))).toEqual([0, 0, 0, 1]);
}, 120_000);
