/** The suite's parts on a stand-in for the plugin: what they measure, and what they refuse to measure. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serials } from '../../../bench/latency/edit.ts';
import { benchHostile, plantHostileRule } from '../../../bench/latency/hostile.ts';
import { memoryOf } from '../../../bench/latency/memory.ts';
import { benchProcesses } from '../../../bench/latency/processes.ts';
import { benchRequests } from '../../../bench/latency/requests.ts';
import { Scratch } from '../../../bench/latency/scratch.ts';
import { Service } from '../../../bench/latency/service.ts';
import { benchSessions } from '../../../bench/latency/sessions.ts';
import { type Fault, standInPlugin } from '../stand-in.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const never = new AbortController().signal;
const quiet = (): void => undefined;

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const action of cleanUp.splice(0).reverse()) await action();
});

async function started(fault: Fault = 'none'): Promise<{ scratch: Scratch; service: Service }> {
  const scratch = new Scratch(standInPlugin(fault));
  cleanUp.push(() => scratch.remove());
  const service = await Service.start(scratch, never);
  cleanUp.push(() => service.stop());
  return { scratch, service };
}

describe.skipIf(process.platform === 'win32' || !hasCurl)('the latency suite', () => {
  it('times the hook with the service and without, beside the controls', async () => {
    const { scratch, service } = await started();
    const rows = await benchProcesses(scratch, service, 3, serials(), quiet);
    expect(rows.map(({ name, role, ms }) => [name, role, ms.count])).toEqual([
      ['sh -c :', 'control', 3],
      ['node -e 0', 'control', 3],
      ['node -e 0, own environment', 'control', 3],
      ['warm clean', 'warm', 3],
      ['warm finding', 'warm', 3],
      ['cold clean', 'cold', 3],
      ['cold finding', 'cold', 3],
    ]);
    for (const { ms, ratio, samples } of rows) {
      expect(ms.p50).toBeGreaterThan(0);
      expect(ratio.p50).toBeGreaterThan(0);
      expect(samples).toHaveLength(3);
    }
    expect(rows[1]?.ratio).toEqual({ p50: 1, p95: 1, p99: 1 });
  });

  it.each([
    [
      'refuse',
      "the service's own count of edits answered rose by 0 during the warm runs, expected 6",
    ],
    ['miscount', 'rose by 12 during the warm runs, expected 6'],
    ['silent', 'warm finding: told false; expected told true'],
  ] as const)('takes no time of a service at fault: %s', async (fault, message) => {
    const { scratch, service } = await started(fault);
    await expect(benchProcesses(scratch, service, 3, serials(), quiet)).rejects.toThrow(message);
  });

  it('says why a service did not start', async () => {
    await expect(started('broken')).rejects.toThrow(
      'the service did not start: sg-service: rules: rules-unreadable: made up',
    );
  });

  it('times requests by size and number of rules against a loop over the bytes', async () => {
    const rows = await benchRequests({
      plugin: standInPlugin(),
      rounds: 3,
      sizes: [1024, 10_240],
      ruleCounts: [5, 10],
      signal: never,
      onRow: quiet,
    });
    expect(rows.map(({ rules, bytes, text }) => `${rules} ${bytes} ${text}`)).toEqual(
      [5, 10].flatMap((rules) =>
        [1024, 10_240].flatMap((bytes) =>
          ['clean', 'mixed'].map((text) => `${rules} ${bytes} ${text}`),
        ),
      ),
    );
    for (const { ms, loop, ratio, cut } of rows) {
      expect(ratio).toBeCloseTo(ms.p50 / loop.p50);
      expect(cut).toBe(0);
    }
  });

  it('takes no time of requests that are answered wrongly', async () => {
    const options = { rounds: 3, sizes: [1024], ruleCounts: [5], signal: never, onRow: quiet };
    await expect(benchRequests({ plugin: standInPlugin('silent'), ...options })).rejects.toThrow(
      '5 rules, 1024 bytes, mixed: told false, cut false; expected told true',
    );
    await expect(benchRequests({ plugin: standInPlugin('refuse'), ...options })).rejects.toThrow(
      'the service cut or refused 200 of 200 edits',
    );
  });

  it('times many sessions at once and counts those that fell back', async () => {
    const { scratch } = await started();
    const options = { sessions: 3, rounds: 2, signal: never, onRound: quiet };
    const results = await benchSessions(scratch, options, serials());
    expect(results).toMatchObject({ sessions: 3, rounds: 2, fallbacks: 0 });
    expect(results.rows.map(({ name, ms }) => [name, ms.count])).toEqual([
      ['node -e 0 alone', 6],
      ['node -e 0, 3 at once', 6],
      ['warm finding, 3 at once', 6],
    ]);
    const refusing = await started('refuse');
    expect((await benchSessions(refusing.scratch, options, serials())).fallbacks).toBe(6);
  });

  it('tells what hostile edits come to, and that a finding was missed', async () => {
    const { scratch } = await started();
    plantHostileRule(scratch);
    const rulesFile = join(scratch.root, 'rules.json');
    writeFileSync(rulesFile, JSON.stringify([{ examples: { match: [{ code: 'eval(x)' }] } }]));
    const rows = await benchHostile({
      scratch,
      rulesFile,
      sizes: [4096],
      rounds: 1,
      serial: serials(),
      onRow: quiet,
    });
    expect(rows.length).toBeGreaterThanOrEqual(20);
    const byName = new Map(rows.map((row) => [row.name, row]));
    expect(byName.get('open brackets, 4 KB')).toMatchObject({ outcome: 'told', fallbacks: 0 });
    // The stand-in looks for eval( alone.
    expect(byName.get('shell, open heredocs, 4 KB')).toMatchObject({ outcome: 'missed' });
    for (const { bytes, service, hook } of rows) {
      expect(bytes).toBeGreaterThan(4096);
      expect(Math.min(service.p50, hook.p50)).toBeGreaterThan(0);
    }
  });

  it('reads the memory of the service', async () => {
    const { service } = await started();
    const row = await memoryOf(service, 'started');
    expect(row.when).toBe('started');
    expect(row.rssMb).toBeGreaterThan(10);
    if (process.platform === 'linux') expect(row.peakMb).toBeGreaterThanOrEqual(row.kernelMb ?? 0);
  });

  it('needs a plugin that has a service', () => {
    expect(() => new Scratch('/nowhere')).toThrow('/nowhere/service/main.js is missing');
  });
});
