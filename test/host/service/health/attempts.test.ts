import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addAttempt,
  codeNameOf,
  HEALTH_FILE,
  MAX_ATTEMPTS,
  readHealth,
  writeHealth,
} from '../../../../host/service/health/attempts.ts';
import type { Attempt, Health } from '../../../../host/service/health/attempts.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-health-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const EMPTY: Health = { attempts: [], cooldown: undefined };
const at = (minute: number): string => new Date(Date.UTC(2030, 0, 1, 0, minute)).toISOString();
const attempt = (minute: number, more: Partial<Attempt> = {}): Attempt => ({
  at: at(minute),
  outcome: 'started',
  version: '1.2.3',
  probe: false,
  ...more,
});

describe('health.json', () => {
  it('comes back as it was written, for the user alone', () => {
    const health: Health = {
      attempts: [
        attempt(1, { durationMs: 80 }),
        attempt(2, {
          outcome: 'failed',
          probe: true,
          pid: 77,
          phase: 'wasm',
          code: 99,
          exceptionType: 'RangeError',
          errno: 'ENOMEM',
          exitCode: 134,
          signal: 'SIGABRT',
          bucket: 999,
          durationMs: 12,
        }),
      ],
      cooldown: { since: at(2), version: '1.2.3', signal: 'SIGABRT', probedAt: at(90) },
    };
    writeHealth(dir, health);
    expect(readHealth(dir)).toEqual(health);
    expect(statSync(join(dir, HEALTH_FILE)).mode & 0o777).toBe(0o600);
  });

  it('keeps the last 20 attempts', () => {
    let health = EMPTY;
    for (let minute = 0; minute < 30; minute++) health = addAttempt(health, attempt(minute));
    expect(health.attempts).toHaveLength(MAX_ATTEMPTS);
    expect(health.attempts.at(-1)).toEqual(attempt(29));
  });

  it('counts what happens again and again, so that failures stay to be seen', () => {
    let health = addAttempt(EMPTY, attempt(0, { outcome: 'failed', code: 9 }));
    for (let minute = 1; minute < 60; minute++)
      health = addAttempt(health, attempt(minute, { outcome: 'cooldown', code: 19 }));
    expect(health.attempts).toHaveLength(2);
    expect(health.attempts[1]).toMatchObject({ at: at(1), lastAt: at(59), times: 59 });
    expect(addAttempt(health, attempt(61, { outcome: 'already-running' })).attempts).toHaveLength(
      3,
    );
  });

  it('is absent at first', () => {
    expect(readHealth(dir)).toEqual(EMPTY);
    expect(readHealth(join(dir, 'none'))).toEqual(EMPTY);
  });

  it.each([
    ['no JSON', '{"attempts": ['],
    ['a list', '[]'],
    ['no attempts', '{"version":1}'],
    ['nothing', ''],
    ['nulls', '\0\0\0\0'],
  ])('is set aside and begun anew when it is %s', (_name, text) => {
    const path = join(dir, HEALTH_FILE);
    writeFileSync(path, text);
    const health = readHealth(dir);
    expect(health).toMatchObject({ attempts: [], corrupt: expect.any(String) });
    writeHealth(dir, addAttempt(health, attempt(1)));
    expect(readFileSync(`${path}.corrupt`, 'utf8')).toBe(text);
    expect(readHealth(dir)).toEqual({ attempts: [attempt(1)], cooldown: undefined });
    expect(existsSync(path)).toBe(true);
  });

  it('takes what it understands and leaves the rest', () => {
    const odd = [
      null,
      7,
      { at: 'yesterday', outcome: 'started', version: '1.0.0' },
      { ...attempt(1), outcome: 'exploded' },
      { ...attempt(2), version: 'v'.repeat(500) },
      {
        ...attempt(3),
        outcome: 'failed',
        code: 4711,
        bucket: 5000,
        pid: -1,
        signal: 'S'.repeat(99),
      },
    ];
    const text = JSON.stringify({ version: 9, attempts: odd, cooldown: { since: 'soon' } });
    writeFileSync(join(dir, HEALTH_FILE), text);
    expect(readHealth(dir)).toEqual({
      attempts: [attempt(3, { outcome: 'failed', code: 4711 })],
      cooldown: undefined,
    });
    expect(codeNameOf(attempt(3, { code: 4711 }))).toBeUndefined();
    expect(codeNameOf(attempt(3, { code: 3 }))).toBe('disk-full');
  });
});
