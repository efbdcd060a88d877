/** Plays the recorded session: a turn begins, and each edit goes to the hook as the host would give it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { serviceDir } from '../../host/service/paths.ts';
import type { Io } from '../io.ts';
import { contextOf, readHookCommands, runHook } from './hook.ts';
import type { HookCommands, HookRun, HookSetting } from './hook.ts';
import { startService } from './service.ts';
import type { DemoService } from './service.ts';
import type { DemoStep } from './session.ts';
import { beginTurn, playStops } from './turn.ts';
import type { PlayedStop } from './turn.ts';

export interface Played {
  readonly step: DemoStep;
  readonly run: HookRun;
  readonly answeredBy: 'service' | 'own-process';
  /** Time of the same hook without the service; absent when that is what `run` is. */
  readonly alone: HookRun | undefined;
  /** What the agent would be told; empty for nothing. */
  readonly told: string;
  readonly ruleIds: readonly string[];
  readonly asExpected: boolean;
}

/** Variables that would make the plugin another one, or let it write outside of the scratch folder. */
const SWITCHES =
  /^(?:SECURITY_|ENABLE_|CLAUDE_|SG_|ANTHROPIC_|MAX_|DIFF_|PREVIOUS_|(?:HTTPS?|ALL|NO)_PROXY$)/i;

/** A scratch repository and the two ways in which its hooks are run. */
export interface Demo {
  readonly commands: HookCommands;
  /** Asks the service where one runs. */
  readonly served: HookSetting;
  /** Folder of what the hooks remember that ask it. */
  readonly servedState: string;
  readonly alone: HookSetting;
  readonly aloneState: string;
}

/** Makes the repository with the files as they were before their first edit. */
export async function openDemo(
  scratch: string,
  root: string,
  steps: readonly DemoStep[],
  io: Io,
): Promise<Demo> {
  const setting = prepare(scratch, root, steps, io);
  const servedState = join(scratch, 'state');
  const aloneState = join(scratch, 'state-alone');
  return {
    commands: await readHookCommands(io.assets.plugin),
    // Another program may be busy: the demo is to show answers, not what the deadline cuts.
    served: inState(setting, servedState, { SG_EDIT_DEADLINE_MS: '200' }),
    servedState,
    alone: inState(setting, aloneState, { SG_SERVICE: '0' }),
    aloneState,
  };
}

/** Yields the stops of the turn, after its edits were played; whether a service runs is nothing to them. */
export function playEnd({ alone, commands, aloneState }: Demo): AsyncGenerator<PlayedStop> {
  return playStops(alone, commands, aloneState);
}

/** Yields each edit as it was answered; the service that it starts ends with it. */
export async function* play(
  demo: Demo,
  steps: readonly DemoStep[],
  ids: readonly string[],
  io: Io,
): AsyncGenerator<Played> {
  const { commands, served, servedState, alone } = demo;
  const withService = io.env['SG_SERVICE'] !== '0' && commands.sessionStart !== undefined;
  await beginTurn(alone, commands);
  const service = withService
    ? await startService(served, commands.sessionStart ?? '', serviceDir(servedState))
    : undefined;
  try {
    for (const step of steps) {
      io.signal.throwIfAborted();
      write(step.edit.file, step.edit.after);
      const own = await runHook(alone, commands.edit, step.payload);
      if (service === undefined) {
        yield judge(step, { run: own, answeredBy: 'own-process', alone: undefined }, ids);
        continue;
      }
      const before = await service.answered();
      const run = await runHook(served, commands.edit, step.payload);
      const byService = await moved(service, before);
      const answeredBy = byService ? 'service' : 'own-process';
      yield judge(step, { run, answeredBy, alone: own }, ids);
    }
  } finally {
    await service?.end();
  }
}

async function moved(service: DemoService, before: number | undefined): Promise<boolean> {
  const now = await service.answered();
  return now !== undefined && before !== undefined && now > before;
}

function prepare(scratch: string, root: string, steps: readonly DemoStep[], io: Io): HookSetting {
  mkdirSync(root);
  const env = {
    ...Object.fromEntries(Object.entries(io.env).filter(([name]) => !SWITCHES.test(name))),
    HOME: scratch,
    CLAUDE_CONFIG_DIR: join(scratch, 'claude'),
    CLAUDE_PROJECT_DIR: root,
  };
  const seen = new Set<string>();
  for (const { edit } of steps) {
    if (!seen.has(edit.file) && edit.before !== '') write(edit.file, edit.before);
    seen.add(edit.file);
  }
  execFileSync('git', ['init', '--quiet'], {
    cwd: root,
    env: { ...env, GIT_CONFIG_GLOBAL: '/dev/null' },
    stdio: 'ignore',
  });
  return { plugin: io.assets.plugin, cwd: root, env, signal: io.signal };
}

function inState(
  setting: HookSetting,
  state: string,
  more: Readonly<Record<string, string>>,
): HookSetting {
  const env = { ...setting.env, SECURITY_WARNINGS_STATE_DIR: state, ...more };
  return { ...setting, env };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function judge(
  step: DemoStep,
  answer: Pick<Played, 'run' | 'answeredBy' | 'alone'>,
  ids: readonly string[],
): Played {
  const { run, alone } = answer;
  const context = contextOf(run.stdout);
  const told = context.ok ? context.text : '';
  // Ids are whole words in the text: one may be the beginning of another.
  const words = new Set(told.split(/[^\w-]+/));
  const asExpected = run.code === 0 && context.ok && (told !== '') === step.expectsTold;
  return {
    step,
    ...answer,
    told,
    ruleIds: ids.filter((id) => words.has(id)),
    // Whoever answers says the same.
    asExpected: asExpected && (alone === undefined || alone.stdout === run.stdout),
  };
}
