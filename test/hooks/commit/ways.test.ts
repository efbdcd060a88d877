/** Each way to commit, merge, rewrite and push, in a real repository: what is new is reviewed once, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ping } from '../../../host/service/health/ping.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { NOTHING, TurnWorld } from '../turn/world.ts';
import { BOTH, MORE, givenTemplate } from './template.ts';
import { WAYS } from './ways/index.ts';
import type { Way } from './ways/way.ts';
import { Agent } from './world.ts';

const SERVED = { SG_SERVICE: '1' };
let api: LoopbackApi;
let turn: TurnWorld;
let count = 0;
const copyTemplate = givenTemplate();

beforeAll(async () => {
  api = await startLoopbackApi();
  turn = new TurnWorld(api);
  await turn.run('SessionStart', { env: SERVED });
  await vi.waitFor(
    async () =>
      expect(await ping(join(turn.state, 'service'), 1_000)).toMatchObject({ kind: 'version' }),
    { timeout: 50_000, interval: 50 },
  );
});

afterAll(async () => {
  const { pid } = JSON.parse(readFileSync(join(turn.state, 'service/service.json'), 'utf8')) as {
    pid: number;
  };
  process.kill(pid, 'SIGKILL');
  turn.remove();
  await api.close();
});

async function play(way: Way): Promise<Agent> {
  const text = JSON.stringify(way);
  const parts = [...BOTH, ...MORE.filter((part) => text.includes(part))];
  const fill = (folder: string): void => copyTemplate(folder, parts);
  const agent = new Agent(turn, `way-${++count}`, fill, SERVED);
  const cwd = join(agent.folder, way.cwd ?? 'repo');
  if (way.setup !== undefined) await agent.past(way.setup);
  expect(await agent.bash('true', { cwd })).toEqual(NOTHING);
  for (const [index, step] of way.steps.entries()) {
    const payload = index === way.steps.length - 1 ? (way.payload ?? {}) : {};
    const run =
      step === 'sleep 1000'
        ? agent.after(step, 0, 1, { payload })
        : agent.bash(step, { cwd, payload });
    expect(await run).toEqual(NOTHING);
  }
  if (way.later !== undefined) await agent.shell(way.later);
  return agent;
}

for (const [group, ways] of WAYS)
  describe.concurrent(group, () => {
    test.each(ways)('$name', async (way) => {
      const agent = await play(way);
      const root = join(agent.folder, way.where ?? 'repo');
      const cwd = join(agent.folder, way.cwd ?? 'repo');
      expect(await agent.bash('ls', { cwd })).toEqual(NOTHING);
      expect(await agent.stop({ cwd })).toEqual(NOTHING);
      expect(agent.reviewed(root).sort()).toEqual(way.reviewed);
      expect(agent.logged('failed')).toEqual([]);
      // Nothing waits for anything.
      expect([...agent.ledger(root).values()].filter(({ state }) => state === 'noticed')).toEqual(
        [],
      );
    });
  });

test('the stand-in took every request', () => {
  expect(api.refused).toEqual([]);
  expect(WAYS.flatMap(([, ways]) => ways).length).toBeGreaterThanOrEqual(60);
});
