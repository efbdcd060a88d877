/** `--format` of the commands that write text or JSON; others write SARIF as well. */
export const TEXT_OR_JSON = {
  type: 'value',
  short: 'f',
  placeholder: 'FORMAT',
  choices: ['text', 'json'],
  default: 'text',
  description: 'how the result is written',
} as const;

export const TEXT_JSON_OR_SARIF = {
  type: 'value',
  short: 'f',
  placeholder: 'FORMAT',
  choices: ['text', 'json', 'sarif'],
  default: 'text',
  description: 'how findings are written',
} as const;
