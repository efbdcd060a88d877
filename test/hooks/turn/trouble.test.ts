/** Whatever is broken, nobody is woken by it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canMount } from '../failures/programs.ts';
import { givenTurns } from './given.ts';
import { BUG, FINDING, NOTHING, answerOf, noticeOf } from './world.ts';

const given = givenTurns();

const HEAD = 'Automated message of the security-guidance plugin.';

describe('a program that', () => {
  test.each<[string, string]>([
    ['is missing', ''],
    ['has a syntax error', 'const = 1;'],
    ['throws', 'throw new Error("x")'],
    ['rejects', 'Promise.reject(new Error("x"))'],
    ['ends with 1', 'process.exit(1)'],
    ['ends with 2', `console.error("x"); console.log("${HEAD}"); process.exit(2)`],
    ['ends with our code and no words', 'process.exit(42)'],
    ['ends with our code and other words', 'console.log("x"); process.exit(42)'],
    ['has our words and another code', `console.log("${HEAD}"); process.exit(41)`],
    ['prints no object', 'console.log("done")'],
    ['is killed', `console.log("${HEAD}"); process.kill(process.pid, "SIGKILL")`],
    ['aborts', `console.log("${HEAD}"); process.abort()`],
    [
      'runs out of memory',
      `console.log("${HEAD}"); const all = []; for (;;) all.push(Array.from({ length: 1e4 }, () => ({})))`,
    ],
  ])('%s wakes nobody', async (_, text) => {
    const { turn } = given;
    const program = join(turn.plugin, 'turn/main.js');
    if (text === '') rmSync(program);
    else writeFileSync(program, text);
    // Memory ends soon.
    const env = { NODE_OPTIONS: '--max-old-space-size=16' };
    expect(await turn.prompt('Build it.', { env })).toEqual(NOTHING);
    expect(await turn.stop({ env })).toEqual(NOTHING);
    expect(await turn.subagentStop({ env })).toEqual(NOTHING);
  });

  test('has our code and our words does', async () => {
    const { turn } = given;
    const text = `console.log("${HEAD}"); process.exit(42)`;
    writeFileSync(join(turn.plugin, 'turn/main.js'), text);
    expect(await turn.stop()).toEqual({ code: 2, stdout: '', stderr: `${HEAD}\n` });
  });

  test('is there, without a Node.js', async () => {
    const { turn } = given;
    const env = { PATH: '/nowhere' };
    expect(
      await turn.run('Stop', { env: { ...env, PATH: binWithout(turn.world.folder) } }),
    ).toEqual(NOTHING);
  });
});

/** A search path with a shell and nothing else. */
function binWithout(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  execFileSync('ln', ['-s', '/bin/sh', join(bin, 'sh')]);
  return bin;
}

describe('input that is no payload', () => {
  test.each(['', 'null', '[]', '{"session_id":', '{"session_id":5,"cwd":{}}', '{}{}'])(
    '%j',
    async (text) => {
      const { turn } = given;
      const run = execFileSync('sh', [join(turn.plugin, 'hooks/run.sh'), 'stop'], {
        input: text,
        env: { ...turn.world.env, SECURITY_WARNINGS_STATE_DIR: turn.state },
      });
      expect(run.toString()).toBe('');
    },
  );
});

describe('a state folder', () => {
  test('that cannot be made: the user is told with each prompt', async () => {
    const { turn } = given;
    const file = join(turn.world.folder, 'file');
    writeFileSync(file, '');
    const env = { SECURITY_WARNINGS_STATE_DIR: join(file, 'state') };
    for (let i = 0; i < 2; i++) {
      const notice = noticeOf(await turn.prompt('Build it.', { env }));
      expect(notice).toContain('turns are not reviewed, since the state folder');
      turn.write('app/files.py', BUG);
      expect(await turn.stop({ env })).toEqual(NOTHING);
    }
    expect(turn.asked()).toEqual([]);
  });

  test.each(['', '{', '[]', '{"round":1}', 'null'])(
    'whose turn is %j: said once, and the next turn is reviewed',
    async (text) => {
      const { turn } = given;
      await turn.prompt();
      const file = join(turn.state, 'security_warnings_state_s-1~turn.json');
      expect(existsSync(file)).toBe(true);
      writeFileSync(file, text);
      turn.write('app/files.py', BUG);
      expect(noticeOf(await turn.stop())).toContain('git could not tell what changed');
      await turn.prompt();
      turn.write('app/other.py', 'x = 1\n');
      expect(await turn.stop()).toEqual(NOTHING);
      expect(turn.asked()[0]).toContain('app/other.py');
    },
  );

  test('whose snapshot is of another version', async () => {
    const { turn } = given;
    await turn.prompt();
    const file = join(turn.state, 'security_warnings_state_s-1~turn.json');
    const state = { key: 'a'.repeat(32), policy: 'b'.repeat(32), snapshot: { version: 9 } };
    writeFileSync(file, JSON.stringify(state));
    turn.write('app/files.py', BUG);
    expect(noticeOf(await turn.stop())).toContain('of another version');
  });
});

describe.skipIf(!canMount())('a disk', () => {
  let disk: string;
  beforeEach(() => {
    disk = join(given.turn.world.folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=700', 'tmpfs', disk]);
  });
  afterEach(() => void execFileSync('umount', [disk]));

  test('that is full at the prompt: the user is told', async () => {
    const { turn } = given;
    const state = join(disk, 'state');
    mkdirSync(state);
    fill(state);
    const env = { SECURITY_WARNINGS_STATE_DIR: state };
    expect(noticeOf(await turn.prompt('Build it.', { env }))).toContain('cannot be written');
    turn.write('app/files.py', BUG);
    expect(await turn.stop({ env })).toEqual(NOTHING);
  });

  test.each(['full', 'read-only'])(
    'that becomes %s: a wake that cannot be remembered comes once, and no loop of it',
    async (how) => {
      const { turn, api } = given;
      const state = join(disk, 'state');
      const env = { SECURITY_WARNINGS_STATE_DIR: state, SG_BUDGET_USD_DAY: '0' };
      await turn.prompt('Build it.', { env });
      turn.write('app/load.py', 'import yaml\nyaml.load(f)\n');
      if (how === 'full') fill(state);
      else execFileSync('mount', ['-o', 'remount,ro', disk]);
      api.play(answerOf(FINDING));
      const first = await turn.stop({ env });
      expect(first.code).toBe(2);
      expect(first.stderr).toContain('app/load.py:2');
      expect(first.stderr).toContain('cannot be written');
      for (let i = 0; i < 2; i++) {
        const next = await turn.stop({ env, payload: { stop_hook_active: true } });
        expect(next.code).toBe(0);
      }
      // Without an account of it no money is spent.
      expect(turn.asked()).toEqual([]);
    },
  );
});

function fill(folder: string): void {
  for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) {
    for (let count = 0; count < 100; count++) {
      try {
        writeFileSync(join(folder, `fill-${size}-${count}`), Buffer.alloc(size, 1));
      } catch {
        break;
      }
    }
  }
}
