/** What a turn's end says: findings wake the agent, and nothing else is said when there are none. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { BUG, FINDING, NOTHING, RULE_BUG, TurnWorld } from './world.ts';

let api: LoopbackApi;
let turn: TurnWorld;

beforeAll(async () => {
  api = await startLoopbackApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.reset();
  turn = new TurnWorld(api);
});
afterEach(() => turn.remove());

describe('a turn', () => {
  test('with a planted bug wakes the agent with the finding', async () => {
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
});
