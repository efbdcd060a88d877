/** What the user's own program prints, and the replies that it becomes. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CLI_FAILURES } from './cli-failures.ts';
import { SUCCESS, askProgram } from './fake-cli.ts';
import { until } from './world.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-cli-test-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const ask = (
  play: Parameters<typeof askProgram>[1],
  more?: Parameters<typeof askProgram>[2],
): ReturnType<typeof askProgram> => askProgram(dir, play, more);

test('an answer', async () => {
  expect(await ask({ stdout: JSON.stringify(SUCCESS) })).toEqual({
    kind: 'answer',
    text: '{"findings":["ä"]}',
    usage: { inputTokens: 5, outputTokens: 6, cacheReadTokens: 7, cacheWriteTokens: 8 },
    model: 'claude-opus-5-5',
  });
});

test('an answer that was written instead of handed in', async () => {
  const { structured_output: _, ...rest } = SUCCESS;
  const stdout = JSON.stringify({ ...rest, result: '{"findings":[]}' });
  expect(await ask({ stdout })).toMatchObject({ kind: 'answer', text: '{"findings":[]}' });
});

test.each(CLI_FAILURES)('%s', async (_name, result, failure, status) => {
  const reply = await ask({ stdout: JSON.stringify(result), code: 1 });
  expect(reply).toMatchObject({
    kind: 'failure',
    failure,
    usage: { inputTokens: 5 },
    ...(status === undefined ? {} : { status }),
  });
  expect('status' in reply).toBe(status !== undefined);
});

test.each([
  [
    'nothing',
    { stderr: 'unknown option --safe-mode', code: 1 },
    'server',
    /unknown option --safe-mode/,
  ],
  ['no JSON', { stdout: 'Welcome!' }, 'not-json', /Welcome!/],
  ['another JSON', { stdout: '{"type":"system"}' }, 'not-json', /no result/],
  ['far too much', { flood: 17 * 1024 * 1024 }, 'server', /more than/],
] as const)('it prints %s', async (_name, play, failure, message) => {
  expect(await ask(play)).toEqual({
    kind: 'failure',
    failure,
    message: expect.stringMatching(message),
  });
});

test('a program that is not there', async () => {
  const reply = await ask({}, { program: join(dir, 'none') });
  expect(reply).toMatchObject({ failure: 'server', message: expect.stringContaining('ENOENT') });
});

test('a system prompt that no argument holds', async () => {
  const reply = await ask({}, { request: { system: 'x'.repeat(130_000) } });
  expect(reply).toMatchObject({ kind: 'failure', failure: 'too-large' });
});

describe.skipIf(process.platform === 'win32')('a caller that gives up', () => {
  test('ends the program and all that it started', async () => {
    const pids = join(dir, 'pids');
    const controller = new AbortController();
    const reply = ask({ hang: pids }, { signal: controller.signal });
    await until(() => existsSync(pids) && readFileSync(pids, 'utf8').includes(' '), 'the program');
    const begun = performance.now();
    controller.abort();
    expect(await reply).toEqual({
      kind: 'failure',
      failure: 'cancelled',
      message: 'the request was cancelled',
    });
    expect(performance.now() - begun).toBeLessThan(5_000);
    const running = readFileSync(pids, 'utf8').split(' ').map(Number);
    await until(() => running.every((pid) => !isAlive(pid)), 'the end of both');
  });

  test('before it began starts nothing', async () => {
    const record = join(dir, 'record.json');
    const reply = await ask({ record }, { signal: AbortSignal.abort() });
    expect(reply).toMatchObject({ failure: 'cancelled' });
    expect(existsSync(record)).toBe(false);
  });
});

/** Whether a process is there and no mere entry that nobody has waited for. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
