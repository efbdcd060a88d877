/** Plays sessions of many small edits and takes the hooks' times from the host's debug log. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { startApiServer } from './api-server.ts';
import type { Step } from './api-server.ts';
import { asRecord } from './api-rules.ts';
import { claudeBinary, claudeEnvironment, createSandbox, ROOT_DIR } from './claude-cli.ts';
import type { Sandbox } from './claude-cli.ts';
import { hookTimes } from './debug-log.ts';
import { ANSWERERS, rowOf } from './hook-times.ts';
import type { Answerer, HookTimes, HookTimesRow, Kind } from './hook-times.ts';
import { MODES, runSession } from './modes.ts';
import type { Mode } from './modes.ts';
import { pause } from './processes.ts';
import { endService, serviceAnswers, serviceState } from './resident.ts';
import type { TerminalKind } from './terminal.ts';

/** Edits of each kind in a session, and sessions of each sort; sorts take turns. */
const EDITS = 20;
const ROUNDS = 3;

const BODY = Array.from(
  { length: 40 },
  (_, line) => `    total_${line} = rate(${line}) + sum(item.price for item in items)\n`,
).join('');

const KIND_OF: readonly Kind[] = ['clean', 'dangerous'];

function steps(project: string): readonly Step[] {
  const edits = Array.from({ length: EDITS * 2 }, (_, index): Step => {
    const load = KIND_OF[index % 2] === 'dangerous' ? 'yaml.load' : 'yaml.safe_load';
    const content = `import yaml\n\n\ndef price(text, items):\n    rate = ${load}(text)\n${BODY}`;
    return { tool: 'Write', input: { file_path: join(project, `price_${index}.py`), content } };
  });
  return [...edits, { text: 'All done.' }];
}

/** Times by kind; a session in which something went wrong throws. */
async function session(
  mode: Mode,
  answerer: Answerer,
  terminal: TerminalKind | undefined,
): Promise<ReadonlyMap<Kind, readonly number[]>> {
  const sandbox = createSandbox({});
  const api = await startApiServer(steps(sandbox.project), async (turn) => {
    if (turn === 1 && answerer === 'service') {
      await serviceAnswers(sandbox);
      await pause(500);
    }
  });
  try {
    const isOurs = answerer === 'service' || answerer === 'own process';
    const ended = await runSession(mode, sandbox, api, {
      env: answerer === 'service' ? {} : { SG_SERVICE: '0' },
      plugins: [isOurs ? sandbox.plugin : control(sandbox, answerer)],
      terminal,
    });
    if (ended.code !== 0) throw new Error(`the session ended with ${ended.code}: ${ended.stderr}`);
    const service = await serviceState(sandbox);
    if (service !== undefined) await endService(sandbox, service.pid);
    const answered = service?.edits['answered'] ?? 0;
    if (answered !== (answerer === 'service' ? EDITS * 2 : 0))
      throw new Error(`${JSON.stringify(answered)} edits were answered by the service`);
    const times = hookTimes(sandbox.debugFile, isOurs ? 'security-guidance' : 'control');
    const edits = times.filter(({ event }) => event === 'PostToolUse');
    if (edits.length !== EDITS * 2) throw new Error(`${edits.length} hooks ran`);
    const started = times.filter(({ event }) => event === 'SessionStart');
    return new Map<Kind, readonly number[]>([
      ...KIND_OF.map((kind, at) => {
        const own = edits.filter((_, index) => index % 2 === at);
        return [kind, own.map(({ milliseconds }) => milliseconds)] as const;
      }),
      ['session start', started.map(({ milliseconds }) => milliseconds)],
    ]);
  } finally {
    await api.close();
    sandbox.remove();
  }
}

/** A plugin whose hook does nothing: what the host and the system cost by themselves. */
function control({ root }: Sandbox, command: string): string {
  const dir = join(root, 'control');
  mkdirSync(join(dir, '.claude-plugin'), { recursive: true });
  mkdirSync(join(dir, 'hooks'));
  const manifest = { name: 'control', version: '1.0.0', description: 'Does nothing.' };
  writeFileSync(join(dir, '.claude-plugin/plugin.json'), JSON.stringify(manifest));
  const hook = { matcher: 'Write', hooks: [{ type: 'command', command }] };
  writeFileSync(join(dir, 'hooks/hooks.json'), JSON.stringify({ hooks: { PostToolUse: [hook] } }));
  return dir;
}

export async function recordHookTimes(terminal: TerminalKind): Promise<HookTimes> {
  const times = new Map<string, number[]>();
  const order: Pick<HookTimesRow, 'mode' | 'answerer' | 'kind'>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const mode of MODES) {
      for (const answerer of ANSWERERS) {
        const played = await patiently(() => session(mode, answerer, terminal));
        for (const [kind, own] of played) {
          if (kind === 'session start' && answerer !== 'service') continue;
          const name = `${mode} ${answerer} ${kind}`;
          const known = times.get(name);
          if (known === undefined) order.push({ mode, answerer, kind });
          times.set(name, [...(known ?? []), ...own]);
        }
      }
    }
  }
  return {
    about: [
      'How long Claude Code waited for a hook, in milliseconds, as its own debug log says it ("finished with status 0 (N ms)").',
      'Scripted sessions on loopback, 2 KB written by each edit. "service": the resident service answers; "own process": SG_SERVICE=0;',
      'the other two are hooks that do nothing. SG_E2E_RECORD=1 npm run test:e2e records it anew.',
    ].join(' '),
    recorded: new Date().toISOString().slice(0, 10),
    claudeCode: versionOfClaude(),
    node: process.versions.node,
    plugin: String(
      asRecord(JSON.parse(readFileSync(join(ROOT_DIR, 'package.json'), 'utf8')))?.['version'],
    ),
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    rows: order.map((where) => {
      const { mode, answerer, kind } = where;
      return rowOf(where, times.get(`${mode} ${answerer} ${kind}`) ?? []);
    }),
  };
}

/** Another program may keep this machine from it once. */
async function patiently<Value>(play: () => Promise<Value>): Promise<Value> {
  try {
    return await play();
  } catch {
    return play();
  }
}

function versionOfClaude(): string {
  const sandbox = createSandbox({});
  try {
    const env = { ...claudeEnvironment(sandbox) };
    const said = execFileSync(claudeBinary(), ['--version'], { env, encoding: 'utf8' });
    return /^\d+\.\d+\.\d+/.exec(said)?.[0] ?? said.trim();
  } finally {
    sandbox.remove();
  }
}
