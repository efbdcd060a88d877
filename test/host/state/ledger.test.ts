import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../../host/log.ts';
import { sessionKey } from '../../../host/state/key.ts';
import { createLedger } from '../../../host/state/ledger.ts';
import type { Ledger, LedgerOptions } from '../../../host/state/ledger.ts';

const DAY_MS = 86_400_000;

let dir = '';
let events: string[] = [];
const log: Log = { write: (event) => void events.push(event) };

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'sg-state-')), 'security');
  events = [];
});
afterEach(() => {
  rmSync(join(dir, '..'), { recursive: true, force: true });
});

function ledger(more: Partial<LedgerOptions> = {}): Ledger {
  return createLedger({ dir, key: 's1', log, now: Date.now, ...more });
}

/** Without the one whose time says when old state was last looked for. */
const files = (): string[] => readdirSync(dir).filter((name) => name !== 'collected');
const stateFile = (): string => join(dir, 'security_warnings_state_s1.json');
const state = (): unknown => JSON.parse(readFileSync(stateFile(), 'utf8'));

function given(text: string): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(stateFile(), text);
}

describe('sessionKey', () => {
  it.each([
    ['the session id', undefined, 'ab-1.2_c', 'ab-1.2_c'],
    ['the remote id first', 'remote', 'local', 'remote'],
    ['an empty remote id', '', 'local', 'local'],
    ['nothing', undefined, undefined, 'default'],
    ['a way out of the folder', undefined, '../../etc/passwd', '.._.._etc_passwd'],
    ['other letters', undefined, 'é\n\0"', '____'],
    ['a long id', undefined, 'x'.repeat(500), 'x'.repeat(128)],
  ])('%s', (_name, remote, session, expected) => {
    expect(sessionKey(remote, session)).toBe(expected);
  });
});

describe('claim', () => {
  it('gives each key once a session', async () => {
    expect(await ledger().claim('shown_warnings', ['a', 'b', 'a'])).toEqual(['a', 'b']);
    expect(await ledger().claim('shown_warnings', ['b', 'c'])).toEqual(['c']);
    expect(await ledger({ key: 's2' }).claim('shown_warnings', ['a'])).toEqual(['a']);
    expect(state()).toEqual({ shown_warnings: ['a', 'b', 'c'] });
  });

  it('keeps warnings and notices apart', async () => {
    await ledger().claim('shown_warnings', ['a']);
    expect(await ledger().claim('shown_notices', ['a'])).toEqual(['a']);
  });

  it('makes files that only the user can read, and leaves no lock or temporary file', async () => {
    await ledger().claim('shown_warnings', ['a']);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(stateFile()).mode & 0o777).toBe(0o600);
    expect(files()).toEqual(['security_warnings_state_s1.json']);
  });

  it('reads the bare list of the oldest versions', async () => {
    given('["old", 7]');
    expect(await ledger().claim('shown_warnings', ['old', 'new'])).toEqual(['new']);
    expect(state()).toEqual({ shown_warnings: ['old', 'new'] });
  });

  it('keeps keys that it does not know', async () => {
    given('{"baseline_sha":"abc","shown_warnings":["x"],"rate_limits":{"a":[1]}}');
    await ledger().claim('shown_warnings', ['y']);
    expect(state()).toEqual({
      baseline_sha: 'abc',
      shown_warnings: ['x', 'y'],
      rate_limits: { a: [1] },
    });
  });

  it.each([
    ['cut off', '{"shown_warnings":["a'],
    ['empty', ''],
    ['a number', '7'],
    ['null', 'null'],
    ['binary', '\u0000\u0001'],
  ])('moves a corrupt file aside: %s', async (_name, text) => {
    given(text);
    expect(await ledger().claim('shown_warnings', ['a'])).toEqual(['a']);
    expect(state()).toEqual({ shown_warnings: ['a'] });
    expect(readFileSync(`${stateFile()}.corrupt`, 'utf8')).toBe(text);
    expect(events).toEqual(['state-corrupt']);
  });

  it('takes a wrong type inside the file for nothing told', async () => {
    given('{"shown_warnings":{"a":1}}');
    expect(await ledger().claim('shown_warnings', ['a'])).toEqual(['a']);
  });
});

