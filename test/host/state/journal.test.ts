/** The ledger of a process that notes what it told in the journal. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Journal, entriesOf, readJournal } from '../../../host/state/journal.ts';
import { createLedger, readTold } from '../../../host/state/ledger.ts';
import type { Ledger, LedgerOptions } from '../../../host/state/ledger.ts';
import { ToldCache } from '../../../host/state/told-cache.ts';

let dir = '';
let events: string[] = [];
let works: (() => void)[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-journal-'));
  events = [];
  works = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const log = { write: (event: string): void => void events.push(event) };
const journal = (): string => join(dir, 'security_warnings_state_~told.jsonl');
const stateFile = (key = 's1'): string => join(dir, `security_warnings_state_${key}.json`);
const state = (key = 's1'): unknown => JSON.parse(readFileSync(stateFile(key), 'utf8'));

/** As a service has it that has just started, or with the `journal` of one that runs. */
function noting({ dir: folder = dir, ...more }: Noting = {}): Ledger {
  const putOff = (work: () => void): void => void works.push(work);
  const longLived = {
    journal: more.journal ?? new Journal(folder),
    cache: new ToldCache(),
    putOff,
  };
  return createLedger({ dir: folder, key: 's1', log, now: Date.now, longLived, ...more });
}

interface Noting extends Partial<LedgerOptions> {
  readonly journal?: Journal;
}

/** As a process has it that lives for one answer. */
function own(more: Partial<LedgerOptions> = {}): Ledger {
  return createLedger({ dir, key: 's1', log, now: Date.now, ...more });
}

/** Claims keys until the journal is to be emptied; returns them. */
async function fill(ledger: Ledger): Promise<string[]> {
  const keys: string[] = [];
  while (works.length === 0) {
    const key = `${'long/'.repeat(100)}${keys.length}`;
    expect(await ledger.claim('shown_warnings', [key], `call-${keys.length}`)).toEqual([key]);
    keys.push(key);
  }
  return keys;
}

