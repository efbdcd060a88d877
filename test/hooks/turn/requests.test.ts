/** What is sent: as little as there is to review, with a beginning that a cache knows, and nothing secret. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { givenTurns } from './given.ts';
import { NOTHING } from './world.ts';
import type { TurnWorld } from './world.ts';

const given = givenTurns();

/** Sixty functions in each of twenty files; of each request some 7 KB are the same always. */
function writeMuch(turn: TurnWorld): void {
  for (let file = 0; file < 20; file++) {
    const functions = Array.from(
      { length: 60 },
      (_, index) =>
        `def step_${file}_${index}(value):\n    """Part ${index} of the calculation."""\n    total = value * ${index} + ${file}\n    return total - ${index * 7}\n`,
    );
    turn.write(`app/part${file}.py`, functions.join('\n'));
  }
}

interface Request {
  readonly system: string;
  readonly prompt: string;
}

function requests(turn: TurnWorld): Request[] {
  return turn.asked().map((body) => {
    const { system, messages } = JSON.parse(body) as { system: unknown; messages: unknown[] };
    return { system: JSON.stringify(system), prompt: JSON.stringify(messages) };
  });
}

describe('the second review, with one changed hunk', () => {
  test.each([
    ['of the same turn', false],
    ['of the next turn', true],
  ])('%s sends at most a tenth of the bytes of the first', async (_, isNext) => {
    const { turn } = given;
    await turn.prompt();
    writeMuch(turn);
    expect(await turn.stop()).toEqual(NOTHING);
    await turn.prompt(isNext ? 'Go on.' : '<task-notification></task-notification>');
    appendFileSync(
      join(turn.repo.root, 'app/part9.py'),
      '\ndef added(value):\n    return value + 1\n',
    );
    expect(await turn.stop()).toEqual(NOTHING);
    const [first = '', second = ''] = turn.asked();
    expect(turn.asked()).toHaveLength(2);
    expect(Buffer.byteLength(first)).toBeGreaterThan(60_000);
    expect(Buffer.byteLength(second) * 10).toBeLessThanOrEqual(Buffer.byteLength(first));
  });

  test('a third one without any sends nothing', async () => {
    const { turn } = given;
    await turn.prompt();
    writeMuch(turn);
    await turn.stop();
    expect(await turn.goOn()).toEqual(NOTHING);
    expect(turn.asked()).toHaveLength(1);
    expect(turn.logged().at(-1)).toMatchObject({ outcome: 'clean' });
  });
});

test('requests of a session begin alike, byte for byte, across turns', async () => {
  const { turn } = given;
  mkdirSync(join(turn.repo.root, '.claude'));
  const guidance = join(turn.repo.root, '.claude/claude-security-guidance.md');
  writeFileSync(guidance, 'Every handler checks the tenant.\n');
  for (const name of ['a', 'b', 'c']) {
    await turn.prompt();
    turn.write(`app/${name}.py`, `TOKEN = "${SECRET}"\nprint("${name}")\n`);
    await turn.stop();
  }
  const all = requests(turn);
  expect(all).toHaveLength(3);
  expect(new Set(all.map(({ system }) => system)).size).toBe(1);
  const policies = all.map(
    ({ prompt }) => /^.*?<\/policy [0-9a-f]{32}>/.exec(prompt)?.[0] ?? prompt,
  );
  expect(new Set(policies).size).toBe(1);
  expect(policies[0]).toContain('Every handler checks the tenant.');
  const data = all.map(({ prompt }) => /<data ([0-9a-f]{32})>/.exec(prompt)?.[1]);
  expect(new Set(data).size).toBe(3);
  // The same secret has the same stand-in, so that code around it stays as it was.
  const standIns = all.map(({ prompt }) => /SG_REDACTED_[a-z-]+_[0-9a-f]{16}/.exec(prompt)?.[0]);
  expect(new Set(standIns).size).toBe(1);
  expect(standIns[0]).toBeDefined();
  expect(turn.asked().join('')).not.toContain(SECRET);
});

/** Put together, so that no scanner takes this file for a leak. */
const SECRET = ['ghp', 'aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA3bC5'].join('_');

test('rule hits go in as hints, and the model is asked for once a day', async () => {
  const { turn, api } = given;
  for (const name of ['a', 'b']) {
    await turn.prompt();
    turn.write(`app/${name}.py`, 'import yaml\nyaml.load(f)\n');
    await turn.stop();
  }
  const [first = '', second = ''] = turn.asked();
  expect(first).toContain('app/a.py:2 python-yaml-unsafe-load');
  expect(second).toContain('app/b.py:2 python-yaml-unsafe-load');
  expect(api.requests.filter(({ url }) => url.includes('/models'))).toHaveLength(1);
});
