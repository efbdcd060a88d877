/** Several at once in one clone, and reviewers that are killed: no commit is reviewed twice, none is lost. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { readSession } from '../../../host/commits/session-file.ts';
import { openCommitLedger } from '../../../host/commits/ledger.ts';
import { readConfig } from '../../../host/config.ts';
import { readReviewConfig } from '../../../host/review-config.ts';
import { begin, notice } from '../../../hooks/commit/notice.ts';
import { decodeCommandPayload } from '../../../hooks/commit/payload.ts';
import { givenTurns } from '../turn/given.ts';
import { NOTHING, noticeOf } from '../turn/world.ts';
import { givenTemplate } from './template.ts';
import { Agent } from './world.ts';

const given = givenTurns();
const copyTemplate = givenTemplate();
let agent: Agent;

beforeEach(() => {
  agent = new Agent(given.turn, 's-1', copyTemplate);
});

const COMMIT = (name: string): string =>
  `echo '${name} = 1' > ${name}.py; until git add ${name}.py && git commit -qm ${name} -- ${name}.py; do sleep 0.05; done`;

test('two sessions and a background agent commit in one clone at once', async () => {
  const other = { session: 's-2' };
  const background = { payload: { agent_id: 'a1', agent_type: 'general-purpose' } };
  await agent.prompt();
  await agent.prompt(other);
  const names = [0, 1, 2].map((actor) => [0, 1, 2].map((turn) => `n${actor}${turn}`));
  await Promise.all(
    [{}, other, background].map(async (options, actor) => {
      for (const name of names[actor] ?? []) await agent.bash(COMMIT(name), options);
    }),
  );
  await agent.stop();
  await agent.stop(other);
  expect(agent.reviewed().sort()).toEqual(names.flat().sort());
  expect([...agent.ledger().values()].map(({ state }) => state)).toEqual(
    names.flat().map(() => 'reviewed'),
  );
  expect(await agent.bash('ls')).toEqual(NOTHING);
  expect(agent.reviewed()).toHaveLength(9);
});

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'the commits of a reviewer that ends by %s are reviewed by the next one',
  async (signal) => {
    const { api } = given;
    await agent.prompt();
    api.play({ kind: 'hang' });
    let group = 0;
    const killed = agent.bash(COMMIT('one'), { onStart: ({ pid = 0 }) => (group = pid) });
    await vi.waitFor(() => expect(given.turn.asked()).toHaveLength(1), { timeout: 60_000 });
    expect(agent.ledger().get('one')).toMatchObject({ state: 'noticed', owner: {} });
    process.kill(-group, signal);
    await killed;
    expect(agent.reviewed()).toEqual([]);
    api.reset();
    expect(await agent.stop()).toEqual(NOTHING);
    expect(agent.reviewed()).toEqual(['one']);
    expect(await agent.stop()).toEqual(NOTHING);
    expect(agent.reviewed()).toEqual(['one']);
  },
);

test('while a review is under way nobody else makes it', async () => {
  const { api } = given;
  await agent.prompt();
  api.play({ kind: 'hang' });
  let group = 0;
  const first = agent.bash(COMMIT('one'), { onStart: ({ pid = 0 }) => (group = pid) });
  await vi.waitFor(() => expect(given.turn.asked()).toHaveLength(1), { timeout: 60_000 });
  expect(await agent.bash('git push -q')).toEqual(NOTHING);
  expect(await agent.stop()).toEqual(NOTHING);
  expect(await agent.stop({ session: 's-2' })).toEqual(NOTHING);
  expect(given.turn.asked()).toHaveLength(1);
  process.kill(-group, 'SIGKILL');
  await first;
});

test('a commit without a verdict is left to its session, and tried again', async () => {
  const { api } = given;
  await agent.prompt();
  await agent.prompt({ session: 's-2' });
  api.play({ kind: 'error', status: 401, type: 'authentication_error' });
  expect(noticeOf(await agent.bash(COMMIT('one')))).toMatch(
    /^security-guidance: commit [0-9a-f]{9} was not reviewed: the model endpoint refused the credentials.*tried again/,
  );
  const asked = given.turn.asked().length;
  expect(await agent.bash('ls', { session: 's-2' })).toEqual(NOTHING);
  expect(await agent.stop({ session: 's-2' })).toEqual(NOTHING);
  // Nothing moved: no endpoint is asked again for a command.
  expect(await agent.bash('ls')).toEqual(NOTHING);
  expect(given.turn.asked()).toHaveLength(asked);
  expect(await agent.bash(COMMIT('two'))).toEqual(NOTHING);
  expect(agent.reviewed().sort()).toEqual(['one', 'two']);
});

test('a commit is reviewed although the hook of its command comes after that of the end of the turn', async () => {
  await agent.prompt();
  await agent.shell(COMMIT('one'));
  expect(await agent.stop()).toEqual(NOTHING);
  expect(agent.reviewed()).toEqual([]);
  await agent.after(COMMIT('one'), 0, 500);
  expect(agent.reviewed()).toEqual(['one']);
  await agent.after('ls', 0, 5);
  expect(agent.reviewed()).toEqual(['one']);
});

test('what somebody else commits between two commands is left alone', async () => {
  const { world, state } = given.turn;
  const payload = decodeCommandPayload({ cwd: agent.repo.root, duration_ms: 5 });
  if (payload === undefined) throw new Error('no payload');
  let now = Date.now();
  const env = { ...world.env };
  const config = readConfig({ SECURITY_WARNINGS_STATE_DIR: state }, undefined);
  const deps = {
    payload,
    session: 's-1',
    stateDir: state,
    config,
    env,
    home: undefined,
    settings: readReviewConfig({}).commit,
    log: { write: () => undefined },
    now: () => now,
  };
  await begin(deps);
  await agent.shell(COMMIT('theirs'));
  now += 60_000;
  expect(await notice(deps, 0)).toMatchObject({ hasMoved: true });
  const [commonDir = ''] = Object.keys(readSession(state, 's-1').repos);
  const ledger = openCommitLedger({ commonDir, stateDir: state, session: 's-1', now: () => now });
  expect(ledger?.read().size).toBe(0);
  // Unless it turns out that a command of the session ran at that time, as of an agent beside it.
  const long = { ...deps, payload: { ...payload, durationMs: 90_000, goesOn: true } };
  writeFileSync(join(agent.repo.root, 'x.py'), 'x = 1\n');
  agent.repo.commit('mine');
  now = Date.now() + 60_000;
  await notice(long, 0);
  expect(ledger?.read().size).toBe(2);
});