describe('what is noted in the journal', () => {
  it('counts at once, to this process and to every other, and takes one line', async () => {
    expect(await noting().claim('shown_warnings', ['a', 'b', 'a'], 'call-1')).toEqual(['a', 'b']);
    expect(await noting().claim('shown_warnings', ['b', 'c'], 'call-2')).toEqual(['c']);
    expect(await noting().claim('shown_warnings', ['b', 'c'], 'call-3')).toEqual([]);
    expect(await noting().claim('shown_notices', ['a'])).toEqual(['a']);
    expect(readTold(dir, 's1', 'shown_warnings')).toEqual(['a', 'b', 'c']);
    expect(readTold(dir, 's2', 'shown_warnings')).toEqual([]);
    expect(readdirSync(dir)).toEqual(['security_warnings_state_~told.jsonl']);
    expect(statSync(journal()).mode & 0o777).toBe(0o600);
    expect(entriesOf(readJournal(dir))).toHaveLength(3);
    expect(works).toHaveLength(0);

    expect(await own().claim('shown_warnings', ['a', 'c', 'd'], 'call-4')).toEqual(['d']);
    expect(state()).toEqual({
      shown_warnings: ['a', 'b', 'c', 'd'],
      shown_notices: ['a'],
      claims: [
        { by: 'call-1', telling: 'shown_warnings', keys: ['a', 'b'] },
        { by: 'call-2', telling: 'shown_warnings', keys: ['c'] },
        { by: 'call-4', telling: 'shown_warnings', keys: ['d'] },
      ],
    });
    expect(await noting().claim('shown_warnings', ['a', 'd', 'e'], 'call-5')).toEqual(['e']);
  });

  it('is new again to the tool call that claimed it, here and elsewhere', async () => {
    for (const ledger of [noting(), noting(), own(), noting()])
      expect(await ledger.claim('shown_warnings', ['a'], 'call-1')).toEqual(['a']);
    for (const ledger of [noting(), own()])
      expect(await ledger.claim('shown_warnings', ['a'], 'call-2')).toEqual([]);
    expect(entriesOf(readJournal(dir))).toHaveLength(1);
  });

  it('is of one session, whatever its key looks like', async () => {
    for (const key of ['s1', 's', 's1.', '1', 'default', 'x'.repeat(128)]) {
      expect(await noting({ key }).claim('shown_warnings', ['a'])).toEqual(['a']);
      expect(await noting({ key }).claim('shown_warnings', ['a'])).toEqual([]);
    }
  });

  it('moves to the files of its sessions when it is long, and what came meanwhile stays', async () => {
    await noting({ key: 's2' }).claim('shown_warnings', ['other']);
    const keys = await fill(noting());
    expect(keys.length).toBeGreaterThan(20);
    expect(works).toHaveLength(1);
    works[0]?.();
    // The move waits for locks; this does not.
    expect(await noting().claim('shown_warnings', ['meanwhile'])).toEqual(['meanwhile']);
    await vi.waitFor(() => expect(entriesOf(readJournal(dir))).toHaveLength(1));
    expect(state()).toMatchObject({ shown_warnings: expect.arrayContaining(keys) });
    expect(state('s2')).toMatchObject({ shown_warnings: ['other'] });
    expect(await own().claim('shown_warnings', [...keys, 'meanwhile', 'new'])).toEqual(['new']);
    expect(await noting({ key: 's2' }).claim('shown_warnings', ['other'])).toEqual([]);
    expect(events).toEqual([]);
  });

  it('stays where it is while it cannot be moved, and is moved after it has grown again', async () => {
    const lock = stateFile().replace(/json$/, 'lock');
    writeFileSync(lock, `${process.pid} other`);
    const ledger = noting({ lock: { waitMs: 0 } });
    const keys = await fill(ledger);
    works.shift()?.();
    await vi.waitFor(() => expect(events).toEqual(['state-not-locked']));
    expect(readTold(dir, 's1', 'shown_warnings')).toEqual(keys);
    expect(existsSync(stateFile())).toBe(false);
    rmSync(lock);
    const more = await fill(noting({ key: 's2' }));
    works.shift()?.();
    await vi.waitFor(() => expect(readJournal(dir)).toBe(''));
    expect(state()).toMatchObject({ shown_warnings: keys });
    expect(state('s2')).toMatchObject({ shown_warnings: more });
  });

  it('is moved as soon as it can be when that has failed for long', async () => {
    const lock = stateFile().replace(/json$/, 'lock');
    writeFileSync(lock, `${process.pid} other`);
    const ledger = noting({ lock: { waitMs: 0 } });
    for (let round = 1; round <= 5; round++) {
      await ledger.claim('shown_warnings', [`${'x'.repeat(140_000)}${round}`]);
      for (const work of works.splice(0)) work();
      await vi.waitFor(() => expect(events).toHaveLength(round));
    }
    rmSync(lock);
    // Within the same 128 KiB.
    expect(await ledger.claim('shown_warnings', ['a'])).toEqual(['a']);
    works.shift()?.();
    await vi.waitFor(() => expect(readJournal(dir)).toBe(''));
    expect(readTold(dir, 's1', 'shown_warnings')).toHaveLength(6);
  });

  it('is moved once by two processes that do it at the same time', async () => {
    const keys = await fill(noting());
    // Each has a journal of its own.
    expect(await noting().claim('shown_warnings', ['x'.repeat(140_000)])).toHaveLength(1);
    expect(works).toHaveLength(2);
    for (const work of works) work();
    expect(await noting().claim('shown_warnings', ['meanwhile'])).toEqual(['meanwhile']);
    await vi.waitFor(() => expect(entriesOf(readJournal(dir))).toHaveLength(1));
    expect(readTold(dir, 's1', 'shown_warnings')).toEqual(
      expect.arrayContaining([...keys, 'meanwhile']),
    );
  });
});

