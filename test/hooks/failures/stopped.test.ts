/** A service that is stopped, and goes on when another one has taken its place. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { serviceWorld } from './service-world.ts';

const world = serviceWorld();

describe('a stopped service', () => {
  it('is not waited for longer than 300 ms', async () => {
    const control = await world.ownProcessMs();
    process.kill(await world.startService(), 'SIGSTOP');
    const run = await world.edit({ name: 'b.py' });
    expect(run.context).toContain('b.py:2');
    expect(run.ms).toBeGreaterThan(290);
    await world.expectBounded(run, control, 300 + 500);
    await world.expectSilence({ name: 'b.py' });
    expect(world.copy.logged()).toContain('"reason":"timeout"');
  });

  it('is replaced, and leaves the new one alone when it goes on', async () => {
    const old = await world.startService();
    await world.expectToldOnce();
    process.kill(old, 'SIGSTOP');
    const young = await world.startService();
    expect(young).not.toBe(old);
    await world.expectToldOnce({ name: 'b.py' });
    process.kill(old, 'SIGCONT');
    await world.gone(old);
    expect(existsSync(world.socket)).toBe(true);
    expect(existsSync(`${world.dir}/service.json`)).toBe(true);
    await sleep(2_500);
    expect(world.services()).toEqual([young]);
    expect(await world.serving()).toBe(young);
    await world.expectToldOnce({ name: 'c.py' });
    await world.expectSilence();
    expect((await world.status()).edits.answered).toBeGreaterThan(0);
  });

  it('goes on in time: what it says then does not count twice', async () => {
    const pid = await world.startService();
    process.kill(pid, 'SIGSTOP');
    const first = await world.edit();
    expect(first.context).toContain('a.py:2');
    process.kill(pid, 'SIGCONT');
    expect(await world.serving()).toBe(pid);
    await world.expectSilence();
    await world.expectToldOnce({ name: 'b.py' });
  });
});
