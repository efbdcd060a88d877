/** `sg findings` and `sg status --last` as processes: what they refuse, and files that are not as they should be. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sg } from './helpers/cli.ts';
import { RUN, useFindingsWorld } from './helpers/findings-world.ts';

const world = useFindingsWorld();

describe('lists', () => {
  test('can be of a path', async () => {
    await world().found(RUN);
    expect(await world().listed('--path', './app/')).toHaveLength(1);
    expect(await world().listed('--path', 'ap')).toHaveLength(0);
    expect((await world().findings('list', '--path', 'lib')).stdout).toBe(
      'no findings of that kind; new 1\n',
    );
  });

  test('are empty where nothing was kept', async () => {
    expect(await world().findings()).toMatchObject({
      code: 0,
      stdout: 'no findings: no review of this repository has kept any\n',
    });
  });
});

test.each([
  [['lst'], 'there is no "lst", expected list, show, set or export; did you mean "list"?'],
  [['show'], 'missing argument ID: sg findings show ID'],
  [['show', 'xyz'], 'the id is "xyz", expected hexadecimal digits'],
  [['show', 'ffffffffffff'], 'no finding has an id that begins with "ffffffffffff"'],
  [
    ['set', 'aa', 'acepted'],
    'the state is "acepted", expected new, accepted, fixed or false-positive; did you mean "accepted"?',
  ],
  [['set', 'aa', 'accepted'], 'accepted needs a reason, for whoever reads it later: --reason TEXT'],
  [['list', 'x'], 'unexpected argument "x" after list'],
  [['list', '--reason', 'x'], 'option --reason does not go with list'],
  [['export'], 'export needs a format: --format sarif or --format json'],
  [['list', '--state', 'open'], 'option --state is "open"'],
])('%j is refused', async (args, words) => {
  const { code, stdout, stderr } = await world().findings(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(words);
});

test('an id that is of two findings names them', async () => {
  const many = Array.from({ length: 17 }, (_, i) => ({
    ...RUN,
    quote: `os.system("${i}" + name)`,
  }));
  world().write(`import os\n${many.map(({ quote }) => `${quote}\n`).join('')}`);
  await world().found(...many);
  // Of seventeen, two begin with the same of sixteen digits.
  const digits = (await world().listed()).map(({ fingerprint }) => fingerprint.charAt(0));
  const twice = digits.find((digit, at) => digits.indexOf(digit) !== at) ?? '';
  const { code, stderr } = await world().findings('show', twice);
  expect(code).toBe(2);
  expect(stderr).toMatch(/\d+ findings have an id that begins with "[0-9a-f]": [0-9a-f]{8}, /);
});

test('a file that cannot be read is no empty list', async () => {
  await world().found(RUN);
  const [name = ''] = readdirSync(world().state);
  writeFileSync(join(world().state, name), '{');
  const { code, stdout, stderr } = await world().findings();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('cannot be read: not JSON; the next review sets the file aside');
  const again = await world().found(RUN);
  expect(again).toMatchObject({ code: 1 });
  expect(again.stderr).toContain('the findings kept of');
  expect(await world().listed()).toHaveLength(1);
});

test('a folder that cannot be written costs no finding', async () => {
  mkdirSync(join(world().home, '.claude/security'), { recursive: true });
  writeFileSync(join(world().home, '.claude/security/findings'), 'in the way');
  const { code, stdout, stderr } = await world().found(RUN);
  expect(code).toBe(1);
  expect(stdout).toContain('A name is part of a shell command');
  expect(stderr).toContain('could not be kept');
});

test('the record of a review is shown by sg status --last', async () => {
  writeFileSync(join(world().repo, 'notes.md'), '# x\n');
  await world().found(RUN);
  const env = { HOME: world().home };
  const { stdout } = await sg(['status', '--last'], { cwd: world().repo, env });
  expect(stdout).toMatch(/^sg review, \d+ m?s ago, /);
  for (const words of [
    `repository: ${world().repo}`,
    'outcome: 1 finding',
    'model: claude-opus-5-5, by anthropic, 1 call to claude-opus-5-5:',
    'reviewed: 1 file\n  app/run.py',
    'left out: 1 file\n  notes.md: ',
    '  asked once: 1 in, 1 out',
  ])
    expect(stdout).toContain(words);
});