describe('processes that live long', () => {
  it('know what another one notes, and move it once', async () => {
    const [one, other] = [new Journal(dir), new Journal(dir)];
    const claim = (journal: Journal, ...keys: string[]): Promise<string[]> =>
      noting({ journal }).claim('shown_warnings', keys);
    expect(await claim(one, 'a')).toEqual(['a']);
    expect(await claim(other, 'a', 'b')).toEqual(['b']);
    expect(await claim(one, 'a', 'b', 'c')).toEqual(['c']);
    const keys = await fill(noting({ journal: one }));
    works.shift()?.();
    await vi.waitFor(() => expect(readJournal(dir)).toBe(''));
    expect(await claim(other, 'a', 'c', ...keys, 'd')).toEqual(['d']);
    expect(await claim(one, 'a', 'c', ...keys, 'd')).toEqual([]);
    one.close();
    other.close();
  });

  it('see what a process claims that lives for one answer', async () => {
    const journal = new Journal(dir);
    expect(await noting({ journal }).claim('shown_warnings', ['a'])).toEqual(['a']);
    expect(await own().claim('shown_warnings', ['a', 'b'])).toEqual(['b']);
    expect(await noting({ journal }).claim('shown_warnings', ['a', 'b', 'c'])).toEqual(['c']);
    expect(await own().claim('shown_warnings', ['c', 'd'])).toEqual(['d']);
    expect(await noting({ journal }).claim('shown_warnings', ['c', 'd'])).toEqual([]);
    journal.close();
  });

  it('outlive their folder', async () => {
    const journal = new Journal(dir);
    expect(await noting({ journal }).claim('shown_warnings', ['a'])).toEqual(['a']);
    rmSync(dir, { recursive: true });
    expect(await noting({ journal }).claim('shown_warnings', ['a'])).toEqual(['a']);
    expect(state()).toEqual({ shown_warnings: ['a'] });
    expect(await noting({ journal }).claim('shown_warnings', ['a', 'b'])).toEqual(['b']);
    expect(entriesOf(readJournal(dir))).toHaveLength(1);
    journal.close();
  });

  it('keep what was told beside thousands of others', async () => {
    const journal = new Journal(dir);
    const cache = new ToldCache();
    const longLived = { journal, cache, putOff: (): void => undefined };
    const many = Array.from({ length: 9_000 }, (_, index) => `k${index}`);
    for (const key of ['s1', 's2', 's3', 's4']) {
      writeFileSync(stateFile(key), JSON.stringify({ shown_warnings: many }));
      const told = await noting({ key, longLived }).claim('shown_warnings', ['k8999', key]);
      expect(told).toEqual([key]);
    }
    expect(await noting({ longLived }).claim('shown_warnings', ['k0', 's1', 'new'])).toEqual([
      'new',
    ]);
    journal.close();
  });
});

describe('where the journal does not serve', () => {
  it.each<[string, () => void]>([
    ['a folder', () => mkdirSync(journal())],
    ['a link', () => symlinkSync(join(dir, 'elsewhere'), journal())],
    ['too long already', () => writeFileSync(journal(), 'x'.repeat(1024 * 1024))],
  ])('it is %s: claims are in the session’s file before the answer', async (_name, make) => {
    make();
    expect(await noting().claim('shown_warnings', ['a'], 'call-1')).toEqual(['a']);
    expect(state()).toMatchObject({ shown_warnings: ['a'] });
    expect(await noting().claim('shown_warnings', ['a', 'b'], 'call-2')).toEqual(['b']);
    expect(existsSync(join(dir, 'elsewhere'))).toBe(false);
  });

  it('lines that are none are passed over', async () => {
    const good = JSON.stringify(['s1', { telling: 'shown_warnings', keys: ['a'] }]);
    const lines = [
      'x',
      '{}',
      '["s1"]',
      '["s1",{"telling":"other","keys":["b"]}]',
      '["../s1",{"telling":"shown_warnings","keys":["b"]}]',
      good,
      good.slice(0, -5),
    ];
    writeFileSync(journal(), lines.join('\n'));
    expect(entriesOf(readJournal(dir)).map(({ key }) => key)).toEqual(['s1']);
    expect(await noting().claim('shown_warnings', ['a', 'b'])).toEqual(['b']);
    expect(await noting().claim('shown_warnings', ['a', 'b', 'c'])).toEqual(['c']);
    expect(await own().claim('shown_warnings', ['a', 'b', 'c'])).toEqual([]);
  });

  it('a corrupt file of a session is moved aside at once', async () => {
    await noting().claim('shown_warnings', ['a']);
    writeFileSync(stateFile(), '{"shown_w');
    expect(await noting().claim('shown_warnings', ['a', 'b'])).toEqual(['b']);
    expect(state()).toEqual({ shown_warnings: ['a', 'b'] });
    expect(readFileSync(`${stateFile()}.corrupt`, 'utf8')).toBe('{"shown_w');
    expect(events).toEqual(['state-corrupt']);
  });

  it('nothing can be written: all is new, with a word in the log', async () => {
    const file = join(dir, 'plain');
    writeFileSync(file, '');
    const lost = noting({ dir: file });
    expect(await lost.claim('shown_warnings', ['a'])).toEqual(['a']);
    expect(await lost.claim('shown_warnings', ['a'])).toEqual(['a']);
    expect(events).toEqual(['state-not-locked', 'state-not-locked']);
  });
});
