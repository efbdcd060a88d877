/** State folders that cannot be used as they are. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ping } from '../../../host/service/health/ping.ts';
import { serviceWorld } from './service-world.ts';
import { canMount, editAsOther, give, isRoot } from './programs.ts';

const world = serviceWorld();

describe('a long path', () => {
  it('of more than 200 characters has a service', async () => {
    const { copy } = world;
    copy.state = join(copy.scratch, 'very long name '.repeat(8), `${'deeper '.repeat(20)}state`);
    expect(world.socket.length).toBeGreaterThan(260);
    await world.startService();
    await world.expectToldOnce();
    await world.expectToldOnce({ name: 'b.py' });
    expect((await world.status()).edits.answered).toBeGreaterThan(0);
    const pid = await world.serving();
    await world.kill(pid);
    await world.expectToldOnce({ name: 'c.py' });
  });
});

describe.skipIf(!isRoot)('a folder that the user cannot write', () => {
  const env = (): NodeJS.ProcessEnv => ({
    HOME: world.home,
    SECURITY_WARNINGS_STATE_DIR: world.copy.state,
    CLAUDE_PROJECT_DIR: world.copy.root,
    SG_EDIT_DEADLINE_MS: '200',
  });

  it('the state: each edit is told, without a word of it', async () => {
    chmodSync(world.copy.scratch, 0o755);
    mkdirSync(world.copy.state);
    give(world.copy.state, 0o555);
    for (const name of ['a.py', 'b.py']) {
      const run = await editAsOther(world.copy.plugin, world.payload({ name }), env());
      expect(run.context).toContain(`${name}:2`);
      expect(run.stderr).toBe('');
      expect(run.notice).toBeUndefined();
    }
    await world.startersLeft();
    expect(readdirSync(world.copy.state)).toEqual([]);
    expect(world.services()).toEqual([]);
  });

  it('the folder of the service: each edit is told once', async () => {
    chmodSync(world.copy.scratch, 0o755);
    mkdirSync(world.dir, { recursive: true });
    give(world.copy.state);
    give(world.dir, 0o555);
    for (const expected of ['a.py:2', undefined]) {
      const run = await editAsOther(world.copy.plugin, world.payload(), env());
      if (expected === undefined) expect(run.stdout).toBe('');
      else expect(run.context).toContain(expected);
      expect(run.stderr).toBe('');
    }
    await world.startersLeft();
  });
});

describe.skipIf(!canMount())('a disk that is full', () => {
  let mounted = '';
  beforeEach(() => {
    mounted = join(world.copy.scratch, 'disk');
    mkdirSync(mounted, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=700', 'tmpfs', mounted]);
    world.copy.state = join(mounted, 'state');
  });
  afterEach(async () => {
    await world.end();
    execFileSync('umount', [mounted]);
  });
  const fill = (): void => {
    for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) {
      try {
        for (let count = 0; count < 100; count++)
          writeFileSync(join(mounted, `fill ${size} ${count}`), Buffer.alloc(size));
      } catch {
        // Full for pieces of this size.
      }
    }
  };

  it('before anything starts: each edit is told', async () => {
    fill();
    world.beginSession();
    for (const name of ['a.py', 'b.py', 'c.py'])
      expect((await world.edit({ name })).context).toContain(`${name}:2`);
    await world.startersLeft();
  });

  it('while a service runs: each edit is told', async () => {
    const pid = await world.startService();
    await world.expectToldOnce();
    fill();
    for (const name of ['b.py', 'c.py']) {
      const run = await world.edit({ name });
      // What does not get told in time has no place to be kept until later, and that it was not is said.
      expect(run.context ?? run.notice).toMatch(/[bc]\.py:2|incomplete|an edit was not checked/);
    }
    expect(await ping(world.dir, 1_000)).toMatchObject({ kind: 'version' });
    expect(world.services()).toEqual([pid]);
    process.kill(pid, 'SIGSTOP');
    // The one thing that is lost is said.
    const run = await world.edit({ name: 'd.py' });
    expect(run.context ?? run.notice).toMatch(/d\.py:2|an edit was not checked/);
  });
});
