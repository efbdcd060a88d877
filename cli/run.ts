/** Finds the command, runs it, and turns what it says into an exit code. */
import { VERSION } from '../host/service/health/version.ts';
import { COMMANDS } from './commands/index.ts';
import type { CommandEntry } from './commands/index.ts';
import { CLEAN, TROUBLE } from './exit.ts';
import { commandHelp, overview } from './help.ts';
import type { Io } from './io.ts';
import { didYouMean, quote } from './options.ts';
import { nearest } from './suggest.ts';

/** Runs `sg` with `args` (without the program's name) and returns its exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [first, ...rest] = args;
  if (first === '--version' || first === '-v') {
    await io.stdout.write(`${VERSION}\n`);
    return CLEAN;
  }
  if (first === 'help' && rest[0] !== undefined && rest[0] !== 'help' && !rest[0].startsWith('-'))
    return showHelp(rest[0], io);
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    await (first === undefined ? io.stderr : io.stdout).write(overview(COMMANDS));
    return first === undefined ? TROUBLE : CLEAN;
  }
  const entry = find(first);
  if (entry === undefined) return unknownCommand(first, io);
  if (asksForHelp(rest)) return showHelp(first, io);
  const { command } = await entry.load();
  const result = await command.run(rest, io);
  if (typeof result === 'number') return result;
  await io.stderr.write(`sg ${entry.name}: ${result.message}\nSee: sg help ${entry.name}\n`);
  return TROUBLE;
}

function find(name: string): CommandEntry | undefined {
  return COMMANDS.find((command) => command.name === name);
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some(
    (argument) => argument === '--help' || argument === '-h',
  );
}

async function showHelp(name: string, io: Io): Promise<number> {
  const entry = find(name);
  if (entry === undefined) return unknownCommand(name, io);
  const { command } = await entry.load();
  await io.stdout.write(commandHelp(entry, command.help));
  return CLEAN;
}

async function unknownCommand(name: string, io: Io): Promise<number> {
  const names = COMMANDS.map((command) => command.name);
  const kind = name.startsWith('-') ? 'option' : 'command';
  const hint = didYouMean(nearest(name, kind === 'option' ? ['--help', '--version'] : names));
  await io.stderr.write(`sg: unknown ${kind} ${quote(name)}${hint}\nSee: sg help\n`);
  return TROUBLE;
}
