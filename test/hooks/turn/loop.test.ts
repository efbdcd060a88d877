/** How a turn ends: loops, prompts that are none, turns that are broken off, reviews that are killed. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processesWith } from '../../support/processes.ts';
import { givenTurns } from './given.ts';
import { BUG, FINDING, NOTHING, noticeOf } from './world.ts';
import type { Ran, RunOptions, TurnWorld } from './world.ts';

const given = givenTurns();

/** A new bug in each round, so that each review has something new to tell. */
async function round(turn: TurnWorld, number: number, options: RunOptions = {}): Promise<Ran> {
  const path = `app/files${number}.py`;
  await turn.edit(path, BUG);
  turn.answer({ ...FINDING, path });
  return number === 1 ? turn.stop(options) : turn.goOn(options);
}

describe('firings', () => {
  test('three in a row end the loop; the user is told, and the next turn reviews the rest', async () => {
    const { turn, api } = given;
    await turn.prompt();
    for (const number of [1, 2, 3]) expect(await round(turn, number)).toMatchObject({ code: 2 });
    const held = await round(turn, 4);
    expect(held).toMatchObject({ code: 0, stderr: '' });
    expect(noticeOf(held)).toContain('the agent was woken 3 times in a row');
    expect(await turn.stop()).toEqual(NOTHING);
    expect(turn.asked()).toHaveLength(3);
    api.reset();
    expect(noticeOf(await turn.prompt('Next.'))).toContain('woken 3 times');
    turn.answer({ ...FINDING, path: 'app/files4.py' });
    const next = await turn.stop();
    expect(next.code).toBe(2);
    expect(next.stderr).toContain('app/files4.py');
  });

  test.each([
    ['1', [2, 0, 0]],
    ['0', [2, 2, 2, 2]],
  ])('MAX_STOP_HOOK_FIRINGS=%s: %j', async (MAX_STOP_HOOK_FIRINGS, codes) => {
    const { turn } = given;
    const env = { MAX_STOP_HOOK_FIRINGS };
    await turn.prompt('Build it.', { env });
    for (const [index, code] of codes.entries())
      expect(await round(turn, index + 1, { env })).toMatchObject({ code });
  });

  test('a clean review in between begins the count anew', async () => {
    const { turn, api } = given;
    const env = { MAX_STOP_HOOK_FIRINGS: '1' };
    await turn.prompt();
    expect(await round(turn, 1, { env })).toMatchObject({ code: 2 });
    await turn.prompt();
    await turn.edit('app/files1.py', 'x = 1\n');
    expect(await turn.stop({ env })).toMatchObject({ code: 0, stderr: '' });
    api.reset();
    expect(await round(turn, 2, { env })).toMatchObject({ code: 2 });
  });

  test('what happens long after the loop was ended is reviewed', async () => {
    const { turn } = given;
    const env = { MAX_STOP_HOOK_FIRINGS: '1' };
    await turn.prompt();
    expect(await round(turn, 1, { env })).toMatchObject({ code: 2 });
    expect(await round(turn, 2, { env })).toMatchObject({ code: 0 });
    const file = join(turn.state, 'security_warnings_state_s-1~turn.json');
    const state = JSON.parse(readFileSync(file, 'utf8')) as { heldSince: number };
    writeFileSync(file, JSON.stringify({ ...state, heldSince: state.heldSince - 121_000 }));
    turn.answer({ ...FINDING, path: 'app/files2.py' });
    expect(await turn.goOn({ env })).toMatchObject({ code: 2 });
  });
});

