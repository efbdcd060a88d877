/** What a session was told and worked on: resolved, still open, back, or dismissed by the user. */
import { readFileSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sg } from '../../cli/helpers/cli.ts';
import type { Result } from '../../cli/helpers/cli.ts';
import { givenTurns } from './given.ts';
import { BUG, FINDING, NOTHING, noticeOf } from './world.ts';

const given = givenTurns();

const FIXED = 'def read(name):\n    return FILES[name]\n';

/** A turn that plants the bug and is told of it. */
async function told(): Promise<void> {
  const { turn } = given;
  await turn.prompt();
  await turn.edit('app/files.py', BUG);
  turn.answer(FINDING);
  expect(await turn.stop()).toMatchObject({ code: 2 });
}

/** The fate that the reviewer gives to the only finding that it is asked about. */
function judged(fate: string, quote = ''): void {
  const { api } = given;
  const [kept] = stored();
  const id = kept?.fingerprint.slice(0, 12) ?? '';
  const text = JSON.stringify({ findings: [], earlier: [{ id, fate, quote }] });
  api.play({ kind: 'message', text });
}

interface Stored {
  readonly fingerprint: string;
  readonly state: string;
  readonly history: readonly { readonly reason: string }[];
}

function stored(): readonly Stored[] {
  const folder = join(given.turn.state, 'findings');
  return readdirSync(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return (JSON.parse(text) as { findings: Stored[] }).findings;
  });
}

function findings(...args: string[]): Promise<Result> {
  const { turn } = given;
  return sg(['findings', ...args], {
    cwd: turn.repo.root,
    env: { ...turn.world.env, SECURITY_WARNINGS_STATE_DIR: turn.state },
  });
}

describe('a finding that the agent worked on', () => {
  test('is resolved by the next review, which the user is told and the agent is not woken for', async () => {
    const { turn, api } = given;
    await told();
    await turn.edit('app/files.py', FIXED);
    judged('resolved');
    const ran = await turn.goOn();
    expect({ ...ran, stdout: '', refused: api.refused }).toEqual({ ...NOTHING, refused: [] });
    expect(noticeOf(ran)).toBe(
      'security-guidance: resolved: app/files.py:2 A name leads out of its folder (its code is gone from app/files.py, and the reviewer found it resolved)',
    );
    expect(turn.asked().at(-1)).toContain('Findings to judge again:');
    expect(turn.asked()[0]).not.toContain('Findings to judge again:');
    expect(stored()).toMatchObject([{ state: 'fixed' }]);
    expect(turn.modes()).toEqual({ folders: ['700'], files: ['600'] });
  });

  test('is probably fixed where nobody was asked and its code is gone', async () => {
    const { turn } = given;
    await told();
    await turn.edit('app/files.py', FIXED);
    const ran = await turn.goOn({ env: { ANTHROPIC_API_KEY: '', ANTHROPIC_BASE_URL: '' } });
    expect(noticeOf(ran)).toContain('its code is gone from app/files.py: probably fixed');
  });

  test('is fixed where its new file was deleted, and the turn has no change left', async () => {
    const { turn } = given;
    await told();
    unlinkSync(join(turn.repo.root, 'app/files.py'));
    const asked = turn.asked().length;
    expect(noticeOf(await turn.goOn())).toContain('resolved: app/files.py:2');
    expect(turn.asked()).toHaveLength(asked);
  });

  test('is told as still open once more, and not a third time', async () => {
    const { turn } = given;
    await told();
    await turn.edit('app/files.py', BUG.replace('/srv/', '/srv/x/'));
    judged('still-there', 'return open("/srv/x/" + name).read()');
    const { code, stderr } = await turn.goOn();
    expect(code).toBe(2);
    expect(stderr).toMatch(/Known: still open, reported first on \d{4}-\d\d-\d\d\./);
    expect(stderr).toContain('Code: return open("/srv/x/" + name).read()');
    await turn.edit('app/files.py', BUG.replace('/srv/', '/srv/y/'));
    judged('still-there', 'return open("/srv/y/" + name).read()');
    expect(await turn.goOn()).toEqual(NOTHING);
    expect(stored()).toMatchObject([{ state: 'new' }]);
  });

  test('is not believed to be there by a quote that is nowhere', async () => {
    const { turn } = given;
    await told();
    await turn.edit('app/files.py', FIXED);
    judged('still-there', 'return open("/made-up/" + name)');
    expect(await turn.goOn()).toEqual(NOTHING);
    expect(stored()).toMatchObject([{ state: 'new' }]);
  });

  test('that is back after it was fixed says so', async () => {
    const { turn } = given;
    await told();
    await turn.edit('app/files.py', FIXED);
    judged('resolved');
    await turn.goOn();
    await turn.prompt('Undo that.');
    await turn.edit('app/files.py', BUG);
    turn.answer(FINDING);
    const { code, stderr } = await turn.stop();
    expect(code).toBe(2);
    expect(stderr).toMatch(/Known: was fixed on \d{4}-\d\d-\d\d, is back\./);
    expect(stored()).toMatchObject([{ state: 'new', history: [{}, { reason: 'it is back' }] }]);
  });
});

test('a finding that did not change is not asked about again', async () => {
  const { turn } = given;
  await told();
  turn.write('app/other.py', 'x = 1\n');
  expect(await turn.goOn()).toEqual(NOTHING);
  expect(turn.asked().at(-1)).not.toContain('Findings to judge again:');
});

test('a finding that the user calls false is told to no other session, and counted', async () => {
  const { turn } = given;
  await told();
  const [kept] = stored();
  const id = kept?.fingerprint.slice(0, 8) ?? '';
  expect(await findings('set', id, 'false-positive', '--reason', 'names are checked')).toEqual({
    code: 0,
    signal: null,
    stdout: `${id}: new -> false-positive\n`,
    stderr: '',
  });
  const other = { session: 's-2' };
  unlinkSync(join(turn.repo.root, 'app/files.py'));
  await turn.prompt('Go on.', other);
  await turn.edit('app/files.py', `\n\n${BUG}`, other);
  turn.answer(FINDING);
  expect(await turn.stop(other)).toEqual(NOTHING);
  const { stdout } = await sg(['status', '--last', '--format', 'json'], {
    cwd: turn.repo.root,
    env: { ...turn.world.env, SECURITY_WARNINGS_STATE_DIR: turn.state },
  });
  expect(JSON.parse(stdout)).toMatchObject({
    last: {
      layer: 'turn',
      session: 's-2',
      roots: [turn.repo.root],
      record: {
        files: { reviewed: ['app/files.py'] },
        usage: { calls: 1 },
        stages: [
          { name: 'single-call', in: 1, out: 1 },
          { name: 'check', in: 1, out: 1 },
          { name: 'known', in: 1, out: 0, counts: { dismissed: 1 } },
        ],
      },
    },
  });
});
