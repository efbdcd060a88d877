/** Where the service runs it tells that a turn changed nothing, and no Node.js is started; all else goes its own way. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ping } from '../../../host/service/health/ping.ts';
import { givenTurns } from './given.ts';
import { BUG, FINDING, NOTHING, noticeOf } from './world.ts';

const given = givenTurns();
const SERVED = { SG_SERVICE: '1' };

/** A PATH on which there is no Node.js. */
let bare: string;
let pid: number;

beforeEach(async () => {
  const { turn } = given;
  bare = join(turn.world.folder, 'bin');
  mkdirSync(bare);
  for (const name of ['sh', 'git', 'perl', 'cat', 'rm', 'tee', 'dd']) {
    const path = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    symlinkSync(path, join(bare, name));
  }
  await turn.run('SessionStart', { env: SERVED });
  const folder = join(turn.state, 'service');
  await vi.waitFor(
    async () => expect(await ping(folder, 1_000)).toMatchObject({ kind: 'version' }),
    { timeout: 60_000, interval: 100 },
  );
  ({ pid } = JSON.parse(readFileSync(join(folder, 'service.json'), 'utf8')) as { pid: number });
});

afterEach(() => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // A test ended it.
  }
});

const skips = (): unknown[] => given.turn.logged().map(({ skip_reason }) => skip_reason);

describe('with the service', () => {
  test.each(['stop', 'subagentStop'] as const)(
    'a %s that changed nothing starts no Node.js',
    async (event) => {
      const { turn } = given;
      await turn.prompt();
      expect(await turn[event]({ env: { ...SERVED, PATH: bare } })).toEqual(NOTHING);
      expect(skips()).toEqual([6]);
    },
  );

  test('and is settled: the next turn has a beginning of its own', async () => {
    const { turn } = given;
    await turn.prompt();
    await turn.stop({ env: { ...SERVED, PATH: bare } });
    turn.write('app/files.py', BUG);
    await turn.prompt();
    expect(await turn.stop({ env: SERVED })).toEqual(NOTHING);
    expect(turn.asked()).toEqual([]);
  });

  test('one that changed something is reviewed, and wakes', async () => {
    const { turn, api } = given;
    await turn.prompt();
    await turn.edit('app/files.py', BUG, { env: SERVED });
    turn.answer(FINDING);
    const { code, stdout, stderr } = await turn.stop({ env: SERVED });
    expect({ code, stdout, refused: api.refused }).toEqual({ code: 2, stdout: '', refused: [] });
    expect(stderr).toContain('app/files.py:2: A name leads out of its folder');
  });

  test('one without a verdict is said', async () => {
    const { turn, api } = given;
    await turn.prompt();
    await turn.edit('app/files.py', BUG, { env: SERVED });
    api.play({ kind: 'error', status: 401, type: 'authentication_error' });
    expect(noticeOf(await turn.stop({ env: SERVED }))).toContain('not reviewed');
  });

  test('that is stopped, the hook looks itself', async () => {
    const { turn } = given;
    await turn.prompt();
    process.kill(pid, 'SIGSTOP');
    expect(await turn.stop({ env: SERVED })).toEqual(NOTHING);
    expect(skips()).toEqual([6]);
  });

  test.each([
    ['gone', ''],
    ['broken', 'this is no perl {\n'],
    ['one that ends with 2', 'exit 2;\n'],
  ])('a client.pl that is %s wakes nobody', async (_, text) => {
    const { turn } = given;
    const client = join(turn.plugin, 'hooks/client.pl');
    rmSync(client);
    if (text !== '') writeFileSync(client, text);
    await turn.prompt();
    expect(await turn.stop({ env: SERVED })).toEqual(NOTHING);
    expect(existsSync(join(turn.state, 'service/s'))).toBe(true);
  });
});
