/** The file in which `sg scan` keeps what it found, by itself. */
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScanCache, type ScanCache } from '../../cli/scan/cache.ts';
import type { ScanResult } from '../../engine/finding.ts';
import { contentKey } from '../../workers/content-key.ts';
import type { FileStat } from '../../workers/memory.ts';
import { createScanPool } from '../../workers/pool.ts';
import type { FileOutcome } from '../../workers/protocol.ts';
import { Sieve } from '../../workers/sieve.ts';
import { rule } from '../engine/scan-text.ts';

describe('a scan cache', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sg-cache-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const NOW = Date.UTC(2026, 0, 1);
  const DAY = 24 * 60 * 60 * 1000;
  const RESULT: ScanResult = { findings: [], suppressed: [], incomplete: [] };
  const key = (text: string): string => contentKey('a.py', Buffer.from(text));
  const open = (identity: unknown = 1, now = NOW): ScanCache => {
    const opened = openScanCache(folder, identity, now);
    if (opened.kind === 'refused') throw new Error(opened.reason);
    return opened.cache;
  };
  const file = (): string => {
    const [name = ''] = readdirSync(join(folder, 'scan')).filter((each) => !each.startsWith('.'));
    return join(folder, 'scan', name);
  };

  it('knows what it was told, for the same rules only', () => {
    const first = open();
    first.keep(key('clean'));
    first.keep(key('found'), RESULT);
    first.close(true, NOW);
    const other = open(2);
    expect(other.recall(key('clean'))).toBeUndefined();
    other.close(true, NOW);
    const second = open();
    expect(second.size).toBe(2);
    expect(second.recall(key('clean'))).toEqual({});
    expect(second.recall(key('found'))).toEqual({ result: RESULT });
    expect(second.recall(key('else'))).toBeUndefined();
    second.close(true, NOW);
  });

  it('never takes a line that was cut short for a clean file, wherever it was cut', () => {
    const first = open();
    first.keep(key('found'), RESULT);
    first.close(true, NOW);
    const whole = readFileSync(file(), 'latin1');
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(file(), whole.slice(0, length));
      // Another scan that is running goes on right behind it.
      appendFileSync(file(), length % 2 === 0 ? '' : `${key('other')}.\n`);
      const next = open();
      expect([undefined, JSON.stringify({ result: RESULT })]).toContain(
        JSON.stringify(next.recall(key('found'))),
      );
      next.keep(key('new'));
      next.close(false, NOW);
      const last = open();
      expect(last.recall(key('new'))).toEqual({});
      last.close(false, NOW);
    }
  });

  const STAT: FileStat = { dev: 1, ino: 2, size: 3, mtimeMs: 4.5, ctimeMs: NOW - DAY + 0.25 };

  it('knows a file by its path and all of its stats', () => {
    const paths = ['a.py', 'dir/é日.py', 'dir/a.', '@//.', 'line\nbreak.py'];
    const first = open();
    for (const path of paths) first.keepKey(path, STAT, key(path));
    first.close(true, NOW);
    const second = open();
    expect(paths.map((path) => second.keyOf(path, STAT))).toEqual(
      paths.map((path) => (path.includes('\n') ? undefined : key(path))),
    );
    expect(second.keyOf('b.py', STAT)).toBeUndefined();
    for (const name of ['dev', 'ino', 'size', 'mtimeMs', 'ctimeMs'] as const)
      expect(second.keyOf('a.py', { ...STAT, [name]: STAT[name] + 0.5 })).toBeUndefined();
    second.close(true, NOW);
  });

  it.each([NOW, NOW - 60_000, NOW + DAY, 0])(
    'keeps no file that may be written again at the same time: %i',
    (ctimeMs) => {
      const first = open();
      first.keepKey('a.py', { ...STAT, ctimeMs }, key('a'));
      expect(first.keyOf('a.py', { ...STAT, ctimeMs })).toBeUndefined();
      first.close(true, NOW);
    },
  );

  it('never takes a file for another one where a line was cut short', () => {
    const first = open();
    first.keepKey('dir/a.b.py', STAT, key('found'));
    first.close(true, NOW);
    const whole = readFileSync(file(), 'latin1');
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(file(), whole.slice(0, length));
      const next = open();
      for (const path of ['dir/a.b.py', 'dir/a.b', 'dir/a', 'dir/', 'dir'])
        expect(next.keyOf(path, STAT)).toBe(
          length === whole.length - 1 && path === 'dir/a.b.py' ? key('found') : undefined,
        );
      next.close(false, NOW);
    }
  });

  it('forgets files that are not there any more, once they are many', () => {
    const first = open();
    for (let i = 0; i < 10_000; i++) first.keepKey(`${i}.py`, STAT, key(`${i}`));
    first.close(true, NOW);
    const second = open();
    second.keyOf('é.py', STAT);
    second.keepKey('é.py', STAT, key('é'));
    second.keyOf('1.py', STAT);
    second.close(true, NOW);
    const third = open();
    expect([
      third.keyOf('1.py', STAT),
      third.keyOf('é.py', STAT),
      third.keyOf('2.py', STAT),
    ]).toEqual([key('1'), key('é'), undefined]);
    third.close(true, NOW);
  });

  it('forgets what no file has any more, once that is much', () => {
    const first = open();
    for (let i = 0; i < 10_000; i++) first.keep(key(`${i}`));
    first.close(true, NOW);
    const second = open();
    second.recall(key('1'));
    second.close(false, NOW);
    expect(open().size).toBe(10_000);
    const third = open();
    third.recall(key('1'));
    third.keep(key('new'));
    third.close(true, NOW);
    const last = open();
    expect(last.size).toBe(2);
    expect(last.recall(key('1'))).toEqual({});
  });

  it('forgets scans that nobody repeats', () => {
    open(1).close(true, NOW);
    open(2).close(true, NOW + 20 * DAY);
    const third = open(3, NOW + 40 * DAY);
    third.close(true, NOW + 40 * DAY);
    expect(readdirSync(join(folder, 'scan'))).toHaveLength(1 + 2);
  });

  it('forgets what a file was, once that is much, also where only some files were scanned', () => {
    for (let round = 0; round < 3; round++) {
      const cache = open();
      for (let i = 0; i < 3_000; i++)
        cache.keepKey(`${i}.py`, { ...STAT, size: round }, key(`${round} ${i}`));
      cache.close(false, NOW);
    }
    expect(readFileSync(file(), 'latin1').split('\n')).toHaveLength(9_001);
    const cache = open();
    for (let i = 0; i < 3_000; i++) cache.keepKey(`${i}.py`, { ...STAT, size: 3 }, key(`3 ${i}`));
    cache.keep(key('found'), RESULT);
    cache.close(false, NOW);
    expect(readFileSync(file(), 'latin1').split('\n')).toHaveLength(3_002);
    const last = open();
    expect(last.keyOf('7.py', { ...STAT, size: 3 })).toBe(key('3 7'));
    expect(last.recall(key('found'))).toEqual({ result: RESULT });
    last.close(false, NOW);
  });

  describe('of files that were left alone for long', () => {
    const LATER = Date.now() + DAY;
    const at = (name: string): string => join(folder, 'tree', name);
    const put = (name: string, text: string): void => {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), text);
    };
    const statOf = (name: string): FileStat => lstatSync(at(name));
    const known = (name: string): string | undefined => {
      const cache = open(1, LATER);
      const found = cache.keyOf(name, statOf(name));
      cache.close(false, LATER);
      return found;
    };
    const remember = (name: string): void => {
      const cache = open(1, LATER);
      cache.keepKey(name, statOf(name), key(name));
      cache.close(false, LATER);
    };

    it('sees a change that hides its time', () => {
      const time = 1_700_000_000;
      put('a.py', 'fine(1)\n');
      utimesSync(at('a.py'), time, time);
      remember('a.py');
      expect(known('a.py')).toBe(key('a.py'));
      const { ino, size } = statOf('a.py');
      put('a.py', 'evil(1)\n');
      utimesSync(at('a.py'), time, time);
      expect(statOf('a.py')).toMatchObject({ ino, size, mtimeMs: time * 1000 });
      expect(known('a.py')).toBeUndefined();
    });

    it('knows nothing of a file in a folder by another name', () => {
      put('a/x.py', 'evil(1)\n');
      put('b/x.py', 'fine(1)\n');
      for (const name of ['a/x.py', 'b/x.py']) remember(name);
      renameSync(at('a'), at('c'));
      renameSync(at('b'), at('a'));
      expect([known('a/x.py'), known('c/x.py')]).toEqual([undefined, undefined]);
    });

    it('knows large ones as the worker read them', async () => {
      put('large.py', `evil(1)\n${' '.repeat(5 << 20)}`);
      const dist = (name: string): string => join(import.meta.dirname, '../../dist/cli', name);
      const scan = async (): Promise<FileOutcome[]> => {
        const cache = open(1, LATER);
        const pool = createScanPool({
          workerFile: dist('worker/scan-worker.js'),
          wasmFile: dist('re2.wasm'),
          snapshotFile: dist('re2.snapshot'),
          rules: () => ({ rules: [rule('evil', 'evil\\(')] }),
          threads: 1,
          sieve: (memory) => new Sieve(() => undefined, memory),
        });
        const outcomes: FileOutcome[] = [];
        const targets = [{ absolute: at('large.py'), relative: 'large.py' }];
        await pool.scan(targets, (outcome) => outcomes.push(outcome), cache);
        await pool.close();
        cache.close(true, LATER);
        return outcomes;
      };
      const first = await scan();
      expect(first).toMatchObject([{ kind: 'scanned', path: 'large.py' }]);
      expect(known('large.py')).toBe(contentKey('large.py', readFileSync(at('large.py'))));
      expect(await scan()).toEqual(first);
    });
  });
});
