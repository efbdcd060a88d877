/** Checks that do not end in time, and threads that die of their work. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { writeRules } from './custom-rules.ts';
import { serviceWorld } from './service-world.ts';
import type { EditOptions } from './service-world.ts';
import type { Run } from '../plugin-copy.ts';

const world = serviceWorld();

/** Its automaton has a state for each subset of 60 positions, so that matching it is slow on some texts. */
const SLOW = { name: 'slow-rule', regex: 'k[ab]*a[ab]{60}c' };

const BOTH = /slow-rule[^]*yaml-unsafe|yaml-unsafe[^]*slow-rule/;

/** Pseudo-random, the same for the same seed: an automaton that has seen a text is quick on it. */
function lettersOf(length: number, seed: number): string {
  let state = seed;
  let text = '';
  while (text.length < length) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    text += (state >> 16) % 2 === 0 ? 'a' : 'b';
  }
  return text;
}

/** Another one for each round. */
function slowEdit(round: number): EditOptions {
  const content = `import yaml\nyaml.load(f)\nk${lettersOf(20_000, round + 1)}a${'b'.repeat(60)}c\n`;
  return { content, env: { SG_EDIT_DEADLINE_MS: '50' } };
}

/**
 * How much longer an edit takes than a small one, in milliseconds: the best of a few, each beside its own
 * control, since the machine may have other things to do. `slack` is what the measuring is unsure of.
 */
async function extraMs(
  edit: (round: number) => EditOptions,
): Promise<{ extra: number; slack: number }> {
  const small = { content: 'x = 1\n', name: 'small.py', session: 's-control' };
  let [extra, slack] = [Infinity, 0];
  for (let round = 0; round < 5 && extra > 150 + slack; round++) {
    const before = (await world.edit(small)).ms;
    const { ms } = await world.edit({ ...edit(round), session: `s-timed-${round}` });
    slack = Math.max(before, (await world.edit(small)).ms);
    extra = ms - before;
  }
  return { extra, slack };
}

describe('a check that does not end', () => {
  it('is not waited for, is said, and what it finds comes with a later edit', async () => {
    await world.startService();
    writeRules(world.copy.root, [SLOW]);
    // Reads the rule file, which an edit does not wait for either.
    await world.edit({ name: 'first.py', content: 'x = 1\n' });
    const { extra, slack } = await extraMs(slowEdit);
    expect(extra).toBeLessThan(150 + slack);
    const { said, session } = await cutShort();
    const told = await world.told(said, { session });
    expect(told).toContain('b.py');
    expect(await everythingTold(session, told)).toMatch(BOTH);
    expect(world.services()).toHaveLength(1);
  });

  it('a 5 MB edit', async () => {
    await world.startService();
    const line = 'value = yaml.load_all(compute(eval_1, "innerHTML"))  # os.system pickle\n';
    const content = `import yaml\n${line.repeat(5_000_000 / line.length)}yaml.load(f)\n`;
    const { extra, slack } = await extraMs(() => ({
      content,
      env: { SG_EDIT_DEADLINE_MS: '50' },
    }));
    expect(extra).toBeLessThan(150 + slack);
    const options = { content, env: { SG_EDIT_DEADLINE_MS: '10' } };
    for (let round = 0; round < 10; round += 1) {
      const session = `s-${round}`;
      const run = await world.edit({ ...options, session });
      expect(run.context ?? run.notice).toMatch(/incomplete|yaml-unsafe/);
      if (isCutAlone(run)) {
        await calm();
        continue;
      }
      expect(await world.told(run, { ...options, session })).toContain('yaml-unsafe');
      expect(world.services()).toHaveLength(1);
      return;
    }
    throw new Error('the service answered no edit');
  });

  /**
   * Whether the hook's own process was cut short, which works for two seconds at most and does not promise the rest:
   * it answers what comes while all threads of the service are still at work on the last edits.
   */
  function isCutAlone({ notice }: Run): boolean {
    return notice?.includes('incomplete') === true && !notice.includes('follows with a later edit');
  }

  /** The service has nothing left to do. */
  async function calm(): Promise<void> {
    await vi.waitFor(async () => expect((await world.status()).background.queued).toBe(0), 60_000);
  }

  /** The first such edit that the service cuts short; the hook's own process may tell some of them whole. */
  async function cutShort(): Promise<{ said: Run; session: string }> {
    let session = 's-0';
    for (let round = 1; round < 10; round += 1) {
      session = `s-${round}`;
      const said = await world.edit({ ...slowEdit(100 + round), name: 'b.py', session });
      if (said.notice === undefined) expect(said.context).toMatch(BOTH);
      else expect(said.notice).toMatch(/incomplete: \d+ rules? not evaluated|incomplete: an edit/);
      if (said.notice !== undefined && !isCutAlone(said)) return { said, session };
      await calm();
    }
    throw new Error(`no edit was cut short until session ${session}`);
  }

  async function everythingTold(session: string, told = ''): Promise<string> {
    return vi.waitFor(
      async () => {
        const { context = '' } = await world.edit({ session, name: 'clean.txt', content: 'x\n' });
        const all = (told += context);
        if (!all.includes('slow-rule') || !all.includes('yaml-unsafe')) throw new Error(all);
        return all;
      },
      { timeout: 60_000, interval: 200 },
    );
  }
});

describe('a thread that runs out of memory', () => {
  it('costs no warning, and the service lives on', async () => {
    const plugin = world.copy.damaged('small heaps', []);
    const main = join(plugin, 'service/main.js');
    const program = readFileSync(main, 'utf8');
    expect(program).toMatch(/maxHeapMb:\s*256\b/);
    writeFileSync(main, program.replace(/maxHeapMb:\s*256\b/, 'maxHeapMb: 24'));
    const pid = await world.startService(plugin);
    // JSON.parse makes an object of each pair of brackets.
    const sent = JSON.stringify(world.payload({ more: { extra: '@' } }));
    const run = await world.copy.run(sent.replace('"@"', `[${'[],'.repeat(1_500_000)}0]`), {
      env: { HOME: world.home, SG_SERVICE: undefined },
    });
    expect(run.stderr).toBe('');
    // A check that cannot be finished is said to be given up.
    let said = run.stdout;
    await vi.waitFor(
      async () => {
        said += (await world.edit({ name: 'clean.txt', content: 'x\n' })).stdout;
        expect(said).toMatch(/a\.py:2|given up: a\.py/);
      },
      { timeout: 60_000, interval: 200 },
    );
    await vi.waitFor(
      async () => expect((await world.status()).restarts).toBeGreaterThan(0),
      60_000,
    );
    await world.expectToldOnce({ name: 'b.py' });
    expect(world.services()).toEqual([pid]);
  });
});
