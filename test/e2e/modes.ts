/** One scripted session of the real program, in each of the ways in which people run it. */
import type { ApiServer } from './api-server.ts';
import { claudeBinary, claudeEnvironment, runClaude } from './claude-cli.ts';
import type { Ended, Sandbox } from './claude-cli.ts';
import { until } from './processes.ts';
import { openTerminal } from './terminal.ts';
import type { TerminalKind } from './terminal.ts';

export type Mode = 'print' | 'stream' | 'interactive';
export const MODES: readonly Mode[] = ['print', 'stream', 'interactive'];

/** Those that this machine can run: the last one needs a terminal. */
export function modesWith(terminal: TerminalKind | undefined): readonly Mode[] {
  return MODES.filter((mode) => mode !== 'interactive' || terminal !== undefined);
}

export interface SessionOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Plugin folders; the sandbox's own when absent. */
  readonly plugins?: readonly string[];
  /** For interactive mode. */
  readonly terminal?: TerminalKind | undefined;
  /** Last words of the script. */
  readonly farewell?: string;
}

export const STREAM: readonly string[] = [
  '--input-format=stream-json',
  '--output-format=stream-json',
  '--verbose',
];

/** A prompt as it is written to a session's stdin. */
export function userMessage(content: string): string {
  return `${JSON.stringify({ type: 'user', message: { role: 'user', content } })}\n`;
}

/** Runs the session to its end; `stdout` is what the terminal showed in interactive mode. */
export function runSession(
  mode: Mode,
  sandbox: Sandbox,
  api: ApiServer,
  { env = {}, plugins = [sandbox.plugin], terminal, farewell = 'All done.' }: SessionOptions = {},
): Promise<Ended> {
  const flags = [
    ...plugins.flatMap((dir) => ['--plugin-dir', dir]),
    '--permission-mode=acceptEdits',
    '--model=claude-sonnet-5-5',
    `--debug-file=${sandbox.debugFile}`,
  ];
  const all = { ANTHROPIC_BASE_URL: api.url, ...env };
  switch (mode) {
    case 'print':
      return runClaude(['-p', 'Build it.', ...flags], sandbox, { env: all });
    case 'stream': {
      return runClaude(['-p', ...STREAM, ...flags], sandbox, {
        env: all,
        async talk(write, shown) {
          write(userMessage('Build it.'));
          await until('a result', () => shown().includes('"type":"result"') || undefined, 90_000);
        },
      });
    }
    case 'interactive': {
      if (terminal === undefined) throw new Error('no terminal');
      return interactively(['Build it.', ...flags], sandbox, all, terminal, farewell);
    }
  }
}

async function interactively(
  args: readonly string[],
  sandbox: Sandbox,
  env: Readonly<Record<string, string>>,
  kind: TerminalKind,
  farewell: string,
): Promise<Ended> {
  const terminal = openTerminal(kind, {
    command: [claudeBinary(), ...args],
    cwd: sandbox.project,
    env: claudeEnvironment(sandbox, env),
    dir: sandbox.root,
  });
  // Cursor moves stand where blanks are.
  const words = new RegExp(farewell.replaceAll(/\W+/g, '\\W+'));
  const stdout = await until(
    `"${farewell}" in the terminal`,
    () => {
      const seen = terminal.screen();
      return words.test(seen) ? seen : undefined;
    },
    90_000,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; it shows:\n${terminal.screen().trim()}`);
  });
  await terminal.type('/exit');
  return { code: await terminal.ended(), stdout, stderr: '' };
}
