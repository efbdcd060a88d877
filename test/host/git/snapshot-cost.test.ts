/**
 * What a snapshot of 10,000 files costs against a bare `git status`, in turn on the same repository, in a
 * plain Node process. A report and no gate: `SG_MEASURE=1 npx vitest run test/host/git/snapshot-cost.test.ts`.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepo, makeWorld, nextSecond } from './support.ts';
import type { TestRepo, World } from './support.ts';

const SOURCE = fileURLToPath(new URL('../../../host/git/snapshot.ts', import.meta.url));
const STATISTICS = fileURLToPath(new URL('../../../bench/statistics.ts', import.meta.url));
const FILES = 10_000;
const ROUNDS = 41;

/** Prints medians of `git status` and of a snapshot, their ratio, and what the snapshot found. */
const PROGRAM = `
import { spawn } from 'node:child_process';
import { takeSnapshot } from './snapshot.mjs';
import { interleaved } from './statistics.mjs';
const [root, rounds] = process.argv.slice(2);
const env = { PATH: process.env.PATH, HOME: process.env.HOME };
let found = 0;
const times = await interleaved(
  Number(rounds),
  () => new Promise((done) => {
    const child = spawn('git', ['status'], { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.resume();
    child.on('close', done);
  }),
  async () => {
    const { value } = await takeSnapshot(root, { env, nowMs: Date.now() });
    found = value.repos[0].touched.length + value.repos[0].untracked.length;
  },
);
console.log(JSON.stringify({ ...times, found }));
`;

describe.runIf(process.env['SG_MEASURE'] === '1')('cost of a snapshot', () => {
  let world: World;
  let repo: TestRepo;

  beforeAll(async () => {
    world = makeWorld();
    const input = { snapshot: SOURCE, statistics: STATISTICS };
    const build = await rolldown({ input, platform: 'node', external: [/^node:/] });
    await build.write({ dir: world.folder, format: 'esm', entryFileNames: '[name].mjs' });
    await build.close();
    writeFileSync(join(world.folder, 'cost.mjs'), PROGRAM);
    repo = makeRepo(world);
    for (let i = 0; i < FILES; i++)
      repo.write(pathOf(i), `export const a${i} = ${i};\n`.repeat(20));
    repo.commit();
    await nextSecond();
    repo.git('status');
  });

  afterAll(() => world.remove());

  it.each([
    ['clean', 0],
    ['100 files modified, 100 untracked', 100],
  ])('%s', (name, dirty) => {
    for (let i = 0; i < dirty; i++) {
      repo.write(pathOf(i), `changed ${i}\n`);
      repo.write(`new/f${i}.ts`, `new ${i}\n`);
    }
    const program = fileURLToPath(pathToFileURL(join(world.folder, 'cost.mjs')));
    const args = [program, repo.root, String(ROUNDS)];
    const output = execFileSync(process.execPath, args, { encoding: 'utf8', env: world.env });
    const { control, measured, ratio, found }: Record<string, number> = JSON.parse(output);
    const [status, snapshot] = [control, measured].map((ms) => ms?.toFixed(1));
    console.log(
      `${name}: git status ${status} ms, snapshot ${snapshot} ms, ratio ${ratio?.toFixed(2)}`,
    );
    expect(found).toBe(dirty * 2);
  });
});

function pathOf(i: number): string {
  return `d${i % 100}/s${i % 7}/f${i}.ts`;
}
