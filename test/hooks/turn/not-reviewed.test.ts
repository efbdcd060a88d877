/** A turn without a verdict: never clean, said once for each reason, and reviewed with the next one. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Act } from '../../support/api/acts.ts';
import { givenTurns } from './given.ts';
import { SHORT, expectNoVerdict } from './no-verdict.ts';
import { BUG, FINDING, NOTHING, RULE_BUG, answerOf, noticeOf } from './world.ts';

const given = givenTurns();

const error = (status: number, type: string, more: object = {}): Act => ({
  kind: 'error',
  status,
  type,
  ...more,
});
/** As often as there is time for. */
const twice = (act: Act): Act[] => [act, act];

const FAILURES: readonly [name: string, acts: readonly Act[], words: string, env?: typeof SHORT][] =
  [
    ['401', [error(401, 'authentication_error')], 'refused the credentials'],
    [
      '429 with a long pause',
      [error(429, 'rate_limit_error', { retryAfter: '600' })],
      'overloaded or limits requests',
    ],
    [
      '500, again and again',
      twice(error(500, 'api_error')),
      'overloaded or limits requests',
      SHORT,
    ],
    ['a connection that is cut', twice({ kind: 'reset' }), 'could not be reached', SHORT],
    [
      'a refusal',
      [{ kind: 'message', text: '', stopReason: 'refusal', category: 'cyber' }],
      'refused to review',
    ],
    [
      'an answer that is cut',
      Array.from({ length: 2 }, (): Act => ({
        kind: 'message',
        text: '{"findings":[',
        stopReason: 'max_tokens',
      })),
      'could not be used',
    ],
    ['a page', [{ kind: 'page', status: 200 }], 'could not be used'],
    [
      'the wrong schema',
      Array.from({ length: 2 }, (): Act => ({ kind: 'message', text: '{"bugs":[]}' })),
      'could not be used',
    ],
    ['an unknown model', [error(404, 'not_found_error', { message: 'model: x' })], 'not known'],
  ];

