/** What a turn's end says: findings wake the agent, and nothing else is said when there are none. */
import { describe, expect, test } from 'vitest';
import { givenTurns } from './given.ts';
import { BUG, FINDING, NOTHING, RULE_BUG, noticeOf } from './world.ts';

const given = givenTurns();

describe('a turn', () => {
  test('with a planted bug wakes the agent with the finding', async () => {
    const { turn, api } = given;
    expect(await turn.prompt()).toEqual(NOTHING);
    await turn.edit('app/files.py', BUG);
    turn.answer(FINDING);
    const { code, stdout, stderr } = await turn.stop();
    expect({ code, stdout, refused: api.refused }).toEqual({ code: 2, stdout: '', refused: [] });
    expect(stderr).toMatchInlineSnapshot(`
      "Automated message of the security-guidance plugin. It was not written by the user. A review of this turn's changes found a security problem:

      1. app/files.py:2: A name leads out of its folder [high, high confidence, CWE-22]
         Code: return open("/srv/" + name).read()
         Attack: Asks for ../../etc/passwd.
         Fix: Resolve the path and compare its beginning.

      Please check each against the code and correct what holds. Then go on with what the user asked for; tell the user in a sentence what was wrong and what you changed, or why it stays.
      "
    `);
    expect(turn.logged()).toMatchObject([
      { outcome: 'findings', vulns_found: 1, high_count: 1, fire_index: 1, api_calls: 1 },
    ]);
  });

  test('that is clean says nothing, and so does one that changed nothing', async () => {
    const { turn } = given;
    await turn.prompt();
    await turn.edit('app/files.py', 'x = 1\n');
    expect(await turn.stop()).toEqual(NOTHING);
    expect(turn.asked()).toHaveLength(1);
    await turn.prompt();
    expect(await turn.stop()).toEqual(NOTHING);
    expect(turn.asked()).toHaveLength(1);
    expect(turn.logged().map(({ outcome, skip_reason }) => outcome ?? skip_reason)).toEqual([
      'clean',
      6,
    ]);
  });

  test('whose bug a command made is told by the rules, once', async () => {
    const { turn } = given;
    await turn.prompt();
    turn.write('app/load.py', RULE_BUG);
    const { code, stderr } = await turn.stop();
    expect(code).toBe(2);
    expect(stderr).toMatchInlineSnapshot(`
      "Automated message of the security-guidance plugin. It was not written by the user. In this turn's changes the rules found a possible problem that no check of an edit reported, as in what a command wrote:

      1. app/load.py:5: yaml.load without a safe loader [rule python-yaml-unsafe-load, severity high, CWE-502]
         What: yaml.load is called without naming a safe loader.
         Why: PyYAML before 6 then lets tags in the document build arbitrary Python objects; later versions refuse the call.
         Fix: Call yaml.safe_load, or yaml.load with Loader=yaml.SafeLoader (yaml.CSafeLoader for speed).

      One that is intended is marked on its line or the line above with a comment: \`sg-ignore: <rule id> -- <reason>\`.

      Please check each against the code and correct what holds. Then go on with what the user asked for; tell the user in a sentence what was wrong and what you changed, or why it stays.
      "
    `);
    expect(await turn.goOn()).toEqual(NOTHING);
  });

  test('is reviewed again when it goes on, against the same beginning', async () => {
    const { turn } = given;
    await turn.prompt();
    await turn.edit('app/files.py', BUG);
    turn.answer(FINDING);
    expect(await turn.stop()).toMatchObject({ code: 2 });
    await turn.edit('app/files.py', BUG.replace('/srv/', '/srv/x/'));
    const again = { ...FINDING, quote: 'return open("/srv/x/" + name).read()' };
    turn.answer(FINDING, again);
    const { code, stderr } = await turn.goOn();
    expect(code).toBe(2);
    expect(stderr).toContain('/srv/x/');
    expect(stderr).toContain('found a security problem:');
  });

  test('is told a finding once, also when nothing was done about it', async () => {
    const { turn } = given;
    await turn.prompt();
    await turn.edit('app/files.py', BUG);
    turn.answer(FINDING);
    expect(await turn.stop()).toMatchObject({ code: 2 });
    turn.answer(FINDING);
    expect(await turn.goOn()).toEqual(NOTHING);
    expect(turn.asked().at(-1)).toContain(FINDING.title);
  });

  test('that wakes the agent also says what became of earlier warnings', async () => {
    const { turn } = given;
    await turn.prompt();
    for (const name of ['fixed', 'gone', 'open']) await turn.edit(`app/${name}.py`, RULE_BUG);
    await turn.edit('app/fixed.py', RULE_BUG.replace('yaml.load', 'yaml.safe_load'));
    turn.write('app/open.py', `\n${RULE_BUG}`);
    turn.repo.git('clean', '-fq', 'app/gone.py');
    await turn.edit('app/files.py', BUG);
    turn.answer(FINDING);
    const { stderr } = await turn.stop();
    expect(stderr).toContain(
      'Of the warnings that rules gave earlier in this session: 2 are fixed. Still there: app/open.py:6 (python-yaml-unsafe-load).',
    );
    expect(turn.logged()).toMatchObject([{ warn_fixed: 2, warn_unresolved: 1 }]);
  });

  test('has what a subagent did reviewed when that ends, and is not over with it', async () => {
    const { turn } = given;
    await turn.prompt();
    await turn.edit('app/files.py', BUG);
    turn.answer(FINDING);
    expect(await turn.subagentStop()).toMatchObject({ code: 2 });
    turn.write('app/other.py', 'x = 1\n');
    // Broken off: the next turn's review still covers it.
    await turn.prompt('Something else.');
    expect(await turn.stop()).toEqual(NOTHING);
    expect(turn.asked().at(-1)).toContain('app/other.py');
  });

  test.each([
    { SECURITY_GUIDANCE_DISABLE: '1' },
    { ENABLE_SECURITY_REMINDER: '0' },
    { ENABLE_CODE_SECURITY_REVIEW: '0' },
    { ENABLE_STOP_REVIEW: '0' },
    { SG_INSIDE_REVIEW: '1' },
  ])('is left alone with %o', async (env) => {
    const { turn } = given;
    await turn.prompt('Build it.', { env });
    turn.write('app/load.py', RULE_BUG);
    expect(await turn.stop({ env })).toEqual(NOTHING);
    await turn.prompt();
    turn.write('app/load2.py', RULE_BUG);
    expect(await turn.stop({ env })).toEqual(NOTHING);
    expect(turn.asked()).toEqual([]);
  });

  test('has no rules applied where those are off', async () => {
    const { turn } = given;
    const env = { ENABLE_PATTERN_RULES: '0' };
    await turn.prompt('Build it.', { env });
    turn.write('app/load.py', RULE_BUG);
    expect(await turn.stop({ env })).toEqual(NOTHING);
    expect(turn.asked()).toHaveLength(1);
  });

  test('that is reviewed in part says so once', async () => {
    const { turn } = given;
    const env = { MAX_DIFF_FILES: '1' };
    await turn.prompt('Build it.', { env });
    for (const name of ['a', 'b', 'c']) turn.write(`app/${name}.py`, 'x = 1\n');
    const notice = noticeOf(await turn.stop({ env }));
    expect(notice).toContain('were reviewed in part. Left out: app/');
    expect(notice).toContain('beyond the 1 riskiest files of 3) and 1 more.');
    expect(noticeOf(await turn.prompt('Go on.', { env }))).toBe(notice);
    for (const name of ['a', 'b', 'c']) turn.write(`app/${name}.py`, 'x = 2\n');
    expect(await turn.stop({ env })).toEqual(NOTHING);
  });
});
