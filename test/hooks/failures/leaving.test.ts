/** When a service is not wanted, or what it stands on goes away. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { serviceWorld } from './service-world.ts';

const world = serviceWorld();

describe('SG_SERVICE=0', () => {
  const env = { SG_SERVICE: '0' };

  it('starts none', async () => {
    world.beginSession(world.copy.plugin, env);
    await world.expectToldOnce({ env });
    await world.startersLeft();
    expect(world.services()).toEqual([]);
    expect(existsSync(world.dir)).toBe(false);
  });

  it('asks none', async () => {
    mkdirSync(world.dir, { recursive: true, mode: 0o700 });
    let asked = 0;
    const server = createServer((socket) => {
      asked += 1;
      socket.destroy();
    });
    await new Promise<void>((done) => server.listen(world.socket, done));
    await world.expectToldOnce({ env });
    expect(asked).toBe(0);
    await new Promise((done) => server.close(done));
  });

  it('in one session takes nothing from another', async () => {
    const pid = await world.startService();
    await world.expectToldOnce({ env, session: 's-off' });
    await world.expectToldOnce({ session: 's-on' });
    expect(await world.serving()).toBe(pid);
  });
});

describe('a service leaves', () => {
  it('when its plugin is deleted', async () => {
    const plugin = world.copy.damaged('short-lived', []);
    const pid = await world.startService(plugin);
    await world.expectToldOnce();
    rmSync(plugin, { recursive: true });
    await world.expectToldOnce({ name: 'b.py' });
    const begun = performance.now();
    await world.gone(pid);
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(existsSync(world.socket)).toBe(false);
    await world.expectToldOnce({ name: 'c.py' });
  });

  it('when its state is deleted, and the next edit has a new one', async () => {
    const pid = await world.startService();
    await world.expectToldOnce();
    rmSync(world.copy.state, { recursive: true });
    await world.expectToldOnce();
    const begun = performance.now();
    await world.gone(pid);
    expect(performance.now() - begun).toBeLessThan(20_000);
    await world.startService();
    await world.expectToldOnce({ name: 'b.py' });
    await world.expectSilence();
  });

  it('when its folder alone is deleted', async () => {
    const pid = await world.startService();
    rmSync(world.dir, { recursive: true });
    await world.expectToldOnce();
    await world.gone(pid);
    expect(await world.startService()).not.toBe(pid);
    await world.expectSilence();
  });

  it('when it is asked to, with its socket', async () => {
    const pid = await world.startService();
    process.kill(pid, 'SIGTERM');
    await world.gone(pid);
    expect(existsSync(world.socket)).toBe(false);
    expect(existsSync(`${world.dir}/service.json`)).toBe(false);
    await world.expectToldOnce();
  });
});
