/** A service that is killed before, while and after it is asked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { encodeRequestBody } from '../../../host/service/request-body.ts';
import { serviceWorld } from './service-world.ts';

const world = serviceWorld();

describe('a service that is killed', () => {
  it('before a request: the edit is told without it, and one serves again', async () => {
    const pid = await world.startService();
    await world.kill(pid);
    await world.expectToldOnce();
    await world.minutePasses();
    await world.expectToldOnce({ name: 'b.py' });
    expect(await world.serving()).not.toBe(pid);
    await world.expectToldOnce({ name: 'c.py' });
    expect((await world.status()).edits.answered).toBeGreaterThan(0);
    await world.expectSilence();
  });

  it('while a request waits', async () => {
    const pid = await world.startService();
    process.kill(pid, 'SIGSTOP');
    const answer = world.edit();
    await sleep(100);
    await world.kill(pid);
    expect((await answer).context).toContain('a.py:2');
    await world.expectSilence();
  });

  it.each([5, 20, 45, 80])('while a large edit is checked, %i ms in', async (ms) => {
    const pid = await world.startService();
    const content = `import yaml\n${'value = load(compute(1, 2))\n'.repeat(40_000)}yaml.load(f)\n`;
    const answer = world.edit({ content });
    await sleep(ms);
    await world.kill(pid);
    const first = await answer;
    // Either it was answered in time, whole or as incomplete, or by the hook's own process.
    expect(first.context ?? first.notice).toMatch(/a\.py:40002|incomplete/);
    if (first.context === undefined) return;
    await world.expectSilence({ content });
  });

  it('after it noted a telling that never arrived', async () => {
    const pid = await world.startService();
    const sent = world.payload({ id: 'toolu_lost' });
    const told = await answered(sent);
    await world.kill(pid);
    expect((await world.send(sent)).context).toContain('a.py:2');
    // On a busy machine it had noted that the check goes on; the session hears that it never ended.
    if (told.includes('incomplete')) return;
    await world.expectSilence();
  });

  it('in the moment of its answer: what it told is not told again', async () => {
    const pid = await world.startService();
    const names = ['a.py', 'b.py', 'c.py'];
    const sent = names.map((name) => world.payload({ name }));
    const told = await Promise.all(sent.map(answered));
    process.kill(pid, 'SIGKILL');
    await world.gone(pid);
    for (const [index, name] of names.entries())
      if (told[index]?.includes(`${name}:2`) === true) await world.expectSilence({ name });
  });

  it('after a request', async () => {
    const pid = await world.startService();
    await world.expectToldOnce();
    await world.kill(pid);
    await world.expectSilence();
    await world.expectToldOnce({ name: 'b.py' });
    expect(await world.startService()).not.toBe(pid);
    await world.expectSilence();
    await world.expectToldOnce({ name: 'c.py' });
  });

  it('with each edit, ten times over', async () => {
    for (let round = 0; round < 10; round++) {
      world.beginSession();
      const name = `f${round}.py`;
      const answer = world.edit({ name });
      await sleep(round * 25);
      for (const pid of world.services()) process.kill(pid, 'SIGKILL');
      const { context, notice } = await answer;
      expect(context ?? notice).toMatch(/f\d[.]py:2|incomplete/);
      if (context !== undefined) await world.expectSilence({ name });
    }
  });

  /** What the service itself answers to an edit. */
  async function answered(sent: unknown): Promise<string> {
    const settings = {
      CLAUDE_PROJECT_DIR: world.copy.root,
      SECURITY_WARNINGS_STATE_DIR: world.copy.state,
    };
    const body = encodeRequestBody(settings, Buffer.from(JSON.stringify(sent)));
    const reply = await world.ask({ method: 'POST', path: '/1/edit', body });
    if (reply.kind === 'failed') throw new Error(reply.code);
    expect(reply.status).toBe(200);
    return reply.body.toString('utf8');
  }
});
