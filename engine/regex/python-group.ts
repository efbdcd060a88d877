/** What stands between `(` and a group's body in Python's `re`. */
import { refuse, type PythonFlags } from './python-source.ts';

export type GroupHead =
  | { readonly kind: 'capture'; readonly name?: string; readonly end: number }
  | { readonly kind: 'plain'; readonly end: number }
  | { readonly kind: 'scoped'; readonly flags: PythonFlags; readonly end: number }
  | { readonly kind: 'flags'; readonly flags: PythonFlags; readonly end: number }
  | { readonly kind: 'comment'; readonly end: number }
  | {
      readonly kind: 'look';
      readonly direction: 'ahead' | 'behind';
      readonly negative: boolean;
      readonly end: number;
    };

/** Reads the head of the group that opens at `open`. `flagsAllowed`: nothing stands before it. */
export function parseGroupHead(
  source: string,
  open: number,
  flags: PythonFlags,
  flagsAllowed: boolean,
): GroupHead {
  if (source[open + 1] !== '?') return { kind: 'capture', end: open + 1 };
  const head = source.slice(open + 2, open + 4);
  if (head.startsWith(':')) return { kind: 'plain', end: open + 3 };
  if (head.startsWith('=')) return look(open + 3, 'ahead', false);
  if (head.startsWith('!')) return look(open + 3, 'ahead', true);
  if (head === '<=') return look(open + 4, 'behind', false);
  if (head === '<!') return look(open + 4, 'behind', true);
  if (head.startsWith('#')) return comment(source, open);
  if (head === 'P<') return named(source, open);
  if (head === 'P=') {
    return refuse(
      open,
      4,
      'backreferences "(?P=…)" cannot be matched in linear time',
      'spell out the alternatives',
    );
  }
  if (head.startsWith('>')) {
    return refuse(
      open,
      3,
      'atomic groups "(?>…)" cannot be matched in linear time',
      '"(?:…)", which never backtracks here',
    );
  }
  if (head.startsWith('(')) {
    return refuse(
      open,
      3,
      'conditionals "(?(…)…)" cannot be matched in linear time',
      'spell out both alternatives',
    );
  }
  if (/^[aiLmsux-]/.test(head)) return flagGroup(source, open, flags, flagsAllowed);
  const text = source.slice(open, open + 4);
  const rewrite = head.startsWith('<') ? '"(?P<name>…)" for a named group' : undefined;
  return refuse(open, text.length, `Python knows no group "${text}"`, rewrite);
}

function look(end: number, direction: 'ahead' | 'behind', negative: boolean): GroupHead {
  return { kind: 'look', direction, negative, end };
}

function comment(source: string, open: number): GroupHead {
  const close = source.indexOf(')', open);
  if (close < 0) return refuse(open, 3, 'this comment is never closed', 'add ")"');
  return { kind: 'comment', end: close + 1 };
}

function named(source: string, open: number): GroupHead {
  const close = source.indexOf('>', open + 4);
  if (close < 0) return refuse(open, 4, 'this group name is never closed', 'add ">"');
  const name = source.slice(open + 4, close);
  if (!/^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(name)) {
    return refuse(
      open,
      close + 1 - open,
      `"${name}" is no group name`,
      'letters, digits and "_", no digit first',
    );
  }
  return { kind: 'capture', name, end: close + 1 };
}

function flagGroup(
  source: string,
  open: number,
  flags: PythonFlags,
  flagsAllowed: boolean,
): GroupHead {
  const match = /^\(\?([A-Za-z]*)(-[A-Za-z]*)?([:)])/.exec(source.slice(open, open + 64));
  if (match === null) {
    return refuse(
      open,
      Math.min(4, source.length - open),
      'flags must end in ":" or ")"',
      '"(?i)" or "(?i:…)"',
    );
  }
  const [text, on = '', minus, close] = match;
  const off = minus?.slice(1) ?? '';
  const fail = (message: string, rewrite?: string): never =>
    refuse(open, text.length, message, rewrite);
  if (minus !== undefined && (off === '' || close === ')'))
    fail(`"${text}" turns nothing off`, '"(?-i:…)"');
  const unknown = /[^aiLmsux]/.exec(on + off)?.[0];
  if (unknown !== undefined) fail(`"${unknown}" in "${text}" is no flag`, 'a, i, m, s, u, x');
  if ((on + off).includes('L')) fail('flag "L" is for bytes patterns only');
  if (/[au]/.test(off)) fail('flags "a" and "u" cannot be turned off');
  if (on.includes('a') && on.includes('u')) fail('flags "a" and "u" exclude one another');
  if (Array.from(on).some((flag) => off.includes(flag))) fail(`"${text}" turns a flag on and off`);
  if (close === ')') {
    if (!flagsAllowed) {
      fail(
        `global flags "${text}" must stand at the start of the pattern`,
        `"(?${on}:…)" around what they are for`,
      );
    }
    return { kind: 'flags', flags: withFlags(flags, on, ''), end: open + text.length };
  }
  return { kind: 'scoped', flags: withFlags(flags, on, off), end: open + text.length };
}

function withFlags(flags: PythonFlags, on: string, off: string): PythonFlags {
  const value = (letter: string, before: boolean): boolean =>
    on.includes(letter) || (before && !off.includes(letter));
  return {
    ignoreCase: value('i', flags.ignoreCase),
    multiLine: value('m', flags.multiLine),
    dotAll: value('s', flags.dotAll),
    verbose: value('x', flags.verbose),
    ascii: on.includes('a') || (flags.ascii && !on.includes('u')),
  };
}
