/** The snapshot that a prompt takes of a repository, against a bare `git status` there. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeSnapshot } from '../host/git/snapshot.ts';
import { interleaved } from './statistics.ts';

export interface SnapshotRow {
  readonly worktree: string;
  readonly files: number;
  /** Medians in milliseconds. */
  readonly status: number;
  readonly snapshot: number;
  readonly ratio: number;
}

const FILES = 10_000;
/** So many are changed in the second row, and as many are untracked. */
const DIRTY = 100;

/** Makes a repository of 10,000 files in a scratch folder and throws unless each snapshot finds what was changed. */
export async function benchSnapshot(rounds: number): Promise<SnapshotRow[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'sg-bench-'));
  try {
    const root = join(scratch, 'repo');
    // Nothing of the user's own settings: a monitor or a cache of theirs would be the control.
    const env = { PATH: process.env['PATH'], HOME: scratch, GIT_CONFIG_NOSYSTEM: '1' };
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: root, env });
    for (let i = 0; i < FILES; i++) write(pathOf(i), `export const a${i} = ${i};\n`.repeat(20));
    git('init', '--quiet');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '--quiet', '-m', 'first');
    // What has the index's own time is compared by content: git as well as the snapshot would look twice.
    await sleep(1100);
    git('status');
    const rows = [await measure('clean', 0)];
    for (let i = 0; i < DIRTY; i++) {
      write(pathOf(i), `changed ${i}\n`);
      write(`new/f${i}.ts`, `new ${i}\n`);
    }
    return [...rows, await measure(`${DIRTY} modified, ${DIRTY} untracked`, 2 * DIRTY)];

    async function measure(worktree: string, dirty: number): Promise<SnapshotRow> {
      const status = (): Promise<void> =>
        new Promise((done, fail) => {
          const child = spawn('git', ['status'], { cwd: root, env, stdio: 'pipe' });
          child.stdin.end();
          child.stdout.resume();
          child.stderr.resume();
          child.on('error', fail);
          child.on('close', () => done());
        });
      const snapshot = async (): Promise<void> => {
        const taken = await takeSnapshot(root, { env, nowMs: Date.now() });
        if (taken.kind === 'failed') throw new Error(`${worktree}: ${taken.detail}`);
        const [repo] = taken.value.repos;
        const found = (repo?.touched.length ?? 0) + (repo?.untracked.length ?? 0);
        if (found !== dirty)
          throw new Error(`${worktree}: the snapshot has ${found} files, expected ${dirty}`);
      };
      const times = await interleaved(rounds, status, snapshot);
      return {
        worktree,
        files: FILES,
        status: times.control,
        snapshot: times.measured,
        ratio: times.ratio,
      };
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function pathOf(i: number): string {
  return `d${i % 100}/s${i % 7}/f${i}.ts`;
}
