import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  clearAsked,
  noteAsked,
  readAsked,
  shouldAsk,
} from '../../../../host/service/health/asked.ts';
import type { Attempt, Outcome } from '../../../../host/service/health/attempts.ts';
import { beginCooldown } from '../../../../host/service/health/cooldown.ts';

const T0 = Date.UTC(2030, 5, 1);
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const attempt = (outcome: Outcome, more: Partial<Attempt> = {}): Attempt => ({
  at: new Date(T0).toISOString(),
  outcome,
  version: '1.0.0',
  probe: false,
  ...more,
});

describe('shouldAsk', () => {
  const ask = (
    attempts: readonly Attempt[],
    afterMs: number,
    more: { asked?: { at: number; count: number }; version?: string; killed?: boolean } = {},
  ): boolean =>
    shouldAsk(
      {
        attempts,
        cooldown: more.killed === true ? beginCooldown(T0, '1.0.0', 'SIGKILL') : undefined,
      },
      more.asked,
      { now: T0 + afterMs, version: more.version ?? '1.0.0' },
    );
  const failed = (count: number): Attempt[] =>
    Array.from({ length: count }, () => attempt('failed'));

  it.each<[string, boolean, boolean]>([
    ['the first time', ask([], 0), true],
    ['within 5 s of an attempt', ask([attempt('started')], 4.9 * SECOND), false],
    ['5 s after one', ask([attempt('started')], 5 * SECOND), true],
    ['while one is under way', ask([attempt('begun')], SECOND), false],
    ['within 5 s of a request', ask([], SECOND, { asked: { at: T0, count: 1 } }), false],
    ['5 s after a request', ask([], 5 * SECOND, { asked: { at: T0, count: 1 } }), true],
    ['after requests in vain', ask([], 60 * SECOND, { asked: { at: T0, count: 6 } }), false],
    ['long after requests in vain', ask([], 601 * SECOND, { asked: { at: T0, count: 90 } }), true],
    ['after one failure', ask(failed(1), 6 * SECOND), true],
    ['after three failures', ask(failed(3), 19 * SECOND), false],
    ['some time after three failures', ask(failed(3), 20 * SECOND), true],
    ['after many failures', ask(failed(20), 599 * SECOND), false],
    ['ten minutes after many failures', ask(failed(20), 600 * SECOND), true],
    ['many failures of another version', ask(failed(20), 5 * SECOND, { version: '1.0.1' }), true],
    ['a busy service', ask([attempt('already-running', { times: 9 })], 59 * SECOND), false],
    ['a service gone since', ask([attempt('already-running', { times: 9 })], 61 * SECOND), true],
    ['in a cooldown', ask(failed(1), 50 * 60 * SECOND, { killed: true }), false],
    ['for its probe', ask(failed(1), HOUR, { killed: true }), true],
    ['another version', ask(failed(1), 6 * SECOND, { killed: true, version: '2.0.0' }), true],
    ['in a cooldown that the clock left behind', ask([], -HOUR, { killed: true }), true],
    ['when the clock was set back', ask(failed(20), -HOUR, { asked: { at: T0, count: 9 } }), true],
  ])('%s: %s', (_name, got, expected) => {
    expect(got).toBe(expected);
  });
});

describe('the request', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sg-asked-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const path = (): string => join(dir, 'asked');

  it('is noted by one of many, and counted', () => {
    expect(readAsked(dir)).toBeUndefined();
    const all = Array.from({ length: 50 }, () => noteAsked(dir, undefined, T0));
    expect(all.filter(Boolean)).toHaveLength(1);
    const first = readAsked(dir);
    expect(first).toEqual({ at: T0, count: 1 });
    expect(noteAsked(dir, first, T0 + 1)).toBe(true);
    expect(readAsked(dir)).toEqual({ at: T0 + 1, count: 2 });
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    clearAsked(dir);
    expect(readAsked(dir)).toBeUndefined();
    clearAsked(dir);
  });

  it.each(['', 'x', '1', '-1 1', '9'.repeat(40)])('does not stand for ever as %j', (text) => {
    writeFileSync(path(), text);
    expect(readAsked(dir)).toBeUndefined();
    noteAsked(dir, undefined, T0);
    expect(noteAsked(dir, undefined, T0)).toBe(true);
    expect(readFileSync(path(), 'utf8')).toBe(`${T0} 1`);
  });

  it('is not noted where nothing can be written', () => {
    expect(noteAsked(join(dir, 'none'), undefined, T0)).toBe(false);
    expect(noteAsked(join(dir, 'none'), { at: 1, count: 1 }, T0)).toBe(false);
  });
});