describe('prompts', () => {
  test('a notification is none: the turn began before it', async () => {
    const { turn } = given;
    await turn.prompt();
    turn.write('app/before.py', 'x = 1\n');
    await turn.prompt('<task-notification>\n<summary>done</summary>\n</task-notification>');
    await turn.stop();
    expect(turn.asked()[0]).toContain('app/before.py');
  });

  test('a notification before any turn leaves nothing behind', async () => {
    const { turn } = given;
    expect(await turn.prompt('<task-notification></task-notification>')).toEqual(NOTHING);
    turn.write('app/before.py', 'x = 1\n');
    expect(await turn.stop()).toEqual(NOTHING);
    expect(turn.asked()).toEqual([]);
    expect(turn.logged()).toMatchObject([{ skip_reason: 60 }]);
  });

  test('a turn that was broken off is reviewed with the next one', async () => {
    const { turn } = given;
    await turn.prompt();
    turn.write('app/aborted.py', 'x = 1\n');
    await turn.prompt('Something else.');
    turn.write('app/next.py', 'x = 1\n');
    await turn.stop();
    expect(turn.asked()[0]).toContain('app/aborted.py');
    expect(turn.asked()[0]).toContain('app/next.py');
    await turn.prompt('And more.');
    turn.write('app/last.py', 'x = 1\n');
    await turn.stop();
    expect(turn.asked()[1]).not.toContain('app/aborted.py');
  });

  test('what a background task changes after a clean review is not lost when it is broken off', async () => {
    const { turn } = given;
    await turn.prompt();
    turn.write('app/a.py', 'x = 1\n');
    expect(await turn.stop()).toEqual(NOTHING);
    await turn.prompt('<task-notification></task-notification>');
    turn.write('app/late.py', 'x = 1\n');
    await turn.prompt('Something else.');
    await turn.stop();
    expect(turn.asked().at(-1)).toContain('app/late.py');
    expect(turn.asked().at(-1)).not.toContain('app/a.py');
  });

  test('a prompt during a review keeps the beginning that the review has', async () => {
    const { turn, api } = given;
    await turn.prompt();
    turn.write('app/a.py', 'x = 1\n');
    api.play({ kind: 'drip', text: '{"findings":[]}', bytes: 100, ms: 150 });
    const stopped = turn.stop();
    await asked(turn);
    await turn.prompt('Meanwhile.');
    turn.write('app/meanwhile.py', 'x = 1\n');
    expect(await stopped).toEqual(NOTHING);
    await turn.prompt('Broken off.');
    await turn.stop();
    expect(turn.asked().at(-1)).toContain('app/meanwhile.py');
  });
});

describe('one review at a time', () => {
  test('a subagent leaves, the end of the turn waits and sends only the rest', async () => {
    const { turn, api } = given;
    await turn.prompt();
    turn.write('app/a.py', 'x = 1\n');
    api.play({ kind: 'drip', text: '{"findings":[]}', bytes: 100, ms: 150 });
    const first = turn.subagentStop();
    await asked(turn);
    turn.write('app/b.py', 'x = 1\n');
    expect(await turn.subagentStop()).toEqual(NOTHING);
    expect(await turn.stop()).toEqual(NOTHING);
    expect(await first).toEqual(NOTHING);
    const [, second = '', ...more] = turn.asked();
    expect(more).toEqual([]);
    expect(second).toContain('app/b.py');
    expect(second).not.toContain('app/a.py');
  });
});

describe('a review that is killed', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'by %s wakes nobody, and the next stop reviews the turn',
    async (signal) => {
      const { turn, api } = given;
      await turn.prompt();
      await turn.edit('app/files.py', BUG);
      api.play({ kind: 'hang' });
      let group = 0;
      const stopped = turn.stop({ onStart: ({ pid = 0 }) => (group = pid) });
      await asked(turn);
      process.kill(-group, signal);
      const { code, stdout, stderr } = await stopped;
      expect(code).not.toBe(2);
      expect(stdout + stderr).toBe('');
      const spend = JSON.parse(readFileSync(join(turn.state, 'spend.json'), 'utf8')) as {
        held: unknown[];
      };
      expect(spend.held).toHaveLength(1);
      turn.answer(FINDING);
      expect(await turn.stop()).toMatchObject({ code: 2 });
    },
  );

  test('whose shell alone is killed stops asking', async () => {
    const { turn, api } = given;
    await turn.prompt();
    await turn.edit('app/files.py', BUG);
    api.play({ kind: 'hang' });
    let shell = 0;
    void turn.stop({ onStart: ({ pid = 0 }) => (shell = pid) });
    await asked(turn);
    const running = processesWith(turn.plugin);
    expect(running.some(({ args }) => args.includes('main.js stop'))).toBe(true);
    process.kill(shell, 'SIGKILL');
    for (const { pid, args } of running)
      if (pid !== shell && args.startsWith('sh ')) process.kill(pid, 'SIGKILL');
    for (let tries = 0; tries < 100 && processesWith(turn.plugin).length > 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(processesWith(turn.plugin)).toEqual([]);
    expect(readdirSync(turn.state).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    turn.answer(FINDING);
    expect(await turn.stop()).toMatchObject({ code: 2 });
  });
});

/** Resolves once the model was asked. */
async function asked(turn: TurnWorld): Promise<void> {
  for (let tries = 0; turn.asked().length === 0; tries++) {
    if (tries > 500) throw new Error('nothing was asked');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
