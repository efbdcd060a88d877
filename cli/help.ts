/** Help texts, made from the tables that also parse. */
import type { CommandHelp, CommandInfo } from './command.ts';
import type { Option, OptionTable } from './options.ts';

const WIDTH = 92;

/** The overview: `sg help`. */
export function overview(commands: readonly CommandInfo[]): string {
  return [
    'sg - security review for code that an agent writes: rules at the terminal and in CI',
    '',
    'Usage: sg <command> [arguments]',
    '',
    'Commands:',
    ...rows(
      [
        ...commands,
        { name: 'help', summary: 'show this, or the help of a command: sg help scan' },
      ].map(({ name, summary }) => [name, summary]),
    ),
    '',
    'Options:',
    ...rows([
      ['-h, --help', 'show help'],
      ['--version', 'show the version'],
    ]),
    '',
    'Exit codes: 0 clean, 1 findings, 2 the tool could not do its job.',
    '`sg` is also installed as `security-guidance`, for machines that have another sg.',
    '',
  ].join('\n');
}

/** Help of one command. */
export function commandHelp({ name, summary }: CommandInfo, help: CommandHelp): string {
  return [
    `sg ${name} - ${summary}`,
    '',
    `Usage: sg ${name}${help.usage === '' ? '' : ` ${help.usage}`}`,
    ...help.details.flatMap((paragraph) => ['', ...wrap(paragraph, WIDTH)]),
    '',
    'Options:',
    ...rows([...optionRows(help.options), ['-h, --help', 'show this help']]),
    '',
    'Examples:',
    ...rows(help.examples.map(({ command, does }) => [command, does])),
    '',
  ].join('\n');
}

/** Each option as `[--name VALUE, description with choices and default]`; also the rows of the README's tables. */
export function optionRows(options: OptionTable): (readonly [string, string])[] {
  return Object.entries(options).map(
    ([name, option]) => [optionSyntax(name, option), optionText(option)] as const,
  );
}

function optionSyntax(name: string, option: Option): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return `${short}--${name}${option.type === 'flag' ? '' : ` ${option.placeholder}`}`;
}

function optionText(option: Option): string {
  const notes: string[] = [];
  if (option.type === 'value') {
    if (option.choices !== undefined) notes.push(option.choices.join('|'));
    if (option.default !== undefined) notes.push(`default ${option.default}`);
  }
  if (option.type === 'list') notes.push('repeatable');
  return notes.length === 0 ? option.description : `${option.description} (${notes.join('; ')})`;
}

function rows(cells: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(36, Math.max(...cells.map(([left]) => left.length)));
  return cells.flatMap(([left, right]) => {
    const lines = wrap(right, WIDTH - width - 4);
    const head =
      left.length > width
        ? [`  ${left}`, `  ${' '.repeat(width)}  ${lines[0] ?? ''}`]
        : [`  ${left.padEnd(width)}  ${lines[0] ?? ''}`];
    return [...head, ...lines.slice(1).map((line) => `  ${' '.repeat(width)}  ${line}`)].map(
      (line) => line.trimEnd(),
    );
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}
