import { describe, expect, it } from 'vitest';
import type { Attempt, Health } from '../../../../host/service/health/attempts.ts';
import { beginCooldown, mayStart } from '../../../../host/service/health/cooldown.ts';
import { settleOrphans } from '../../../../host/service/health/orphan.ts';

const HOUR = 60 * 60 * 1000;
const T0 = Date.UTC(2030, 5, 1, 12);
const iso = (ms: number): string => new Date(ms).toISOString();
const killed = beginCooldown(T0, '1.0.0', 'SIGKILL');

describe('mayStart', () => {
  const ask = (
    hours: number,
    more: { version?: string; wanted?: boolean; probed?: boolean } = {},
  ) =>
    mayStart(more.probed === true ? { ...killed, probedAt: iso(T0 + 2 * HOUR) } : killed, {
      now: T0 + hours * HOUR,
      version: more.version ?? '1.0.0',
      wanted: more.wanted ?? false,
    }).kind;

  it.each<[string, ReturnType<typeof ask>, string]>([
    ['at once', ask(0), 'blocked'],
    ['before an hour is over', ask(0.99), 'blocked'],
    ['after an hour, once', ask(1), 'probe'],
    ['after the probe', ask(3, { probed: true }), 'blocked'],
    ['near the end, after the probe', ask(23.99, { probed: true }), 'blocked'],
    ['after 24 hours', ask(24), 'free'],
    ['after 24 hours and a probe', ask(24, { probed: true }), 'free'],
    ['at once, when the user wants it', ask(0, { wanted: true }), 'probe'],
    ['after the probe, when the user wants it', ask(3, { probed: true, wanted: true }), 'probe'],
    ['another version', ask(0, { version: '1.0.1' }), 'free'],
    ['an older version', ask(0, { version: '0.9.0' }), 'free'],
  ])('%s: %s', (_name, kind, expected) => {
    expect(kind).toBe(expected);
  });

  it('without a cooldown', () => {
    expect(mayStart(undefined, { now: T0, version: '1.0.0', wanted: true }).kind).toBe('free');
  });

  it('says when something is tried next', () => {
    const asked = { now: T0 + HOUR / 2, version: '1.0.0', wanted: false };
    expect(mayStart(killed, asked)).toMatchObject({ untilMs: HOUR / 2 });
    expect(mayStart({ ...killed, probedAt: iso(T0) }, asked)).toMatchObject({
      untilMs: 23.5 * HOUR,
    });
  });

  it('never lasts longer than 24 hours, wherever the clock is set', () => {
    const asked = { version: '1.0.0', wanted: false };
    // The clock goes back by a year: the window begins where the clock is now.
    const back = mayStart(killed, { ...asked, now: T0 - 365 * 24 * HOUR });
    if (back.kind !== 'blocked') throw new Error(back.kind);
    expect(back.cooldown.since).toBe(iso(T0 - 365 * 24 * HOUR));
    expect(back.untilMs).toBe(HOUR);
    expect(mayStart(back.cooldown, { ...asked, now: T0 - 364 * 24 * HOUR }).kind).toBe('free');
    // A few seconds are no change.
    expect(mayStart(killed, { ...asked, now: T0 - 5000 })).toMatchObject({ cooldown: killed });
  });
});

describe('settleOrphans', () => {
  const begun: Attempt = { at: iso(T0), outcome: 'begun', version: '1.0.0', probe: false, pid: 42 };
  const health: Health = { attempts: [begun], cooldown: undefined };
  const facts = {
    now: T0 + 5000,
    machineUpMs: 1000 * HOUR,
    isAlive: () => false,
    running: undefined,
  };

  it('a starter that died was killed', () => {
    const after = settleOrphans(health, facts);
    expect(after.attempts).toEqual([{ ...begun, outcome: 'failed', phase: 'spawn', code: 10 }]);
    expect(after.cooldown).toEqual({ since: iso(T0), version: '1.0.0', signal: 'unknown' });
  });

  it('one that lives is under way', () => {
    expect(settleOrphans(health, { ...facts, isAlive: () => true })).toBe(health);
  });

  it.each([
    ['long after', T0 + HOUR],
    ['after the clock was set back', T0 - HOUR],
  ])('a process of that id is another one %s', (_name, now) => {
    const after = settleOrphans(health, { ...facts, now, isAlive: () => true });
    expect(after.attempts[0]?.outcome).toBe('failed');
    expect(Date.parse(after.cooldown?.since ?? '')).toBeLessThanOrEqual(now);
  });

  it('its service may have come up all the same', () => {
    const after = settleOrphans({ ...health, cooldown: killed }, { ...facts, running: '1.0.0' });
    expect(after).toEqual({ attempts: [{ ...begun, outcome: 'started' }], cooldown: undefined });
  });

  it('a machine that went down kills everything', () => {
    const after = settleOrphans(health, { ...facts, machineUpMs: 1000 });
    expect(after).toEqual({
      attempts: [{ ...begun, outcome: 'interrupted' }],
      cooldown: undefined,
    });
  });

  it('leaves what is settled', () => {
    const settled: Health = { attempts: [{ ...begun, outcome: 'started' }], cooldown: killed };
    expect(settleOrphans(settled, facts)).toBe(settled);
  });
});
