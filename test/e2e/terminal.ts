/** A program in a terminal: in tmux, or where that is missing under util-linux' `script`. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause, until } from './processes.ts';

export interface Terminal {
  /** What is to be seen, without colours. */
  screen(): string;
  /** Types a line and the Enter key. */
  type(line: string): Promise<void>;
  /** The program's exit code. Throws when it does not end. */
  ended(): Promise<number>;
}

export interface TerminalOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Scratch folder for the terminal's own files. */
  readonly dir: string;
}

export type TerminalKind = 'tmux' | 'script';

const COLUMNS = 140;
const ROWS = 50;

/** What this machine has; undefined when it has neither. */
export function terminalKind(): TerminalKind | undefined {
  const wanted = process.env['SG_E2E_TERMINAL'];
  const kinds: readonly TerminalKind[] = ['tmux', 'script'];
  return kinds.find((kind) => (wanted ?? kind) === kind && isThere(kind));
}

function isThere(kind: TerminalKind): boolean {
  try {
    // The `script` of other systems takes other options.
    const [option, words] = kind === 'tmux' ? ['-V', 'tmux'] : ['--version', 'util-linux'];
    return execFileSync(kind, [option], { encoding: 'utf8', stdio: 'pipe' }).includes(words);
  } catch {
    return false;
  }
}

export function openTerminal(kind: TerminalKind, options: TerminalOptions): Terminal {
  const codeFile = join(options.dir, 'exit-code');
  // Neither program passes on the exit code of what runs in it.
  const command = ['sh', '-c', '"$@"; echo $? >"$0"', codeFile, ...options.command];
  const terminal = kind === 'tmux' ? inTmux(command, options) : underScript(command, options);
  return {
    screen: () => terminal.screen(),
    async type(line) {
      terminal.send(line);
      // Enter in the same breath would count as a part of what was pasted.
      await pause(500);
      terminal.enter();
    },
    async ended() {
      const code = await until('the end of the program in the terminal', () =>
        existsSync(codeFile) ? readFileSync(codeFile, 'utf8').trim() || undefined : undefined,
      );
      await terminal.closed();
      return Number(code);
    },
  };
}

interface Keys {
  screen(): string;
  send(text: string): void;
  enter(): void;
  closed(): Promise<void>;
}

function inTmux(command: readonly string[], { cwd, env, dir }: TerminalOptions): Keys {
  const socket = join(dir, 'tmux');
  let last = '';
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
      cwd,
      env: { ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  tmux('new-session', '-d', '-x', String(COLUMNS), '-y', String(ROWS), ...command);
  const isOpen = (): boolean => {
    try {
      tmux('has-session');
      return true;
    } catch {
      return false;
    }
  };
  return {
    screen() {
      if (isOpen()) last = tmux('capture-pane', '-p', '-S', '-');
      return last;
    },
    send: (text) => void tmux('send-keys', '-l', text),
    enter: () => void tmux('send-keys', 'Enter'),
    closed: async () => {
      await until('the end of tmux', () => (isOpen() ? undefined : true));
    },
  };
}

function underScript(command: readonly string[], { cwd, env }: TerminalOptions): Keys {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const sized = `stty cols ${COLUMNS} rows ${ROWS}; exec ${quoted}`;
  const program: TerminalKind = 'script';
  const child: ChildProcessWithoutNullStreams = spawn(program, ['-qfc', sized, '/dev/null'], {
    cwd,
    env: { ...env, SHELL: '/bin/sh', TERM: 'xterm-256color' },
  });
  let shown = '';
  let closed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  child.stdin.on('error', () => undefined);
  child.on('close', () => (closed = true));
  return {
    screen: () => withoutControls(shown),
    send: (text) => void child.stdin.write(text),
    enter: () => void child.stdin.write('\r'),
    closed: async () => {
      child.stdin.end();
      await until('the end of script', () => (closed ? true : undefined));
    },
  };
}

/** Moves of the cursor become blanks: what is drawn apart stays apart. */
function withoutControls(text: string): string {
  // eslint-disable-next-line no-control-regex
  const sequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
  return text.replace(sequence, ' ').replaceAll('\r', '\n');
}