describe('no verdict', () => {
  test.each(FAILURES)('%s', async (_, acts, words, env) => {
    await expectNoVerdict(given, acts, words, env);
  });

  test('over budget: nothing is sent', async () => {
    const { turn } = given;
    const env = { SG_BUDGET_USD_DAY: '0.0001' };
    await turn.prompt();
    await turn.edit('app/a.py', 'x = 1\n');
    expect(noticeOf(await turn.stop({ env }))).toContain('the budget does not allow it');
    expect(await turn.stop({ env })).toEqual(NOTHING);
    expect(turn.asked()).toEqual([]);
  });

  test('too many files: nothing is sent, and the next turn is a new one', async () => {
    const { turn } = given;
    const env = { MAX_DIFF_FILES: '1' };
    await turn.prompt('Build it.', { env });
    for (let i = 0; i < 11; i++) turn.write(`app/f${i}.py`, 'x = 1\n');
    expect(noticeOf(await turn.stop({ env }))).toContain('11 source files, at most 10');
    await turn.prompt('Go on.', { env });
    turn.write('app/f0.py', 'x = 2\n');
    expect(await turn.stop({ env })).toEqual(NOTHING);
    expect(turn.asked()).toHaveLength(1);
  });

  test('after three failures in a row the session has rest, and is told so', async () => {
    const { turn, api } = given;
    const notices: string[] = [];
    for (let i = 0; i < 5; i++) {
      await turn.prompt();
      await turn.edit('app/a.py', `x = ${i}\n`);
      api.play(error(401, 'authentication_error'));
      notices.push(noticeOf(await turn.stop()));
    }
    expect(turn.asked()).toHaveLength(3);
    expect(notices.map((notice) => notice.replace(/ \(.*/, ''))).toEqual([
      'security-guidance: not reviewed: the model endpoint refused the credentials',
      '',
      '',
      "security-guidance: not reviewed: reviews rest for this session, after three failures in a row. Of this turn's changes only the rules were applied; `sg status` says more.",
      '',
    ]);
    api.reset();
    const other = { session: 's-2' };
    await turn.prompt('Build it.', other);
    turn.write('app/a.py', 'x = 9\n');
    expect(await turn.stop(other)).toEqual(NOTHING);
    expect(turn.asked()).toHaveLength(1);
  });

  test('the rules speak all the same', async () => {
    const { turn, api } = given;
    await turn.prompt();
    turn.write('app/load.py', RULE_BUG);
    api.play(error(401, 'authentication_error'));
    const { code, stderr } = await turn.stop();
    expect(code).toBe(2);
    expect(stderr).toContain('app/load.py:5: yaml.load without a safe loader');
    expect(stderr).toContain('not reviewed: the model endpoint refused the credentials');
    expect(noticeOf(await turn.prompt())).toContain('refused the credentials');
  });
});

describe('without credentials', () => {
  const env = { ANTHROPIC_API_KEY: '', ANTHROPIC_BASE_URL: '', PATH: '' };

  test('the rules are applied, and it is said once', async () => {
    const { turn } = given;
    const bare = {
      env: { ...env, PATH: `${process.execPath.replace(/\/node$/, '')}:/usr/bin:/bin` },
    };
    await turn.prompt('Build it.', bare);
    turn.write('app/a.py', 'x = 1\n');
    expect(noticeOf(await turn.stop(bare))).toContain('no credentials for a model were found');
    expect(noticeOf(await turn.prompt('Go on.', bare))).toContain('no credentials');
    turn.write('app/load.py', RULE_BUG);
    const { code, stderr } = await turn.stop(bare);
    expect(code).toBe(2);
    expect(stderr).toContain('app/load.py:5');
    expect(turn.asked()).toEqual([]);
  });
});

test('a credential that is refused is followed by the next one', async () => {
  const { turn, api } = given;
  const env = { ANTHROPIC_AUTH_TOKEN: 'expired' };
  await turn.prompt();
  turn.write('app/files.py', FINDING.quote);
  api.play(answerOf(FINDING));
  expect(await turn.stop({ env })).toMatchObject({ code: 2 });
  expect(turn.asked()).toHaveLength(2);
});

test("a subscriber's own program is asked, and no hook of ours runs in it", async () => {
  const { turn } = given;
  const seen = join(turn.world.folder, 'seen');
  const program = join(turn.world.folder, 'claude');
  const answer = {
    type: 'result',
    subtype: 'success',
    is_error: false,
    structured_output: { findings: [{ ...FINDING, path: 'app/files.py' }] },
    usage: { input_tokens: 5, output_tokens: 6 },
    modelUsage: { 'claude-opus-5-5': { outputTokens: 6 } },
  };
  // As a session in it would: a prompt and an end of a turn.
  const script = `#!/bin/sh
env > '${seen}'
cat > '${seen}-prompt'
for name in user-prompt-submit stop session-start post-tool-use; do
  echo '{"session_id":"inner"}' | sh '${turn.plugin}/hooks/run.sh' $name >> '${seen}-hooks' 2>&1
done
echo '${JSON.stringify(answer)}'
`;
  writeFileSync(program, script, { mode: 0o755 });
  const env = { ANTHROPIC_API_KEY: '', ANTHROPIC_BASE_URL: '', SG_AGENTIC_CLI_PATH: program };
  await turn.prompt('Build it.', { env });
  turn.write('app/files.py', BUG);
  const { code, stderr } = await turn.stop({ env });
  expect({ code, asked: turn.asked() }).toEqual({ code: 2, asked: [] });
  expect(stderr).toContain(FINDING.title);
  expect(readFileSync(seen, 'utf8')).toMatch(/^SG_INSIDE_REVIEW=1$/m);
  expect(readFileSync(seen, 'utf8')).toMatch(/^SECURITY_GUIDANCE_DISABLE=1$/m);
  expect(readFileSync(`${seen}-prompt`, 'utf8')).toContain('app/files.py');
  expect(readFileSync(`${seen}-hooks`, 'utf8')).toBe('');
  expect(readdirSync(turn.state).filter((name) => name.includes('inner'))).toEqual([]);
});
