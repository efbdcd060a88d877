/** A machine whose PATH has no Node.js. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { serviceWorld } from './service-world.ts';

const world = serviceWorld();
let path = '';

beforeAll(() => {
  path = join(world.copy.scratch, 'bin');
  mkdirSync(path);
  for (const name of ['sh', 'cat', 'curl', 'dd', 'find', 'mkdir', 'rm', 'sleep', 'tee'])
    symlinkSync(
      execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(),
      join(path, name),
    );
});

describe('no Node.js', () => {
  it('is one line for each session, not for each edit', async () => {
    const env = { PATH: path };
    world.beginSession(world.copy.plugin, env);
    for (const session of ['s-1', 's-2']) {
      const first = await world.edit({ session, env });
      expect(first.notice).toContain('Node.js');
      expect(first.context).toBeUndefined();
      for (const name of ['a.py', 'b.py', 'c.py'])
        expect((await world.edit({ session, name, env })).stdout).toBe('');
    }
    expect(world.services()).toEqual([]);
  });

  it('is one line of those that come at once', async () => {
    const env = { PATH: path };
    const names = Array.from({ length: 12 }, (_, index) => `f${index}.py`);
    const runs = await Promise.all(names.map((name) => world.edit({ name, env })));
    expect(runs.filter(({ stdout }) => stdout !== '')).toHaveLength(1);
  });

  it('does not matter to a service that runs', async () => {
    await world.startService();
    await world.expectToldOnce({ env: { PATH: path } });
  });

  it('and a service that died: one line, then edits are told when it is back', async () => {
    const env = { PATH: path };
    await world.kill(await world.startService());
    expect((await world.edit({ env })).notice).toContain('Node.js');
    expect((await world.edit({ env, name: 'b.py' })).stdout).toBe('');
    await world.startService();
    await world.expectToldOnce({ env, name: 'c.py' });
  });
});
