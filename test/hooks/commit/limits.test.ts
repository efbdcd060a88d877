/** What is not reviewed, why, and that it is said once; and what of a review is told. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Act } from '../../support/api/acts.ts';
import { givenTurns } from '../turn/given.ts';
import { FINDING, NOTHING, noticeOf } from '../turn/world.ts';
import { givenTemplate } from './template.ts';
import { Agent } from './world.ts';

const given = givenTurns();
const copyTemplate = givenTemplate();
let agent: Agent;

beforeEach(() => {
  agent = new Agent(given.turn, 's-1', copyTemplate);
});

const commit = (name: string): string =>
  `echo '${name} = 1' > ${name}.py; git add -A; git commit -qm ${name}`;
const refused: Act = { kind: 'error', status: 401, type: 'authentication_error' };

describe('within an hour', () => {
  test('so many commits and pushes are reviewed, of all sessions together', async () => {
    const env = { MAX_COMMIT_REVIEWS_PER_HOUR: '2' };
    await agent.prompt();
    await agent.prompt({ session: 's-2' });
    await agent.bash(commit('one'), { env });
    await agent.bash(commit('two'), { env, session: 's-2' });
    const third = noticeOf(await agent.bash(commit('three'), { env }));
    expect(third).toMatch(
      /^security-guidance: commit [0-9a-f]{9} was not reviewed: as many commits and pushes as may be were reviewed within the hour \(2 of 2\)\. `sg review --commit [0-9a-f]{9} --deep` reviews a commit by hand\.$/,
    );
    expect(await agent.bash(commit('four'), { env })).toEqual(NOTHING);
    expect(noticeOf(await agent.prompt())).toBe(third);
    expect(agent.reviewed()).toEqual(['one', 'two']);
    // They are taken up by a push once there is room.
    expect(await agent.bash('git push -q')).toEqual(NOTHING);
    expect(agent.reviewed().sort()).toEqual(['four', 'one', 'three', 'two']);
  });

  test('the older name of the limit counts, and a merge that has nothing of its own does not', async () => {
    const env = { MAX_COMMIT_REVIEWS_PER_HOUR: '', MAX_COMMIT_REVIEWS_PER_SESSION: '1' };
    await agent.prompt();
    await agent.bash('git merge -q --no-ff -m merged topic', { env });
    await agent.bash(commit('one'), { env });
    expect(noticeOf(await agent.bash(commit('two'), { env }))).toContain('within the hour');
    expect(agent.reviewed()).toEqual(['(merged)', 'one']);
  });
});

test('a push that is too long is not reviewed, which is said once', async () => {
  const env = { SG_PUSH_SWEEP_MAX_RANGE: '1' };
  await agent.past(`${commit('x')}; ${commit('y')}; ${commit('z')}`);
  await agent.prompt();
  const notice = noticeOf(await agent.bash('git push -q origin topic', { env }));
  expect(notice).toMatch(
    /^security-guidance: 2 commits without a review were pushed at once, at most 1/,
  );
  expect(noticeOf(await agent.prompt())).toBe(notice);
  await agent.bash('git push -q', { env });
  expect(agent.reviewed()).toEqual([]);
});

test('over budget: not reviewed, and said once', async () => {
  const env = { SG_BUDGET_USD_DAY: '0.0001' };
  await agent.prompt();
  expect(noticeOf(await agent.bash(commit('one'), { env }))).toContain(
    'the budget does not allow it',
  );
  expect(await agent.bash(commit('two'), { env })).toEqual(NOTHING);
  expect(given.turn.asked()).toEqual([]);
});

test('after three failures in a row reviews rest, which is said once', async () => {
  const { api } = given;
  await agent.prompt();
  const notices: string[] = [];
  for (const name of ['one', 'two', 'three', 'four', 'five']) {
    api.play(refused, refused, refused, refused);
    notices.push(noticeOf(await agent.bash(commit(name))));
    api.reset();
  }
  expect(notices.map((notice) => /reviewed: ([^,(.]*)/.exec(notice)?.[1] ?? notice)).toEqual([
    'the model endpoint refused the credentials ',
    '',
    '',
    'reviews rest for this session',
    '',
  ]);
  expect(agent.reviewed()).toEqual([]);
});

const OFF: readonly Readonly<Record<string, string>>[] = [
  { ENABLE_COMMIT_REVIEW: '0' },
  { SECURITY_GUIDANCE_COMMIT_REVIEW: 'off' },
  { ENABLE_CODE_SECURITY_REVIEW: '0' },
  { SECURITY_GUIDANCE_DISABLE: '1' },
  { ENABLE_SECURITY_REMINDER: '0' },
];

test.each(OFF)('%j: nothing is noticed', async (env) => {
  await agent.prompt({ env });
  expect(await agent.bash(`${commit('one')}; git push -q`, { env })).toEqual(NOTHING);
  expect(await agent.stop({ env })).toEqual(NOTHING);
  expect(agent.ledger().size).toBe(0);
  expect(given.turn.asked()).toEqual([]);
});

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['turns are not reviewed', { ENABLE_STOP_REVIEW: '0' }, ['mine', 'one']],
  ['pushes are not', { SG_PUSH_SWEEP: '0' }, ['one']],
  ['commits are not', { ENABLE_COMMIT_REVIEW: '0', SG_PUSH_SWEEP: '1' }, ['mine', 'one']],
  [
    'the older name says on',
    { ENABLE_COMMIT_REVIEW: '0', SECURITY_GUIDANCE_COMMIT_REVIEW: 'on' },
    ['mine', 'one'],
  ],
])('where %s, the others are', async (_, env, subjects) => {
  await agent.past(commit('mine'));
  await agent.prompt({ env });
  await agent.bash(commit('one'), { env });
  await agent.bash('git push -q', { env });
  expect(agent.reviewed().sort()).toEqual(subjects);
});

test('by a single call, where it is wished', async () => {
  const env = { SG_AGENTIC_COMMIT_REVIEW: '0' };
  await agent.prompt({ env });
  expect(await agent.bash(commit('one'), { env })).toEqual(NOTHING);
  expect(given.turn.asked()).toHaveLength(1);
  expect(agent.logged()).toMatchObject([{ outcome: 'clean', agentic: false, api_calls: 1 }]);
});

describe('findings', () => {
  const single = { env: { SG_AGENTIC_COMMIT_REVIEW: '0' } };
  const bugs = ['one', 'two', 'three', 'four'].map((name, index) => ({
    ...FINDING,
    path: `${name}.py`,
    quote: `open(${name})`,
    title: `Bug ${name}`,
    severity: index === 3 ? 'critical' : 'high',
  }));
  const writeBugs = bugs.map(({ path, quote }) => `echo '${quote}' > ${path}`).join('; ');

  test('the three worst are told, and how many there are more', async () => {
    await agent.prompt();
    given.turn.answer(...bugs);
    const { code, stderr } = await agent.bash(
      `${writeBugs}; git add -A; git commit -qm bugs`,
      single,
    );
    expect(code).toBe(2);
    expect(stderr.match(/Bug \w+/g)).toEqual(['Bug four', 'Bug one', 'Bug three']);
    expect(stderr).toContain('1 more, less severe, not told here');
    expect(agent.logged()).toMatchObject([{ vulns_found: 4, reported: 3, commit_review: true }]);
  });

  test('what the session was told is not told again', async () => {
    const [bug] = bugs;
    if (bug === undefined) throw new Error('no bug');
    await agent.prompt();
    given.turn.answer(bug);
    expect(await agent.bash(`${writeBugs}; git add -A; git commit -qm bugs`, single)).toMatchObject(
      { code: 2 },
    );
    given.turn.answer(bug);
    expect(await agent.bash(`echo 'x = 1' >> one.py; git commit -qam more`, single)).toEqual(
      NOTHING,
    );
    expect(given.turn.asked().at(-1)).toContain('Bug one');
  });
});
