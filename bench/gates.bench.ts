/** What the end of a turn and a command cost when there is nothing to review, as a process against `node -e 0`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { interleaved } from './statistics.ts';

export interface GateRow {
  readonly of: 'end of turn' | 'command';
  readonly gate: string;
  /** Medians in milliseconds. */
  readonly node: number;
  readonly hook: number;
  readonly ratio: number;
}

interface Gate {
  /** The end of a turn when absent. */
  readonly of?: GateRow['of'];
  readonly gate: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isRepo: boolean;
  /** Whether the resident service runs. */
  readonly isServed?: true;
  /** Changes the state that the prompt's hook left. */
  readonly state?: (state: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/** The first three before git is asked; those behind it are cheap where the service asks it. */
const GATES: readonly Gate[] = [
  { gate: 'disabled', env: { ENABLE_STOP_REVIEW: '0' }, isRepo: true },
  {
    gate: 'over the cap',
    isRepo: true,
    state: (state) => ({ ...state, firings: 3, heldSince: Date.now() }),
  },
  { gate: 'not a repository', isRepo: false },
  { gate: 'nothing changed, with the service', isRepo: true, isServed: true },
  { gate: 'nothing changed, no service', env: { SG_SERVICE: '0' }, isRepo: true },
  { of: 'command', gate: 'nothing moved, with the service', isRepo: true, isServed: true },
  { of: 'command', gate: 'no repository, no service', env: { SG_SERVICE: '0' }, isRepo: false },
];

/** `plugin` is the built dist/plugin. */
export async function benchGates(plugin: string, rounds: number): Promise<GateRow[]> {
  const rows: GateRow[] = [];
  for (const each of GATES) {
    const scratch = mkdtempSync(join(tmpdir(), 'sg-bench-'));
    try {
      rows.push(await benchGate(plugin, scratch, each, rounds));
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  return rows;
}

async function benchGate(
  plugin: string,
  scratch: string,
  { of = 'end of turn', gate, env: more, isRepo, isServed, state }: Gate,
  rounds: number,
): Promise<GateRow> {
  const project = join(scratch, 'project');
  const stateDir = join(scratch, 'state');
  mkdirSync(project);
  writeFileSync(join(project, 'a.py'), 'x = 1\n');
  const env = {
    PATH: process.env['PATH'],
    HOME: scratch,
    SECURITY_WARNINGS_STATE_DIR: stateDir,
    CLAUDE_PROJECT_DIR: project,
    ANTHROPIC_API_KEY: 'not-a-key',
    ...more,
  };
  if (isRepo) execFileSync('git', ['init', '-q'], { cwd: project, env });
  const run = (name: string): void => {
    const payload = { session_id: 'bench', cwd: project, prompt: 'Build it.' };
    const command = { hook_event_name: 'PostToolUse', tool_name: 'Bash', duration_ms: 5 };
    const input = JSON.stringify({
      ...payload,
      ...(name === 'commits' ? { ...command, tool_input: { command: 'npm test -- src/a' } } : {}),
    });
    const script = join(plugin, 'hooks/run.sh');
    // As hooks.json has the host run it.
    const args = name === 'commits' ? ['-c', `set -- commits; . '${script}'`] : [script, name];
    const { status, stdout, stderr } = spawnSync('sh', args, {
      cwd: project,
      env: { ...env, CLAUDE_PLUGIN_ROOT: plugin },
      input,
    });
    const said = `${String(stdout)}${String(stderr)}`;
    if (status !== 0 || (said !== '' && !said.includes('times in a row')))
      throw new Error(`${gate}: exit ${status}, said ${said}`);
  };
  run('user-prompt-submit');
  if (state !== undefined) {
    const file = join(stateDir, 'security_warnings_state_bench~turn.json');
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify(state({ ...Object(kept) })));
  }
  if (isServed) run('session-start');
  const pid = isServed ? await servicePid(join(stateDir, 'service/service.json')) : undefined;
  try {
    const times = await interleaved(
      rounds,
      // With the same variables: some of them make Node.js start later.
      () => void spawnSync(process.execPath, ['-e', '0'], { cwd: project, env }),
      () => run(of === 'command' ? 'commits' : 'stop'),
    );
    return { of, gate, node: times.control, hook: times.measured, ratio: times.ratio };
  } finally {
    if (pid !== undefined) process.kill(pid);
  }
}

/** Of the process that serves, which writes `file` once it does. */
async function servicePid(file: string): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    await sleep(100);
    if (!existsSync(file)) continue;
    const { pid }: { pid?: unknown } = Object(JSON.parse(readFileSync(file, 'utf8')));
    if (typeof pid === 'number') return pid;
  }
  throw new Error('the service did not start');
}
