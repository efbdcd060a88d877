/** `sg demo`: a recorded session against the built plugin, in a scratch repository that is removed again. */
import { TEXT_OR_JSON } from '../format-option.ts';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { defineCommand } from '../command.ts';
import type { Command } from '../command.ts';
import { contextOf, readHookCommand, runHook } from '../demo/hook.ts';
import type { HookRun, HookSetting } from '../demo/hook.ts';
import { readSession } from '../demo/session.ts';
import type { DemoStep } from '../demo/session.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, TROUBLE } from '../exit.ts';
import type { Io } from '../io.ts';
import { builtinRules } from '../scan/rules.ts';
import { createStyle } from '../style.ts';
import type { Style } from '../style.ts';
import { command as scanCommand } from './scan.ts';

const OPTIONS = {
  format: TEXT_OR_JSON,
} as const;

export const command: Command = defineCommand({
  usage: '',
  details: [
    'Needs no key and no network. Each recorded edit is written to the scratch repository and given to the plugin as Claude Code would; the table says what the agent would be told. Ends with a scan of the tree.',
    'Exit code: 0 when every answer is as expected, 2 otherwise.',
  ],
  options: OPTIONS,
  positionals: { name: '', min: 0, max: 0 },
  examples: [{ command: 'sg demo', does: 'play the session' }],
  async run(values, _positionals, io) {
    const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'sg-demo-')));
    try {
      const root = join(scratch, 'repo');
      const steps = await readSession(io.assets.demoSession, root);
      if (!steps.ok) {
        await io.stderr.write(`sg demo: ${escapeControls(steps.message)}; reinstall the package\n`);
        return TROUBLE;
      }
      return await play(scratch, root, steps.steps, values.format === 'json', io);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
});

interface Played {
  readonly step: DemoStep;
  readonly run: HookRun;
  /** What the agent would be told; empty for nothing. */
  readonly told: string;
  readonly ruleIds: readonly string[];
  readonly asExpected: boolean;
}

async function play(
  scratch: string,
  root: string,
  steps: readonly DemoStep[],
  json: boolean,
  io: Io,
): Promise<number> {
  const setting = await prepare(scratch, root, steps, io);
  const ids = (await builtinRules(io)).map(({ id }) => id);
  const style = createStyle(io.stdout.color);
  const width = Math.max(...steps.map(({ label }) => label.length));
  const played: Played[] = [];
  if (!json) await io.stdout.write(`${style.bold('Each edit, as the plugin answers it')}\n\n`);
  for (const step of steps) {
    io.signal.throwIfAborted();
    write(step.edit.file, step.edit.after);
    const one = judge(step, await runHook(setting, step.payload), ids);
    played.push(one);
    if (!json) await io.stdout.write(describe(one, width, root, style));
  }
  const wrong = played.filter(({ asExpected }) => !asExpected).length;
  if (json) {
    await io.stdout.write(
      `${JSON.stringify({ version: 1, ok: wrong === 0, edits: played.map((one) => jsonRow(one, root)) }, null, 2)}\n`,
    );
    return wrong === 0 ? CLEAN : TROUBLE;
  }
  await io.stdout.write(
    `\n${played.length - wrong} of ${played.length} answers as expected.\n\n${style.bold('The same rules over the whole tree: sg scan')}\n\n`,
  );
  // What the scan exits with is no verdict on the demo: the tree is meant to have findings.
  await scanCommand.run([], { ...io, cwd: root });
  return wrong === 0 ? CLEAN : TROUBLE;
}

/** Variables that would make the plugin another one, or let it write outside of the scratch folder. */
const SWITCHES = /^(?:SECURITY_|ENABLE_|CLAUDE_|SG_)/;

/** Makes the repository with the files as they were before their first edit. */
async function prepare(
  scratch: string,
  root: string,
  steps: readonly DemoStep[],
  io: Io,
): Promise<HookSetting> {
  mkdirSync(root);
  const env = {
    ...Object.fromEntries(Object.entries(io.env).filter(([name]) => !SWITCHES.test(name))),
    HOME: scratch,
    CLAUDE_CONFIG_DIR: join(scratch, 'claude'),
    SECURITY_WARNINGS_STATE_DIR: join(scratch, 'state'),
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
  const plugin = io.assets.plugin;
  return { command: await readHookCommand(plugin), plugin, cwd: root, env, signal: io.signal };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function judge(step: DemoStep, run: HookRun, ids: readonly string[]): Played {
  const context = contextOf(run.stdout);
  const told = context.ok ? context.text : '';
  // Ids are whole words in the text: one may be the beginning of another.
  const words = new Set(told.split(/[^\w-]+/));
  const asExpected = run.code === 0 && context.ok && (told !== '') === step.expectsTold;
  return { step, run, told, ruleIds: ids.filter((id) => words.has(id)), asExpected };
}

function describe(
  { step, run, told, ruleIds, asExpected }: Played,
  width: number,
  root: string,
  style: Style,
): string {
  const mark = asExpected ? style.good('ok        ') : style.bad('unexpected');
  const time = `${run.milliseconds.toFixed(0).padStart(5)} ms`;
  const file = relative(root, step.edit.file);
  const head = `${mark}  ${step.label.padEnd(width)}  ${time}  ${file}  ${ruleIds.length === 0 ? style.dim('nothing said') : ruleIds.join(', ')}\n`;
  const trouble = run.code === 0 ? [] : [`exit ${run.code ?? 'none'}: ${run.stderr.trim()}`];
  const lines = [...firstLines(told, ruleIds), ...trouble].map(
    (line) => `            ${escapeControls(line)}\n`,
  );
  return head + lines.join('');
}

/** The lines that say what was found: those that name a rule. */
function firstLines(told: string, ruleIds: readonly string[]): string[] {
  return told
    .split('\n')
    .filter((line) => ruleIds.some((id) => line.includes(id)) && !line.includes('<rule id>'))
    .slice(0, 2);
}

function jsonRow(
  { step, run, told, ruleIds, asExpected }: Played,
  root: string,
): Record<string, unknown> {
  return {
    label: step.label,
    file: relative(root, step.edit.file),
    told,
    ruleIds,
    milliseconds: Math.round(run.milliseconds),
    asExpected,
  };
}
