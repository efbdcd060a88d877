/** What a command is: its table of options, its help, and what it does. */
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';
import type { OptionTable, Positionals, Values } from './options.ts';

export interface CommandInfo {
  readonly name: string;
  /** One line, lower case, no full stop. */
  readonly summary: string;
}

export interface CommandHelp {
  /** Arguments as they are written after the name: `[paths…]`. */
  readonly usage: string;
  /** Paragraphs below the summary. */
  readonly details: readonly string[];
  readonly options: OptionTable;
  readonly examples: readonly { readonly command: string; readonly does: string }[];
}

export interface Command {
  readonly help: CommandHelp;
  /** Runs with the arguments after the command's name; returns the exit code, or a usage error. */
  run(args: readonly string[], io: Io): Promise<CommandResult>;
}

export type CommandResult = number | UsageError;

/** The command was not understood: exit 2 and a pointer to the help. */
export interface UsageError {
  readonly kind: 'usage';
  readonly message: string;
}

export function usageError(message: string): UsageError {
  return { kind: 'usage', message };
}

/** Builds a command whose `run` gets parsed values. */
export function defineCommand<const T extends OptionTable>(definition: {
  readonly usage: string;
  readonly details?: readonly string[];
  readonly options: T;
  readonly positionals: Positionals;
  readonly examples: CommandHelp['examples'];
  readonly run: (
    values: Values<T>,
    positionals: readonly string[],
    io: Io,
  ) => Promise<CommandResult>;
}): Command {
  const { usage, details = [], options, positionals, examples, run } = definition;
  return {
    help: { usage, details, options, examples },
    async run(args, io) {
      const parsed = parseOptions(options, positionals, args);
      return parsed.ok ? run(parsed.values, parsed.positionals, io) : usageError(parsed.message);
    },
  };
}
