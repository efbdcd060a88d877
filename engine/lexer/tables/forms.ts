/** Openers and string forms that several languages share. */
import type { Guard, Hole, Opener, StringForm, Table } from '../table.ts';
import { atStart } from './guards.ts';

export function line(open: string, guard?: Guard): Opener {
  return { kind: 'line', open, ...(guard && { guard }) };
}

export function block(
  open: string,
  close: string,
  options: { readonly nested?: boolean; readonly guard?: Guard } = {},
): Opener {
  return { kind: 'block', open, close, ...options };
}

export function text(open: string, form: StringForm, guard?: Guard): Opener {
  return { kind: 'string', open, form, ...(guard && { guard }) };
}

export function custom(open: string, run: Extract<Opener, { kind: 'custom' }>['run']): Opener {
  return { kind: 'custom', open, run };
}

/** A backslash in code takes the next byte with it. */
export function escapeInCode(open = '\\'): Opener {
  return custom(open, (state, at) => Math.min(at + 2, state.end));
}

export const SHEBANG: Opener = line('#!', atStart);
export const SLASHES: Opener = line('//');
export const C_BLOCK: Opener = block('/*', '*/');
export const NESTED_BLOCK: Opener = block('/*', '*/', { nested: true });
export const C_STRAY: NonNullable<Table['strayClose']> = { open: '/*', close: '*/' };

export const DOUBLE: StringForm = { close: '"', escape: '\\' };
export const SINGLE: StringForm = { close: "'", escape: '\\' };
export const DOUBLE_LINES: StringForm = { close: '"', escape: '\\', multiline: true };
export const SINGLE_LINES: StringForm = { close: "'", escape: '\\', multiline: true };
export const TRIPLE: StringForm = { close: '"""', escape: '\\', multiline: true };
export const TRIPLE_SINGLE: StringForm = { close: "'''", escape: '\\', multiline: true };
export const RAW_TRIPLE: StringForm = { close: '"""', multiline: true, greedy: true };

export const DOLLAR_BRACE: Hole = { open: '${', close: '}', nest: '{' };
export const HASH_BRACE: Hole = { open: '#{', close: '}', nest: '{' };
export const BRACE: Hole = { open: '{', close: '}', nest: '{', doubled: true };
export const DOLLAR_PAREN: Hole = { open: '$(', close: ')', nest: '(', codeDelimiters: true };
export const BACKTICKS: Hole = { open: '`', close: '`', nest: '', codeDelimiters: true };
