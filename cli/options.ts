/**
 * Options of a command as a table: what is parsed, what `--help` prints and what the README lists all come
 * from it.
 */
import { parseArgs } from 'node:util';
import { nearest } from './suggest.ts';

interface Described {
  /** One line, no full stop. */
  readonly description: string;
  readonly short?: string;
}
export interface FlagOption extends Described {
  readonly type: 'flag';
}
export interface ValueOption extends Described {
  readonly type: 'value';
  /** What stands for the value in the help text, upper case. */
  readonly placeholder: string;
  readonly choices?: readonly string[];
  readonly default?: string;
}
export interface IntegerOption extends Described {
  readonly type: 'integer';
  readonly placeholder: string;
  readonly min: number;
  readonly max: number;
}
export interface ListOption extends Described {
  readonly type: 'list';
  readonly placeholder: string;
}
export type Option = FlagOption | ValueOption | IntegerOption | ListOption;
export type OptionTable = Readonly<Record<string, Option>>;

type ChoiceOf<O> = O extends { readonly choices: readonly (infer C)[] } ? C : string;
type ValueFor<O> = O extends FlagOption
  ? boolean
  : O extends ListOption
    ? readonly string[]
    : O extends IntegerOption
      ? number | undefined
      : O extends { readonly default: string }
        ? ChoiceOf<O>
        : ChoiceOf<O> | undefined;
/** Parsed values by option name: flags false and lists empty when absent. */
export type Values<T extends OptionTable> = { readonly [K in keyof T]: ValueFor<T[K]> };

export type Parsed<T extends OptionTable> =
  | { readonly ok: true; readonly values: Values<T>; readonly positionals: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Most and fewest positional arguments, and their name in messages. */
export interface Positionals {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

/** Parses the arguments after the command's name. Anything that the table does not know is refused. */
export function parseOptions<const T extends OptionTable>(
  table: T,
  expected: Positionals,
  args: readonly string[],
): Parsed<T> {
  const config = Object.fromEntries(
    Object.entries(table).map(([name, option]) => [
      name,
      {
        type: option.type === 'flag' ? ('boolean' as const) : ('string' as const),
        multiple: option.type === 'list',
        ...(option.short !== undefined && { short: option.short }),
      },
    ]),
  );
  // Tokens, and not node's own strict errors, so that messages can name what is near and what is allowed.
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values: Record<string, boolean | number | string | string[] | undefined> = {};
  for (const [name, option] of Object.entries(table)) {
    if (option.type === 'flag') values[name] = false;
    else if (option.type === 'list') values[name] = [];
    else values[name] = option.type === 'value' ? option.default : undefined;
  }
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
    if (option === undefined) return refused(unknownOption(token.rawName, Object.keys(table)));
    const read = readValue(option, token.rawName, token.value, token.inlineValue === true);
    if (!read.ok) return read;
    const list = values[token.name];
    if (Array.isArray(list)) list.push(String(read.value));
    else values[token.name] = read.value;
  }
  const wrong = checkPositionals(expected, positionals);
  if (wrong !== undefined) return refused(wrong);
  // The loop above gives each name the type that its option declares.
  return { ok: true, values: values as Values<T>, positionals };
}

type Read =
  | { readonly ok: true; readonly value: boolean | number | string }
  | { readonly ok: false; readonly message: string };

function readValue(option: Option, name: string, value: string | undefined, inline: boolean): Read {
  if (option.type === 'flag') {
    return value === undefined
      ? { ok: true, value: true }
      : refused(`option ${name} takes no value, got ${quote(value)}`);
  }
  if (value === undefined || (!inline && value.startsWith('-') && value !== '-')) {
    const hint =
      value === undefined ? '' : ` (a value that starts with "-" is written ${name}=${value})`;
    return refused(`option ${name} needs a value: ${name} ${option.placeholder}${hint}`);
  }
  if (option.type === 'integer') {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= option.min && number <= option.max) return { ok: true, value: number };
    return refused(
      `option ${name} is ${quote(value)}, expected a whole number from ${option.min} to ${option.max}`,
    );
  }
  if (option.type === 'value' && option.choices !== undefined && !option.choices.includes(value)) {
    return refused(
      `option ${name} is ${quote(value)}, expected ${listOf(option.choices)}${didYouMean(nearest(value, option.choices))}`,
    );
  }
  return { ok: true, value };
}

function unknownOption(rawName: string, known: readonly string[]): string {
  const near = nearest(rawName.replace(/^-+/, ''), known);
  return `unknown option ${quote(rawName)}${didYouMean(near === undefined ? undefined : `--${near}`)}`;
}

function checkPositionals(
  expected: Positionals,
  positionals: readonly string[],
): string | undefined {
  if (positionals.length < expected.min) return `missing argument ${expected.name}`;
  if (positionals.length <= expected.max) return undefined;
  const first = quote(positionals[expected.max] ?? '');
  return expected.max === 0
    ? `unexpected argument ${first}`
    : `unexpected argument ${first}, expected only ${expected.name}`;
}

function refused(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}

/** ` - did you mean "x"?`, or nothing. */
export function didYouMean(name: string | undefined): string {
  return name === undefined ? '' : `; did you mean ${quote(name)}?`;
}

/** Text in double quotes with controls escaped. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** `a, b or c`. */
export function listOf(words: readonly string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
