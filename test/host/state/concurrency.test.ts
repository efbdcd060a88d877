import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';

let dir = '';
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'sg-concurrency-'));
  const build = await rolldown({
    input: join(import.meta.dirname, 'claim-program.ts'),
    platform: 'node',
  });
  await build.write({ file: join(dir, 'claim.mjs'), format: 'esm' });
  await build.close();
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function claim(state: string, name: string, count: number, waitMs: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const args = [join(dir, 'claim.mjs'), state, name, String(count), String(waitMs)];
    const child = spawn(process.execPath, args);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function told(state: string): unknown {
  const path = join(state, 'security_warnings_state_shared.json');
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof value === 'object' && value !== null && 'shown_warnings' in value
    ? value.shown_warnings
    : undefined;
}

const PROCESSES = Array.from({ length: 24 }, (_, index) => `p${index}`);
const EACH = 25;

it('loses nothing when many processes claim at once, and gives each key to one of them', async () => {
  const state = join(dir, 'patient');
  const ended = await Promise.all(PROCESSES.map((name) => claim(state, name, EACH, 60_000)));
  expect(ended.map(({ code, stderr }) => `${String(code)}${stderr}`)).toEqual(
    PROCESSES.map(() => '0'),
  );
  const expected = Array.from({ length: EACH }, (_, i) => [
    `common-${i}`,
    ...PROCESSES.map((name) => `${name}-${i}`),
  ]).flat();
  expect([...new Set(ended.flatMap(({ stdout }) => stdout.trim().split(/\s+/)))].sort()).toEqual(
    expected.sort(),
  );
  const given = ended.flatMap(({ stdout }) => stdout.trim().split(/\s+/));
  expect(given).toHaveLength(expected.length);
  expect(told(state)).toHaveLength(expected.length);
  expect(readdirSync(state)).toEqual(['collected', 'security_warnings_state_shared.json']);
}, 90_000);

it('answers without waiting for ever, and leaves a whole file, when the lock is hard to get', async () => {
  const state = join(dir, 'hasty');
  const ended = await Promise.all(PROCESSES.map((name) => claim(state, name, EACH, 0)));
  for (const [index, { code, stdout }] of ended.entries()) {
    expect(code).toBe(0);
    for (let i = 0; i < EACH; i++) expect(stdout).toContain(`p${index}-${i}`);
  }
  const list = told(state);
  expect(Array.isArray(list) && list.length > 0).toBe(true);
  expect(readdirSync(state).filter((name) => name.endsWith('.tmp'))).toEqual([]);
}, 90_000);