describe('a machine that refuses', () => {
  it.each([
    ['no folder named', () => undefined],
    ['a file where the folder should be', () => join(dir, '..', 'plain')],
    ['a folder below a file', () => join(dir, '..', 'plain', 'x', 'y')],
    ['a folder that cannot exist', () => '/proc/nothing/here'],
  ])('answers and forgets: %s', async (_name, folder) => {
    writeFileSync(join(dir, '..', 'plain'), '');
    const options = { dir: folder() };
    expect(await ledger(options).claim('shown_warnings', ['a'])).toEqual(['a']);
    expect(await ledger(options).claim('shown_warnings', ['a'])).toEqual(['a']);
  });

  it.skipIf(process.getuid?.() === 0)('answers from what it can still read', async () => {
    await ledger().claim('shown_warnings', ['a']);
    chmodSync(dir, 0o500);
    expect(await ledger().claim('shown_warnings', ['a', 'b'])).toEqual(['b']);
    chmodSync(dir, 0o700);
  });

  it('survives a folder in place of the state file', async () => {
    mkdirSync(stateFile(), { recursive: true });
    expect(await ledger().claim('shown_warnings', ['a'])).toEqual(['a']);
  });
});

describe('the lock', () => {
  const lockFile = (): string => stateFile().replace(/json$/, 'lock');
  const lock = { waitMs: 60 };

  it('waits no longer than it may, then answers without remembering', async () => {
    given('{"shown_warnings":["a"]}');
    writeFileSync(lockFile(), `${process.pid} other`);
    const start = performance.now();
    expect(await ledger({ lock }).claim('shown_warnings', ['a', 'b'])).toEqual(['b']);
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(state()).toEqual({ shown_warnings: ['a'] });
    expect(existsSync(lockFile())).toBe(true);
  });

  it.each([
    ['of a process that is gone', '999999999 x', 0],
    ['that is old', `${process.pid} x`, -60_000],
    ['that is old and empty', '', -60_000],
    ['of one that was killed as it became the state', '{"shown_w', -2_000],
    ['from the future', `${process.pid} x`, DAY_MS],
  ])('takes over one %s', async (_name, text, age) => {
    given('{}');
    writeFileSync(lockFile(), text);
    const time = new Date(Date.now() + age);
    utimesSync(lockFile(), time, time);
    await ledger({ lock }).claim('shown_warnings', ['a']);
    expect(state()).toEqual({ shown_warnings: ['a'] });
    expect(files()).toEqual(['security_warnings_state_s1.json']);
  });
});

describe('old state', () => {
  const names = [
    'security_warnings_state_old.json',
    'security_warnings_state_old.lock',
    'security_warnings_state_old.json.corrupt',
    'log.txt',
    'mine.json',
  ];

  function old(days: number): void {
    mkdirSync(dir, { recursive: true });
    for (const name of names) {
      writeFileSync(join(dir, name), '{}');
      const time = new Date(Date.now() - days * DAY_MS);
      utimesSync(join(dir, name), time, time);
    }
  }

  it('is removed after 30 days, when a session begins', async () => {
    old(31);
    await ledger().claim('shown_warnings', ['a']);
    expect(files().sort()).toEqual(['log.txt', 'mine.json', 'security_warnings_state_s1.json']);
  });

  it('stays for 30 days', async () => {
    old(29);
    await ledger().claim('shown_warnings', ['a']);
    expect(files()).toHaveLength(names.length + 1);
  });

  it('is not looked for in the middle of a session', async () => {
    await ledger().claim('shown_warnings', ['a']);
    old(31);
    await ledger().claim('shown_warnings', ['b']);
    expect(files()).toHaveLength(names.length + 1);
  });

  it('is looked for once a day', async () => {
    await ledger().claim('shown_warnings', ['a']);
    old(31);
    await ledger({ key: 's2' }).claim('shown_warnings', ['a']);
    expect(files()).toHaveLength(names.length + 2);
    await ledger({ key: 's3', now: () => Date.now() + 2 * DAY_MS }).claim('shown_warnings', ['a']);
    expect(files()).toHaveLength(2 + 3);
  });
});
