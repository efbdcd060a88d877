/** Whose changes a turn reviews, and in which repositories. */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRepo } from '../../host/git/support.ts';
import { givenTurns } from './given.ts';
import { NOTHING, RULE_BUG, noticeOf } from './world.ts';

const given = givenTurns();

describe('two sessions in one worktree', () => {
  test('each is told of its own edits and of what nobody is known to have edited', async () => {
    const { turn } = given;
    const two = { session: 's-2' };
    await turn.prompt();
    await turn.prompt('Build it.', two);
    await turn.edit('app/one.py', 'x = 1\n');
    await turn.edit('app/two.py', 'x = 1\n', two);
    await turn.edit('app/both.py', 'x = 1\n');
    await turn.edit('app/both.py', 'x = 2\n', two);
    turn.write('app/command.py', 'x = 1\n');
    await turn.stop();
    await turn.stop(two);
    const paths = ['one', 'two', 'both', 'command'];
    const sent = turn
      .asked()
      .map((body) => paths.filter((name) => body.includes(`app/${name}.py`)));
    expect(sent).toEqual([
      ['one', 'both', 'command'],
      ['two', 'both', 'command'],
    ]);
  });
});

describe('a repository', () => {
  test('without a commit is reviewed as a whole', async () => {
    const { turn } = given;
    rmSync(join(turn.repo.root, '.git'), { recursive: true });
    turn.repo.git('init', '-q');
    await turn.prompt();
    turn.write('app/new.py', 'x = 1\n');
    expect(await turn.stop()).toEqual(NOTHING);
    expect(turn.asked()[0]).toContain('app/new.py');
    expect(turn.asked()[0]).not.toContain('app/main.py');
  });

  test('that comes into being during the turn', async () => {
    const { turn } = given;
    rmSync(join(turn.repo.root, '.git'), { recursive: true });
    await turn.prompt();
    turn.repo.git('init', '-q');
    await turn.edit('app/new.py', 'x = 1\n');
    expect(await turn.stop()).toEqual(NOTHING);
    expect(turn.asked()[0]).toContain('app/new.py');
  });

  test('that is none: said once, when something was edited', async () => {
    const { turn } = given;
    rmSync(join(turn.repo.root, '.git'), { recursive: true });
    await turn.prompt();
    expect(await turn.stop()).toEqual(NOTHING);
    await turn.edit('app/new.py', 'x = 1\n');
    expect(noticeOf(await turn.stop())).toContain('the changes are in no git repository');
    await turn.edit('app/new.py', 'x = 2\n');
    expect(await turn.stop()).toEqual(NOTHING);
    expect(turn.asked()).toEqual([]);
  });

  test('what was committed meanwhile is reviewed', async () => {
    const { turn } = given;
    await turn.prompt();
    turn.write('app/committed.py', RULE_BUG);
    turn.repo.commit();
    const { code, stderr } = await turn.stop();
    expect(code).toBe(2);
    expect(stderr).toContain('app/committed.py:5');
    expect(turn.asked()[0]).toContain('app/committed.py');
  });

  test('another one that the session edited counts, too', async () => {
    const { turn } = given;
    const other = makeRepo(turn.world, 'other');
    other.write('lib/a.py', 'x = 1\n');
    other.commit();
    await turn.prompt();
    await turn.edit('../other/lib/a.py', 'x = 2\n');
    expect(await turn.stop()).toEqual(NOTHING);
    expect(turn.asked()[0]).toContain('other/lib/a.py');
  });

  test('of which the project is a part', async () => {
    const { turn } = given;
    const env = { CLAUDE_PROJECT_DIR: join(turn.repo.root, 'app') };
    await turn.prompt('Build it.', { env });
    turn.write('lib/beside.py', 'x = 1\n');
    turn.write('app/load.py', RULE_BUG);
    const { stderr } = await turn.stop({ env });
    expect(stderr).toContain('1. load.py:5: ');
    expect(turn.asked()[0]).toContain('lib/beside.py');
  });

  test('by another name: what an edit was told is not told again', async () => {
    const { turn } = given;
    const link = join(turn.world.folder, 'link');
    symlinkSync(turn.repo.root, link);
    const env = { CLAUDE_PROJECT_DIR: link };
    const payload = { cwd: link };
    await turn.prompt('Build it.', { env, payload });
    turn.write('app/load.py', RULE_BUG);
    const file_path = join(link, 'app/load.py');
    const told = await turn.run('PostToolUse', {
      env,
      payload: {
        ...payload,
        tool_name: 'Write',
        tool_input: { file_path, content: RULE_BUG },
        tool_response: { originalFile: null },
      },
    });
    expect(told.stdout).toContain('python-yaml-unsafe-load');
    expect(await turn.stop({ env, payload })).toEqual(NOTHING);
    expect(turn.asked()).toHaveLength(1);
  });

  test('a linked worktree', async () => {
    const { turn } = given;
    turn.repo.git('worktree', 'add', '-q', '../linked');
    const root = join(turn.world.folder, 'linked');
    mkdirSync(join(root, 'lib'));
    const options = { env: { CLAUDE_PROJECT_DIR: root }, payload: { cwd: root } };
    await turn.prompt('Build it.', options);
    turn.write('../linked/lib/a.py', RULE_BUG);
    expect(await turn.stop(options)).toMatchObject({ code: 2 });
  });
});
