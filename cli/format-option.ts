/** `--format` of the commands that write text or JSON; `sg scan` has more formats and its own option. */
export const TEXT_OR_JSON = {
  type: 'value',
  short: 'f',
  placeholder: 'FORMAT',
  choices: ['text', 'json'],
  default: 'text',
  description: 'how the result is written',
} as const;
