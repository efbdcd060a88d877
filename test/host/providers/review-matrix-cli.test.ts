/** The same matrix with the user's own program, which is a scripted one here. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { CLI_FAILURES } from './cli-failures.ts';
import { PROGRAM, SUCCESS } from './fake-cli.ts';
import { DEADLINE_MS, ENDS, expectEnd, runReview } from './review-world.ts';
import type { Ran, ReviewRun } from './review-world.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-matrix-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
});

const calls = (): number => {
  const file = join(dir, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').length : 0;
};

function run(play: Readonly<Record<string, unknown>>, options: ReviewRun = {}): Promise<Ran> {
  const env = {
    PATH: process.env['PATH'],
    TMPDIR: dir,
    SG_PROVIDER: 'claude-cli',
    SG_TEST_PLAY: JSON.stringify({ calls: join(dir, 'calls'), ...play }),
  };
  return runReview(env, dir, { claude: PROGRAM, ...options });
}

test('without a failure it is reviewed, and a limit in money does not count', async () => {
  const stdout = JSON.stringify({ ...SUCCESS, structured_output: { findings: [] } });
  const { reviewed, sends, booked } = await run({ stdout }, { limits: { usdDay: 0.0001 } });
  expect(reviewed.outcome).toMatchObject({
    kind: 'clean',
    coverage: { reviewed: ['app/table.py', 'app/run.py'] },
  });
  expect({ sends, booked, calls: calls() }).toEqual({ sends: 1, booked: 1, calls: 1 });
});

test.each(CLI_FAILURES)('%s', async (_name, result, failure) => {
  const ran = await run({ stdout: JSON.stringify(result), code: 1 });
  expectEnd(ran, ENDS[failure]);
  expect(calls()).toBe(ran.sends);
});

test.each([
  ['nothing', { stderr: 'unknown option', code: 1 }, ENDS.server],
  ['no JSON', { stdout: 'Welcome!' }, ENDS['not-json']],
  ['far too much', { flood: 17 * 1024 * 1024 }, ENDS.server],
  ['an answer of another shape', { stdout: JSON.stringify(SUCCESS) }, ENDS.schema],
] as const)('it prints %s', async (_name, play, end) => {
  expectEnd(await run(play), end);
});

test('a program that is not there', async () => {
  expectEnd(await run({}, { claude: join(dir, 'none') }), ENDS.server);
});

describe.skipIf(process.platform === 'win32')('a program that hangs', () => {
  const hang = (): Readonly<Record<string, unknown>> => ({ hang: join(dir, 'pids') });

  test('is ended at the deadline', async () => {
    const end = { reason: 'timed-out', requests: 1, pauses: DEADLINE_MS } as const;
    const ran = await run(hang(), {
      onWait: (time) => {
        if (calls() === 1) time.step();
      },
    });
    expectEnd(ran, end);
  });

  test('is ended when the caller gives up', async () => {
    const caller = new AbortController();
    const ran = await run(hang(), {
      signal: caller.signal,
      onWait: () => {
        if (calls() === 1) caller.abort();
      },
    });
    expectEnd(ran, ENDS.cancelled);
  });
});

test('no money: nothing is started', async () => {
  const ran = await run({ stdout: '' }, { limits: { tokensDay: 10 } });
  expectEnd(ran, { reason: 'budget', requests: 0, pauses: 0 });
  expect(calls()).toBe(0);
});
