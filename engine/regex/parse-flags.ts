/** Flags of RE2 syntax, and the groups that only other engines have. */

export interface Flags {
  readonly foldCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

export const NO_FLAGS: Flags = {
  foldCase: false,
  multiline: false,
  dotAll: false,
  ungreedy: false,
};

/** Head of a group, what is wrong with it, what to write instead. */
export const UNSUPPORTED_GROUPS: readonly (readonly [
  head: string,
  message: string,
  rewrite: string,
])[] = [
  ['(?=', 'RE2 has no lookahead "(?=…)"', 'consume the text instead, or use \\b'],
  [
    '(?!',
    'RE2 has no negative lookahead "(?!…)"',
    'move it into "unless: [{within: match|line|call, pattern: …}]"',
  ],
  [
    '(?<=',
    'RE2 has no lookbehind "(?<=…)"',
    'consume the text instead: the match then begins earlier',
  ],
  [
    '(?<!',
    'RE2 has no negative lookbehind "(?<!…)"',
    'consume one character that may stand there: "(?:^|[^x])"',
  ],
  ['(?>', 'RE2 has no atomic groups, and needs none: it never backtracks', 'use "(?:…)"'],
  ['(?P=', 'RE2 has no backreferences', 'spell out the alternatives'],
  ['(?#', 'RE2 has no comment groups', 'put the comment in the rule file'],
];

/** `flags` with those named by `letters` set to `value`. */
export function withFlags(flags: Flags, letters: string, value: boolean): Flags {
  return {
    foldCase: letters.includes('i') ? value : flags.foldCase,
    multiline: letters.includes('m') ? value : flags.multiline,
    dotAll: letters.includes('s') ? value : flags.dotAll,
    ungreedy: letters.includes('U') ? value : flags.ungreedy,
  };
}
