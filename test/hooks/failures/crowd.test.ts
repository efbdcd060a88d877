/** Many clients in the same second. */
import { describe, expect, it, vi } from 'vitest';
import { serviceWorld } from './service-world.ts';

const world = serviceWorld();

describe('fifty clients at once', () => {
  const edits = Array.from({ length: 50 }, (_, index) => ({
    name: `f${index}.py`,
    session: `s-${index % 10}`,
  }));

  it('without a service: each is answered, and one service runs afterwards', async () => {
    const runs = await Promise.all(edits.map((edit) => world.edit(edit)));
    await expectAllTold(runs.map(({ stdout }) => stdout).join(''));
    const pid = await world.serving();
    await world.startersLeft();
    expect(world.services()).toEqual([pid]);
    await world.expectToldOnce({ name: 'last.py' });
  });

  it('with fifty sessions that begin: one service', async () => {
    for (let count = 0; count < 50; count++) world.beginSession();
    const pid = await world.serving();
    await world.startersLeft();
    expect(world.services()).toEqual([pid]);
    await world.expectToldOnce();
  });

  it('with a service: each is answered once', async () => {
    await world.startService();
    const runs = await Promise.all(edits.map((edit) => world.edit(edit)));
    await expectAllTold(runs.map(({ stdout }) => stdout).join(''));
    expect(world.services()).toHaveLength(1);
  });

  /** Each edit is told by its answer or, when that came too late, by a later one. */
  async function expectAllTold(answers: string): Promise<void> {
    let said = answers;
    await vi.waitFor(
      async () => {
        if (edits.every(({ name }) => said.includes(`${name}:2`))) return;
        for (const session of new Set(edits.map((edit) => edit.session)))
          said += (await world.edit({ session, name: 'clean.txt', content: 'x\n' })).stdout;
        throw new Error(said.slice(0, 2_000));
      },
      { timeout: 60_000, interval: 200 },
    );
  }
});
