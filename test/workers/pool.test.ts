/** The pool with the built worker, and with workers that misbehave. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FileOutcome, ScanTarget } from '../../workers/protocol.ts';
import { createScanPool, type ScanPool, type ScanPoolOptions } from '../../workers/pool.ts';
import { createScanner } from '../../engine/scanner.ts';
import { createKernel } from '../../host/kernel.ts';
import { Sieve } from '../../workers/sieve.ts';
import type { Slot } from '../../workers/slots.ts';
import { rule } from '../engine/scan-text.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const WORKER = at('../../dist/cli/worker/scan-worker.js');
const WASM = at('../../dist/cli/re2.wasm');
const SNAPSHOT = at('../../dist/cli/re2.snapshot');
const EVIL_WORKER = at('../fixtures/workers/evil.cjs');

const pools: ScanPool[] = [];

function pool(options: Partial<ScanPoolOptions> = {}): ScanPool {
  const made = createScanPool({
    workerFile: WORKER,
    wasmFile: WASM,
    snapshotFile: SNAPSHOT,
    rules: () => ({ rules: [rule('evil', 'evil\\(')] }),
    threads: 2,
    ...options,
  });
  pools.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((made) => made.close()));
});

const target = (name: string, folder = '/nowhere'): ScanTarget => ({
  absolute: join(folder, name),
  relative: name,
});

function noRe2(): never {
  throw new Error('RE2 is not for the sieve');
}

async function scan(
  made: ScanPool,
  targets: AsyncIterable<ScanTarget> | Iterable<ScanTarget>,
): Promise<{ files: number; bytes: number; outcomes: Map<string, string> }> {
  const outcomes = new Map<string, string>();
  const note = (outcome: FileOutcome): void => {
    expect(outcomes.has(outcome.path)).toBe(false);
    const { kind } = outcome;
    outcomes.set(
      outcome.path,
      kind === 'scanned' ? `${outcome.result.findings.length} findings` : outcome.reason,
    );
  };
  const totals = await made.scan(targets, note);
  return { ...totals, outcomes };
}

describe('the built worker', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sg-pool-'));
    writeFileSync(join(folder, 'found.js'), 'evil(1)\nevil(2)\n');
    writeFileSync(join(folder, 'clean.js'), 'fine()\n');
    writeFileSync(join(folder, 'empty.js'), '');
    writeFileSync(join(folder, 'secret.js'), 'evil(1)');
    chmodSync(join(folder, 'secret.js'), 0);
    mkdirSync(join(folder, 'folder'));
    symlinkSync(join(folder, 'found.js'), join(folder, 'link.js'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('scans what is a file, and says what is not', async () => {
    const names = ['found.js', 'pipe', 'clean.js', 'folder', 'link.js', 'gone.js', 'empty.js'];
    const { files, bytes, outcomes } = await scan(
      pool(),
      names.map((name) => target(name, folder)),
    );
    expect(Object.fromEntries(outcomes)).toEqual({
      'found.js': '2 findings',
      pipe: 'not a regular file',
      folder: 'not a regular file',
      'link.js': 'a symbolic link, which is never followed',
      'gone.js': 'the file is gone',
    });
    expect({ files, bytes }).toEqual({ files: 3, bytes: 23 });
  });

  // Root reads everything.
  test.skipIf(process.getuid?.() === 0)('says that a file may not be read', async () => {
    const { outcomes } = await scan(pool(), [target('secret.js', folder)]);
    expect(outcomes.get('secret.js')).toBe('permission denied');
  });

  test('scans 500 files of an asynchronous list, each once', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `many-${i}.js`);
    for (const [i, name] of names.entries())
      writeFileSync(join(folder, name), i % 2 === 0 ? 'evil(1)' : 'fine()');
    async function* list(): AsyncGenerator<ScanTarget> {
      for (const name of names) {
        await Promise.resolve();
        yield target(name, folder);
      }
    }
    const { files, outcomes } = await scan(pool(), list());
    expect([files, outcomes.size]).toEqual([500, 250]);
  });

  test('a sieve keeps clean files from the workers, and they are counted', async () => {
    const seen: string[] = [];
    const sieve = {
      look(found: ScanTarget) {
        seen.push(found.relative);
        return found.relative === 'found.js' ? found : { bytes: 5 };
      },
    };
    const { files, bytes, outcomes } = await scan(pool({ sieve: () => sieve }), [
      target('clean.js', folder),
      target('found.js', folder),
      target('gone.js', folder),
    ]);
    expect(seen).toEqual(['clean.js', 'found.js', 'gone.js']);
    expect([files, bytes, [...outcomes.keys()]]).toEqual([3, 26, ['found.js']]);
  });

  test('what was read is handed to the worker, which does not read it again', async () => {
    const rules = [rule('evil', 'evil\\(')];
    const scanner = createScanner({ rules, kernel: createKernel(), wasm: noRe2 });
    const sieve = new Sieve(() => scanner);
    const gone = join(folder, 'read-once.js');
    writeFileSync(gone, 'fine()\nevil(1)\n');
    const once = {
      look(found: ScanTarget, slot?: Slot) {
        const looked = sieve.look(found, slot);
        rmSync(gone, { force: true });
        return looked;
      },
    };
    const { files, bytes, outcomes } = await scan(
      pool({ sieve: () => once, rules: () => ({ rules }) }),
      [target('read-once.js', folder), target('found.js', folder)],
    );
    expect([files, bytes]).toEqual([2, 31]);
    expect(Object.fromEntries(outcomes)).toEqual({
      'read-once.js': '1 findings',
      'found.js': '2 findings',
    });
  });

  test('nothing to scan', async () => {
    expect(await scan(pool(), [])).toMatchObject({ files: 0, bytes: 0 });
  });

  test('two scans at a time', async () => {
    const made = pool();
    const both = await Promise.all([
      scan(made, [target('found.js', folder)]),
      scan(made, [target('clean.js', folder)]),
    ]);
    expect(both.map(({ files, outcomes }) => [files, outcomes.size])).toEqual([
      [1, 1],
      [1, 0],
    ]);
  });

  test('a list that fails makes the scan fail, and the pool works on', async () => {
    const made = pool();
    async function* failing(): AsyncGenerator<ScanTarget> {
      yield target('found.js', folder);
      await Promise.resolve();
      throw new Error('the list broke');
    }
    await expect(scan(made, failing())).rejects.toThrow('the list broke');
    expect((await scan(made, [target('found.js', folder)])).files).toBe(1);
  });
});

describe('a worker that misbehaves costs one file', () => {
  const fine = (from: number, count: number): ScanTarget[] =>
    Array.from({ length: count }, (_, i) => target(`fine-${from + i}`));

  test.each<[string, string, Partial<ScanPoolOptions>]>([
    ['throw-1', 'the worker failed: thrown on purpose', {}],
    ['exit-1', 'the worker failed: ', {}],
    ['memory-1', 'the worker ran out of memory', { maxHeapMb: 32 }],
    ['loop-1', 'no result after 500 ms', { fileTimeoutMs: 500 }],
  ])(
    '%s',
    async (name, reason, options) => {
      const made = pool({ workerFile: EVIL_WORKER, ...options });
      const targets = [...fine(0, 40), target(name), ...fine(40, 200)];
      const { files, outcomes } = await scan(made, targets);
      expect(outcomes.get(name)).toContain(reason);
      expect(files).toBe(240);
      const notScanned = [...outcomes].filter(([, text]) => text !== '0 findings');
      expect(notScanned.map(([path]) => path)).toEqual([name]);
      expect((await scan(made, fine(0, 70))).files).toBe(70);
    },
    30_000,
  );

  test('contents that were handed to it go to the next one', async () => {
    const sieve = {
      look: (found: ScanTarget): ScanTarget => ({
        ...found,
        content: {
          bytes: new Uint8Array(9),
          seen: {
            isDecoded: false,
            ascii: true,
            followed: 0,
            marks: [],
            due: [],
            windows: [],
            occurrences: [],
          },
          key: undefined,
        },
      }),
    };
    const made = pool({ workerFile: EVIL_WORKER, sieve: () => sieve });
    const { files, outcomes } = await scan(made, [
      ...fine(0, 20),
      target('exit-1'),
      ...fine(20, 9),
    ]);
    expect(files).toBe(29);
    expect(outcomes.get('exit-1')).toContain('the worker failed: ');
  });

  test('several in one batch', async () => {
    const made = pool({ workerFile: EVIL_WORKER, fileTimeoutMs: 500 });
    const names = ['throw-1', 'exit-1', 'loop-1', 'throw-2', 'exit-2'];
    const targets = names.flatMap((name, i) => [...fine(i * 3, 3), target(name)]);
    const { files, outcomes } = await scan(made, targets);
    expect(files).toBe(15);
    expect(
      [...outcomes]
        .filter(([, text]) => text !== '0 findings')
        .map(([path]) => path)
        .sort(),
    ).toEqual(names.toSorted());
  }, 30_000);
});

test('a worker that cannot start: every file is reported, with the reason, and soon', async () => {
  const made = pool({
    workerFile: EVIL_WORKER,
    rules: () => ({ rules: [rule('fail-at-start', 'x')] }),
  });
  const { files, outcomes } = await scan(made, [target('fine-1'), target('fine-2')]);
  expect(files).toBe(0);
  expect([...outcomes.values()]).toEqual([
    expect.stringContaining('cannot start'),
    expect.stringContaining('cannot start'),
  ]);
}, 20_000);
