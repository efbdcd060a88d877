/** What a hook after a command says about what was committed. */
import { describe, expect, test } from 'vitest';
import { givenTurns } from '../turn/given.ts';
import { BUG, FINDING, NOTHING } from '../turn/world.ts';
import { Agent } from './world.ts';

const given = givenTurns();

function agent(): Agent {
  return new Agent(given.turn, 's-1');
}

describe('a commit', () => {
  test('with a planted bug wakes the agent with the finding', async () => {
    const { api } = given;
    const one = agent();
    await one.shell('git init -q -b main repo', { cwd: one.folder });
    one.repo.write('app/main.py', 'x = 1\n');
    one.repo.commit('first');
    await one.prompt();
    one.repo.write('app/files.py', BUG);
    api.play({ kind: 'message', text: JSON.stringify({ findings: [{ ...FINDING, trace: [] }] }) });
    api.play({ kind: 'message', text: '{"verdict":"upheld","reason":"no check","evidence":[]}' });
    const { code, stdout, stderr } = await one.bash('git add -A; git commit -qm bug');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('app/files.py:2: A name leads out of its folder');
    expect(stderr).toMatch(/A review of commit [0-9a-f]{9} found a security problem/);
    expect(await one.bash('ls')).toEqual(NOTHING);
    expect(one.reviewed()).toEqual(['bug']);
  });
});
