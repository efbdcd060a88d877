/** Findings from review to review, and what the user says of them: `sg review` and `sg findings` as processes. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AFTER, BEFORE, LOOK, RUN, TOKEN, useFindingsWorld } from './helpers/findings-world.ts';
import { sarifErrors } from './helpers/sarif.ts';

const world = useFindingsWorld();

const day = '\\d{4}-\\d\\d-\\d\\d';

describe('findings of sg review', () => {
  test('are listed, the worst first, and shown in full', async () => {
    expect(await world().found(RUN, LOOK)).toMatchObject({ code: 1 });
    const { code, stdout } = await world().findings();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^[0-9a-f]{8}  new  critical  app/run.py:8  ${day}  A name leads out of its folder\n[0-9a-f]{8}  new  high      app/run.py:4  ${day}  A name is part of a shell command\n\nnew 2\n$`,
      ),
    );
    const [first] = await world().listed();
    const shown = await world().findings('show', first?.fingerprint.slice(0, 6) ?? '');
    expect(shown.stdout).toMatch(/^app\/run\.py:8 {2}critical {2}CWE-22 {2}A name leads/);
    expect(shown.stdout).toMatch(
      /first seen: \d{4}-\d\d-\d\d \d\d:\d\d UTC by sg review, at commit [0-9a-f]{12}/,
    );
  });

  test('keep their id when their lines move, and are counted', async () => {
    await world().found(RUN);
    const [before] = await world().listed();
    world().write(`# moved\n\n${AFTER}`);
    await world().found({ ...RUN, symbol: '' });
    const after = await world().listed();
    expect(after).toMatchObject([{ id: before?.id, line: 6, times: 2 }]);
  });

  test('are kept without secrets', async () => {
    const call = `connect("${TOKEN}", name)`;
    world().write(`${AFTER}\n${call}\n`);
    expect(await world().found({ ...RUN, quote: call })).toMatchObject({ code: 1 });
    expect((await world().listed())[0]?.quote).toBe('connect("<redacted github-token>", name)');
    for (const name of readdirSync(world().state))
      expect(readFileSync(join(world().state, name), 'utf8')).not.toContain(TOKEN);
    // Its code is recognised by the same stand-in.
    world().write(`# moved\n${AFTER}\n${call}\n`);
    await world().review();
    expect(await world().listed()).toMatchObject([{ state: 'new', line: 11 }]);
  });

  test('are resolved by a review that follows, and say when they are back', async () => {
    await world().found(RUN, LOOK);
    world().write(AFTER.replace('os.system("ls " + name)', 'subprocess.run(["ls", name])'));
    const [, run] = await world().listed();
    const earlier = [{ id: run?.fingerprint.slice(0, 12), fate: 'resolved', quote: '' }];
    world().answer({ findings: [LOOK], earlier });
    const { code, stdout } = await world().review();
    expect({ code, refused: world().api.refused }).toEqual({ code: 1, refused: [] });
    expect(stdout).toMatch(
      /^resolved: app\/run\.py:4 A name is part of a shell command \(its code/,
    );
    expect(await world().listed('--state', 'fixed')).toMatchObject([{ id: run?.id }]);
    world().write(AFTER);
    const back = await world().found(RUN);
    expect(back.stdout).toMatch(new RegExp(`was fixed on ${day}, is back`));
  });

  test('that are still there count for the exit code, although they are not reported again', async () => {
    await world().found(RUN);
    world().write(AFTER.replace('"ls "', '"ls -l "'));
    const [kept] = await world().listed();
    const quote = 'os.system("ls -l " + name)';
    const earlier = [{ id: kept?.fingerprint.slice(0, 12), fate: 'still-there', quote }];
    world().answer({ findings: [], earlier });
    const { code, stdout } = await world().review();
    expect(code).toBe(1);
    expect(stdout).toContain('still open, reported first on');
    expect(await world().listed()).toMatchObject([{ fingerprint: kept?.fingerprint, quote }]);
  });

  test('are not fixed by a branch, or an older commit, that never had their code', async () => {
    world().git('add', '.');
    world().git('commit', '-qm', 'second');
    world().answer({ findings: [RUN] });
    expect(await world().review('--commit', 'HEAD')).toMatchObject({ code: 1 });
    await world().review('--commit', 'HEAD~1');
    world().git('checkout', '-qb', 'other', 'HEAD~1');
    world().write(`${BEFORE}\nx = 1\n`);
    await world().review();
    expect(await world().listed()).toMatchObject([{ state: 'new' }]);
  });
});

describe('what the user decides', () => {
  test('is kept with its reason, and is not told again', async () => {
    await world().found(RUN, LOOK);
    const [look, run] = await world().listed();
    const set = await world().findings('set', run?.id ?? '', 'accepted', '--reason', 'admins only');
    expect(set).toMatchObject({ code: 0, stdout: `${run?.id}: new -> accepted\n` });
    await world().findings('set', look?.id ?? '', 'false-positive', '--reason', 'checked before');
    const { code, stdout } = await world().found(RUN, LOOK);
    expect(code).toBe(0);
    expect(stdout).toContain('2 findings not told: accepted, or called false. See: sg findings');
    expect(world().api.requests.at(-1)?.body.toString()).toContain('Reported earlier:');
    expect((await world().findings('show', run?.id ?? '')).stdout).toMatch(
      /: accepted, by \S+: admins only\n/,
    );
    await world().findings('set', run?.id ?? '', 'new');
    expect(await world().found(RUN, LOOK)).toMatchObject({ code: 1 });
  });

  test('goes into SARIF', async () => {
    await world().found(RUN, LOOK);
    const [look, run] = await world().listed();
    await world().findings('set', look?.id ?? '', 'accepted', '--reason', 'admins only');
    await world().findings('set', run?.id ?? '', 'fixed');
    const { code } = await world().findings('export', '--format', 'sarif', '-o', 'f.sarif');
    expect(code).toBe(0);
    const log = readFileSync(join(world().repo, 'f.sarif'), 'utf8');
    expect(sarifErrors(log)).toBeNull();
    expect(JSON.parse(log).runs[0].results).toMatchObject([
      {
        suppressions: [{ kind: 'external', justification: 'admins only' }],
        partialFingerprints: { 'sgReview/v1': look?.fingerprint },
      },
      { baselineState: 'absent', partialFingerprints: { 'sgReview/v1': run?.fingerprint } },
    ]);
  });
});
