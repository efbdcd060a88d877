import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { collect, isBuilt, start, useFolder } from './helpers/cli.ts';
import type { Result } from './helpers/cli.ts';

const { root, sg } = useFolder();

/** A folder for temporary files of its own shows what the demo leaves. */
function scratch(): { readonly dir: string; readonly env: Readonly<Record<string, string>> } {
  const dir = join(root(), 'tmp');
  mkdirSync(dir);
  return { dir, env: { TMPDIR: dir } };
}

/** Command lines of processes that have `dir` in their arguments. */
function processesIn(dir: string): readonly string[] {
  const list = execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' });
  return list.split('\n').filter((line) => line.includes(dir));
}

/** A service that came too late for the demo leaves by itself, as its folder is gone. */
async function expectNothingLeft(dir: string): Promise<void> {
  expect(readdirSync(dir, { recursive: true })).toEqual([]);
  await vi.waitFor(() => expect(processesIn(dir)).toEqual([]), { timeout: 30_000, interval: 100 });
  expect(readdirSync(dir, { recursive: true })).toEqual([]);
}

interface Report {
  readonly ok: boolean;
  readonly edits: readonly {
    readonly label: string;
    readonly told: string;
    readonly answeredBy: string;
    readonly milliseconds: number;
    readonly ownProcessMilliseconds?: number;
    readonly asExpected: boolean;
  }[];
}

function reportOf({ code, stdout, stderr }: Result): Report {
  expect(code, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as Report;
}

describe.skipIf(!isBuilt || process.platform === 'win32')('sg demo', () => {
  it('shows each edit, who answered it, and the scan', async () => {
    const { dir, env } = scratch();
    const { code, stdout, stderr } = await sg(['demo'], { env });
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/^ok {10}yaml\.load on an upload +(service|own process) +\d+ ms /m);
    expect(stdout).toMatch(/^(\d+) of \1 answers as expected\.$/m);
    expect(stdout).toContain('reviewed by a script in the place of a model');
    expect(stdout).toMatch(
      /^ok {10}a command wrote a handler +\d+ ms {2}\d{4,} bytes sent {2}wakes the agent:\n {12}1\. app\/invoices\.py:8: /m,
    );
    expect(stdout).toMatch(/^ok {10}the agent mended it .* tells the user that it is resolved$/m);
    expect(stdout).toMatch(/cost about 0\.0[1-9]\d\d USD at the list price of claude-opus-5-5/);
    expect(stdout).toContain('The same rules over the whole tree: sg scan');
    await expectNothingLeft(dir);
  });

  it('has its edits answered by a service that ends with it', async () => {
    const { dir, env } = scratch();
    const { ok, edits } = reportOf(await sg(['demo', '--format', 'json'], { env }));
    expect(ok).toBe(true);
    // On a busy machine the hook's own process may step in for one.
    expect(edits.filter(({ answeredBy }) => answeredBy === 'service').length).toBeGreaterThan(0);
    expect(edits.every((edit) => edit.ownProcessMilliseconds !== undefined)).toBe(true);
    await expectNothingLeft(dir);
  });

  it('does without a service where there is to be none', async () => {
    const { dir, env } = scratch();
    const given = { ...env, SG_SERVICE: '0' };
    const { edits } = reportOf(await sg(['demo', '--format', 'json'], { env: given }));
    expect(new Set(edits.map(({ answeredBy }) => answeredBy))).toEqual(new Set(['own-process']));
    expect(edits.filter(({ ownProcessMilliseconds: time }) => time !== undefined)).toEqual([]);
    await expectNothingLeft(dir);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const { dir, env } = scratch();
    const child = start(['demo'], { cwd: root(), env });
    let interrupted = false;
    child.stdout.on('data', (chunk: Buffer) => {
      if (interrupted || !chunk.includes('a data class')) return;
      interrupted = true;
      child.kill('SIGINT');
    });
    const { code } = await collect(child);
    expect(interrupted).toBe(true);
    expect(code).not.toBe(0);
    await expectNothingLeft(dir);
  });
});
