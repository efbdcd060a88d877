import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../cli/options.ts';
import type { OptionTable } from '../../cli/options.ts';

const TABLE = {
  flag: { type: 'flag', short: 'q', description: '' },
  'min-level': {
    type: 'value',
    placeholder: 'LEVEL',
    choices: ['low', 'high'],
    default: 'low',
    description: '',
  },
  output: { type: 'value', short: 'o', placeholder: 'FILE', description: '' },
  rule: { type: 'list', placeholder: 'ID', description: '' },
  jobs: { type: 'integer', placeholder: 'N', min: 1, max: 8, description: '' },
} as const satisfies OptionTable;
const ANY = { name: 'paths', min: 0, max: Infinity };

describe('parseOptions', () => {
  it('gives every option a value', () => {
    expect(parseOptions(TABLE, ANY, [])).toEqual({
      ok: true,
      values: { flag: false, 'min-level': 'low', output: undefined, rule: [], jobs: undefined },
      positionals: [],
    });
    expect(
      parseOptions(TABLE, ANY, [
        'a',
        '--flag',
        '--rule',
        'x',
        '--min-level=high',
        '--rule=y',
        '-o',
        'f',
        '--jobs',
        '3',
        '--',
        '--flag',
      ]),
    ).toEqual({
      ok: true,
      values: { flag: true, 'min-level': 'high', output: 'f', rule: ['x', 'y'], jobs: 3 },
      positionals: ['a', '--flag'],
    });
  });

  it.each<[string[], string]>([
    [['--min-levle', 'low'], 'unknown option "--min-levle"; did you mean "--min-level"?'],
    [['--nothing-like-it'], 'unknown option "--nothing-like-it"'],
    [['--constructor'], 'unknown option "--constructor"'],
    [['-z'], 'unknown option "-z"'],
    [['--flag=yes'], 'option --flag takes no value, got "yes"'],
    [['--output'], 'option --output needs a value: --output FILE'],
    [
      ['--output', '--flag'],
      'option --output needs a value: --output FILE (a value that starts with "-" is written --output=--flag)',
    ],
    [
      ['--min-level', 'hihg'],
      'option --min-level is "hihg", expected low or high; did you mean "high"?',
    ],
    [
      ['--min-level', '\u001b[31m'],
      String.raw`option --min-level is "\u001b[31m", expected low or high`,
    ],
    [['--jobs', '0'], 'option --jobs is "0", expected a whole number from 1 to 8'],
    [['--jobs', '2.5'], 'option --jobs is "2.5", expected a whole number from 1 to 8'],
    [['--jobs', ''], 'option --jobs is "", expected a whole number from 1 to 8'],
  ])('refuses %j', (args, message) => {
    expect(parseOptions(TABLE, ANY, args)).toEqual({ ok: false, message });
  });

  it('checks how many arguments there are', () => {
    const one = { name: 'ID', min: 1, max: 1 };
    expect(parseOptions({}, one, [])).toEqual({ ok: false, message: 'missing argument ID' });
    expect(parseOptions({}, one, ['a', 'b'])).toEqual({
      ok: false,
      message: 'unexpected argument "b", expected only ID',
    });
    expect(parseOptions({}, { name: '', min: 0, max: 0 }, ['a'])).toEqual({
      ok: false,
      message: 'unexpected argument "a"',
    });
  });
});
