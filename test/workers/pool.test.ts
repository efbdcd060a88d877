/** The pool with the built worker, and with workers that misbehave. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FileOutcome, ScanTarget } from '../../workers/protocol.ts';
import { createScanPool, type ScanPool, type ScanPoolOptions } from '../../workers/pool.ts';
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
    rules: [rule('evil', 'evil\\(')],
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
      look({ relative }: ScanTarget) {
        seen.push(relative);
        return relative === 'found.js' ? undefined : { bytes: 5 };
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
  const made = pool({ workerFile: EVIL_WORKER, rules: [rule('fail-at-start', 'x')] });
  const { files, outcomes } = await scan(made, [target('fine-1'), target('fine-2')]);
  expect(files).toBe(0);
  expect([...outcomes.values()]).toEqual([
    expect.stringContaining('cannot start'),
    expect.stringContaining('cannot start'),
  ]);
}, 20_000);

describe('close() while scanning', () => {
  async function closeInTheMiddle(): Promise<{ end: string; ms: number }> {
    const made = pool({ workerFile: EVIL_WORKER });
    const settled = scan(made, [target('loop-1'), target('fine-1')]).then(
      () => 'resolved',
      () => 'rejected',
    );
    await new Promise((resolve) => setTimeout(resolve, 700));
    const begun = performance.now();
    await made.close();
    return { end: await settled, ms: performance.now() - begun };
  }

  test('ends the scan promptly', async () => {
    expect((await closeInTheMiddle()).ms).toBeLessThan(3_000);
  }, 20_000);

  test('rejects the scan', async () => {
    expect((await closeInTheMiddle()).end).toBe('rejected');
  }, 20_000);

  test('leaves nothing that keeps a process alive', async () => {
    mkdirSync(at('../../dist'), { recursive: true });
    // Below the project, so that the bundle finds piscina.
    const folder = mkdtempSync(at('../../dist/pool-'));
    try {
      const build = await rolldown({
        input: at('../../workers/pool.ts'),
        platform: 'node',
        external: [/^node:/, 'piscina'],
      });
      await build.write({ dir: folder, format: 'esm', entryFileNames: 'pool.mjs' });
      await build.close();
      const options = {
        workerFile: EVIL_WORKER,
        wasmFile: WASM,
        snapshotFile: SNAPSHOT,
        rules: [],
        threads: 2,
      };
      writeFileSync(
        join(folder, 'main.mjs'),
        `import { createScanPool } from './pool.mjs';
         const pool = createScanPool(${JSON.stringify(options)});
         const targets = [${JSON.stringify(target('loop-1'))}];
         const running = pool.scan(targets, () => {}).catch(() => {});
         setTimeout(() => pool.close().then(() => running).then(() => console.log('closed')), 500);`,
      );
      const output = execFileSync(process.execPath, [join(folder, 'main.mjs')], {
        timeout: 15_000,
        encoding: 'utf8',
      });
      expect(output).toBe('closed\n');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 30_000);
});
