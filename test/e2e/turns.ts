/** Sessions of several prompts, in each of the ways in which people run the program. */
import type { ApiServer } from './api-server.ts';
import { claudeBinary, claudeEnvironment, runClaude } from './claude-cli.ts';
import type { Sandbox } from './claude-cli.ts';
import { STREAM, userMessage } from './modes.ts';
import type { Mode } from './modes.ts';
import { until } from './processes.ts';
import { openTerminal } from './terminal.ts';
import type { TerminalKind } from './terminal.ts';

export interface Prompt {
  readonly text: string;
  /** Last words of the turn, wakes included; no other text of the session has them. */
  readonly farewell: string;
  /** Resolves when everything that belongs to the turn is over. */
  readonly over?: () => Promise<unknown>;
}

export interface TurnsOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly terminal: TerminalKind | undefined;
}

const LONGEST_MS = 60_000;

/** Plays the prompts in one session and returns all that a user gets to see. Throws when it does not end well. */
export async function runTurns(
  mode: Mode,
  sandbox: Sandbox,
  api: ApiServer,
  prompts: readonly Prompt[],
  { env, terminal }: TurnsOptions,
): Promise<string> {
  const all = { ANTHROPIC_BASE_URL: api.url, ...env };
  const flags = [
    `--plugin-dir=${sandbox.plugin}`,
    '--permission-mode=acceptEdits',
    '--model=claude-sonnet-5-5',
    `--debug-file=${sandbox.debugFile}`,
  ];
  switch (mode) {
    case 'print':
      return printTurns(flags, sandbox, all, prompts);
    case 'stream': {
      const { code, stdout, stderr } = await runClaude(['-p', ...STREAM, ...flags], sandbox, {
        env: all,
        async talk(write, shown) {
          for (const { text, farewell, over } of prompts) {
            write(userMessage(text));
            await until(farewell, () => isOver(shown(), farewell), LONGEST_MS);
            await over?.();
          }
        },
      });
      if (code !== 0) throw new Error(`${code}: ${stderr}`);
      return stdout;
    }
    case 'interactive':
      return interactiveTurns(flags, sandbox, all, prompts, terminal);
  }
}

/** A process for each prompt. Its text alone would not show notices. */
async function printTurns(
  flags: readonly string[],
  sandbox: Sandbox,
  env: Readonly<Record<string, string>>,
  prompts: readonly Prompt[],
): Promise<string> {
  let shown = '';
  for (const [index, { text, farewell, over }] of prompts.entries()) {
    const again = index === 0 ? [] : ['--continue'];
    const json = ['--output-format=stream-json', '--verbose'];
    const args = ['-p', text, ...again, ...json, ...flags];
    const { code, stdout, stderr } = await runClaude(args, sandbox, { env });
    if (code !== 0 || isOver(stdout, farewell) === undefined)
      throw new Error(`"${text}" ended with ${code}: ${stderr}${stdout}`);
    await over?.();
    shown += stdout;
  }
  return shown;
}

function isOver(stdout: string, farewell: string): true | undefined {
  const at = stdout.indexOf(farewell);
  return at >= 0 && stdout.includes('"type":"result"', at) ? true : undefined;
}

async function interactiveTurns(
  flags: readonly string[],
  sandbox: Sandbox,
  env: Readonly<Record<string, string>>,
  prompts: readonly Prompt[],
  kind: TerminalKind | undefined,
): Promise<string> {
  if (kind === undefined) throw new Error('no terminal');
  const [first] = prompts;
  const terminal = openTerminal(kind, {
    command: [claudeBinary(), first?.text ?? '', ...flags],
    cwd: sandbox.project,
    env: claudeEnvironment(sandbox, env),
    dir: sandbox.root,
  });
  for (const [index, { text, farewell, over }] of prompts.entries()) {
    if (index > 0) await terminal.type(text);
    // Cursor moves stand where blanks are.
    const words = new RegExp(farewell.replaceAll(/\W+/g, '\\W+'));
    await until(farewell, () => words.test(terminal.screen()) || undefined, LONGEST_MS).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}; it shows:\n${terminal.screen().trim()}`);
      },
    );
    await over?.();
  }
  const shown = terminal.screen();
  await terminal.type('/exit');
  await terminal.ended();
  return shown;
}
