/** The ledger of a process that writes behind its answers. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClaimQueue } from '../../../host/state/claim-queue.ts';
import { createLedger } from '../../../host/state/ledger.ts';
import type { Ledger, LedgerOptions } from '../../../host/state/ledger.ts';

let dir = '';
let events: string[] = [];
let works: (() => void)[] = [];
let queue = new ClaimQueue(() => undefined);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-queue-'));
  events = [];
  works = [];
  queue = new ClaimQueue((work) => void works.push(work));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const log = { write: (event: string): void => void events.push(event) };
const stateFile = (): string => join(dir, 'security_warnings_state_s1.json');
const state = (): unknown => JSON.parse(readFileSync(stateFile(), 'utf8'));

function ledger(more: Partial<LedgerOptions> = {}): Ledger {
  return createLedger({ dir, key: 's1', log, now: Date.now, queue, ...more });
}

/** Runs what was put off, and what that puts off. */
async function writeAll(): Promise<void> {
  for (let work = works.shift(); work !== undefined; work = works.shift()) {
    work();
    await vi.waitFor(() => expect(isSettled()).toBe(true));
  }
}

/** Either everything is written, or there is more to do. */
function isSettled(): boolean {
  return works.length > 0 || queue.waiting(stateFile()).length === 0;
}

describe('claims that are written behind their answers', () => {
  it('count at once, and are written together', async () => {
    expect(await ledger().claim('shown_warnings', ['a', 'b', 'a'], 'call-1')).toEqual(['a', 'b']);
    expect(await ledger().claim('shown_warnings', ['b', 'c'], 'call-2')).toEqual(['c']);
    expect(await ledger().claim('shown_notices', ['a'])).toEqual(['a']);
    expect(existsSync(stateFile())).toBe(false);
    expect(works).toHaveLength(1);
    await writeAll();
    expect(state()).toEqual({
      shown_warnings: ['a', 'b', 'c'],
      shown_notices: ['a'],
      claims: [
        { by: 'call-1', telling: 'shown_warnings', keys: ['a', 'b'] },
        { by: 'call-2', telling: 'shown_warnings', keys: ['c'] },
      ],
    });
    expect(await ledger().claim('shown_warnings', ['a', 'd'], 'call-3')).toEqual(['d']);
  });

  it('are new again to the tool call that made them, before and after they are written', async () => {
    const claim = (by: string): Promise<string[]> => ledger().claim('shown_warnings', ['a'], by);
    expect(await claim('call-1')).toEqual(['a']);
    expect(await claim('call-1')).toEqual(['a']);
    expect(await claim('call-2')).toEqual([]);
    await writeAll();
    expect(await claim('call-1')).toEqual(['a']);
    expect(await claim('call-2')).toEqual([]);
    expect(works).toHaveLength(0);
  });

  it('are added to what another process wrote meanwhile', async () => {
    await ledger().claim('shown_warnings', ['a']);
    await createLedger({ dir, key: 's1', log, now: Date.now }).claim('shown_warnings', ['b']);
    expect(await ledger().claim('shown_warnings', ['a', 'b', 'c'])).toEqual(['c']);
    await writeAll();
    expect(state()).toEqual({ shown_warnings: ['b', 'a', 'c'] });
  });

  it('still count while they are being written, and what comes then is written next', async () => {
    const lock = stateFile().replace(/json$/, 'lock');
    writeFileSync(lock, `${process.pid} other`);
    const mine = ledger({ lock: { waitMs: 10_000 } });
    await mine.claim('shown_warnings', ['a']);
    works.shift()?.();
    expect(await mine.claim('shown_warnings', ['a', 'b'])).toEqual(['b']);
    rmSync(lock);
    await vi.waitFor(() => expect(works).toHaveLength(1));
    expect(state()).toEqual({ shown_warnings: ['a'] });
    expect(await mine.claim('shown_warnings', ['a', 'b'])).toEqual([]);
    await writeAll();
    expect(state()).toEqual({ shown_warnings: ['a', 'b'] });
  });

  it('are forgotten where they cannot be written, with a word in the log', async () => {
    const file = join(dir, 'plain');
    writeFileSync(file, '');
    const lost = ledger({ dir: file });
    expect(await lost.claim('shown_warnings', ['a'])).toEqual(['a']);
    await writeAll();
    await vi.waitFor(() => expect(events).toEqual(['state-not-locked']));
    expect(await lost.claim('shown_warnings', ['a'])).toEqual(['a']);
  });

  it('move a corrupt file aside', async () => {
    writeFileSync(stateFile(), '{"shown_w');
    expect(await ledger().claim('shown_warnings', ['a'])).toEqual(['a']);
    await writeAll();
    expect(state()).toEqual({ shown_warnings: ['a'] });
    expect(readFileSync(`${stateFile()}.corrupt`, 'utf8')).toBe('{"shown_w');
    expect(events).toEqual(['state-corrupt']);
  });
});
