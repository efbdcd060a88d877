/** One service answers sessions whose settings differ, and rule files that change. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeRules, writeRules } from './custom-rules.ts';
import { serviceWorld } from './service-world.ts';
import type { EditOptions } from './service-world.ts';

const world = serviceWorld();

/** On a busy machine the hook's own process may answer, which knows nothing of rules that were there before. */
const LOAD_MAY_FOOL = { retry: 3 };

describe('sessions with settings of their own', () => {
  it('a switch of one does not switch off the other', async () => {
    await world.startService();
    const off = { session: 's-off', env: { ENABLE_PATTERN_RULES: '0' } };
    expect((await world.edit(off)).stdout).toBe('');
    await world.expectToldOnce({ session: 's-on' });
    expect((await world.edit({ ...off, env: { SECURITY_GUIDANCE_DISABLE: 'yes' } })).stdout).toBe(
      '',
    );
    expect((await world.edit({ ...off, env: { ENABLE_SECURITY_REMINDER: '0' } })).stdout).toBe('');
    await world.expectToldOnce({ session: 's-off' });
  });

  it('each project has its own rules', async () => {
    await world.startService();
    const other = join(world.copy.scratch, 'another project');
    mkdirSync(other, { recursive: true });
    writeRules(world.copy.root, [{ name: 'no-red', regex: 'paint_red' }]);
    writeRules(other, [{ name: 'no-blue', regex: 'paint_blue' }]);
    const content = 'paint_red()\npaint_blue()\n';
    const here = { session: 's-1', content };
    const there = { session: 's-2', content, env: { CLAUDE_PROJECT_DIR: other } };
    const red = await world.told(await world.edit(here), here);
    const blue = await world.told(await world.edit(there), there);
    expect(red).toContain('no-red');
    expect(red).not.toContain('no-blue');
    expect(blue).toContain('no-blue');
    expect(blue).not.toContain('no-red');
    expect(await world.status()).toMatchObject({ customRuleSets: 2 });
  });

  it('a remote session is a session of its own', async () => {
    await world.startService();
    const remote = { env: { CLAUDE_CODE_REMOTE_SESSION_ID: 'remote-1' } };
    await world.expectToldOnce();
    await world.expectToldOnce(remote);
    await world.expectToldOnce({ env: { CLAUDE_CODE_REMOTE_SESSION_ID: 'remote-2' } });
    await world.expectSilence(remote);
  });

  it('each has its own log', async () => {
    await world.startService();
    const log = join(world.copy.scratch, 'own.log');
    await world.edit({ env: { SECURITY_GUIDANCE_DEBUG_LOG: log } });
    expect(world.copy.logged()).not.toContain('"told"');
  });

  it('each has its own deadline', async () => {
    await world.startService();
    const content = `import yaml\n${'value = yaml.load_all(compute(1, 2))\n'.repeat(60_000)}yaml.load(f)\n`;
    const short = { session: 's-1', content, env: { SG_EDIT_DEADLINE_MS: '10' } };
    const run = await world.edit(short);
    expect(run.notice).toContain('incomplete');
    expect(await world.told(run, short)).toContain('yaml-unsafe');
    await world.expectToldOnce({ session: 's-2', env: { SG_EDIT_DEADLINE_MS: '200' } });
  });
});

describe('a rule file that changes', () => {
  it('counts from the next edit', LOAD_MAY_FOOL, async () => {
    await world.startService();
    const { root } = world.copy;
    const content = 'paint_red()\npaint_green()\n';
    expect(await everything({ name: 'a.py', content })).toEqual([]);
    writeRules(root, [{ name: 'no-red', regex: 'paint_red' }]);
    expect(await everything({ name: 'b.py', content })).toEqual(['red']);
    writeRules(root, [{ name: 'no-green', regex: 'paint_green' }]);
    expect(await everything({ name: 'c.py', content })).toEqual(['green']);
    removeRules(root);
    expect(await everything({ name: 'd.py', content })).toEqual([]);
  });

  it(
    'keeps its previous rules while it is broken, which is said once a session',
    LOAD_MAY_FOOL,
    async () => {
      await world.startService();
      const { root } = world.copy;
      const content = 'paint_red()\npaint_green()\n';
      writeRules(root, [{ name: 'no-red', regex: 'paint_red' }]);
      expect(await everything({ name: 'a.py', content })).toEqual(['red']);
      writeRules(root, '{ "patterns": [ oops');
      expect(await everything({ name: 'b.py', content })).toEqual(['red', 'broken']);
      expect(await everything({ name: 'c.py', content })).toEqual(['red']);
      const other = { content, session: 's-2' };
      expect(await everything({ ...other, name: 'b.py' })).toEqual(['red', 'broken']);
      expect(await everything({ ...other, name: 'c.py' })).toEqual(['red']);
      expect((await world.status()).problems).not.toEqual([]);
      writeRules(root, [{ name: 'no-green', regex: 'paint_green' }]);
      expect(await everything({ name: 'd.py', content })).toEqual(['green']);
      expect((await world.status()).problems).toEqual([]);
    },
  );

  it('that never was good is said once, and the built-in rules are in force', async () => {
    await world.startService();
    writeRules(world.copy.root, '{ "patterns": [ oops');
    expect(await everything({ name: 'a.py' })).toEqual(['yaml', 'broken']);
    expect(await everything({ name: 'b.py' })).toEqual(['yaml']);
  });

  /** What an edit makes the hook say, in words of this test. */
  async function everything(options: EditOptions): Promise<string[]> {
    const said = await world.everythingSaid(options);
    const words = { yaml: 'yaml-unsafe', red: 'no-red', green: 'no-green', broken: 'not JSON' };
    return Object.entries(words).flatMap(([word, part]) => (said.includes(part) ? [word] : []));
  }
});
