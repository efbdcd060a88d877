/** Two versions of the plugin share one state folder. */
import { describe, expect, it, vi } from 'vitest';
import { serviceWorld } from './service-world.ts';

const world = serviceWorld();

describe('two versions', () => {
  it('the newer one retires the older service', async () => {
    const newer = world.versioned('99.0.0');
    const old = await world.startService();
    await world.expectToldOnce();
    const young = await world.startService(newer);
    await world.gone(old);
    expect(world.services()).toEqual([young]);
    await world.expectSilence();
    await world.expectToldOnce({ name: 'b.py' });
    await world.expectToldOnce({ name: 'c.py', plugin: newer });
    expect((await world.status()).version).toBe('99.0.0');
    expect((await world.status()).edits.answered).toBeGreaterThan(0);
  });

  it('the older one leaves the newer service alone', async () => {
    const newer = world.versioned('99.0.1');
    const pid = await world.startService(newer);
    await world.expectToldOnce();
    world.beginSession();
    await world.startersLeft();
    expect(world.services()).toEqual([pid]);
    await world.expectToldOnce({ name: 'b.py' });
    await world.expectToldOnce({ name: 'c.py', plugin: newer });
    expect(await world.serving('99.0.1')).toBe(pid);
  });

  it('a newer one does not answer before its release', async () => {
    const newer = world.versioned('99.0.2-rc.1');
    const release = world.versioned('99.0.2');
    const old = await world.startService(newer);
    const young = await world.startService(release);
    await world.gone(old);
    world.beginSession(newer);
    await world.startersLeft();
    expect(world.services()).toEqual([young]);
  });

  it('edits in the middle of the change are told', async () => {
    const newer = world.versioned('99.0.3');
    await world.startService();
    world.beginSession(newer);
    const names = Array.from({ length: 12 }, (_, index) => `f${index}.py`);
    for (const [index, name] of names.entries())
      await world.expectToldOnce({ name, ...(index % 2 === 0 ? {} : { plugin: newer }) });
    await world.serving('99.0.3');
    // The older one may still be giving its last answers.
    await vi.waitFor(() => expect(world.services()).toHaveLength(1), { timeout: 60_000 });
    for (const name of names) await world.expectSilence({ name });
  });
});
