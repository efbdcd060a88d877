/** A pool that is closed while its workers are at work. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { describe, expect, test } from 'vitest';
import { createScanPool } from '../../workers/pool.ts';
import type { ScanTarget } from '../../workers/protocol.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const WASM = at('../../dist/cli/re2.wasm');
const SNAPSHOT = at('../../dist/cli/re2.snapshot');
const EVIL_WORKER = at('../fixtures/workers/evil.cjs');

const target = (name: string): ScanTarget => ({ absolute: join('/nowhere', name), relative: name });

describe('close() while scanning', () => {
  async function closeInTheMiddle(): Promise<{ end: string; ms: number }> {
    const made = createScanPool({
      workerFile: EVIL_WORKER,
      wasmFile: WASM,
      snapshotFile: SNAPSHOT,
      rules: () => ({ rules: [] }),
      threads: 2,
    });
    const settled = made
      .scan([target('loop-1'), target('fine-1')], () => undefined)
      .then(
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
        threads: 2,
      };
      writeFileSync(
        join(folder, 'main.mjs'),
        `import { createScanPool } from './pool.mjs';
         const pool = createScanPool({ ...${JSON.stringify(options)}, rules: () => ({ rules: [] }) });
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
